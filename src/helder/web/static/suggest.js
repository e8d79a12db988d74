// Suggestions under a search field, from this server only. Loaded when somebody goes to the field.
function helderSuggest(input) {
  const list = document.createElement("ul"), id = input.id + "-found", style = new CSSStyleSheet();
  let at = -1, asked = 0;
  style.replaceSync(`
    .found { position: absolute; inset-block-start: 100%; inset-inline: 0; z-index: 2; list-style: none; background: var(--paper); border: 1px solid var(--strong-line); }
    .found li { padding: .55rem .75rem; cursor: pointer; min-block-size: 2.75rem; }
    .found li[aria-selected=true], .found li:hover { background: var(--accent); color: var(--accent-ink); }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, style];
  Object.assign(list, { id, className: "found", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0].textContent);
  input.after(list);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false" };
  for (const name in attributes) input.setAttribute(name, attributes[name]);

  const mark = i => {
    at = i;
    [...list.children].forEach((item, k) => item.setAttribute("aria-selected", k === i));
    if (i < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", id + i);
  };
  const show = open => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", open);
    if (!open) mark(-1);
  };
  const go = topic => { location.href = input.dataset.topics + topic + "/"; };
  const item = (hit, k) => {
    const made = document.createElement("li");
    Object.assign(made, { id: id + k, textContent: hit.why && !hit.why.startsWith(hit.title) ? `${hit.title} · ${hit.why}` : hit.title });
    made.setAttribute("role", "option");
    made.dataset.topic = hit.topic;
    made.addEventListener("pointerdown", e => { e.preventDefault(); go(hit.topic); });
    return made;
  };
  const ask = async () => {
    const mine = ++asked, words = input.value.trim();
    if (words.length < 2) return show(false);
    try {
      const answer = await fetch(input.dataset.suggest + encodeURIComponent(words));
      const hits = answer.ok ? (await answer.json()).hits : [];
      if (mine !== asked) return;
      // The same answer again leaves alone what somebody has marked meanwhile.
      if ([...list.children].map(made => made.dataset.topic).join() !== hits.map(hit => hit.topic).join()) {
        list.replaceChildren(...hits.map(item));
        mark(-1);
      }
      show(hits.length > 0);
    } catch { show(false); }
  };
  const step = by => {
    const count = list.children.length;
    mark(at < 0 && by < 0 ? count - 1 : (at + by + count) % count);
  };
  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Escape: () => show(false),
    Enter: () => go(list.children[at].dataset.topic),
  };
  input.addEventListener("input", ask);
  input.addEventListener("blur", () => show(false));
  input.addEventListener("keydown", e => {
    if (list.hidden || !keys[e.key] || (e.key === "Enter" && at < 0)) return;
    e.preventDefault();
    keys[e.key]();
  });
  if (input.value) ask();
}

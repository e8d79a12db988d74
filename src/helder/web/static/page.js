// Everything here is a convenience: each page works without it.
(() => {
const one = (query, from) => (from || document).querySelector(query);
const all = query => [...document.querySelectorAll(query)];

// The contents stand open where there is room for them.
const toc = one(".toc details");
if (toc) toc.open = matchMedia("(min-width: 64rem)").matches;

// A printed page hides nothing.
addEventListener("beforeprint", () => all("main details").forEach(d => { d.dataset.was = d.open; d.open = true; }));
addEventListener("afterprint", () => all("main details").forEach(d => { d.open = d.dataset.was === "true"; }));

// A source that was asked for by link is shown; Escape closes the settings.
const set = one(".set");
if (set) addEventListener("keydown", e => { if (e.key === "Escape" && set.open) { set.open = false; one("summary", set).focus(); } });

// Suggestions: a list under the search field, from this server only.
all("input[data-suggest]").forEach((input, n) => {
  const list = document.createElement("ul"), id = "found" + n;
  let at = -1, asked = 0;
  Object.assign(list, { id, className: "found", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label") || input.labels[0].textContent);
  input.after(list);
  for (const [k, v] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", id], ["aria-expanded", "false"]]) input.setAttribute(k, v);
  const show = open => { list.hidden = !open; input.setAttribute("aria-expanded", open); if (!open) mark(-1); };
  const mark = i => {
    at = i;
    [...list.children].forEach((li, k) => li.setAttribute("aria-selected", k === i));
    if (i < 0) input.removeAttribute("aria-activedescendant"); else input.setAttribute("aria-activedescendant", id + i);
  };
  input.addEventListener("input", async () => {
    const mine = ++asked, words = input.value.trim();
    if (words.length < 2) return show(false);
    try {
      const answer = await fetch(input.dataset.suggest + encodeURIComponent(words));
      const hits = answer.ok ? (await answer.json()).hits : [];
      if (mine !== asked) return;
      list.replaceChildren(...hits.map((hit, k) => {
        const li = document.createElement("li");
        Object.assign(li, { id: id + k, textContent: hit.title });
        li.setAttribute("role", "option");
        li.addEventListener("pointerdown", e => { e.preventDefault(); go(hit); });
        li.dataset.topic = hit.topic;
        return li;
      }));
      mark(-1);
      show(hits.length > 0);
    } catch { show(false); }
  });
  const go = hit => { location.href = input.dataset.topics + hit.topic + "/"; };
  input.addEventListener("keydown", e => {
    if (list.hidden) return;
    const count = list.children.length;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); mark((at + (e.key === "ArrowDown" ? 1 : -1) + count + (at < 0 && e.key === "ArrowUp" ? 1 : 0)) % count); }
    else if (e.key === "Enter" && at >= 0) { e.preventDefault(); go(list.children[at].dataset); }
    else if (e.key === "Escape") { e.preventDefault(); show(false); }
  });
  input.addEventListener("blur", () => show(false));
});

// Listen: only where the machine itself has a voice for this language.
const listen = one("#listen"), speech = window.speechSynthesis;
if (listen && speech) {
  const language = document.documentElement.lang;
  const voice = () => speech.getVoices().find(v => v.localService && v.lang.slice(0, 2) === language.slice(0, 2));
  const offer = () => { listen.hidden = !voice(); };
  const stop = () => { speech.cancel(); listen.textContent = listen.dataset.start; listen.dataset.on = ""; };
  offer();
  speech.addEventListener("voiceschanged", offer);
  addEventListener("pagehide", stop);
  listen.addEventListener("click", () => {
    if (listen.dataset.on) return stop();
    listen.textContent = listen.dataset.stop;
    listen.dataset.on = "1";
    const said = all("main h1, main h2, main .claims p, main caption, main th, main td, main .ask h3, main .ask p").filter(e => e.closest("[lang]").lang === language);
    said.forEach((e, k) => {
      const words = new SpeechSynthesisUtterance(e.textContent);
      Object.assign(words, { voice: voice(), lang: language });
      if (k === said.length - 1) words.onend = stop;
      speech.speak(words);
    });
  });
}
})();

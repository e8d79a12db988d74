// Names while somebody types; a chosen one becomes a line of the list. From this server only.
function helderItems(input) {
  const items = document.getElementById("items"), list = document.createElement("datalist");
  list.id = "found-items";
  input.setAttribute("list", list.id);
  input.after(list);
  let asked = 0;
  const add = name => {
    items.value = (items.value.trimEnd() ? items.value.trimEnd() + "\n" : "") + name + " ";
    input.value = "";
    items.focus();
    items.setSelectionRange(items.value.length, items.value.length);
  };
  input.addEventListener("input", async e => {
    const words = input.value.trim(), known = [...list.children].some(option => option.value === words);
    if (known && e.inputType !== "insertText") return add(words);
    const mine = ++asked;
    if (words.length < 2) return;
    try {
      const answer = await fetch(input.dataset.items + encodeURIComponent(words));
      const hits = answer.ok ? (await answer.json()).hits : [];
      if (mine !== asked) return;
      list.replaceChildren(...hits.map(hit => Object.assign(document.createElement("option"), { value: hit.title })));
    } catch { /* offline: typing works without suggestions */ }
  });
  input.addEventListener("keydown", e => {
    if (e.key !== "Enter") return;
    e.preventDefault();
    if (input.value.trim()) add(input.value.trim());
  });
}

// My lab results: files are dropped, and their pages counted while they are read. Without a script the form is simply sent.
(() => {
const page = document, main = page.getElementById("main"), one = query => main.querySelector(query);
const ready = () => main.querySelectorAll("[data-print], [data-drop]").forEach(part => { part.hidden = false; });
const names = () => one("[data-names]").replaceChildren(...[...main.querySelectorAll("[type=file]")].flatMap(input => [...input.files]).map(file => {
  const item = page.createElement("li");
  item.textContent = file.name;
  return item;
}));
const read = async (form, sent) => {
  const said = one("[data-status]");
  said.textContent = form.dataset.start;
  form.ariaBusy = "true";
  const answer = await fetch(form.dataset.read, { method: "POST", body: sent });
  if (!answer.ok) throw answer.status;
  const stream = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = "";;) {
    const { value, done } = await stream.read();
    if (done) throw "ended";
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const told = JSON.parse(line);
      if (told.error) throw "broken";
      if (told.page) said.textContent = form.dataset.said.replace("#1", told.file).replace("#2", told.page);
      if (told.html) {
        main.innerHTML = told.html;
        ready();
        scrollTo(0, 0);
        return one("h1").focus();
      }
    }
  }
};
main.addEventListener("submit", e => {
  const form = e.target, button = e.submitter;
  if (!form.matches(".send")) return;
  e.preventDefault();
  if (form.ariaBusy) return;
  const sent = new FormData(form);
  if (button.name) sent.append(button.name, button.value);
  read(form, sent).catch(() => {
    if (button.name) form.append(Object.assign(page.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    form.submit();
  });
});
main.addEventListener("change", e => { if (e.target.type === "file") names(); });
for (const kind of ["dragover", "dragleave", "drop"]) main.addEventListener(kind, e => {
  const drop = one(".drop");
  if (!e.dataTransfer.types.includes("Files")) return;
  e.preventDefault();
  drop.classList.toggle("over", kind === "dragover");
  if (kind !== "drop") return;
  one("[type=file]").files = e.dataTransfer.files;
  names();
});
main.addEventListener("click", e => {
  if (e.target.closest("[data-print]")) return print();
  const link = e.target.closest("a[href^='#b']"), box = link && page.getElementById(link.hash.slice(1));
  if (!box || matchMedia("(max-width: 63.99rem)").matches) return;
  e.preventDefault();
  main.querySelectorAll(".on").forEach(other => other.classList.remove("on"));
  box.classList.add("on");
  const sheets = box.closest(".sheets");
  sheets.scrollTop += box.getBoundingClientRect().top - sheets.getBoundingClientRect().top - sheets.clientHeight / 3;
});
ready();
})();

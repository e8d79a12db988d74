// My medicines: a field that suggests names, and a button that prints. Without a script one types into the list.
(() => {
const page = document, add = page.querySelector("[data-items]");
add.hidden = false;
add.addEventListener("focus", () => {
  const script = page.createElement("script");
  script.src = page.body.dataset.scripts + "items.js";
  script.onload = () => helderItems(add);
  page.head.append(script);
}, { once: true });
page.querySelectorAll("[data-print]").forEach(button => { button.hidden = false; button.addEventListener("click", () => print()); });
})();

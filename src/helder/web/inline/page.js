// Everything here is a convenience: each page works without it. What few readers use is fetched when they do.
(() => {
const page = document, all = query => page.querySelectorAll(query);
const fetched = (name, then) => {
  const script = page.createElement("script");
  script.src = page.body.dataset.scripts + name;
  script.onload = then;
  page.head.append(script);
};

// The contents stand open where there is room for them.
all(".toc details").forEach(toc => { toc.open = matchMedia("(min-width: 64rem)").matches; });

// A printed page hides nothing.
addEventListener("beforeprint", () => all("main details:not([open])").forEach(d => { d.open = d.dataset.shut = true; }));
addEventListener("afterprint", () => all("[data-shut]").forEach(d => { d.open = false; delete d.dataset.shut; }));

// Escape closes the settings.
addEventListener("keydown", e => { if (e.key === "Escape") all(".set[open]").forEach(set => { set.open = false; set.firstElementChild.focus(); }); });

// Suggestions come once somebody goes to the field.
all("[data-suggest]").forEach(input => input.addEventListener("focus", () => fetched("suggest.js", () => helderSuggest(input)), { once: true }));

// Listen: only where the machine itself has a voice for this language.
all("#listen").forEach(listen => {
  const speech = window.speechSynthesis, start = l => l.slice(0, 2);
  const voice = () => speech.getVoices().find(v => v.localService && start(v.lang) === start(page.documentElement.lang));
  const offer = () => { listen.hidden = !voice(); };
  if (!speech) return;
  offer();
  speech.addEventListener("voiceschanged", offer);
  listen.addEventListener("click", () => fetched("listen.js", () => helderListen(listen, voice())), { once: true });
});
})();

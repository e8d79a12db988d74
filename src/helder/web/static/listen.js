// Reads a page aloud with a voice of the machine itself. Loaded when somebody presses "Listen".
function helderListen(button, voice) {
  const speech = window.speechSynthesis, language = document.documentElement.lang;
  const parts = "main h1, main h2, main h3, main .claims p, main caption, main th, main td, main figure div, main .ask p";
  const stop = () => {
    speech.cancel();
    button.textContent = button.dataset.start;
    button.dataset.on = "";
  };
  const start = () => {
    const said = [...document.querySelectorAll(parts)].filter(part => part.closest("[lang]").lang === language);
    button.textContent = button.dataset.stop;
    button.dataset.on = "1";
    said.forEach((part, k) => {
      const words = new SpeechSynthesisUtterance(part.textContent);
      words.voice = voice;
      words.lang = language;
      if (k === said.length - 1) words.onend = stop;
      speech.speak(words);
    });
  };
  addEventListener("pagehide", stop);
  button.addEventListener("click", () => (button.dataset.on ? stop() : start()));
  start();
}

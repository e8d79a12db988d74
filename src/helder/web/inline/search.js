// Search in a library without a server: the names stand in this page, nothing is fetched and nothing leaves it.
(() => {
const index = JSON.parse(document.getElementById("index").textContent);
const input = document.getElementById("q"), list = document.getElementById("hits"), none = document.getElementById("none");
const fold = words => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const names = index.flatMap((topic, k) => topic.names.map(name => [fold(name), k, name]));

// How many letters to change, at most `most`: adding, losing, replacing or swapping one counts as one.
const distance = (a, b, most) => {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before = [], last = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[b.length];
};
const score = (name, words) => {
  if (name === words) return 0;
  if (name.startsWith(words)) return 1;
  if (name.includes(words)) return 2;
  const most = words.length < 4 ? 0 : words.length < 8 ? 1 : 2, off = distance(name, words, most);
  return off <= most ? 2 + off : 99;
};
const find = () => {
  const words = fold(input.value.slice(0, 200)), best = new Map();
  if (words.length > 1) for (const [name, k, shown] of names) {
    const s = score(name, words);
    if (s < 99 && s < (best.get(k) || [99])[0]) best.set(k, [s, shown]);
  }
  const hits = [...best].sort((a, b) => a[1][0] - b[1][0]).slice(0, 20);
  list.replaceChildren(...hits.map(([k, [, why]]) => {
    const li = document.createElement("li"), a = document.createElement("a"), p = document.createElement("p");
    Object.assign(a, { href: index[k].href, textContent: index[k].title, className: "title" });
    p.textContent = index[k].summary;
    p.className = "soft";
    li.append(a, p);
    return li;
  }));
  none.hidden = hits.length > 0 || words.length < 2;
};
document.getElementById("finder").hidden = false;
input.value = new URLSearchParams(location.search).get("q") || "";
input.addEventListener("input", find);
input.form.addEventListener("submit", e => { e.preventDefault(); find(); });
find();
})();

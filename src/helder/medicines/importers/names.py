"""Names in foreign files → our ids. Letter by letter only: a name that is nearly ours stays as written.

A typing error of a person is mended and shown to be confirmed; nobody confirms three hundred thousand rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from helder.languages.folding import fold
from helder.languages.names import windows
from helder.medicines.items import Recogniser

_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_JOINED = re.compile(r"\s+(?:and|et)\s+|\s*[,;/+&]\s*", re.IGNORECASE)
_EXCEPT = re.compile(r"\b(?:except\w*|not|sauf|hors|non)\b", re.IGNORECASE)
_TOGETHER = re.compile(r"[+/]")
_LEAST = 5
"""Letters of a name that is looked for inside sentences, unless it is the thing's own name: `salt` means too much."""
_MEASURED = frozenset({"serum", "plasma", "blood", "urine", "urinary"})
_LEVELS = frozenset({"level", "levels", "concentration", "concentrations", "excretion"})
_LESSER = frozenset({"weak", "mild", "moderate"})
"""English of labels around a name: a blood value and not a medicine; less than what our class says."""


class Meaning(NamedTuple):
    """What a name stands for: our ids, and whether it is one product that holds all of them."""

    substances: tuple[str, ...]
    whole: bool = False


NOTHING = Meaning(())


class Mention(NamedTuple):
    """A thing named inside a sentence: `substances/…` or `classes/…`, as it is written there."""

    target: str
    written: str


class Names:
    """The names of one base as a foreign file of one language may write them. Build once a file.

    `any_of_list`: names joined by a comma or `and` are any of them; else they are one product that holds all.
    """

    def __init__(self, recogniser: Recogniser, language: str, any_of_list: bool = False) -> None:
        self.knowledge = recogniser.knowledge
        self.language = language
        self.any_of_list = any_of_list
        self._targets: dict[str, set[str]] = defaultdict(set)
        self._own: dict[str, set[str]] = defaultdict(set)
        self._searched: dict[str, str] = {}
        self._tails: set[str] = set()
        self._cache: dict[str, Meaning] = {}
        self._collect(recogniser)

    # --- building ------------------------------------------------------------------------------------

    def _collect(self, recogniser: Recogniser) -> None:
        of: dict[str, set[str]] = defaultdict(set)
        for name in recogniser.index.names:
            self._add(name.folded, name.target, own=name.language in (self.language, ""))
            of[name.target].add(name.folded)
        for folded, target in self._class_names():
            self._add(folded, target, own=True)
        for target, names in of.items():
            if self._kind(target) == "medicine":
                self._tails |= set(_tails(names))
        for name in recogniser.index.names:
            if name.language == self.language and self._searchable(name.target, name.folded):
                self._searched[name.folded] = name.target
        self._searched |= dict(self._class_names())
        self._searched = {name: target for name, target in self._searched.items() if self._one(name) == target}
        self._starts = {name.partition(" ")[0] for name in self._searched}

    def _add(self, folded: str, target: str, own: bool) -> None:
        self._targets[folded].add(target)
        if own:
            self._own[folded].add(target)

    def _class_names(self) -> Iterator[tuple[str, str]]:
        """Names of classes as professionals write them: the id (English), without its plural, and short forms."""
        for id_ in self.knowledge.classes:
            words = self.knowledge.words(self.language, "classes", id_)
            said = [words.name, *words.names] if words else []
            bare = [_BRACKET.sub("", name) for name in said if "," not in name]
            short = [
                found for name in said for found in _BRACKET.findall(name) if re.fullmatch(r"[A-Z\d-]{2,}s?", found)
            ]
            english = [id_, id_.removesuffix("s")] if self.language == "en" else []
            singular = [name.removesuffix("s") for name in short if len(name) > 4]
            yield from ((fold(name), f"classes/{id_}") for name in (*bare, *short, *singular, *english) if fold(name))

    def _kind(self, target: str) -> str:
        group, _, id_ = target.partition("/")
        return self.knowledge.substances[id_].kind if group == "substances" else ""

    def _searchable(self, target: str, folded: str) -> bool:
        group, _, id_ = target.partition("/")
        words = self.knowledge.words(self.language, group, id_)
        own = words is not None and fold(words.name) == folded
        return group in ("substances", "classes") and self._kind(target) != "food" and (own or len(folded) >= _LEAST)

    # --- asking --------------------------------------------------------------------------------------

    def meaning(self, name: str) -> Meaning:
        """What a name in a column or a heading stands for; a salt behind a medicine's name changes nothing."""
        found = self._cache.get(name)
        if found is None:
            found = self._cache[name] = self._meaning(name)
        return found

    def _meaning(self, name: str) -> Meaning:
        query = fold(name)
        known = self._known(query)
        if known.substances:
            return known
        bracket = _BRACKET.search(name)
        if bracket and not _EXCEPT.search(bracket.group(1)):
            return self._meaning(_BRACKET.sub("", name, count=1))
        parts = [part for part in _JOINED.split(name) if fold(part)]
        return self._several(parts, not self.any_of_list or bool(_TOGETHER.search(name))) if len(parts) > 1 else NOTHING

    def _several(self, parts: list[str], whole: bool) -> Meaning:
        """Several substances, as a product that holds all or as any of them: known only if each of them is."""
        meanings = [self._known(fold(part)) for part in parts]
        if not all(len(meaning.substances) == 1 for meaning in meanings):
            return NOTHING
        held = tuple(dict.fromkeys(substance for meaning in meanings for substance in meaning.substances))
        return Meaning(held, whole=whole and len(held) > 1)

    def _known(self, query: str) -> Meaning:
        target = self._one(query)
        return self.opened(target) if target else self._without_salt(query)

    def _without_salt(self, query: str) -> Meaning:
        """`warfarin sodium` → warfarin; only behind a medicine, for `sodium oxybate` is no sodium."""
        words = query.split()
        for size in range(len(words) - 1, 0, -1):
            target = self._one(" ".join(words[:size]))
            if target and self._kind(target) == "medicine" and " ".join(words[size:]) in self._tails:
                return self.opened(target)
        return NOTHING

    def _one(self, query: str) -> str | None:
        """The one thing that a folded name means, in the file's language first."""
        for targets in (self._own.get(query, ()), self._targets.get(query, ())):
            if len(targets) == 1:
                return next(iter(targets))
        return None

    def opened(self, target: str) -> Meaning:
        """The substances behind a target: the members of a class, what a product holds."""
        group, _, id_ = target.partition("/")
        match group:
            case "classes":
                return Meaning(tuple(sorted(self.knowledge.classes[id_].members)))
            case "products":
                held = tuple(dict.fromkeys(self.knowledge.products[id_].holds))
                return Meaning(held, whole=len(held) > 1)
            case _:
                return Meaning((id_,))

    def mentions(self, sentence: str) -> tuple[Mention, ...]:
        """The medicines and classes that a sentence names, the longest names first, each once."""
        words = fold(sentence).split()
        if not self._starts.intersection(words):
            return ()
        used: dict[int, str] = {}
        found: dict[str, Mention] = {}
        for stretch in windows(words):
            target = self._searched.get(stretch)
            if target is None:
                continue
            for start in _free(words, stretch.split(), used):
                end = start + len(stretch.split())
                used |= dict.fromkeys(range(start, end), target)
                if self._is_taken(target, words, start, end, used):
                    found.setdefault(target, Mention(target, stretch))
        return tuple(found.values())

    def _is_taken(self, target: str, words: list[str], start: int, end: int, used: dict[int, str]) -> bool:
        """Whether something taken is meant: not `serum potassium`, `warfarin sodium`, `moderate … inhibitors`."""
        before = words[start - 1] if start else ""
        after = words[end] if end < len(words) else ""
        if target.startswith("classes/"):
            return before not in _LESSER
        if self._kind(target) != "nutrient":
            return True
        salt = self._kind(used.get(start - 1, "")) == "medicine"
        return not (salt or before in _MEASURED or after in _LEVELS)


def _tails(names: set[str]) -> Iterator[str]:
    """The words that stand behind a name and change nothing: `hydrochloride`, as the base itself has them."""
    for name in names:
        words = name.split()
        for size in range(1, len(words)):
            if " ".join(words[:size]) in names:
                yield " ".join(words[size:])


def _free(words: list[str], stretch: list[str], used: dict[int, str]) -> Iterator[int]:
    """All places of a stretch among words that no longer name has taken."""
    size = len(stretch)
    for start in range(len(words) - size + 1):
        if words[start : start + size] == stretch and not any(place in used for place in range(start, start + size)):
            yield start

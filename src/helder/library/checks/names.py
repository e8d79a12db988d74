"""Does a name mean one thing in a language, and can everything be found by a name?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from helder.knowledge.problems import Problem
from helder.languages.folding import fold
from helder.library.checks.base import INTERFACE, Base

GROUPS = ("substances", "classes", "conditions", "needs")


def one_meaning(base: Base) -> Iterator[Problem]:
    """Among things that are taken, a name means one of them; conditions, needs and foods keep to themselves."""
    for language in INTERFACE:
        for groups in (("substances", "classes"), ("conditions",), ("needs",), ("foods",)):
            owners: dict[str, tuple[str, str]] = {}
            for group in groups:
                for id_ in getattr(base.knowledge, group):
                    yield from _clashes(base, language, group, id_, owners)


def _clashes(base: Base, language: str, group: str, id_: str, owners: dict[str, tuple[str, str]]) -> Iterator[Problem]:
    words = base.knowledge.words(language, group, id_)
    if words is None:
        return
    for name in {fold(name) for name in (words.name, *words.names) if name}:
        owner = owners.setdefault(name, (group, id_))
        if owner != (group, id_):
            file = base.words(group, id_, language)
            yield base.problem("two-meanings", file, ("names",), f"`{name}` also means {owner[1]}")


def no_empty_names(base: Base) -> Iterator[Problem]:
    """A name is a word that somebody types: not empty, not twice, not a sentence."""
    for language in INTERFACE:
        for group in GROUPS:
            for id_ in getattr(base.knowledge, group):
                words = base.knowledge.words(language, group, id_)
                seen: dict[str, int] = defaultdict(int)
                for name in words.names if words else ():
                    seen[name.lower()] += 1
                    if not fold(name) or len(name) > 60 or seen[name.lower()] > 1:
                        file = base.words(group, id_, language)
                        yield base.problem("name", file, ("names",), f"`{name}`: empty, double, or too long")


CHECKS = (one_meaning, no_empty_names)

"""Has anything that can hurt changed since a second reader signed it?

A spell check can't see that 250 became 350. So a second reading leaves a seal: a few letters that follow from the
typed facts and the words they were compared with. A later change breaks it, and asks for a new reading.
`helder seal FILE…` writes it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from helder.knowledge.model import Knowledge
from helder.knowledge.problems import Problem
from helder.library.checks.base import INTERFACE, Base

LETTERS = 10
LINE = re.compile(r"^seal:.*\n", re.MULTILINE)


class Seal(NamedTuple):
    """A file that carries a seal: the one written in it, the one that would be right, whether it was read at all."""

    file: str
    written: str
    right: str
    read: bool = True


def seals(knowledge: Knowledge) -> Iterator[Seal]:
    """All files that need a second reading: texts of topics with their facts, rules, countries."""
    owners: list[tuple[str, Mapping[str, msgspec.Struct]]] = [
        ("substances", knowledge.topics),
        ("lab_tests", knowledge.lab_tests),
        ("patterns", knowledge.patterns),
    ]
    for group, things in owners:
        for id_, facts in things.items():
            for language in INTERFACE:
                words = knowledge.words(language, group, id_)
                if words and words.claims:
                    bare = msgspec.structs.replace(words, seal="", status="checked")
                    right = digest(facts, bare)
                    yield Seal(f"{group}/{id_}/{language}.yaml", words.seal, right, words.status == "checked")
    for group in ("interactions", "cautions", "timings", "countries"):
        for id_, thing in getattr(knowledge, group).items():
            bare_thing = msgspec.structs.replace(thing, seal="")
            yield Seal(f"{group}/{id_}.yaml", thing.seal, digest(bare_thing))


def digest(*things: msgspec.Struct) -> str:
    """A few letters that follow from the typed content, not from how the file is laid out."""
    content = b"\n".join(msgspec.json.encode(thing, order="sorted") for thing in things)
    return hashlib.sha256(content).hexdigest()[:LETTERS]


def unbroken(base: Base) -> Iterator[Problem]:
    """Every seal is there and fits."""
    for seal in seals(base.knowledge):
        if not seal.read:
            text = "not read by a second reader: compare, then `status: checked` and `helder seal`"
            yield base.problem("draft", seal.file, ("status",), text)
        elif seal.written != seal.right:
            text = "changed since the second reading: read again, then `helder seal`"
            yield base.problem("seal", seal.file, ("seal",), text)


def write(root: Path, knowledge: Knowledge, only: tuple[str, ...]) -> int:
    """Seal the files that begin with `only` (all, if none is named) and were read; says how many changed."""
    changed = 0
    for seal in seals(knowledge):
        if not seal.read or seal.written == seal.right or (only and not seal.file.startswith(only)):
            continue
        file = root / seal.file
        text = LINE.sub("", file.read_text(encoding="utf-8"))
        file.write_text(f"seal: {seal.right}\n{text}", encoding="utf-8")
        changed += 1
    return changed


CHECKS = (unbroken,)

"""The head of a report: whose it is, from which laboratory, of which day. Labels tell, not the order on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from helder.languages.folding import fold
from helder.reports.dates import Dates, ambiguous, find_date
from helder.reports.layout import Line, Token
from helder.reports.model import Head, Kind
from helder.reports.vocabulary import Vocabulary

LONGEST_LABEL, LONGEST_VALUE = 4, 8
TOP = 0.25
"""The share of the first page in which a laboratory puts its name."""
_AGE = re.compile(r"(?<!\d)(\d{1,3})(?!\d|[./-]\d)")
_LAB = re.compile(
    r"lab|klini|clinic|hospital|hôpital|ziekenhuis|diagn|مختبر|лаб|प्रयोगशाला|chemie|patholog", re.IGNORECASE
)


class Labelled(NamedTuple):
    """A label of the head and the words that follow it."""

    key: str
    text: str
    marked: bool = True
    """A colon closes the label."""


def read_head(pages: Sequence[Sequence[Line]], words: Vocabulary, dates: Dates, kind: Kind) -> Head:
    """What the labels of a document say. The first word on a thing counts; later pages repeat it."""
    said: dict[str, str] = {}
    for lines in pages:
        for labelled in _labelled(lines, words):
            if _usable(labelled, words, dates):
                said.setdefault(labelled.key, labelled.text)
    collected = _date(said.get("collected"), words, dates) or _date(said.get("received"), words, dates)
    reported = _date(said.get("reported"), words, dates) or _date(said.get("printed"), words, dates)
    used = [said[key] for key in ("collected", "reported", "birth_date") if key in said]
    return Head(
        kind=kind,
        languages=words.languages,
        pages=len(pages),
        lab=said.get("lab") or _lab(pages, words),
        patient=said.get("patient"),
        birth_date=_date(said.get("birth_date"), words, dates),
        sex=_sex(said.get("sex"), words) or _by_title(said.get("patient"), words),
        age=_age(said.get("age")),
        collected=collected or reported,
        reported=reported,
        date_order_proven=dates.proven or not any(map(ambiguous, used)),
    )


def _usable(labelled: Labelled, words: Vocabulary, dates: Dates) -> bool:
    if labelled.key in ("birth_date", "collected", "received", "reported", "printed"):
        return find_date(labelled.text, words, dates.order) is not None
    if labelled.key == "sex":
        return _sex(labelled.text, words) is not None
    if labelled.key == "lab":  # a laboratory's own name is full of such words
        return labelled.marked and bool(labelled.text)
    if labelled.key == "patient" and not labelled.marked and labelled.text:  # `Name  Result  Unit` heads columns
        return fold(labelled.text.split()[0]) not in words.headings
    return bool(labelled.text)


def _labelled(lines: Sequence[Line], words: Vocabulary) -> Iterator[Labelled]:
    """Every label with what follows it: beside it, in the next cell, or in the cell below."""
    for index, line in enumerate(lines):
        below = lines[index + 1] if index + 1 < len(lines) else None
        tokens = line.tokens
        ends = _cell_ends(line)
        at = 0
        while at < len(tokens):
            key, end = _label_at(tokens[: ends[at]], at, words)
            marked = ":" in tokens[end - 1].text or any(token.text == ":" for token in tokens[end : end + 1])
            inside = at > 0 and ends[at - 1] == ends[at]
            if key is None or (key in ("patient", "lab") and inside and not marked):  # `Dear patient, see you on …`
                at += 1
                continue
            stop = end
            while stop < len(tokens) and stop - end < LONGEST_VALUE and not _next_label(line, tokens, stop, words):
                stop += 1
            text = _bare(tokens[end:stop]) or (_under(tokens[at:end], below) if below else "")
            yield Labelled(key, text, marked)
            at = max(stop, end)


def _cell_ends(line: Line) -> list[int]:
    """For each token of a line, where its cell ends: a label never reaches into the next one."""
    ends: list[int] = []
    for cell in line.cells:
        ends += [len(ends) + len(cell.tokens)] * len(cell.tokens)
    return ends


def _label_at(tokens: Sequence[Token], at: int, words: Vocabulary) -> tuple[str | None, int]:
    """The label that begins here, and where it ends. A label ends with a colon, its cell, or before a value."""
    for end in range(min(len(tokens), at + LONGEST_LABEL), at, -1):
        text = " ".join(token.text for token in tokens[at:end])
        if text.count(":") > 1 or ":" in text[:-1].rstrip():
            continue
        key = words.label(text)
        if key and (len(fold(text)) > 1 or text.endswith(":")):
            return key, end
    return None, at


def _next_label(line: Line, tokens: Sequence[Token], at: int, words: Vocabulary) -> bool:
    """Whether another label begins here: at the start of a cell, or with a colon of its own."""
    key, end = _label_at(tokens[: _cell_ends(line)[at]], at, words)
    if key is None:
        return False
    return tokens[at] in {cell.tokens[0] for cell in line.cells} or tokens[end - 1].text.endswith(":")


def _bare(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens).strip(" :.-–|")


def _under(label: Sequence[Token], below: Line) -> str:
    """The cell right under a label, where labels stand above their values."""
    x0, x1 = label[0].x0, label[-1].x1
    found = [cell for cell in below.cells if cell.x0 < x1 and cell.x1 > x0]
    return found[0].text if found else ""


def _date(text: str | None, words: Vocabulary, dates: Dates) -> str | None:
    return find_date(text, words, dates.order) if text else None


def _sex(text: str | None, words: Vocabulary) -> Literal["F", "M"] | None:
    for word in re.split(r"[\s/,;|]+", text or ""):
        if found := words.sexes.get(fold(word) or word):
            return "F" if found == "female" else "M"
    return None


def _by_title(patient: str | None, words: Vocabulary) -> Literal["F", "M"] | None:
    """`Frau`, `Dhr.`, `Mme` before a name. A single letter may be an initial; only the French `M.` is a title."""
    for word in (patient or "").split()[:2]:
        french = word == "M." and words.languages[0] == "fr"
        found = "male" if french else words.sexes.get(fold(word)) if len(fold(word)) > 1 else None
        if found:
            return "F" if found == "female" else "M"
    return None


def _age(text: str | None) -> int | None:
    found = _AGE.search(text or "")
    return int(found.group(1)) if found and int(found.group(1)) <= 130 else None


def _lab(pages: Sequence[Sequence[Line]], words: Vocabulary) -> str | None:
    """The largest words at the top of the first page that look like a laboratory's name."""
    if not pages or not pages[0]:
        return None
    lines = pages[0]
    bottom = max(line.y1 for line in lines)
    top = [cell for line in lines if line.y0 <= bottom * TOP for cell in line.cells if _LAB.search(cell.text)]
    top = [cell for cell in top if fold(cell.text) not in words.documents or words.label(cell.text) == "lab"]
    best = max(top, key=lambda cell: cell.tokens[0].height, default=None)
    return best.text if best else None


def kind_of(lines: Iterable[Line], words: Vocabulary, rows: int) -> Kind:
    """What a document is: a lab report if it has rows of results, else what most of its telling words say."""
    if rows >= 2:
        return "lab"
    counted: Counter[str] = Counter()
    for line in lines:
        tokens = [token.text for token in line.tokens]
        for start in range(len(tokens)):
            for length in range(1, 5):
                key = words.documents.get(fold(" ".join(tokens[start : start + length])))
                if key and start + length <= len(tokens):
                    counted[key] += length
    if rows:
        counted["lab"] += 2
    return _KINDS.get(counted.most_common(1)[0][0], "other") if counted else "lab" if rows else "other"


_KINDS: dict[str, Kind] = {
    "lab": "lab",
    "prescription": "prescription",
    "medicine_list": "medicine_list",
    "imaging": "imaging",
    "letter": "letter",
    "invoice": "invoice",
    "pathology": "pathology",
}

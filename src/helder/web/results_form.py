"""The form of *My lab results*: what was sent → files and a person; what was confirmed → readings of the contracts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest

from helder.reports.confirmed import About, Confirmed, Kept, Typed
from helder.web import medicines, uploads

SAMPLES = Path(__file__).parent / "samples"
USUAL_SAMPLE = "fr"
"""Where a language has no invented report of its own: laboratories of Morocco write French."""
LONGEST = 20_000  # characters of a field
MOST_DOCUMENTS = 50
_HEAD = re.compile(r"d(\d{1,3})-head")
_WEEKS = re.compile(r"\d{1,2}")
_Form = Mapping[str, str]
T = TypeVar("T")


def form_of(request: HttpRequest) -> dict[str, str]:
    """The fields as text. A pasted text may be as long as a file; a field of one line may not."""
    return {key: str(value) if key == "text" else str(value)[:LONGEST] for key, value in request.POST.items()}


def files_of(request: HttpRequest, form: _Form, language: str) -> tuple[uploads.File, ...]:
    """What is to be read: chosen files and pasted text, else the invented report if that was asked for."""
    if "sample" in form:
        return (sample(language),)
    files = [(file.name or "", file.read()) for file in request.FILES.getlist("files")]
    text = form.get("text", "").strip()
    return (*files, *([("", text.encode())] if text else ()))


def sample(language: str) -> uploads.File:
    """An invented report in a reader's language."""
    own = SAMPLES / f"{language}.pdf"
    chosen = own if own.exists() else SAMPLES / f"{USUAL_SAMPLE}.pdf"
    return "", chosen.read_bytes()


def person_of(form: _Form) -> dict[str, Any]:
    """The person of the contracts. Medicines that were not told are not known, which is not the same as none."""
    person = medicines.person_of(form)
    if not person["items"]:
        del person["items"]
    if _WEEKS.fullmatch(form.get("pregnancy", "").strip()):
        person["pregnancy_weeks"] = int(form["pregnancy"])
    return person


def confirmed_of(form: _Form) -> tuple[Confirmed, ...] | None:
    """The documents that a person confirmed; None where the form is not one of confirmed readings."""
    numbers = sorted(int(found[1]) for key in form if (found := _HEAD.fullmatch(key)))[:MOST_DOCUMENTS]
    if not numbers:
        return None
    return tuple(Confirmed(_about(form, number), tuple(_rows(form, number))) for number in numbers)


def _about(form: _Form, number: int) -> About:
    return _read(form.get(f"d{number}-head", ""), About) or About()


def _rows(form: _Form, number: int) -> Iterator[Typed]:
    """The rows that are ticked, in their order, then the one that was added."""
    row = re.compile(rf"d{number}-(\d{{1,4}})-value")
    for place in sorted(int(found[1]) for key in form if (found := row.fullmatch(key))):
        if form.get(f"d{number}-{place}-on"):
            yield _row(form, f"d{number}-{place}-")
    if form.get(f"d{number}-x-name", "").strip():
        yield _row(form, f"d{number}-x-")


def _row(form: _Form, start: str) -> Typed:
    fields = {name: form.get(start + name, "") for name in ("name", "value", "unit", "range", "test")}
    return Typed(**fields, kept=_read(form.get(f"{start}kept", ""), Kept) or Kept())


def _read(text: str, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, json.JSONDecodeError, RecursionError, UnicodeError):
        return None

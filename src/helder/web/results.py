"""*My lab results*: reports are read, shown, confirmed and forgotten. Works without JavaScript; keeps nothing.

Files are read once. What a person then corrects travels in the form itself, and is judged again without the files.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from queue import SimpleQueue
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from helder.reports.confirmed import number_of
from helder.reports.contract import ReadingObject, ScanObject
from helder.web import pages, refuse, results_drawn, results_form, results_shown, store, uploads, views
from helder.web.frame import Frame, frame_for, the_app
from helder.web.negotiate import Reader
from helder.web.results_shown import MOST_PAGES

log = logging.getLogger("helder.web")

Told = Callable[[int, int], None]
Form = Mapping[str, str]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a table program would run rather than show, at the start of a cell."""


class Gone(Exception):
    """Nobody waits for the answer any more."""


def page(request: HttpRequest, language: str, country: str) -> HttpResponse:
    """The empty form; the answer to files; or confirmed readings judged again."""
    wrong = views.elsewhere(request, language, country)
    if wrong:
        return wrong
    frame, form = _frame(language, country), results_form.form_of(request)
    html = pages.results(frame, **_values(frame, form, _files(request, form, language)))
    return store.respond(request, store.Stored(html), cache="no-store")


def read(request: HttpRequest, language: str, country: str) -> HttpResponseBase:
    """As `page`, told while it is read: a line of JSON for each page, then the answer as the page's main part."""
    wrong = views.elsewhere(request, language, country)
    if wrong:
        return wrong
    if request.method != "POST":
        return refuse.refuse(request, refuse.UNREADABLE)
    frame, form = _frame(language, country), results_form.form_of(request)
    lines = _lines(frame, form, _files(request, form, language))
    response = StreamingHttpResponse(lines, content_type="application/x-ndjson; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def fhir(request: HttpRequest, language: str, country: str) -> HttpResponse:
    """One confirmed document as a FHIR R4 bundle."""
    made = _confirmed(request, language, country)
    if isinstance(made, HttpResponse):
        return made
    documents, number = (made, *made.others), request.POST.get("document", "0")
    chosen = documents[int(number)] if number.isdecimal() and int(number) < len(documents) else made
    return _download(the_app().as_fhir(chosen), "application/fhir+json", "helder.fhir.json")


def table(request: HttpRequest, language: str, country: str) -> HttpResponse:
    """All confirmed results as a table."""
    made = _confirmed(request, language, country)
    if isinstance(made, HttpResponse):
        return made
    return _download(_csv(_frame(language, country), made), "text/csv; charset=utf-8", "helder.csv")


# --- answers --------------------------------------------------------------------------------------------------


def _frame(language: str, country: str) -> Frame:
    return frame_for(Reader(language, country), "results", origin=settings.HELDER_ORIGIN)


def _files(request: HttpRequest, form: Form, language: str) -> tuple[uploads.File, ...]:
    return results_form.files_of(request, form, language) if request.method == "POST" else ()


def _values(frame: Frame, form: Form, files: Sequence[uploads.File], told: Told | None = None) -> dict[str, Any]:
    """What the template shows: an answer, or the empty form with what was missing."""
    confirmed = results_form.confirmed_of(form)
    answer, hint = None, ""
    if confirmed is not None:
        made = frame.app.confirm(confirmed, results_form.person_of(form), frame.language, frame.country)
        answer = results_shown.answer(frame, made) if made else None
    elif len(files) > uploads.MOST_FILES:
        hint = frame.say("res.too_many", count=uploads.MOST_FILES)
    elif files:
        answer = _read(frame, form, files, told)
    elif form:
        hint = frame.say("res.nothing")
    cited = results_shown.Cited()
    return {"form": form, "answer": answer, "hint": hint, "invented": "sample" in form, "cited": cited}


def _read(frame: Frame, form: Form, files: Sequence[uploads.File], told: Told | None) -> results_shown.Answer:
    """The files read, each under its number: a name is for showing only."""
    numbered = [(str(number), content) for number, (_, content) in enumerate(files)]
    person = results_form.person_of(form)
    made = frame.app.scan(numbered, person, frame.language, frame.country, told)
    pictures = _pictures(frame, files, made)
    return results_shown.answer(frame, made, [name for name, _ in files], pictures)


def _pictures(frame: Frame, files: Sequence[uploads.File], made: ScanObject) -> dict[tuple[int, int], bytes]:
    """Pictures of the first pages on which something was read."""
    wanted: dict[int, list[int]] = {}
    for file, page in _pages(made)[:MOST_PAGES]:
        wanted.setdefault(file, []).append(page)
    return {
        (file, page): picture
        for file, numbers in wanted.items()
        for page, picture in frame.app.pictures(files[file][1], numbers).items()
    }


def _pages(made: ScanObject) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for part in (made, *made.others):
        sheets = part.document.sheets
        numbers = sorted({reading.page for reading in part.readings if reading.box and reading.page <= len(sheets)})
        found += [(sheets[number - 1].file, sheets[number - 1].page) for number in numbers]
    return found


def _lines(frame: Frame, form: Form, files: Sequence[uploads.File]) -> Iterator[bytes]:
    """Lines of JSON while a thread reads. It stops at the next page when nobody listens any more."""
    lines: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
    gone = threading.Event()

    def told(file: int, page: int) -> None:
        if gone.is_set():
            raise Gone
        lines.put({"file": file + 1, "page": page})

    def work() -> None:
        try:
            lines.put({"html": pages.results_main(frame, **_values(frame, form, files, told))})
        except Gone:
            pass
        except Exception as error:  # noqa: BLE001  a door: the plain form is sent instead
            log.error("%s while reading", type(error).__name__)
            lines.put({"error": True})
        finally:
            lines.put(None)

    threading.Thread(target=work, daemon=True).start()
    try:
        while (line := lines.get()) is not None:
            yield json.dumps(line, ensure_ascii=False).encode() + b"\n"
    finally:
        gone.set()


# --- to take along --------------------------------------------------------------------------------------------


def _confirmed(request: HttpRequest, language: str, country: str) -> ScanObject | HttpResponse:
    """The readings of a posted form, judged; or why there are none."""
    wrong = views.elsewhere(request, language, country)
    if wrong:
        return wrong
    form = results_form.form_of(request)
    documents = results_form.confirmed_of(form)
    made = the_app().confirm(documents, results_form.person_of(form), language, country) if documents else None
    return made if made is not None else refuse.refuse(request, refuse.UNREADABLE)


def _csv(frame: Frame, made: ScanObject) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    columns = ("test", "name", "value", "unit", "range", "where", "date")
    keys = {"date": "res.date"}
    writer.writerow([frame.say(keys.get(column, f"res.{column}")) for column in columns])
    for part in (made, *made.others):
        writer.writerows(_plain(_cells(frame, reading)) for reading in part.results)
    return out.getvalue().encode("utf-8-sig")


def _cells(frame: Frame, reading: ReadingObject) -> Iterator[str]:
    yield reading.title or reading.name
    yield reading.name or frame.say("res.computed")
    yield f"{reading.comparator or ''}{reading.value}"
    yield results_drawn.unit_shown(reading.unit, reading.ucum)
    yield reading.range.text if reading.range else ""
    yield frame.say(f"res.{reading.judgement}")
    yield reading.collected or ""


def _plain(cells: Iterator[str]) -> list[str]:
    return [f"'{cell}" if cell.startswith(FORMULA) and number_of(cell) is None else cell for cell in cells]


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response

"""*My lab results* in the whole web stack: files in, an answer out, nothing kept; confirmed without the files."""

from __future__ import annotations

import csv
import gzip
import io
import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helder.web import settings
from helder.web.guard import LONGEST_BODY
from helder.web.results_form import SAMPLES
from helder.web.uploads import MOST_BYTES, MOST_FILES, MOST_JSON
from tests.web import LANGUAGES, USUAL, Taken, client, text_of

PATH = "/en/GB/results/"
DANGER = "Lab Report\nCollected: 2024-03-05\nPotassium 6.9 mmol/L (3.5 - 5.0) H\nSodium 139 mmol/L (135 - 145)\n"
BLOOD = "Lab Report\nHaemoglobin 10.1 g/dL (12.0 - 16.0) L\nFerritin 8 ug/L (15 - 150)\nSodium 139 mmol/L (135 - 145)\n"
MEDICINES = """Medication list
Patient: J. Example
1. Metformin 500 mg tablets, 1 tablet twice a day
2. Amlodipine 5 mg tablets, 1 tablet once a day
3. Atorvastatin 20 mg tablets, 1 tablet at night
"""


def post(form: dict[str, Any], path: str = PATH) -> Any:
    return client().post(path, form)


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def fields(html: str) -> dict[str, str]:
    """What a browser would send of the form of confirmed readings, as it stands."""
    found: dict[str, str] = {}
    for element in Taken(html).elements:
        told = element.attributes
        in_form = told.get("form") == "again" or told.get("name", "").endswith(("-head", "-x-name"))
        if element.tag == "input" and in_form and "name" in told:
            found[told["name"]] = told.get("value", "")
    return found


def words_of(html: str) -> str:
    return "".join(element.text for element in Taken(html).elements if element.tag not in ("script", "style"))


# --- the page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_and_its_answer_exist_in_every_language(language: str) -> None:
    path = f"/{language}/{USUAL[language]}/results/"
    empty, full = client().get(path), post({"sample": "1"}, path)
    assert (empty.status_code, full.status_code) == (200, 200)
    ids = set(Taken(text_of(full)).ids)
    assert {"answer", "p-report0", "r0", "b0", "i0-1", "again", "p-sources", "p-questions"} <= ids
    for html in (text_of(empty), text_of(full)):
        assert not {"res.", "lab.", "med."} & {word[:4] for word in words_of(html).split()}


def test_the_page_is_light() -> None:
    html = text_of(client().get(PATH))
    assert len(gzip.compress(html.encode(), 9)) < 15_000


def test_it_is_linked_from_the_menu_the_home_page_and_the_topics_of_tests() -> None:
    for path in ("/nl/NL/", "/nl/NL/az/", "/nl/NL/topics/potassium/"):
        assert Taken(text_of(client().get(path))).all("a", href="/nl/NL/results/")
    assert "res.from_topic" not in text_of(client().get("/nl/NL/topics/potassium/"))


def test_nothing_of_it_stays_in_a_cache() -> None:
    for response in (client().get(PATH), post({"text": BLOOD}), post({"text": BLOOD}, PATH + "read")):
        assert response["Cache-Control"] == "no-store"


def test_a_form_without_anything_says_what_is_missing() -> None:
    assert "Choose a file first" in text_of(post({"text": "  ", "age": "40"}))


# --- the answer


def test_what_cannot_wait_stands_first_with_the_number_to_call() -> None:
    html = text_of(post({"text": DANGER, "age": "40"}))
    assert html.index('class="danger"') < html.index('id="p-report0"')
    assert Taken(html).all("a", href="tel:999")
    assert "If this value is right" not in html
    assert "112" in text_of(post({"text": DANGER, "age": "40"}, "/nl/NL/results/"))


def test_a_danger_in_doubt_says_so() -> None:
    assert "If this value is right" in text_of(post({"text": DANGER})), "nobody told the age"


def test_a_row_says_the_side_in_words_and_form_not_in_colour_only() -> None:
    page = Taken(text_of(post({"text": BLOOD, "age": "40", "sex": "F"})))
    said = [element.text.strip() for element in page.classed("word")]
    assert said.count("low") == 2
    assert said.count("normal") == 1
    bars = [element.attributes["aria-label"] for element in page.classed("rbar")]
    assert sorted(bars) == ["below the range", "below the range", "inside the range"]


def test_every_sentence_has_numbered_sources_that_stand_below() -> None:
    page = Taken(text_of(post({"text": BLOOD, "age": "40", "sex": "F"})))
    cited = {e.attributes["href"] for e in page.all("a") if e.attributes.get("href", "").startswith("#s")}
    assert cited
    assert cited == {f"#{id_}" for id_ in page.ids if id_[0] == "s" and id_[1:].isdigit()}


def test_an_address_within_the_page_leads_somewhere() -> None:
    page = Taken(text_of(post({"sample": "1"})))
    targets = {e.attributes["href"][1:] for e in page.all("a") if e.attributes.get("href", "").startswith("#")}
    assert targets - set(page.ids) == set()
    assert len(page.ids) == len(set(page.ids))


def test_a_doubt_stands_first_with_its_fields() -> None:
    page = text_of(post({"text": "Lab Report\nSodium 139 mmol/L (135 - 145)\nPotassium 41 mmol/L (3.5 - 5.0)\n"}))
    assert page.index('id="p-check"') < page.index('id="p-report0"')
    assert 'id="c1"' in page
    assert page.count('name="d0-1-value"') == 1


def test_the_pictures_are_small_and_stand_inside_the_page() -> None:
    page = Taken(text_of(post({"sample": "1"})))
    pictures = [element.attributes["href"] for element in page.all("image")]
    assert len(pictures) == 1
    assert pictures[0].startswith("data:image/webp;base64,")
    assert len(pictures[0]) <= 150_000
    assert len(page.all("rect")) >= 13


def test_each_file_that_cannot_be_read_says_why_and_the_others_are_there() -> None:
    sent = [file("empty.pdf", b" "), file("odd.bin", bytes(range(256)) * 9), file("good.txt", BLOOD.encode())]
    html = text_of(post({"files": [*sent, file("torn.pdf", b"%PDF-1.4\nnothing")]}))
    assert "There is nothing in this file." in html
    assert "We do not know this kind of file." in html
    assert "This file is damaged." in html
    assert all(name in html for name in ("empty.pdf", "odd.bin", "torn.pdf", "Haemoglobin"))


def test_a_list_of_medicines_goes_to_the_page_of_medicines() -> None:
    html = text_of(post({"text": MEDICINES}))
    assert "This looks like a list of medicines" in html
    (form,) = Taken(html).all("form", action="/en/GB/medicines/#answer")
    assert form
    assert "Metformin 500 mg" in Taken(html).all("textarea", name="items")[0].text


# --- confirmed


def test_confirmed_readings_are_judged_again_without_the_files() -> None:
    first = text_of(post({"text": DANGER, "age": "40"}))
    form = fields(first) | {"age": "40"}
    assert 'class="danger"' in text_of(post(form))
    corrected = text_of(post(form | {"d0-0-value": "4.9"}))
    assert 'class="danger"' not in corrected
    assert "4.9" in corrected


def test_a_row_that_is_not_ticked_is_dropped_and_one_can_be_added() -> None:
    form = fields(text_of(post({"text": BLOOD})))
    del form["d0-1-on"]
    form |= {"d0-x-name": "TSH", "d0-x-value": "9,1", "d0-x-unit": "mU/L", "d0-x-range": "0.4 - 4.0"}
    page = Taken(text_of(post(form)))
    names = [element.text.strip() for element in page.all("th", scope="row")]
    assert "Ferritin" not in names
    assert any("TSH" in name or "thyroid" in name.lower() for name in names)


def test_an_answered_question_is_used() -> None:
    unanswered = text_of(post({"text": "Lab Report\nHaemoglobin 12.5 g/dL\n"}))
    asked = {e.attributes.get("name") for e in Taken(unanswered).elements if e.tag in ("input", "select")}
    assert {"age", "sex"} & asked
    answered = fields(unanswered) | {"age": "40", "sex": "F"}
    assert "How old are you?" not in text_of(post(answered))


@pytest.mark.parametrize(
    "form",
    [
        {"d0-head": "{"},
        {"d0-head": "[" * 5000},
        {"d0-head": "{}", "d0-0-value": "4", "d0-0-on": "1", "d0-0-name": "Kalium", "d0-0-kept": '{"range": 5}'},
        {"d0-head": "{}", "d0-0-value": "\x00", "d0-0-on": "1", "d0-0-name": "💊" * 300, "d0-0-kept": "null"},
        {"d0-head": '{"birth_date":"x","age":-5,"sex":null}', "d999-head": "{}", "document": "77"},
        {"d0-head": "{}", "d0-9999-value": "1", "d0-x-name": "x" * 9000},
        {"sample": "1", "age": "old", "sex": "X", "pregnancy": "soon", "items": "\x00"},
        {"text": "\x00\x01\x02"},
        {"text": "Kalium 4,1 mmol/l\n" * 400},
    ],
)
def test_no_form_breaks_the_page(form: dict[str, str]) -> None:
    assert post(form).status_code == 200
    assert post(form, PATH + "helder.csv").status_code in (200, 400)
    assert post(form, PATH + "helder.fhir.json").status_code in (200, 400)


def test_what_is_typed_is_shown_as_text_and_never_run() -> None:
    form = fields(text_of(post({"text": BLOOD})))
    nasty = '"><script>alert(1)</script><img src=x>'
    typed = {key: nasty for key in form if key.endswith(("-name", "-value", "-unit", "-range"))}
    html = text_of(post(form | typed | {"age": nasty, "items": nasty}))
    assert "<script>alert(1)" not in html
    assert "<img src=x" not in html
    sent = text_of(post({"files": [file(nasty, b"")], "text": BLOOD}))
    assert "<img src=x" not in sent


# --- to take along


def test_a_fhir_bundle_comes_as_a_file() -> None:
    response = post(fields(text_of(post({"text": BLOOD}))), PATH + "helder.fhir.json")
    assert response["Content-Type"] == "application/fhir+json"
    assert "attachment" in response["Content-Disposition"]
    bundle = json.loads(response.content)
    assert bundle["resourceType"] == "Bundle"
    assert b"Haemoglobin" in response.content


def test_a_table_comes_as_a_file_and_runs_no_formula() -> None:
    form = fields(text_of(post({"text": BLOOD}))) | {"d0-0-name": "=1+1"}
    response = post(form, PATH + "helder.csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Test", "Name on the paper", "Result"]
    assert {"10.1", "8", "139"} <= {row[2] for row in rows}
    assert "'=1+1" in {row[1] for row in rows}


@pytest.mark.parametrize("name", ["helder.csv", "helder.fhir.json", "read"])
def test_these_addresses_only_take_a_form(name: str) -> None:
    assert client().get(PATH + name).status_code == 400


# --- told while it is read


def test_pages_are_told_while_they_are_read() -> None:
    sent = [file("a.txt", BLOOD.encode()), file("b.txt", DANGER.encode())]
    response = post({"files": sent}, PATH + "read")
    lines = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert lines[:2] == [{"file": 1, "page": 1}, {"file": 2, "page": 1}]
    assert list(lines[-1]) == ["html"]
    assert lines[-1]["html"].startswith("<h1")
    assert 'id="answer"' in lines[-1]["html"]


def test_what_breaks_while_reading_is_told_and_not_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("canaryzzz")

    monkeypatch.setattr("helder.app.App.scan", broken)
    with caplog.at_level(logging.DEBUG):
        response = post({"text": "canaryzzz"}, PATH + "read")
        lines = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert lines == [{"error": True}]
    assert "canaryzzz" not in caplog.text


# --- limits and privacy


def test_only_these_addresses_take_files() -> None:
    large = b"x" * (LONGEST_BODY + 1)
    assert client().post("/nl/NL/medicines/", {"items": large.decode()}).status_code == 413
    assert client().post("/api/check", large, content_type="application/json").status_code == 413
    assert post({"files": [file("a.txt", large)]}).status_code == 200
    sent = client().post("/api/scan", {"files": [file("a.txt", BLOOD.encode() * 900)]})
    assert sent.status_code == 200


@pytest.mark.parametrize("path", [PATH, PATH + "read", "/api/scan"])
def test_what_is_too_large_is_refused_by_its_length(path: str) -> None:
    form = "multipart/form-data; boundary=x"
    response = client().generic("POST", path, b"--x--", form, CONTENT_LENGTH=str(MOST_BYTES + 1))
    assert response.status_code == 413
    told = text_of(response)
    assert "too large" in told


def test_too_many_files_are_named() -> None:
    files = [file(f"{number}.txt", b"x") for number in range(MOST_FILES + 1)]
    assert f"Choose at most {MOST_FILES}" in text_of(post({"files": files}))


def test_a_body_of_json_may_be_as_long_as_its_files() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == MOST_JSON


def test_nothing_sent_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        post({"text": f"canaryzzz\n{BLOOD}", "items": "canaryzzz", "files": [file("canaryzzz.pdf", b"%PDF-canaryzzz")]})
    assert "canaryzzz" not in caplog.text


_watched: list[tuple[str, int]] = []
_watching = [False]


def _audit(event: str, about: tuple[Any, ...]) -> None:
    """Python tells of every file that is opened, and with what intention."""
    if _watching[0] and event == "open" and isinstance(about[2], int) and about[2] & 0b11:
        _watched.append((str(about[0]), about[2]))


def test_a_file_is_never_written_to_a_disk() -> None:
    """From the upload to the answer no file is opened for writing, however large what is sent is."""
    large = file("report.txt", (BLOOD + "x" * 79 + "\n").encode() * 20_000)
    sample = file("sample.pdf", (SAMPLES / "en.pdf").read_bytes())
    post({"files": [sample]})  # templates and code are compiled once, into caches that hold nothing of a person
    assert large.size is not None
    assert large.size > 2_500_000, "Django would write this one to a temporary file"
    sys.addaudithook(_audit)
    _watching[0] = True
    try:
        post({"files": [file("sample.pdf", (SAMPLES / "en.pdf").read_bytes()), large]})
    finally:
        _watching[0] = False
    assert [name for name, _ in _watched if Path(name) != Path("/dev/null") and not name.isdigit()] == []

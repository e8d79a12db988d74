"""*My medicines* in the whole web stack: a form that works without a script, and keeps nothing."""

from __future__ import annotations

import json
import logging

import pytest

from helder.web.guard import LONGEST_BODY
from tests.web import LANGUAGES, USUAL, Taken, client, text_of

ITEMS = "levothyroxine 50 mcg\ncalcium 500 mg 2x daags\nwarfarine\nsint-janskruid\nxyzzyplugh"


def post(form: dict[str, str], path: str = "/nl/NL/medicines/"):
    return client().post(path, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_and_its_answer_exist_in_every_language(language: str) -> None:
    path = f"/{language}/{USUAL[language]}/medicines/"
    empty, full = client().get(path), post({"items": ITEMS, "age": "67", "sex": "F"}, path)
    assert (empty.status_code, full.status_code) == (200, 200)
    page = Taken(text_of(full))
    assert {"p-notices", "p-plan", "p-unknown", "p-asks"} <= set(page.ids)
    assert "med." not in "".join(element.text for element in page.elements if element.tag not in ("script", "style"))


def test_an_answer_stays_in_no_cache() -> None:
    assert post({"items": ITEMS})["Cache-Control"] == "no-store"
    assert client().get("/nl/NL/medicines/")["Cache-Control"] == "no-store"


def test_the_hours_and_the_plan_stand_on_the_page() -> None:
    html = text_of(post({"items": "ciprofloxacine 500 mg\nzink 10 mg"}))
    assert "minstens 2 uur" in html.replace("\u00a0", " ")
    assert "minstens 6 uur" in html.replace("\u00a0", " ")
    assert Taken(html).classed("today")


def test_what_was_typed_stays_in_the_form() -> None:
    page = Taken(text_of(post({"items": "zink 10 mg", "age": "40", "conditions": "jicht", "wake": "06:30"})))
    assert page.all("input", name="age")[0].attributes["value"] == "40"
    assert page.all("input", name="wake")[0].attributes["value"] == "06:30"
    assert "zink 10 mg" in page.all("textarea", id="items")[0].text


def test_a_question_is_answered_with_a_button() -> None:
    asked = Taken(text_of(post({"items": "metformine 500 mg", "age": "70"})))
    names = {element.attributes["name"] for element in asked.all("input", type="radio")}
    assert any(name.startswith("q:") for name in names)
    answered = text_of(post({"items": "isotretinoïne 20 mg", "q:pregnant": "yes", "q:sex": "F"}))
    assert "Niet samen, of niet voor jou" in answered


def test_what_is_typed_is_shown_as_text_and_never_run() -> None:
    html = text_of(post({"items": "<script>alert(1)</script>\nzink 10 mg", "conditions": '"><img src=x>'}))
    assert "<script>alert(1)" not in html
    assert "<img src=x" not in html


def test_nothing_typed_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        post({"items": "canaryzzz 5 mg\nwarfarine", "conditions": "canaryzzz"})
        client().post("/api/check", "{canaryzzz", content_type="application/json")
    assert "canaryzzz" not in caplog.text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"items": "   "},
        {"items": "\x00\x01"},
        {"items": "zink", "age": "three hundred"},
        {"items": "zink", "age": "300"},
        {"items": "zink", "weight": "-4", "egfr": "<30", "wake": "25:99", "meals": "noon; later"},
        {"items": "zink", "taken-0": "10:15", "taken-77": "10:15", "now": "soon"},
        {"items": "zink", "q:has(nothing-of-the-kind)": "yes", "q:bogus": "yes", "q:result(egfr)": "x"},
        {"items": "\n".join(["zink 10 mg"] * 600)},
        {"items": "💊" * 4000},
    ],
)
def test_no_form_breaks_the_page(form: dict[str, str]) -> None:
    assert post(form).status_code == 200


def test_a_calendar_file_comes_as_one() -> None:
    response = post({"items": "levothyroxine 50 mcg", "zone": "Europe/London"}, "/en/GB/medicines/helder.ics")
    assert response["Content-Type"].startswith("text/calendar")
    assert b"Europe/London" in response.content
    assert b"levothyroxine 50 mcg" in response.content


def test_where_there_is_no_plan_there_is_no_calendar() -> None:
    form = {"items": "ciprofloxacine 500 mg 2x daags\nmagnesium 200 mg 3x daags"}
    assert post(form, "/nl/NL/medicines/helder.ics").status_code == 400


def test_only_these_addresses_take_a_form() -> None:
    assert client().post("/nl/NL/", {"items": "zink"}).status_code == 405
    assert client().put("/nl/NL/medicines/", "x").status_code == 405


def test_a_form_larger_than_anybody_types_is_refused() -> None:
    assert post({"items": "x" * (LONGEST_BODY + 1)}).status_code == 413


# --- the same as JSON


def ask(path: str, data: object, status: int = 200):
    body = data if isinstance(data, str) else json.dumps(data)
    response = client().post(f"/api/{path}?language=nl&country=NL", body, content_type="application/json")
    assert response.status_code == status, response.content[:300]
    return json.loads(response.content)


def test_the_four_questions_over_rest() -> None:
    items = {"items": ["apixaban 5 mg 2x daags", "paracetamol 500 mg"]}
    assert ask("check", items)["items"][0]["substances"] == ["apixaban"]
    assert ask("plan", items)["moments"]
    assert ask("missed", {**items, "late": {"0": "5"}})["items"][0]["sentences"]
    assert ask("overdose", {"items": ["paracetamol 500 mg 40 tabletten"]})["urgency"] == "emergency"


@pytest.mark.parametrize("body", ["", "{", "[" * 5000, "nonsense"])
def test_a_body_that_is_no_json_is_named_as_such(body: str) -> None:
    assert ask("check", body, 400)["status"] == 400


@pytest.mark.parametrize("body", [[], 5, None, {"items": 5}, {"items": [None]}, {"person": {}}])
def test_json_of_the_wrong_shape_is_answered_with_what_was_expected(body: object) -> None:
    assert ask("check", body)["problems"] or not ask("check", body)["items"]


def test_names_come_while_typing() -> None:
    found = json.loads(client().get("/api/items?q=ibupr&language=nl").content)["hits"]
    assert found[0]["topic"] == "ibuprofen"

"""The JSON door: what it promises in its OpenAPI document is what it sends."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import validate

from helder.app import open_app
from tests.web import client

LANGUAGES = ("en", "nl", "ar")


def ask(path: str, status: int = 200) -> Any:
    response = client().get(f"/api{path}")
    assert response.status_code == status, response.content[:300]
    return json.loads(response.content)


def document() -> dict[str, Any]:
    found: dict[str, Any] = ask("/openapi.json")
    return found


EXAMPLES = {
    "/api/topics": "/topics?language=nl",
    "/api/topics/{topic}": "/topics/magnesium?language=nl&country=NL",
    "/api/topics/{topic}/{slot}": "/topics/magnesium/who_should_not?language=nl&country=NL",
    "/api/find": "/find?q=magnesuim&language=nl&country=NL",
    "/api/suggest": "/suggest?q=mag&language=nl",
    "/api/languages": "/languages",
    "/api/countries": "/countries?language=ar",
    "/api/schemas/{name}": "/schemas/topic",
    "/api/problems/{key}": "/problems/topic?language=nl",
    "/api/items": "/items?q=ibu&language=nl",
}
PERSON = {
    "items": ["warfarin", "ibuprofen 400 mg", "magnesium 300 mg 2x daily", "xyzzyplugh"],
    "age": 67,
    "late": {"0": "3"},
}
POSTED: dict[str, dict[str, Any]] = {
    "/api/check": PERSON,
    "/api/plan": PERSON,
    "/api/missed": PERSON,
    "/api/overdose": PERSON,
    "/api/scan": {"text": "Lab Report\nPotassium 6.9 mmol/L (3.5 - 5.0)\nxyzzyplugh 5 mg", "person": {"age": 67}},
    "/api/lab": {"name": "Kalium", "value": "6,9", "unit": "mmol/l"},
}


def test_the_document_is_valid_and_names_every_route() -> None:
    told = document()
    validate(told)
    assert set(told["paths"]) == {*EXAMPLES, *POSTED}
    assert "://" not in json.dumps({**told, "info": {}}), "nothing from elsewhere"


@pytest.mark.parametrize("route", EXAMPLES)
def test_each_route_sends_what_the_document_says(route: str) -> None:
    told = document()
    operation = told["paths"][route]["get"]
    kind, answer = next(iter(operation["responses"]["200"]["content"].items()))
    schema = {**answer["schema"], "components": told["components"]}
    response = client().get(f"/api{EXAMPLES[route]}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith(kind)
    jsonschema.validate(json.loads(response.content), schema)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", POSTED)
def test_each_question_about_a_person_is_answered_as_the_document_says(route: str, language: str) -> None:
    told = document()
    answer = told["paths"][route]["post"]["responses"]["200"]["content"]["application/json"]
    response = client().post(f"{route}?language={language}&country=NL", POSTED[route], content_type="application/json")
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    jsonschema.validate(json.loads(response.content), {**answer["schema"], "components": told["components"]})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_topic_is_the_contracts_object(language: str) -> None:
    found = ask(f"/topics/magnesium?language={language}&country=NL")
    assert found == json.loads(json.dumps(open_app().topic_json("magnesium", language, "NL")))


def test_a_section_is_part_of_its_topic() -> None:
    whole = ask("/topics/magnesium?language=nl&country=NL")
    for section in whole["sections"]:
        assert ask(f"/topics/magnesium/{section['slot']}?language=nl&country=NL") == section


def test_language_and_country_come_from_the_browser_where_not_named() -> None:
    found = json.loads(client(**{"accept-language": "de-AT"}).get("/api/topics/magnesium").content)
    assert (found["language"], found["country"]) == ("de", "AT")


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/topics/zzsecretzz?language=nl", 404, "Dit onderwerp hebben we niet"),
        ("/topics/magnesium/zzsecretzz?language=nl", 404, "Deze pagina is er niet"),
        ("/topics/magnesium?language=nl&country=XX", 404, "Dit land hebben we niet"),
        ("/topics/magnesium?language=xx", 404, "We do not have this language"),
        ("/zzsecretzz?language=nl", 404, "Deze pagina is er niet"),
        ("/find?language=nl", 400, "Dit kunnen we niet lezen"),
        ("/find?language=nl&q=" + "zzsecretzz" * 30, 414, "Dat is te lang"),
        ("/find?language=nl&q=zzsecretzz%00", 400, "Dit kunnen we niet lezen"),
        ("/schemas/zzsecretzz?language=nl", 404, "Deze pagina is er niet"),
        ("/problems/zzsecretzz?language=nl", 404, "Deze pagina is er niet"),
    ],
)
def test_an_error_is_a_problem_document_in_the_readers_language(path: str, status: int, title: str) -> None:
    response = client(**{"accept-language": "en"}).get(f"/api{path}")
    found = json.loads(response.content)
    assert response.status_code == found["status"] == status
    assert response["Content-Type"].startswith("application/problem+json")
    assert found["title"] == title
    assert "zzsecretzz" not in response.content.decode()
    assert client().get(found["type"]).status_code == 200


def test_a_near_miss_gets_guesses() -> None:
    found = ask("/topics/magnesum?language=nl", status=404)
    assert {"id": "magnesium", "title": "Magnesium"} in found["nearest"]


def test_posting_is_refused_in_words() -> None:
    response = client().post("/api/topics", data={}, content_type="application/json")
    assert response.status_code == 405
    assert json.loads(response.content)["status"] == 405


def test_what_was_read_already_is_not_sent_again() -> None:
    etag = client().get("/api/topics/magnesium?language=nl&country=NL")["ETag"]
    again = client(**{"if-none-match": etag}).get("/api/topics/magnesium?language=nl&country=NL")
    assert again.status_code == 304

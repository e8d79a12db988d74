"""What goes over the wire: one light request, kept by the browser, trusted to run nothing but itself."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re

import brotli
import pytest

from helder.app import open_app
from helder.web import assets
from helder.web.store import Stored
from tests.web import LANGUAGES, PAGES, USUAL, Taken, client, text_of

BUDGET = 15 * 1024  # bytes of a topic page with everything in it, compressed with brotli
TOPIC = "/nl/NL/topics/magnesium/"


def policy(path: str) -> dict[str, set[str]]:
    line = client().get(path)["Content-Security-Policy"]
    return {name: set(values) for name, *values in (part.split() for part in line.split(";"))}


@pytest.mark.parametrize("page", PAGES)
def test_the_policy_trusts_what_stands_in_the_page_and_nothing_else(page: str) -> None:
    path = f"/en/GB/{page}"
    allowed = policy(path)
    assert allowed["default-src"] == {"'none'"}
    assert not any("unsafe" in value for values in allowed.values() for value in values)
    html = text_of(client().get(path))
    for kind, pattern in (("style", r"<style>(.*?)</style>"), ("script", r"<script>(.*?)</script>")):
        for inline in re.findall(pattern, html, re.S):
            digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in allowed[f"{kind}-src"]
    assert not re.search(r"\s(style|on\w+)=", re.sub(r"<(style|script)[^>]*>.*?</\1>", "", html, flags=re.S))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_for_nothing_more(page: str) -> None:
    taken = Taken(text_of(client().get(f"/nl/NL/{page}")))
    fetched = [element for element in taken.elements if "src" in element.attributes or "srcset" in element.attributes]
    assert not fetched
    for link in taken.all("link"):
        loaded = link.attributes["rel"] not in ("canonical", "alternate")
        assert not loaded or link.attributes["href"].startswith("data:")


def test_headers_that_keep_a_reader_safe() -> None:
    response = client().get(TOPIC)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=1.0", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_the_smallest_encoding_that_a_browser_takes(accepts: str, encoding: str | None) -> None:
    plain = client().get(TOPIC).content
    response = client(**{"accept-encoding": accepts}).get(TOPIC)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert response.get("Content-Encoding") == encoding
    assert unpack(response.content) == plain
    assert int(response["Content-Length"]) == len(response.content)
    assert response["Vary"] == "Accept-Encoding"


def test_what_a_reader_has_already_is_not_sent_again() -> None:
    first = client().get(TOPIC)
    assert first["Cache-Control"].startswith("public, max-age=")
    for known in (first["ETag"], f'"other", {first["ETag"]}', first["ETag"].removeprefix("W/"), "*"):
        again = client(**{"if-none-match": known}).get(TOPIC)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
    assert client(**{"if-none-match": '"other"'}).get(TOPIC).status_code == 200


def test_a_search_is_kept_nowhere() -> None:
    assert client().get("/nl/NL/search/?q=magnesium")["Cache-Control"] == "no-store"
    assert client().get("/api/find?q=magnesium")["Cache-Control"] == "no-store"
    assert client().get("/api/suggest?q=magnesium")["Cache-Control"] == "no-store"


def test_the_same_page_is_the_same_bytes() -> None:
    assert client().get(TOPIC).content == client().get(TOPIC).content


def light(path: str) -> int:
    return len(client(**{"accept-encoding": "br"}).get(path).content)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_showcase_fits_the_budget_in_every_language(language: str) -> None:
    assert light(f"/{language}/{USUAL[language]}/topics/magnesium/") <= BUDGET


def test_every_topic_fits_the_budget() -> None:
    heavy = {entry.id: light(f"/nl/NL/topics/{entry.id}/") for entry in open_app().entries("nl")}
    assert {topic: size for topic, size in heavy.items() if size > BUDGET} == {}


def test_scripts_for_later_are_served_and_kept() -> None:
    for name in ("suggest.js", "listen.js"):
        response = client().get(f"/static/{name}")
        assert response.status_code == 200
        assert "max-age=" in response["Cache-Control"]


def test_styles_lose_only_white_space() -> None:
    source = '/* no */\na:hover { margin: 0 auto }\n@media (min-width: 1px) { .b > .c::before { content: "/"; } }'
    small = 'a:hover{margin:0 auto}@media (min-width: 1px){.b > .c::before{content:"/"}}'
    assert assets.small_css(source) == small


def test_a_stored_body_comes_back_whole() -> None:
    text = "é" * 10_000
    stored = Stored(text)
    assert stored.body("")[0].decode() == text
    assert stored.body("br")[1] == "br"

"""Bad input: a clear word in the reader's language, never a trace, and nothing that was typed comes back."""

from __future__ import annotations

import pytest

from helder.web import pages, store
from tests.web import LANGUAGES, USUAL, client, text_of

CANARY = "zzsecretzz"


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        (f"/nl/NL/topics/{CANARY}/", 404, "Dit onderwerp hebben we niet"),
        (f"/nl/NL/needs/{CANARY}/", 404, "Deze lijst hebben we niet"),
        (f"/nl/NL/compare/magnesium/{CANARY}/", 404, "Dit onderwerp hebben we niet"),
        (f"/nl/NL/compare/?left=magnesium&right={CANARY}", 404, "Dit onderwerp hebben we niet"),
        (f"/nl/NL/{CANARY}/", 404, "Deze pagina is er niet"),
        ("/nl/XX/az/", 404, "Dit land hebben we niet"),
        ("/xx/NL/az/", 404, "We do not have this language"),
        (f"/{CANARY}", 404, "This page is not there"),
        ("/nl/NL/search/?q=" + CANARY * 30, 414, "Dat is te lang"),
        ("/nl/NL/search/?q=" + CANARY * 3000, 414, "Dat is te lang"),
        (f"/nl/NL/search/?q={CANARY}%00", 400, "Dit kunnen we niet lezen"),
        (f"/nl/NL/search/?q={CANARY}%1b[31m", 400, "Dit kunnen we niet lezen"),
        (f"/nl/NL/topics/{CANARY}%07/", 400, "Dit kunnen we niet lezen"),
        (f"/nl/NL/topics/{CANARY * 40}/", 414, "Dat is te lang"),
        ("/nl/NL/topics/%ff%fe/", 404, "Dit onderwerp hebben we niet"),
    ],
)
def test_a_mistake_is_answered_in_words(path: str, status: int, title: str) -> None:
    response = client(**{"accept-language": "en"}).get(path)
    html = text_of(response)
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in html
    assert CANARY not in html
    assert "Traceback" not in html
    assert response["Cache-Control"] == "no-store"


def test_a_near_miss_gets_a_guess() -> None:
    html = text_of(client().get("/nl/NL/topics/magnesum/"))
    assert "Bedoel je een van deze?" in html
    assert 'href="/nl/NL/topics/magnesium/"' in html


def test_an_unknown_language_or_country_shows_those_there_are() -> None:
    assert 'href="/fr/NL/"' in text_of(client().get("/xx/NL/az/"))
    assert 'href="/nl/BE/"' in text_of(client().get("/nl/XX/az/"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_the_readers(language: str) -> None:
    response = client().get(f"/{language}/{USUAL[language]}/topics/nothing-like-this/")
    assert f'<html lang="{language}"' in text_of(response)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_there_is_only_reading(method: str) -> None:
    response = getattr(client(**{"accept-language": "nl"}), method)("/nl/NL/az/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "Dit adres is alleen om te lezen" in text_of(response)


def test_a_large_body_is_refused_before_it_is_read() -> None:
    response = client().post("/nl/NL/search/", data=b"q=" + b"a" * 1_000_000, content_type="text/plain")
    assert response.status_code == 413
    assert "Dat is te veel ineens" in text_of(response)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example", ""])
def test_another_name_for_this_server_is_refused(host: str) -> None:
    assert client(host=host).get("/nl/NL/").status_code == 400


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "127.0.0.1:99", "[::1]:8000", "192.168.1.7"])
def test_this_machine_and_plain_addresses_may_be_asked(host: str) -> None:
    assert client(host=host).get("/nl/NL/").status_code == 200


def test_our_own_mistake_tells_where_in_the_log_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError(f"cannot show {CANARY}")

    store.page.cache_clear()
    monkeypatch.setitem(pages.PAGES, "az", broken)
    response = client().get(f"/nl/NL/az/?q={CANARY}")
    assert response.status_code == 500
    assert "<h1>Er ging iets mis bij ons</h1>" in text_of(response)
    assert CANARY not in text_of(response)
    assert "RuntimeError in" in caplog.text
    assert CANARY not in caplog.text
    store.page.cache_clear()

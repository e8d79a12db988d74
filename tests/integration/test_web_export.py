"""The library as files: every link leads to a file that is there, and nothing needs a server."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from helder.app import NotFound, open_app
from helder.web.export import export
from tests.web import Taken


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    count = export(folder, ("nl", "ar"), ("NL",))
    assert count == sum(1 for file in folder.rglob("*") if file.is_file())
    return folder


def test_every_link_leads_to_a_place_that_is_there(site: Path) -> None:
    taken = {file: Taken(file.read_text()) for file in site.rglob("*.html")}
    lost = []
    for file, page in taken.items():
        for link in (*page.all("a"), *page.all("link")):
            target = urlsplit(link.attributes.get("href", ""))
            if target.scheme in ("https", "http", "tel", "data"):
                continue
            assert not target.path.startswith("/"), f"{file}: {link.attributes['href']} needs a server"
            found = (file.parent / unquote(target.path)).resolve() if target.path else file
            anchored = not target.fragment or found.suffix != ".html" or unquote(target.fragment) in taken[found].ids
            if not found.is_file() or not anchored:
                lost.append((str(file), link.attributes["href"]))
    assert not lost[:10]


def test_all_topics_stand_in_both_languages_and_as_data(site: Path) -> None:
    for entry in open_app().entries("nl"):
        for language in ("nl", "ar"):
            folder = site / language / "NL" / "topics" / entry.id
            assert (folder / "index.html").is_file()
            assert json.loads((folder / "topic.json").read_text())["id"] == entry.id


def test_a_page_brings_its_own_policy(site: Path) -> None:
    html = (site / "nl/NL/topics/magnesium/index.html").read_text()
    policy = Taken(html).all("meta", **{"http-equiv": "Content-Security-Policy"})[0].attributes["content"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors" not in policy, "a page cannot say that in itself"


def test_the_search_page_holds_the_names_and_says_so_without_a_script(site: Path) -> None:
    html = (site / "nl/NL/search/index.html").read_text()
    index = json.loads(re.search(r'<script type="application/json" id="index">(.*?)</script>', html, re.S)[1])  # type: ignore[index]
    assert {"magnesium"} <= {entry["href"].split("/")[-2] for entry in index}
    assert "<noscript>" in html


def test_the_first_page_offers_each_language(site: Path) -> None:
    hrefs = {a.attributes["href"] for a in Taken((site / "index.html").read_text()).all("a")}
    assert hrefs == {"nl/NL/index.html", "ar/NL/index.html"}


def test_a_country_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        export(tmp_path, ("nl",), ("XX",))
    assert not list(tmp_path.iterdir())

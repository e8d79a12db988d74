"""What the tests of the browser door share: Django's test client, a real server, a page taken apart."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helder.web.settings")

import django
from django.test import Client

django.setup()

LANGUAGES = ("en", "nl", "de", "fr", "es", "ar")
USUAL = {"en": "GB", "nl": "NL", "de": "DE", "fr": "FR", "es": "ES", "ar": "MA"}
PAGES = (
    "",
    "topics/magnesium/",
    "topics/magnesium/sources/",
    "az/",
    "needs/",
    "needs/sleep/",
    "compare/",
    "compare/magnesium/calcium/",
    "search/",
    "search/?q=magnesium",
    "sources/",
    "changes/",
    "about/",
)


def client(**headers: str) -> Client:
    """A browser without a browser: the whole Django stack, asked as `localhost`."""
    return Client(headers={"host": "localhost", **headers}, raise_request_exception=False)


def text_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    line: int = 0


@dataclass
class Taken(HTMLParser):
    """A page as a flat list of elements, each with the text directly in it."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, made, line=self.getpos()[0]))

    def handle_data(self, data: str) -> None:
        if self.elements:
            self.elements[-1].text += data

    def all(self, tag: str, **wanted: str) -> list[Element]:
        return [
            element
            for element in self.elements
            if element.tag == tag and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def classed(self, name: str) -> list[Element]:
        return [element for element in self.elements if name in element.attributes.get("class", "").split()]

    @property
    def ids(self) -> list[str]:
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]


@dataclass
class Served:
    """A server that runs: where, how long it took to answer, and the process."""

    address: str
    ready_after: float
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return int(re.search(r":(\d+)/", self.address)[1])  # type: ignore[index]


@contextmanager
def server(port: int = 0, workers: int = 1) -> Iterator[Served]:
    """`helder.web.serve.serve` in a process of its own, until the block ends. Its output is in the process's pipes."""
    code = f"from helder.web.serve import serve; serve('127.0.0.1', {port}, {workers})"
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"no address in {line!r}"
        yield Served(found[0], time.monotonic() - started, process)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=10)

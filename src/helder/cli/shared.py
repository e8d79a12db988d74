"""What every command shares: the application, the reader's settings, answers as JSON lines, wrong questions."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

LONGEST_LINE = 1_000_000


class Wrong(Exception):
    """A question that cannot be answered as asked; the text is for the person who asked."""


def reader_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", "-l", default="en", help="the reader's language (BCP 47): en nl de fr es ar")
    parser.add_argument("--country", "-c", default=None, help="whose numbers and limits (ISO 3166): NL, DE, US …")
    parser.add_argument("--json", action="store_true", help="one JSON object, as docs/reference/contracts.md has it")
    parser.add_argument("--lines", action="store_true", help="read and write one JSON object a line, for many at once")


def open_app() -> Any:
    from helder.app import open_app as opened

    try:
        return opened()
    except FileNotFoundError as error:
        raise Wrong(str(error)) from error


def setting(app: Any, options: argparse.Namespace) -> tuple[str, str]:
    return options.language, (options.country or app.usual_country(options.language)).upper()


def asked(question: Callable[[], Any]) -> Any:
    """The answer, or a line that says what was not found and what there is."""
    from helder.app import NotFound

    try:
        return question()
    except NotFound as missing:
        nearest = ", ".join(link.id for link in missing.nearest)
        hint = f"; did you mean {nearest}?" if nearest else ""
        raise Wrong(f"no {missing.kind} `{printable(missing.asked)}`{hint}") from None
    except KeyError as hole:
        raise Wrong(f"the knowledge base has a hole ({hole.args[0]}): run helder validate") from None


def printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def write(data: Any) -> int:
    from helder.app import json_bytes

    sys.stdout.write(json_bytes(data).decode() + "\n")
    return 0


def each_line(options: argparse.Namespace, field: str, answer: Callable[[Any, Any], Any]) -> int:
    """One JSON object a line in, one out; a bad line is answered with an error object and the rest goes on."""
    import json

    app = open_app()
    failed = 0
    for line in sys.stdin:
        try:
            told = json.loads(line[:LONGEST_LINE])
            language = str(told.get("language", options.language))
            country = str(told.get("country") or options.country or app.usual_country(language)).upper()
            write(asked(lambda a=told, lang=language, c=country: answer(app, (str(a[field]), lang, c))))  # type: ignore[misc]
        except (ValueError, KeyError, AttributeError):
            failed += write({"error": f"expected one JSON object a line with `{field}`"}) + 1
        except Wrong as wrong:
            failed += write({"error": str(wrong)}) + 1
    return 1 if failed else 0

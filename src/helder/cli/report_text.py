"""A read report as plain text, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from helder.app import App
from helder.cli.plain import wrapped

MARKS = {"low": "↓", "high": "↑", "critical_low": "↓↓", "critical_high": "↑↑", "normal": " ", "unknown": "?"}


def report_as_text(app: App, made: Mapping[str, Any], language: str) -> str:
    """The documents one after another: what cannot wait, the results by group, what was not read."""
    return "\n\n".join("\n".join(_document(app, part, language)) for part in (made, *made["others"]))


def _document(app: App, made: Mapping[str, Any], language: str) -> Iterator[str]:
    for danger in made["danger"]:
        yield from wrapped(f"! {danger['sentence']['text']}")
    head, results = made["document"], (*made["readings"], *made["computed"])
    facts = [head["person"]["name"], head["lab"], head["collected"]]
    yield " · ".join(str(fact) for fact in facts if fact) or app.message("lab.report", language)
    if head["kind"] != "lab":
        yield app.message(f"lab.kind.{head['kind']}", language)
        yield from (f"  {line}" for line in made["items"])
    for group in made["groups"]:
        yield from ("", f"{group['title']}: {group['summary']}")
        for index in group["readings"]:
            yield from _reading(results[index])
    for pattern in made["patterns"]:
        yield from ("", pattern["title"])
        yield from (line for sentence in pattern["says"] for line in wrapped(f"  {sentence['text']}"))
    for part in made["not_read"]:
        yield from wrapped(f"? {part['file'] or ''} {part['text']} {part['said']}".replace("  ", " "))


def _reading(reading: Mapping[str, Any]) -> Iterator[str]:
    sign = f"{reading['comparator']} " if reading["comparator"] else ""
    value = f"{sign}{reading['value']} {reading['unit'] or reading['ucum'] or ''}".strip()
    limits = f"({reading['range']['text']})" if reading["range"] else ""
    name = reading["title"] or reading["name"]
    yield f"  {MARKS[reading['judgement']]:2} {name:32} {value:20} {limits}".rstrip()
    for doubt in reading["doubts_said"]:
        yield from wrapped(f"       ? {doubt}")


def lab_as_text(app: App, made: Mapping[str, Any], language: str) -> str:
    """One result: the test, where it stands, what that means."""
    return "\n".join(_lab(app, made, language))


def _lab(app: App, made: Mapping[str, Any], language: str) -> Iterator[str]:
    for danger in made["danger"]:
        yield from wrapped(f"! {danger['sentence']['text']}")
    if made["test"] is None:
        why = {"unknown_name": "name_unknown", "ambiguous": "test_ambiguous"}.get(made["why"], made["why"])
        yield app.message(f"doubt.{why}", language)
        return
    yield f"{made['title']}  {made['loinc'] or ''}".rstrip()
    if made["value"]:
        sign = f"{made['comparator']} " if made["comparator"] else ""
        yield f"{MARKS[made['judgement']]:2} {sign}{made['value']} {made['ucum'] or ''}".rstrip()
    for sentence in made["says"]:
        yield from wrapped(f"• {sentence['text']}")

"""FHIR as JSON, as lines of JSON (bulk export) or as XML → one plain tree, numbers as they were written.

JSON: https://hl7.org/fhir/R4/json.html (2.6.2.3: the precision of a decimal must not be lost). XML:
https://hl7.org/fhir/R4/xml.html (2.6.1: an element a property, `value` the primitive; a resource in its own element).
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped, unused-ignore]
from defusedxml.ElementTree import DefusedXMLParser, ParseError  # type: ignore[import-untyped, unused-ignore]

from helder.reports.structured.reading import BOM, MOST_ROWS, Problems, decoded, within

FHIR = "{http://hl7.org/fhir}"
DEEPEST = 60
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)


class Written(str):
    """A number as it stands in the file: `6.30` keeps its nought."""

    __slots__ = ()


class TooDeep(Exception):
    """Nested deeper than a report ever is."""


def load(data: bytes | str, problems: Problems) -> Any:
    """The tree of a file; None, and a problem, for what is no whole, harmless JSON or XML."""
    if not within(data, problems):
        return None
    start = (data[:400].encode("utf-8", "replace") if isinstance(data, str) else data[:400]).removeprefix(BOM)
    if start.lstrip().startswith(b"<"):
        return _xml(data, problems)
    text = data if isinstance(data, str) else decoded(data.removeprefix(BOM), _unicode(data), "file", problems)
    return _json(text.removeprefix("\ufeff"), problems)


def _unicode(data: bytes) -> str:
    """UTF-16 where a mark or the pattern of noughts says so, else UTF-8."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    return {b"\x00{": "utf-16-be", b"{\x00": "utf-16-le"}.get(data[:2], "utf-8")


# --- JSON -------------------------------------------------------------------------------------------------


def _json(text: str, problems: Problems) -> Any:
    try:
        return _decode(text)
    except RecursionError:
        problems.add("file", "too_deep")
    except ValueError as wrong:
        resources = _lines(text, problems)
        if resources:
            return resources
        if text.lstrip()[:1] in ("{", "["):
            problems.add(f"line {getattr(wrong, 'lineno', 1)}", "cut_off")
        else:
            problems.add("file", "not_this_format")
    return None


def _decode(text: str) -> Any:
    return json.loads(text, parse_float=Written, parse_int=Written, parse_constant=Written)


def _lines(text: str, problems: Problems) -> list[Any]:
    """One resource a line, as bulk export writes them; empty where the first line is none."""
    found: list[Any] = []
    for number, line in enumerate(text.splitlines(), 1):
        if number > MOST_ROWS:
            problems.add(f"line {number}", "too_large")
            break
        try:
            found += [_decode(line)] if line.strip() else []
        except (ValueError, RecursionError):
            if not found:
                return []
            problems.add(f"line {number}", "cut_off")
    return found


# --- XML --------------------------------------------------------------------------------------------------


def _xml(data: bytes | str, problems: Problems) -> Any:
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    builder = Builder(problems)
    told = "utf-8" if isinstance(data, str) else None
    parser = DefusedXMLParser(target=builder, encoding=told, forbid_dtd=True)
    try:
        parser.feed(raw)
        parser.close()
    except DefusedXmlException:
        problems.add("file", "unsafe")
        return None
    except TooDeep:
        problems.add("file", "too_deep")
        return None
    except (ParseError, ValueError, LookupError) as wrong:
        line = getattr(wrong, "position", (0, 0))[0]
        problems.add(f"line {line}" if line else "file", "cut_off")
        return None
    return builder.root


class Builder:
    """Elements of FHIR's namespace → dicts. What comes twice becomes a list; narrative is left out.

    It holds no tree of elements: depth is checked on the way down, so that a nested file cannot fill the memory.
    """

    def __init__(self, problems: Problems) -> None:
        self.root: Any = None
        self._open: list[tuple[str, dict[str, Any]]] = []
        self._skipped = 0
        self._problems = problems

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) + self._skipped >= DEEPEST:
            raise TooDeep
        if self._skipped or not tag.startswith(FHIR):
            if not self._open and not self._skipped:
                self._problems.add("file", "not_this_format")
            self._skipped += 1
            return
        name = tag.removeprefix(FHIR)
        made: dict[str, Any] = {"resourceType": name} if name[:1].isupper() else {}
        if "value" in attributes:
            made["@value"] = attributes["value"]
        self._open.append((name, made))

    def end(self, tag: str) -> None:
        del tag
        if self._skipped:
            self._skipped -= 1
            return
        name, made = self._open.pop()
        if not self._open:
            self.root = made
            return
        _into(self._open[-1][1], name, made)

    def data(self, text: str) -> None:
        """Text stands in narrative only."""

    def close(self) -> None:
        """Nothing is left to do."""


def _into(parent: dict[str, Any], name: str, made: dict[str, Any]) -> None:
    """Put a finished element where JSON would have it."""
    if "resourceType" in made:
        parent |= made
        return
    value: Any = _primitive(name, made["@value"]) if "@value" in made else made
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]


def _primitive(name: str, text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return Written(text) if name in ("value", "valueInteger", "valueDecimal") and _DECIMAL.fullmatch(text) else text

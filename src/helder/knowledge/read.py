"""Written data → typed things. Nothing stops at the first mistake: what is wrong is named and left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec

from helder.knowledge.problems import Path
from helder.quantities import QuantityError, parse_value
from helder.rules import RuleError
from helder.rules import parse as parse_rule

T = TypeVar("T")
Mistake = tuple[Path, str]

_FLAGS = {"yes": True, "no": False, "true": True, "false": False}
_PLACE = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]")


def _rule(text: str) -> Any:
    return msgspec.to_builtins(parse_rule(text))


def _value(text: str) -> Any:
    return msgspec.to_builtins(parse_value(text))


def _flag(text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise ValueError(f"found `{text}`, expected yes or no")
    return _FLAGS[text.lower()]


# The fields whose text is a little language of its own; everything else msgspec converts by type.
FIELDS: dict[str, Callable[[str], Any]] = {
    "when": _rule,
    "amount": _value,
    "portion": _value,
    "plausible": _value,
    "molar_mass": _value,
    "international_unit": _value,
    "verified": _flag,
    "serious": _flag,
    "clinician": _flag,
    "off_list": _flag,
    "must": _flag,
    "first": _flag,
    "before_food": _value,
    "after_food": _value,
    "alone": _value,
    "interval": _value,
    "days_apart": _value,
}
MAPS: dict[str, Callable[[str], Any]] = {"values": _value, "hours": _value, "per_100g": _value}
LISTS: dict[str, Callable[[str], Any]] = {"must_fire": _rule, "must_not_fire": _rule}
NESTED: dict[str, Callable[[str], Any]] = {"strengths": _value}


def understand(data: Any, path: Path, mistakes: list[Mistake]) -> Any:
    """Replace rules, quantities and yes/no by what they mean; a mistake is recorded and its field dropped."""
    if isinstance(data, list):
        return [understand(item, (*path, i), mistakes) for i, item in enumerate(data)]
    if not isinstance(data, dict):
        return data
    return dict(_fields(data, path, mistakes))


def _fields(data: dict[str, Any], path: Path, mistakes: list[Mistake]) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        here = (*path, key)
        if key in FIELDS and isinstance(value, str):
            yield from _parsed(key, FIELDS[key], value, here, mistakes)
        elif key in MAPS and isinstance(value, dict):
            inner = (p for k, v in value.items() for p in _parsed(k, MAPS[key], v, (*here, k), mistakes))
            yield key, dict(inner)
        elif key in LISTS and isinstance(value, list) and all(isinstance(item, str) for item in value):
            yield (
                key,
                [
                    found
                    for i, item in enumerate(value)
                    for _, found in _parsed(key, LISTS[key], item, (*here, i), mistakes)
                ],
            )
        elif key in NESTED and isinstance(value, dict):
            yield key, {k: _mapped(NESTED[key], v, (*here, k), mistakes) for k, v in value.items()}
        else:
            yield key, understand(value, here, mistakes)


def _mapped(parser: Callable[[str], Any], data: Any, path: Path, mistakes: list[Mistake]) -> dict[str, Any]:
    parts = data.items() if isinstance(data, dict) else ()
    return dict(found for k, v in parts for found in _parsed(k, parser, v, (*path, k), mistakes))


def _parsed(
    key: str, parser: Callable[[str], Any], text: Any, path: Path, mistakes: list[Mistake]
) -> Iterator[tuple[str, Any]]:
    try:
        yield key, parser(text if isinstance(text, str) else "")
    except (QuantityError, RuleError, ValueError) as error:
        mistakes.append((path, str(error)))


def convert(data: Any, type_: type[T], path: Path, mistakes: list[Mistake]) -> T | None:
    """A thing of the type, or None with every mistake named: a wrong field is noted, taken out, and tried again."""
    for _ in range(50):
        try:
            return msgspec.convert(data, type_, strict=False)
        except msgspec.ValidationError as error:
            text = str(error)
            steps = _steps(text)
            mistakes.append(((*path, *steps), _PLACE.sub("", text)))
            if not _drop(data, steps, text):
                return None
    return None


def _steps(text: str) -> Path:
    found = _PLACE.search(text)
    if not found:
        return ()
    return tuple(name or int(index) for name, index in _STEP.findall(found.group(1)))


def _drop(data: Any, steps: Path, text: str) -> bool:
    """Take the wrong field out, so that the next conversion can find the next mistake."""
    unknown = re.search(r"unknown field `(.+?)`", text)
    if unknown:
        steps = (*steps, unknown.group(1))
    elif "missing required field" in text or not steps:
        return False
    try:
        for step in steps[:-1]:
            data = data[step]
        del data[steps[-1]]
    except (KeyError, IndexError, TypeError):
        return False
    return True

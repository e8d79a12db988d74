"""The published JSON schemas, as parts of the OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

from helder.web.frame import the_app

_REF = '"#/$defs/'
_COMPONENT = '"#/components/schemas/'

_LINK = {
    "type": "object",
    "required": ["id", "title"],
    "properties": {"id": {"type": "string"}, "title": {"type": "string"}},
}
_NAMED = {
    "type": "object",
    "required": ["code", "name"],
    "properties": {"code": {"type": "string"}, "name": {"type": "string"}},
}
_LISTS: dict[str, dict[str, Any]] = {
    "topics": {"topics": {**_LINK, "properties": {**_LINK["properties"], "summary": {"type": "string"}}}},  # type: ignore[dict-item]
    "languages": {
        "languages": {
            "type": "object",
            "required": ["language", "name", "state", "texts", "of"],
            "properties": {
                "language": {"type": "string"},
                "name": {"type": "string"},
                "state": {"enum": ["complete", "partial"]},
                "texts": {"type": "integer"},
                "of": {"type": "integer"},
            },
        }
    },
    "countries": {"countries": _NAMED},
    "suggested": {"hits": {"$ref": "#/components/schemas/HitObject"}},
}


def _list(name: str, item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [name], "properties": {name: {"type": "array", "items": item}}}


def components() -> dict[str, Any]:
    """Every schema that an answer refers to, by name."""
    found = {name: _list(key, item) for name, fields in _LISTS.items() for key, item in fields.items()}
    found["anything"] = {"type": "object"}
    for name in the_app().schemas:
        found.update(_lifted(name, the_app().schema(name)))
    return found


def _lifted(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its definitions as components beside it: `#/$defs/X` becomes `#/components/schemas/X`."""
    text = json.dumps(schema).replace(_REF, _COMPONENT)
    moved = json.loads(text)
    definitions: dict[str, Any] = moved.pop("$defs", {})
    return {**definitions, name: moved}


def answers(name: str, *, may_miss: bool = False) -> dict[str, Any]:
    """The `responses` of an operation: its object, and the problem documents it may give instead."""
    said: dict[int, Any] = {200: _answer("As asked.", "application/json", name), 400: _problem("Not readable.")}
    if may_miss:
        said[404] = _problem("Not in our data.")
    return {"responses": said}


def _problem(description: str) -> dict[str, Any]:
    return _answer(description, "application/problem+json", "problem")


def _answer(description: str, kind: str, name: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}},
    }


def asks_files() -> dict[str, Any]:
    """The `requestBody` of an operation that reads files: as a form, or as JSON with base64."""
    text = {"type": "string"}
    file = _object(name=text, content={**text, "contentEncoding": "base64"})
    as_json = _object(files=_many(file), text=text, person={"type": "object"})
    form = _object(files=_many({**text, "format": "binary"}), text=text, person=text)
    content = {
        "application/json": {"schema": as_json, "example": {"text": "Potassium 5.9 mmol/L (3.5 - 5.0)"}},
        "multipart/form-data": {"schema": form},
    }
    return {"requestBody": {"required": True, "content": content}}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _many(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def asks_lab() -> dict[str, Any]:
    """The `requestBody` of `/api/lab`: one result as told."""
    example = {"name": "Kalium", "value": "5,9", "unit": "mmol/l", "language": "nl"}
    content = {"application/json": {"schema": {"type": "object"}, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def asks_person() -> dict[str, Any]:
    """The `requestBody` of an operation that takes a person of the contracts."""
    example = {"items": ["ciprofloxacin 500 mg twice a day", "magnesium 300 mg"], "age": 67, "sex": "F"}
    content = {"application/json": {"schema": {"type": "object"}, "example": example}}
    return {"requestBody": {"required": True, "content": content}}

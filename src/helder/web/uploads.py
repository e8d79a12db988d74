"""Files that a person sends: held in memory for one answer, never written to a disk, never named in a log."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from helder.web import refuse

MOST_BYTES = 60 << 20
MOST_FILES = 40
LONGEST_NAME = 100
MOST_JSON = MOST_BYTES * 4 // 3
"""Base64 is a third longer than what it holds."""

File = tuple[str, bytes]


class InMemory(FileUploadHandler):
    """Django's way of taking files, without its temporary folder. Stops when all files together are too large."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any, **more: Any) -> None:  # noqa: N803  Django's name
        """Nothing is read of a request that says itself that it is too large."""
        if content_length > MOST_BYTES:
            raise StopUpload(connection_reset=True)
        self.taken = 0

    def new_file(self, *about: Any, **more: Any) -> None:
        super().new_file(*about, **more)
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.taken += len(raw_data)
        if self.taken > MOST_BYTES:
            raise StopUpload(connection_reset=True)
        self.content.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.content.seek(0)
        name = (self.file_name or "")[-LONGEST_NAME:]
        return InMemoryUploadedFile(self.content, self.field_name, name, self.content_type, file_size, self.charset)


def files_of(request: HttpRequest) -> tuple[File, ...] | refuse.Problem:
    """The files of a form (`files`, or pasted `text`), or of JSON: `{"files": [{"name", "content"}]}` in base64."""
    as_json = request.content_type == "application/json"
    if int(request.headers.get("Content-Length") or 0) > (MOST_JSON if as_json else MOST_BYTES):
        return refuse.FILES
    if as_json:
        return _from_json(request)
    if request.content_type == "multipart/form-data":
        sent = request.FILES.getlist("files")
        text = str(request.POST.get("text") or "").strip()
        found = [(file.name or "", file.read()) for file in sent]
        found += [("text", text.encode())] if text else []
        return tuple(found) if 0 < len(found) <= MOST_FILES else refuse.UNREADABLE
    body = request.body
    return (("file", body),) if body else refuse.UNREADABLE


def _from_json(request: HttpRequest) -> tuple[File, ...] | refuse.Problem:
    told = told_of(request)
    if isinstance(told.get("text"), str) and told["text"].strip():
        return (("text", told["text"].encode()),)
    try:
        found = tuple(_decoded(told.get("files")))
    except (TypeError, ValueError, KeyError, binascii.Error):
        return refuse.UNREADABLE
    return found if 0 < len(found) <= MOST_FILES else refuse.UNREADABLE


def _decoded(files: Any) -> Iterator[File]:
    for file in files:
        yield str(file.get("name") or "file")[-LONGEST_NAME:], base64.b64decode(file["content"], validate=True)


def told_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a body; empty where there is none."""
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def person_of(request: HttpRequest) -> Any:
    """The `person` that came with the files: a field of the form, or of the JSON object."""
    if request.content_type == "application/json":
        return told_of(request).get("person") or {}
    if request.content_type == "multipart/form-data":
        try:
            return json.loads(str(request.POST.get("person") or "{}"))
        except (ValueError, RecursionError):
            return {}
    return {}

"""What kind of file some bytes are, by what is in them; a name is never believed. Pure."""

from __future__ import annotations

import re
from typing import Literal

from helder.reports.readers.text import decode, delimiter_of

Kind = Literal[
    "empty", "pdf", "png", "jpeg", "webp", "tiff", "heic", "gif", "bmp",
    "text", "csv", "json", "xml", "html", "hl7", "ldt", "rtf", "docx", "zip", "unknown",
]  # fmt: skip

PICTURES: frozenset[Kind] = frozenset({"png", "jpeg", "webp", "tiff", "heic", "gif", "bmp"})
TEXTS: frozenset[Kind] = frozenset({"text", "csv"})
STRUCTURED: frozenset[Kind] = frozenset({"json", "xml", "hl7", "ldt"})
"""Kinds that say themselves what each value is: read by their own importer, not as a page."""

_BRANDS = (b"heic", b"heix", b"heif", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"{\\rtf", "rtf"),
)
_PDF_WITHIN = 1024  # bytes: what may stand before the header of a PDF
_LDT = re.compile(r"\d{3}8000\d{0,8}\s*$")
_LDT_LINE = re.compile(r"\d{7}")
_HTML = re.compile(r"<!doctype html|<html|<body|<table", re.IGNORECASE)


def kind_of(content: bytes) -> Kind:
    """The kind of a file by its content."""
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return "empty"
    return _binary(content) or _textual(content)


def _binary(content: bytes) -> Kind | None:
    head = content[:16]
    for magic, kind in _MAGIC:
        if head.startswith(magic) and not (kind == "bmp" and not _is_bitmap(content)):
            return kind
    if head[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp" and content[8:12] in _BRANDS:
        return "heic"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx" if b"word/" in content[:8192] or b"word/document.xml" in content[-65_536:] else "zip"
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf"
    return None


def _is_bitmap(content: bytes) -> bool:
    return (
        len(content) > 30
        and content[6:10] == b"\0\0\0\0"
        and int.from_bytes(content[14:18], "little") in (12, 40, 108, 124)
    )


def _textual(content: bytes) -> Kind:
    text = decode(content)
    if text is None:
        return "unknown"
    start = text.lstrip("\ufeff\x0b \t\r\n")
    if start.startswith(("MSH|", "FHS|", "BHS|")):
        return "hl7"
    if start[:1] in "{[" and start.rstrip()[-1:] in "}]":
        return "json"
    if start.startswith("<"):
        return "html" if _HTML.search(start[:2000]) else "xml"
    lines = start.splitlines()
    if _LDT.match(lines[0]) and all(_LDT_LINE.match(line) for line in lines[1:6] if line.strip()):
        return "ldt"
    return "csv" if delimiter_of(text) else "text"

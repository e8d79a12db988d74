"""Made pages, kept in the process: compressed once, sent many times, or not at all where the reader has them."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from helder.web.frame import frame_for
from helder.web.negotiate import Reader
from helder.web.pages import PAGES

_KEPT = 600  # pages; about 15 kB each
QUICK, SMALL = 5, 11  # brotli qualities: some milliseconds; a tenth smaller for a twentieth of a second
_READ_MOST = frozenset({"home", "topic"})  # as many as topics, languages and countries: worth making small
FRESH = "public, max-age=300, stale-while-revalidate=86400"


class Stored:
    """One body in the encodings that browsers ask for. Only the smallest is kept; the others are made from it."""

    __slots__ = ("_brotli", "_gzip", "etag", "kind")

    def __init__(self, text: str, kind: str = "text/html; charset=utf-8", effort: int = QUICK) -> None:
        data = text.encode()
        self.kind = kind
        self.etag = f'W/"{hashlib.blake2b(data, digest_size=12).hexdigest()}"'
        self._brotli = brotli.compress(data, quality=effort)
        self._gzip: bytes | None = None

    def body(self, accepts: str) -> tuple[bytes, str]:
        """The bytes and their encoding, the smallest that an Accept-Encoding header allows."""
        if _takes("br", accepts):
            return self._brotli, "br"
        data = brotli.decompress(self._brotli)
        if not _takes("gzip", accepts):
            return data, ""
        if self._gzip is None:
            self._gzip = gzip.compress(data, 9, mtime=0)
        return self._gzip, "gzip"


def _takes(encoding: str, accepts: str) -> bool:
    """Whether a header like `gzip;q=0, br` allows an encoding."""
    for part in accepts.split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() == encoding:
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def respond(request: HttpRequest, stored: Stored, cache: str = FRESH, status: int = 200) -> HttpResponse:
    """A stored body as an answer to this request: 304 where the reader's copy is still right."""
    response: HttpResponse
    seen = request.headers.get("If-None-Match")
    if status == 200 and seen and _same(stored.etag, seen):
        response = HttpResponseNotModified()
    else:
        body, encoding = stored.body(request.headers.get("Accept-Encoding", ""))
        response = HttpResponse(body, content_type=stored.kind, status=status)
        if encoding:
            response["Content-Encoding"] = encoding
        response["Content-Length"] = str(len(body))
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = cache
    response["ETag"] = stored.etag
    return response


def _same(etag: str, header: str) -> bool:
    bare = etag.removeprefix("W/")
    return any(seen == "*" or seen.removeprefix("W/") == bare for seen in parse_etags(header))


@lru_cache(maxsize=_KEPT)
def page(name: str, language: str, country: str, *names: str) -> Stored:
    """A page of the library, made at most once per process. Raises NotFound, which is never kept."""
    frame = frame_for(Reader(language, country), name, *names, origin=settings.HELDER_ORIGIN)
    return Stored(PAGES[name](frame, *names), effort=SMALL if name in _READ_MOST else QUICK)

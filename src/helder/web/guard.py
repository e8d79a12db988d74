"""The first thing that a request meets: refuses what can't be meant, keeps typed words out of logs."""

from __future__ import annotations

import ipaddress
import logging
import re
import traceback
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from helder.web import refuse, uploads

log = logging.getLogger("helder.web")

LONGEST_QUERY = 2_000  # bytes of everything after the question mark
LONGEST_BODY = 100_000  # bytes of a posted person
LONGEST_FILES = uploads.MOST_BYTES  # bytes of files of a person; as JSON a third longer
LONGEST_PATH = 300
POSTED = re.compile(r"/api/(check|plan|missed|overdose|lab)|/[a-z]{2}/[A-Z]{2}/medicines/([a-z.]+)?")
SENT = re.compile(r"/api/scan|/[a-z]{2}/[A-Z]{2}/results/(read|helder\.(fhir\.json|csv))?")
"""The only addresses that take files."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]|%(?:[01][0-9a-f]|7f)", re.IGNORECASE)

_PORT = re.compile(r":\d+$")

HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def is_ours(host: str) -> bool:
    """Whether a Host header names this server. A plain address always does: an attack by DNS needs a name."""
    name = host.lower().rpartition(":")[0] if _PORT.search(host) else host.lower()
    if name in settings.HELDER_HOSTS:
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def fault(request: HttpRequest) -> refuse.Problem | None:
    """What is wrong with a request before anybody looks at what it asks for."""
    if not is_ours(request.META.get("HTTP_HOST", "localhost")):
        return refuse.UNREADABLE
    if problem := _body_fault(request):
        return problem
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY or len(request.path) > LONGEST_PATH:
        return refuse.TOO_LONG
    if _CONTROL.search(request.path) or _CONTROL.search(query):
        return refuse.UNREADABLE
    return None


def _body_fault(request: HttpRequest) -> refuse.Problem | None:
    """What is wrong with what was sent, by its address and its length; nothing of it is read."""
    posted = request.method == "POST" and bool(POSTED.fullmatch(request.path))
    sent = request.method == "POST" and bool(SENT.fullmatch(request.path))
    longest = LONGEST_FILES if sent else LONGEST_BODY if posted else LONGEST_QUERY
    if sent and request.content_type == "application/json":
        longest = uploads.MOST_JSON
    if int(request.META.get("CONTENT_LENGTH") or 0) > longest:
        return refuse.FILES if sent else refuse.TOO_MUCH
    if request.method not in ("GET", "HEAD") and not (posted or sent):
        return refuse.METHOD
    return None


class Guard:
    """Django middleware; a door, so it may catch everything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        problem = fault(request)
        response = refuse.refuse(request, problem) if problem else self._get_response(request)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Our own mistake: the log gets where, never what was typed; the reader gets words."""
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("%s in %s:%s", type(error).__name__, where.filename, where.lineno)
        return refuse.refuse(request, refuse.OURS)

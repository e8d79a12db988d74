"""Starts the server, says where it is once it answers, and stops cleanly on Ctrl+C or SIGTERM."""

from __future__ import annotations

import http.client
import os
import socket
import sys
import threading
import time

from granian import Granian
from granian.constants import Interfaces

_PATIENCE = 30.0  # seconds until a server that does not answer is said to be broken
_PAUSE = 0.02


def serve(host: str = "127.0.0.1", port: int = 8000, workers: int = 2) -> None:
    """Serve the library until asked to stop. Where the port is taken, another free one is used and printed."""
    chosen = free_port(host, port)
    os.environ["HELDER_HOSTS"] = _names(host)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helder.web.settings")
    server = Granian(
        "helder.web.wsgi:application",
        address=host,
        port=chosen,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,
        backpressure=64,
        log_enabled=False,
        log_access=False,  # an address says what somebody reads
        respawn_failed_workers=True,
        websockets=False,
    )
    threading.Thread(target=_announce, args=(host, chosen), daemon=True).start()
    server.serve()


def free_port(host: str, port: int) -> int:
    """The wanted port, or any free one where it is taken."""
    for wanted in (port, 0):
        try:
            with _bound(host, wanted) as found:
                return int(found.getsockname()[1])
        except OSError:
            continue
    raise OSError(f"no free port on {host}")


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(1)
    except OSError:
        made.close()
        raise
    return made


def _names(host: str) -> str:
    """The names under which this server may be asked: what the keeper set, and the one it is bound to."""
    kept = os.environ.get("HELDER_HOSTS", "")
    return f"{kept},{host}" if kept else host


def _announce(host: str, port: int) -> None:
    """Print the address as soon as the library answers there."""
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if _answers(asked, port):
            shown = f"[{asked}]" if ":" in asked else asked
            print(f"Helder: http://{shown}:{port}/", flush=True)
            return
        time.sleep(_PAUSE)
    print(f"Helder did not answer within {_PATIENCE:.0f} seconds.", file=sys.stderr, flush=True)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()

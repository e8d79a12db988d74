"""A topic page: time to make it, pages a second over a real connection, bytes in one request.

Beside it stand its own parts, so that one sees where the time goes: the view made anew, and the same view as JSON.
"""

from __future__ import annotations

import gzip
import http.client
import re
import threading
import time

from bench.board import Line, milliseconds
from bench.startup import Server
from helder.app import App, json_bytes

SECONDS = 5
CLIENTS = 4


def pages_a_second(server: Server, paths: list[str]) -> tuple[float, list[float]]:
    """Requests answered in a second by several clients that keep their connection, and each one's time."""
    taken: list[float] = []
    until = time.perf_counter() + SECONDS

    def client(offset: int) -> None:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
        asked = offset
        while time.perf_counter() < until:
            start = time.perf_counter()
            connection.request("GET", paths[asked % len(paths)], headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            taken.append(1000 * (time.perf_counter() - start))
            asked += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(i,)) for i in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(taken) / (time.perf_counter() - start), sorted(taken)


def lines(app: App) -> list[Line]:
    """Making a page, serving it, and what it weighs."""
    topics = sorted(app.knowledge.topics)
    settings = (("en", "GB"), ("nl", "NL"), ("ar", "MA"))
    make = milliseconds(lambda: app.page("magnesium", "nl", "NL"), 50)
    encode = milliseconds(lambda: json_bytes(app.topic_json("magnesium", "nl", "NL")), 20)
    with Server() as server:
        paths = [f"/{language}/{country}/topics/{topic}/" for topic in topics for language, country in settings]
        sizes, links = {}, 0
        for path in paths:
            body = server.get(path)
            sizes[path] = len(gzip.compress(body, 6))
            links += len(re.findall(rb'(?:src|href)="(?:https?:)?//[^"]*"[^>]*(?:rel="stylesheet"|></script)', body))
        rate, taken = pages_a_second(server, paths)
    heavy = tuple(f"{path} {size / 1000:.1f} KB" for path, size in sorted(sizes.items()) if size > 15_000)
    largest = max(sizes.values())
    median = taken[len(taken) // 2]
    return [
        Line(
            "a topic page at the server, median, warm",
            f"{median:.1f} ms",
            "≤ 5 ms",
            median <= 5,
            f"making its view anew {make:.1f} ms; as JSON {encode:.1f} ms",
        ),
        Line("pages a second, two workers, load from this machine too", f"{rate:,.0f}", "≥ 500", rate >= 500, ""),
        Line(
            f"largest of {len(sizes)} topic pages, gzip, one request",
            f"{largest / 1000:.1f} KB",
            "≤ 15 KB",
            largest <= 15_000,
            "",
            heavy,
        ),
        Line("stylesheets or scripts from other hosts", str(links), "0", links == 0, ""),
    ]

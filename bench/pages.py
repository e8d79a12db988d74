"""A topic page: time to make it, pages a second over a real connection, bytes in one request.

Beside it stand its own parts, so that one sees where the time goes: the view made anew, and the same view as JSON.
"""

from __future__ import annotations

import http.client
import re
import threading
import time

from bench.board import Line, milliseconds
from bench.startup import Server
from helder.app import App, json_bytes

SECONDS = 5
WARMING = 20  # each worker makes each page once
CLIENTS = 4


def pages_a_second(server: Server, paths: list[str], seconds: float) -> tuple[float, list[float]]:
    """Requests answered in a second by several clients that keep their connection, and each one's time."""
    taken: list[float] = []
    until = time.perf_counter() + seconds

    def client(offset: int) -> None:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
        asked = offset
        while time.perf_counter() < until:
            start = time.perf_counter()
            connection.request("GET", paths[asked % len(paths)], headers={"Accept-Encoding": "br"})
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
        sizes: dict[str, int] = {}
        packed: dict[str, int] = {}
        links = 0
        for path in paths:
            body = server.get(path)
            sizes[path] = len(server.get(path, "br"))
            packed[path] = len(server.get(path, "gzip"))
            links += len(re.findall(rb'(?:src|href)="(?:https?:)?//[^"]*"[^>]*(?:rel="stylesheet"|></script)', body))
        pages_a_second(server, paths, WARMING)
        rate, taken = pages_a_second(server, paths, SECONDS)
    heavy = tuple(f"{path} {size / 1000:.1f} KB" for path, size in sorted(sizes.items()) if size > 15_000)
    largest, middle = max(sizes.values()), sorted(sizes.values())[len(sizes) // 2]
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
            f"largest of {len(sizes)} topic pages in one request, brotli (median {middle / 1000:.1f} KB)",
            f"{largest / 1000:.1f} KB",
            "≤ 15 KB",
            largest <= 15_000,
            f"the same page by gzip {max(packed.values()) / 1000:.1f} KB",
            heavy,
        ),
        Line("stylesheets or scripts from other hosts", str(links), "0", links == 0, ""),
    ]

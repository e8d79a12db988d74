"""The real server: it says where it is, answers soon and often, writes nothing that was read, and stops when asked."""

from __future__ import annotations

import gzip
import http.client
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.web import Served, server


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with server(workers=2) as running:
        yield running


def get(served: Served, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_it_prints_its_address_once_it_answers(served: Served) -> None:
    assert get(served, "/healthz")[0].status == 200
    assert served.ready_after < 10, "bench/ holds the limit of 2 s; a loaded machine is forgiven here"


def test_a_page_comes_compressed_and_once(served: Served) -> None:
    response, body = get(served, "/nl/NL/topics/magnesium/", Accept_Encoding="gzip")
    assert response.status == 200
    assert response.getheader("Content-Encoding") == "gzip"
    assert b"<h1>Magnesium</h1>" in gzip.decompress(body)
    again, nothing = get(served, "/nl/NL/topics/magnesium/", If_None_Match=response.getheader("ETag", ""))
    assert (again.status, nothing) == (304, b"")


def test_head_sends_no_body(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.request("HEAD", "/nl/NL/")
    response = connection.getresponse()
    assert (response.status, response.read()) == (200, b"")
    connection.close()


def test_a_long_query_is_answered_in_words(served: Served) -> None:
    response, body = get(served, "/nl/NL/search/?q=" + "a" * 60_000)
    assert response.status == 414
    assert "Dat is te lang" in body.decode()


def test_a_query_of_a_megabyte_is_refused_and_the_server_lives(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as raw:
        with suppress(OSError):  # it may refuse before all of it was sent
            raw.sendall(b"GET /nl/NL/search/?q=" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = raw.recv(1000)
    assert answer.split()[1] in (b"414", b"431")
    assert get(served, "/healthz")[0].status == 200


def test_a_posted_megabyte_is_refused_in_words(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.request("POST", "/nl/NL/search/", body=b"q=" + b"a" * 1_000_000)
    response = connection.getresponse()
    assert response.status == 413
    assert "Dat is te veel ineens" in response.read().decode()
    connection.close()


def test_nonsense_on_the_wire_does_not_stop_it(served: Served) -> None:
    for nonsense in (b"\x00\xff\x16\x03\x01", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 1000):
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as raw:
            raw.sendall(nonsense)
    assert get(served, "/healthz")[0].status == 200


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_asked_and_wrote_nothing_that_was_read(stop: signal.Signals) -> None:
    with server() as running:
        for path in (
            "/nl/NL/search/?q=zzsecretzz",
            "/nl/NL/topics/zzsecretzz/",
            "/api/find?q=zzsecretzz",
            "/zzsecretzz",
        ):
            get(running, path)
        asked = time.monotonic()
        running.process.send_signal(stop)
        out, err = running.process.communicate(timeout=10)
        assert time.monotonic() - asked < 5
        assert running.process.returncode == 0
    assert "zzsecretzz" not in out + err
    assert "Traceback" not in err


def test_a_taken_port_is_not_the_end() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with server(port=taken.getsockname()[1]) as running:
            assert running.port != taken.getsockname()[1]
            assert get(running, "/healthz")[0].status == 200

"""Reading files from outside in a child process behind closed gates: pages come one at a time, whatever happens.

    for found in read([("scan.pdf", content)]):
        found.file, found.what          # the file's place in the list; a Page, or an Unreadable that says why

A child serves one call, so one person, and ends with it. What breaks a child loses one page: it is named, and a new
child goes on behind it. Three broken children end a file.
"""

from __future__ import annotations

import contextlib
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, BinaryIO, cast

import msgspec
from msgspec import Struct

from helder.reports.page import Box, Page, Refused
from helder.reports.readers.files import Limits, Unreadable
from helder.reports.readers.kind import Kind
from helder.reports.readers.sandbox import Gate
from helder.reports.readers.worker import Answer, Wish, receive, send

MOST_BROKEN = 3  # children lost to one file before its other pages are given up
MOST_ANSWER = 64 << 20  # bytes
START_SECONDS = 60.0
PATIENCE = 3  # the clock is given this much more than the processor
_OUT_OF_TIME = -int(getattr(signal, "SIGPROF", 0))
_KEPT_ENVIRONMENT = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "SYSTEMROOT")
_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(8 << 20), "MALLOC_ARENA_MAX": "2"}
# glibc otherwise keeps what one picture needed, and the fifth meets the limit
_PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; from helder.reports.readers.worker import main; main()"


class Found(Struct, frozen=True):
    """A page, or why there is none: of which file of the call (from 0), of which kind, of how many pages."""

    file: int
    what: Page | Unreadable
    kind: Kind | None = None
    pages: int | None = None


class Broken(Exception):
    """A child that gave no answer: `timeout`, `crashed` or `too_heavy`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Child:
    """One child process. Every wish has a time limit; past it the child is ended."""

    def __init__(self, limits: Limits) -> None:
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        threads = {name: str(limits.threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        self._limits = limits
        self._process = subprocess.Popen(  # noqa: S603  this very Python, no shell, no word from outside
            [sys.executable, "-I", "-c", _PROGRAM, msgspec.json.encode(limits).decode(), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **_MEMORY, **threads, **environment},
            start_new_session=True,
        )
        self.pages = 0
        self._gates: tuple[Gate, ...] | None = None

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Which protections hold around this child on this system. Waits until it has started; raises Broken."""
        if self._gates is None:
            self._gates = self._within(START_SECONDS, self._answer).gates or ()
        return self._gates

    def ask(self, wish: Wish, content: bytes = b"") -> Answer:
        """The answer to a wish. Raises Broken when there is none in time: the child is gone then."""
        if self._gates is None:
            _ = self.gates
        return self._within(PATIENCE * self._limits.seconds_a_page, lambda: self._exchange(wish, content))

    def close(self) -> None:
        """Ends the child."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()

    def _ended(self) -> int | None:
        """How the child ended by itself, if it has: less than 0 for the number of a signal."""
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return None

    def _exchange(self, wish: Wish, content: bytes) -> Answer:
        stream = _whole(self._process.stdin)
        send(stream, wish)
        if content:
            stream.write(content)
            stream.flush()
        return self._answer()

    def _answer(self) -> Answer:
        message = receive(_whole(self._process.stdout), MOST_ANSWER)
        if message is None:
            raise EOFError
        return msgspec.msgpack.decode(message, type=Answer)

    def _within(self, seconds: float, work: Callable[[], Answer]) -> Answer:
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            return work()
        except (OSError, EOFError, ValueError, msgspec.MsgspecError, struct.error) as error:
            ended = self._ended()
            self.close()
            raise Broken("timeout" if late.is_set() or ended == _OUT_OF_TIME else "crashed") from error
        finally:
            timer.cancel()


def read(files: Iterable[tuple[str, bytes]], limits: Limits | None = None) -> Iterator[Found]:
    """The pages of files in order, each as soon as it is read; what cannot be read is an Unreadable in its place.

    Only one file's bytes and one page are held at a time. A name is never believed and never passed on.
    """
    limits = limits or Limits()
    with Reading(limits) as reading:
        for place, (_, content) in enumerate(files):
            yield from reading.pages(place, content)


def page_picture(content: bytes, page: int, width: int = 1240, limits: Limits | None = None) -> bytes:
    """A page (from 1) of a file as PNG, at most `width` and 1,240 pixels wide. Raises Refused."""
    return _pictures(content, Wish("show", page, width), limits)[0]


def crops(content: bytes, page: int, places: Sequence[Box], limits: Limits | None = None) -> tuple[bytes, ...]:
    """The places (`Word.place`, points) of a page (from 1) of a file, each as PNG. Raises Refused."""
    return _pictures(content, Wish("cut", page, boxes=tuple(places)), limits)


def gates() -> tuple[Gate, ...]:
    """Which protections hold around reading on this system, for a page that says so openly."""
    child = Child(Limits())
    try:
        return child.gates
    except Broken:
        return ()
    finally:
        child.close()


class Reading:
    """The children of one call: at most one at a time, renewed when it breaks or has read enough pages."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: Child | None = None

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def pages(self, place: int, content: bytes) -> Iterator[Found]:
        """The pages of one file."""
        if len(content) > self._limits.bytes:
            values = {"size": str(len(content)), "limit": str(self._limits.bytes)}
            yield Found(place, Unreadable("too_large", None, values))
            return
        try:
            opened = self._opened(content)
        except Broken as broken:
            yield Found(place, Unreadable(broken.key))
            return
        if opened.problem is not None:
            yield Found(place, opened.problem)
            return
        broken_children = 0
        for number in range(1, opened.count + 1):
            try:
                what = self._page(content, number)
            except Broken as broken:
                broken_children += 1
                what = Unreadable(broken.key, number)
            yield Found(place, what, opened.kind, opened.count)
            if broken_children >= MOST_BROKEN and number < opened.count:
                values = {"from": str(number + 1), "to": str(opened.count)}
                yield Found(place, Unreadable("given_up", None, values), opened.kind, opened.count)
                return

    def _page(self, content: bytes, number: int) -> Page | Unreadable:
        if self._child is None or self._child.pages >= self._limits.pages_a_child:
            self._end()
            opened = self._opened(content)
            if opened.problem is not None:
                return opened.problem
        child = self._child
        assert child is not None
        try:
            answer = child.ask(Wish("read", number))
        except Broken:
            self._end()
            raise
        child.pages += 1
        return answer.page or answer.problem or Unreadable("damaged", number)

    def _opened(self, content: bytes) -> Answer:
        if self._child is None:
            self._child = Child(self._limits)
        try:
            return self._child.ask(Wish("open", size=len(content)), content)
        except Broken:
            self._end()
            raise

    def _end(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None


def _pictures(content: bytes, wish: Wish, limits: Limits | None) -> tuple[bytes, ...]:
    limits = limits or Limits()
    child = Child(limits)
    try:
        for answer in (child.ask(Wish("open", size=len(content)), content), child.ask(wish)):
            if answer.problem is not None:
                raise Refused(answer.problem.key, **answer.problem.values)
        return answer.pictures
    except Broken as broken:
        raise Refused(broken.key) from broken
    finally:
        child.close()


def _whole(stream: IO[bytes] | None) -> BinaryIO:
    return cast(BinaryIO, stream)

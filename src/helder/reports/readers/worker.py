"""The child that reads: it closes its gates, then answers one wish at a time until its input ends.

A wish and an answer are a length (4 bytes) and a msgpack message. The parent is `child.py`.
"""

from __future__ import annotations

import gc
import os
import signal
import struct
import sys
import sysconfig
from typing import BinaryIO

import msgspec
from msgspec import Struct

from helder.reports.page import Box, Page, Refused
from helder.reports.readers import sandbox
from helder.reports.readers.files import Limits, Opened, Unreadable, open_file
from helder.reports.readers.kind import Kind

PROCESSOR_SECONDS = 1800  # in the whole life of a child; a page's own time is counted by the parent
_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/fonts",
    "/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/self", "/dev/urandom",
)  # fmt: skip


class Wish(Struct, frozen=True, omit_defaults=True):
    """What the parent wants: a file opened (its bytes follow as they are), a page read, a picture of it or of parts."""

    do: str  # "open", "read", "show", "cut"
    page: int = 0
    size: int = 0
    """open: how many bytes follow; show: pixels of the width at most."""
    boxes: tuple[Box, ...] = ()


class Answer(Struct, frozen=True, omit_defaults=True):
    """What the child found; `gates` only in its first answer, before any wish."""

    gates: tuple[sandbox.Gate, ...] | None = None
    kind: Kind | None = None
    count: int = 0
    page: Page | None = None
    pictures: tuple[bytes, ...] = ()
    problem: Unreadable | None = None


class Desk:
    """The file that lies open, and what can be asked of it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._opened: Opened | None = None

    def answer(self, wish: Wish, content: bytes) -> Answer:
        """The answer to a wish; a file or page that cannot be read is an answer too."""
        page = None if wish.do == "open" else wish.page
        try:
            if wish.do == "open":
                self._opened = None
                self._opened = open_file(content, self._limits)
                return Answer(kind=self._opened.kind, count=self._opened.count)
            if self._opened is None or not 1 <= wish.page <= self._opened.count:
                raise Refused("no_page")
            if wish.do == "read":
                return Answer(page=self._opened.read(wish.page))
            from helder.reports.readers.shown import cuts, whole

            frame = self._opened.look(wish.page)
            if wish.do == "show":
                return Answer(pictures=(whole(frame.picture, wish.size),))
            return Answer(pictures=tuple(cuts(frame.picture, frame.size, wish.boxes)))
        except Refused as refused:
            return Answer(problem=Unreadable(refused.key, page, refused.values))
        except MemoryError:
            self._opened = None if wish.do == "open" else self._opened
            return Answer(problem=Unreadable("too_heavy", page))
        except Exception as error:  # noqa: BLE001  the door of the child: whatever a library says of a bad file
            heavy = "alloc" in str(error) or "emory" in str(error)
            return Answer(problem=Unreadable("too_heavy" if heavy else "damaged", page))


def main() -> None:
    """Reads wishes from standard input and writes answers to standard output until the input ends."""
    limits = msgspec.json.decode(sys.argv[1], type=Limits)
    wishes, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    gates = sandbox.close(limits.memory, PROCESSOR_SECONDS, readable())
    gc.disable()  # between wishes only: a page makes many small things and drops them all at once
    send(answers, Answer(gates=gates))
    desk = Desk(limits)
    decoder = msgspec.msgpack.Decoder(Wish)
    while message := receive(wishes):
        wish = decoder.decode(message)
        content = wishes.read(wish.size) if wish.do == "open" else b""
        count_down(limits.seconds_a_page)
        answer = desk.answer(wish, content)
        count_down(0)
        send(answers, answer)
        gc.collect(1)


def count_down(seconds: float) -> None:
    """Ends this process after so many seconds of processor time, unless called again before (0: never)."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def readable() -> list[str]:
    """What a child may read: Python, its packages, Helder's own code, the system's libraries and fonts."""
    own = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    helder = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    base = [os.path.join(prefix, "lib") for prefix in (sys.base_prefix, sys.base_exec_prefix)]
    return [*own, *base, helder, *_SYSTEM]


def send(stream: BinaryIO, message: Struct) -> None:
    """Writes a message with its length."""
    packed = msgspec.msgpack.encode(message)
    stream.write(struct.pack("<I", len(packed)) + packed)
    stream.flush()


def receive(stream: BinaryIO, most: int = 1 << 28) -> bytes | None:
    """The next message, or None where the stream has ended or a length cannot be true."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack("<I", head)
    if length > most:
        return None
    message = stream.read(length)
    return message if len(message) == length else None

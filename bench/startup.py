"""Start: the command, a topic on the command line, the server; memory of the running server.

Peer: `python -c pass` and `python -m django --version` on the same machine, the floor under any Python program.
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bench.board import Line

PYTHON = sys.executable
HELDER = str(Path(PYTHON).with_name("helder"))


def seconds(*command: str, times: int = 7) -> float:
    """The median time of a whole process."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


class Server:
    """A running Helder with two workers, stopped at the end."""

    def __enter__(self) -> Server:
        start = time.perf_counter()
        command = [HELDER, "serve", "--port", "0", "--workers", "2"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.ready = time.perf_counter() - start
        found = re.search(r"http://([\d.]+):(\d+)", line)
        assert found, f"no address in {line!r}"
        self.host, self.port = found.group(1), int(found.group(2))
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(10)

    def get(self, path: str, encoding: str = "identity") -> bytes:
        """The bytes as they travel in an encoding."""
        asked = urllib.request.Request(f"http://{self.host}:{self.port}{path}", headers={"Accept-Encoding": encoding})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return bytes(answer.read())

    def megabytes(self) -> float:
        """Memory of the server and its workers together: proportional set size, so that shared pages count once."""
        total = 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(folder.name)) == self.process.pid:
                    rollup = (folder / "smaps_rollup").read_text()
                    total += int(re.findall(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[0])
            except (OSError, IndexError):
                continue
        return total / 1024


def lines() -> list[Line]:
    """Process start, first answer, memory."""
    floor = seconds(PYTHON, "-c", "pass")
    version = seconds(HELDER, "--version")
    read = seconds(HELDER, "read", "magnesium")
    django = seconds(PYTHON, "-m", "django", "--version")
    with Server() as server:
        for path in ("/en/GB/", "/en/GB/topics/magnesium/", "/nl/NL/topics/magnesium/"):
            server.get(path)
        memory, ready = server.megabytes(), server.ready
    return [
        Line(
            "cold `helder --version`", f"{version:.2f} s", "≤ 0.3 s", version <= 0.3, f"`python -c pass` {floor:.2f} s"
        ),
        Line("`helder read magnesium`", f"{read:.2f} s", "≤ 1 s", read <= 1, f"`django --version` {django:.2f} s"),
        Line("server ready (two workers)", f"{ready:.2f} s", "≤ 2 s", ready <= 2, ""),
        Line("server memory (two workers, warm)", f"{memory:.0f} MB", "≤ 250 MB", memory <= 250, ""),
    ]

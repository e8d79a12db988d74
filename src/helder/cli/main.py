"""The command line: one command per thing that a person or a program can ask.

Exit codes: 0 done, 1 the answer is "no" (nothing found, problems in the base), 2 the question was wrong: one line says
what was found, what was expected and what to do. Imports stay inside the commands, so that `--version` starts at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from helder.cli.reports import add_lab, add_scan
from helder.cli.shared import LONGEST_LINE, Wrong, asked, each_line, open_app, reader_options, setting, write


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit code; never shows a trace for a wrong question."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not hasattr(options, "command"):
        parser.print_help()
        return 0
    try:
        code: int = options.command(options)
        return code
    except Wrong as wrong:
        print(f"helder: {wrong}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="helder", description="A health library on your own machine: every sentence has a source."
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    answers = (_read, _find, _check, _plan, _missed, _overdose, add_scan, add_lab)
    for add in (*answers, _import, _serve, _export, _validate, _seal, _schema):
        add(commands)
    return parser


def _version() -> str:
    from helder import __version__

    return f"helder {__version__}"


# --- read --------------------------------------------------------------------------------------------


def _read(commands: Any) -> None:
    parser = commands.add_parser("read", help="a library topic: helder read magnesium --language nl --country NL")
    parser.add_argument("topic", nargs="?", help="its id or a name")
    reader_options(parser)
    parser.set_defaults(command=read)


def read(options: argparse.Namespace) -> int:
    """A topic as text or JSON."""
    if options.lines:
        return each_line(options, "topic", lambda app, asked: app.topic_json(*asked))
    if not options.topic:
        raise Wrong("read needs a topic: helder read magnesium")
    app = open_app()
    language, country = setting(app, options)
    if options.json:
        return write(asked(lambda: app.topic_json(options.topic, language, country)))
    from helder.cli.plain import page_as_text

    print(page_as_text(app, asked(lambda: app.page(options.topic, language, country))))
    return 0


# --- find --------------------------------------------------------------------------------------------


def _find(commands: Any) -> None:
    parser = commands.add_parser("find", help="search by name, synonym or lay word; typing errors are forgiven")
    parser.add_argument("words", nargs="*")
    reader_options(parser)
    parser.set_defaults(command=find)


def find(options: argparse.Namespace) -> int:
    """Topics for words; exit 1 when nothing was found."""
    if options.lines:
        return each_line(options, "words", lambda app, asked: app.find_json(*asked))
    words = " ".join(options.words)
    if not words.strip():
        raise Wrong("find needs words: helder find magnesium cramps")
    app = open_app()
    language, country = setting(app, options)
    if options.json:
        return write(asked(lambda: app.find_json(words, language, country)))
    result = asked(lambda: app.find(words, language, country))
    if result.danger:
        print(f"! {result.danger.reason}: {result.danger.text.plain}")
    for hit in result.hits:
        print(f"{hit.topic:20} {hit.title}" + (f"  ({hit.why})" if hit.why != hit.title else ""))
    if not result.hits:
        print(app.message("search.none", language), file=sys.stderr)
    return 0 if result.hits or result.danger else 1


# --- check, plan ------------------------------------------------------------------------------------


def _asks_about_items(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("items", nargs="*", help='what is taken: "ciprofloxacin 500 mg 2x daily" "zinc 10 mg"')
    parser.add_argument("--file", default=None, help="a JSON object with items and person, or - for standard input")
    reader_options(parser)


def _check(commands: Any) -> None:
    parser = commands.add_parser("check", help='what to know about medicines taken together: helder check "warfarin"')
    _asks_about_items(parser)
    parser.set_defaults(command=check)


def check(options: argparse.Namespace) -> int:
    """Notices, totals, unknown names and questions; exit 1 when nothing was recognised."""
    if options.lines:
        return _each_person(options, lambda app, person, where: app.check_json(person, *where))
    app = open_app()
    language, country = setting(app, options)
    made = asked(lambda: app.check_json(_person(options), language, country))
    if options.json:
        return write(made)
    from helder.cli.plain import check_as_text

    print(check_as_text(app, made, language))
    return 0 if made["items"] else 1


def _plan(commands: Any) -> None:
    parser = commands.add_parser("plan", help="when to take what in a day, in as few moments as can be")
    _asks_about_items(parser)
    parser.add_argument("--ics", default=None, metavar="FILE", help="write the plan as a calendar file")
    parser.add_argument("--fhir", action="store_true", help="print a FHIR R4 bundle instead")
    parser.add_argument("--zone", default="Europe/Amsterdam", help="time zone of the calendar (IANA name)")
    parser.add_argument("--begin", default=None, help="first day of the calendar (2026-11-22); default today")
    parser.set_defaults(command=plan)


def plan(options: argparse.Namespace) -> int:
    """Moments, or the rules that cannot all be kept and what would help; exit 1 when there is no plan."""
    if options.lines:
        return _each_person(options, lambda app, person, where: app.plan_json(person, *where))
    app = open_app()
    language, country = setting(app, options)
    planned = asked(lambda: app.planned(_person(options), language, country))
    if options.ics:
        _write_calendar(app, planned, options, language)
    if options.fhir:
        return write(app.medicines.fhir(planned))
    made = app.told(planned, language)
    if options.json:
        return write(made)
    from helder.cli.plain import plan_as_text

    print(plan_as_text(app, made, language))
    return 0 if made["moments"] or made["as_needed"] else 1


def _write_calendar(app: Any, planned: Any, options: argparse.Namespace, language: str) -> None:
    import datetime as dt
    from pathlib import Path
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from helder.medicines.plan.calendar import Edition

    try:
        zone = ZoneInfo(options.zone)
        begin = dt.date.fromisoformat(options.begin) if options.begin else dt.datetime.now(zone).date()
    except (ZoneInfoNotFoundError, ValueError):
        raise Wrong(
            "--zone and --begin: expected an IANA zone such as Europe/Amsterdam, a date such as 2026-11-22"
        ) from None
    content = app.medicines.calendar(planned, language, Edition(begin, zone))
    if content is None:
        raise Wrong("there is no plan to write: helder plan without --ics says why")
    try:
        Path(options.ics).write_bytes(content)
    except OSError as error:
        raise Wrong(f"cannot write there: {error.strerror}; choose a file that you may write") from error


def _missed(commands: Any) -> None:
    parser = commands.add_parser("missed", help='a missed dose: helder missed "apixaban 5 mg twice a day" --late 5')
    _asks_about_items(parser)
    parser.add_argument("--late", default=None, help="hours after the usual time, for every item named here")
    parser.set_defaults(command=missed)


def missed(options: argparse.Namespace) -> int:
    """What to do about a missed dose: the claims of the medicine, and take or skip where hours decide."""
    return _advice(options, "missed_json")


def _overdose(commands: Any) -> None:
    parser = commands.add_parser("overdose", help='too much at once: helder overdose "paracetamol 500 mg 20 tablets"')
    _asks_about_items(parser)
    parser.set_defaults(command=overdose)


def overdose(options: argparse.Namespace) -> int:
    """Whom to call after too much, and what the amount means for this person."""
    return _advice(options, "overdose_json")


def _advice(options: argparse.Namespace, name: str) -> int:
    if options.lines:
        return _each_person(options, lambda app, person, where: getattr(app, name)(person, *where))
    app = open_app()
    language, country = setting(app, options)
    person = _person(options)
    if getattr(options, "late", None) and isinstance(person, dict):
        person.setdefault("late", {str(index): options.late for index in range(len(person.get("items", [])))})
    made = asked(lambda: getattr(app, name)(person, language, country))
    if options.json:
        return write(made)
    from helder.cli.plain import advice_as_text

    print(advice_as_text(app, made, language))
    return 0 if made["items"] else 1


def _import(commands: Any) -> None:
    parser = commands.add_parser("import", help="read a file of your own: labels, a thesaurus, DDInter, FHIR")
    parser.add_argument("kind", nargs="?", help="openfda, spl, thesaurus, ddinter or fhir")
    parser.add_argument("path", nargs="?", help="the file")
    parser.add_argument("--list", action="store_true", dest="listed", help="what is kept")
    parser.add_argument("--remove", default=None, metavar="ID", help="forget an import")
    parser.set_defaults(command=import_)


def import_(options: argparse.Namespace) -> int:
    """Import a file, list what is kept, or forget it. Prints JSON; exit 1 when nothing could be used."""
    from pathlib import Path

    from helder.app import json_bytes
    from helder.medicines.importers import local

    if options.listed:
        sys.stdout.write(json_bytes(local.imports()).decode() + "\n")
        return 0
    if options.remove:
        if not local.remove(options.remove):
            raise Wrong("nothing of that id is kept: helder import --list says what is")
        return 0
    if not (options.kind and options.path):
        raise Wrong("import needs a kind and a file: helder import fhir bundle.json")
    made = open_app().import_file(options.kind, Path(options.path))
    write(made)
    return 0 if made.get("rules") or made.get("items") else 1


def _person(options: argparse.Namespace) -> Any:
    """The person of the contracts: from a file, else just the items on the command line."""
    import json
    from pathlib import Path

    if not options.file:
        if not options.items:
            raise Wrong('nothing to look at: helder check "ciprofloxacin 500 mg" "magnesium 300 mg", or --file FILE')
        return {"items": options.items}
    try:
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8")
        return json.loads(text[:LONGEST_LINE])
    except OSError as error:
        raise Wrong(f"cannot read that file: {error.strerror}") from error
    except (ValueError, RecursionError):
        raise Wrong('expected one JSON object such as {"items": ["zinc 10 mg"], "age": 67}') from None


def _each_person(options: argparse.Namespace, answer: Callable[[Any, Any, tuple[str, str]], Any]) -> int:
    """One person a line in, one answer a line out."""
    import json

    app = open_app()
    failed = 0
    for line in sys.stdin:
        try:
            person = json.loads(line[:LONGEST_LINE])
            language = str(person.pop("language", options.language))
            country = str(person.pop("country", None) or options.country or app.usual_country(language)).upper()
            write(asked(lambda p=person, where=(language, country): answer(app, p, where)))  # type: ignore[misc]
        except (ValueError, AttributeError, RecursionError):
            failed += write({"error": "expected one JSON object a line, with `items`"}) + 1
        except Wrong as wrong:
            failed += write({"error": str(wrong)}) + 1
    return 1 if failed else 0


# --- serve, export -----------------------------------------------------------------------------------


def _serve(commands: Any) -> None:
    parser = commands.add_parser("serve", help="the app in a browser; prints its address")
    parser.add_argument("--host", default="127.0.0.1", help="other addresses let other machines in")
    parser.add_argument("--port", type=int, default=8423)
    parser.add_argument("--workers", type=int, default=1)
    parser.set_defaults(command=serve)


def serve(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    from helder.web.serve import serve as run

    run(options.host, options.port, options.workers)
    return 0


def _export(commands: Any) -> None:
    parser = commands.add_parser("export", help="the whole library as a static site")
    parser.add_argument("directory")
    parser.add_argument("--languages", nargs="+", default=None)
    parser.add_argument("--countries", nargs="+", default=None)
    parser.set_defaults(command=export)


def export(options: argparse.Namespace) -> int:
    """Write the static site; says how many pages."""
    from pathlib import Path

    from helder.web.export import export as write

    app = open_app()
    languages = tuple(options.languages or app.languages)
    countries = tuple(options.countries or app.countries)
    for language in languages:
        for country in countries:
            asked(lambda language=language, country=country: app.known(language, country))  # type: ignore[misc]
    try:
        pages = write(Path(options.directory), languages, countries)
    except OSError as error:
        raise Wrong(f"cannot write there: {error.strerror}; choose a folder that you may write to") from error
    print(f"{pages} pages in {options.directory}")
    return 0


# --- validate, schema --------------------------------------------------------------------------------


def _validate(commands: Any) -> None:
    parser = commands.add_parser("validate", help="check the knowledge base; exit 1 and file:line: problem lines")
    parser.add_argument("only", nargs="*", help="show only problems in files that begin with this: substances/zinc")
    parser.add_argument("--knowledge", default=None, help="the folder of the base")
    parser.add_argument("--today", default=None, help="the day that decides which reviews are overdue (2026-11-22)")
    parser.set_defaults(command=validate)


def validate(options: argparse.Namespace) -> int:
    """Every problem on a line of its own; checks that cannot run here are named."""
    import datetime as dt
    from pathlib import Path

    from helder import app

    try:
        today = dt.date.fromisoformat(options.today) if options.today else dt.datetime.now(dt.UTC).date()
    except ValueError:
        raise Wrong("--today: expected a date such as 2026-11-22") from None
    root = Path(options.knowledge) if options.knowledge else None
    if root and not root.is_dir():
        raise Wrong("--knowledge: no such folder")
    problems, not_run = app.validate(root, today)
    shown = [p for p in problems if not options.only or p.file.startswith(tuple(options.only))]
    for problem in shown:
        print(problem)
    for name in not_run:
        print(f"not run: {name}", file=sys.stderr)
    print(f"{len(shown)} problems", file=sys.stderr)
    return 1 if shown else 0


def _seal(commands: Any) -> None:
    parser = commands.add_parser("seal", help="sign files of the knowledge base after a second reading")
    parser.add_argument("only", nargs="+", help="files that begin with this: substances/zinc, interactions/")
    parser.add_argument("--knowledge", default=None, help="the folder of the base")
    parser.set_defaults(command=seal)


def seal(options: argparse.Namespace) -> int:
    """Write the seals; a file with `status: draft` gets none."""
    from pathlib import Path

    from helder import app

    root = Path(options.knowledge) if options.knowledge else None
    print(f"{app.seal(root, tuple(options.only))} files sealed")
    return 0


def _schema(commands: Any) -> None:
    parser = commands.add_parser("schema", help="the JSON schema of a contract object")
    parser.add_argument("name", nargs="?", help="topic, found, …; without a name: all names")
    parser.set_defaults(command=schema)


def schema(options: argparse.Namespace) -> int:
    app = open_app()
    if not options.name:
        print("\n".join(app.schemas))
        return 0
    return write(asked(lambda: app.schema(options.name)))


if __name__ == "__main__":
    sys.exit(main())

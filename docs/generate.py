"""Write the reference pages that follow from the code: `python docs/generate.py`. A test refuses stale ones.

commands.md from the command line's own help, kinds.md from the kinds of claim, checks.md from the checks' first lines,
rules-by-example.md from the titled cases in tests/spec.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
REFERENCE = ROOT / "docs" / "reference"


def commands() -> str:
    """Every command with its help."""
    os.environ["COLUMNS"] = "100"
    from helder.cli.main import _parser

    parser = _parser()
    lines = ["# The command line", "", "Exit codes: 0 done, 1 the answer is no, 2 the question was wrong.", ""]
    (sub,) = (action for action in parser._actions if getattr(action, "choices", None))
    for name, command in sub.choices.items():
        lines += [f"## helder {name}", "", "```", command.format_help().strip(), "```", ""]
    return "\n".join(lines)


def kinds() -> str:
    """Every kind of claim with its place and what it needs."""
    from helder.knowledge.kinds import KINDS

    lines = ["# Kinds of claim", "", "| kind | place on the page | risk | needs | words |", "|---|---|---|---|---|"]
    for name, kind in KINDS.items():
        needs = ", ".join(field.rstrip("_") for field in kind.needs)
        words = "template" if kind.templated else "own"
        lines.append(f"| `{name}` | {kind.slot} | {kind.risk} | {needs} | {words} |")
    return "\n".join([*lines, ""])


def checks() -> str:
    """Every check of `helder validate` with what it asks."""
    from helder.library.checks import MODULES

    lines = ["# What `helder validate` checks", ""]
    for module in MODULES:
        title = (module.__doc__ or "").strip().splitlines()[0]
        lines += [f"## {title}", ""]
        for check in module.CHECKS:
            lines.append(f"- **{check.__name__.replace('_', ' ')}**: {(inspect.getdoc(check) or '').splitlines()[0]}")
        lines.append("")
    return "\n".join(lines)


def rules_by_example() -> str:
    """The titled cases of tests/spec: tests that are the manual."""
    from tests.spec.test_rules_spec import CHAPTERS

    answers = {True: "yes", False: "no", None: "unknown"}
    lines = ["# Rules by example", "", "Each line is run as a test (`tests/spec/test_rules_spec.py`).", ""]
    for chapter in CHAPTERS:
        lines += [f"## {chapter.title}", "", chapter.text, "", "| case | rule | person | answer |", "|---|---|---|---|"]
        for case in chapter.cases:
            asks = f", asks for {', '.join(f'`{fact}`' for fact in case.asks)}" if case.asks else ""
            told = json.dumps(case.person, ensure_ascii=False) if case.person else "nothing told"
            lines.append(f"| {case.title} | `{case.rule}` | {told} | {answers[case.answer]}{asks} |")
        lines.append("")
    return "\n".join(lines)


PAGES = {
    "commands.md": commands,
    "kinds.md": kinds,
    "checks.md": checks,
    "rules-by-example.md": rules_by_example,
}


def main() -> int:
    for name, make in PAGES.items():
        (REFERENCE / name).write_text(make(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

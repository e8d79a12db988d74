"""The day plan: habits, meals, hours around the clock, weekly tablets, visits, what was really taken, and no plan."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from helder.app import open_app
from helder.medicines.plan.calendar import Edition
from helder.medicines.plan.day import Day, clock, day_from_json
from helder.medicines.plan.make import Conflict, Plan
from helder.person import Problem


@pytest.fixture(scope="module")
def app():
    return open_app()


def planned(app, *items, country="NL", language="en", **person):
    return app.planned({"items": list(items), **person}, language, country)


def times(made: Plan, planned_) -> dict[str, list[str]]:
    """Item → when."""
    found: dict[str, list[str]] = {}
    for moment in made.moments:
        for dose in moment.doses:
            found.setdefault(planned_.items[dose.item].name, []).append(clock(moment.minute))
    return found


def told(app, *items, **person):
    made = planned(app, *items, **person)
    assert isinstance(made.made, Plan), made.made
    return times(made.made, made)


def apart(first: str, then: str) -> int:
    """Minutes from one time of the clock to the next of the other."""
    (a, b), (c, d) = (map(int, time.split(":")) for time in (first, then))
    return ((c * 60 + d) - (a * 60 + b)) % 1440


def test_levothyroxine_waits_for_breakfast_and_calcium_for_levothyroxine(app) -> None:
    day = told(app, "levothyroxine 50 mcg", "calcium 500 mg")
    (thyroid,), (calcium,) = day["levothyroxine 50 mcg"], day["calcium 500 mg"]
    assert apart(thyroid, "07:45") >= 30
    assert apart(thyroid, calcium) >= 240
    assert apart(calcium, thyroid) >= 240


def test_hours_hold_over_midnight(app) -> None:
    """The last magnesium of the evening and the first ciprofloxacin of the morning: six hours."""
    day = told(app, "ciprofloxacin 500 mg 2x daily", {"name": "magnesium 200 mg", "at": ["21:00"]})
    for cipro in day["ciprofloxacin 500 mg 2x daily"]:
        for magnesium in day["magnesium 200 mg"]:
            assert apart(cipro, magnesium) >= 120
            assert apart(magnesium, cipro) >= 360


def test_as_few_moments_as_can_be(app) -> None:
    made = planned(app, "vitamin d 25 mcg", "metformin 500 mg", "lisinopril 10 mg")
    assert isinstance(made.made, Plan)
    assert (len(made.made.moments), made.made.proven) == (1, True)


def test_habits_are_kept_where_they_can_be(app) -> None:
    assert told(app, {"name": "lisinopril 10 mg", "at": ["08:15"]}) == {"lisinopril 10 mg": ["08:15"]} or told(
        app, {"name": "lisinopril 10 mg", "at": ["20:00"]}
    ) == {"lisinopril 10 mg": ["20:00"]}


def test_the_first_thing_of_the_day_is_first(app) -> None:
    day = told(app, "alendronate 70 mg once a week", "levothyroxine 50 mcg", "calcium 500 mg")
    (tablet,) = day.pop("alendronate 70 mg once a week")
    assert all(apart("05:00", tablet) + 30 <= apart("05:00", time) for all_ in day.values() for time in all_)


def test_twice_a_day_is_not_lunch_and_dinner(app) -> None:
    first, second = told(app, "apixaban 5 mg 2x daily")["apixaban 5 mg 2x daily"]
    assert min(apart(first, second), apart(second, first)) >= 8 * 60


def test_at_night_is_kept(app) -> None:
    assert told(app, "lisinopril 10 mg at bedtime") == {"lisinopril 10 mg at bedtime": ["23:00"]}


def test_as_needed_has_no_moment_but_is_not_lost(app) -> None:
    made = planned(app, "paracetamol 500 mg if needed", "lisinopril 10 mg")
    assert isinstance(made.made, Plan)
    assert made.made.as_needed == (0,)
    assert all(dose.item == 1 for moment in made.made.moments for dose in moment.doses)


def test_a_carer_who_comes_twice(app) -> None:
    day = told(
        app,
        "lisinopril 10 mg",
        "metformin 500 mg 2x daily",
        day={"meals": ["08:00", "18:00"], "visits": ["08:00", "18:00"]},
    )
    assert {time for all_ in day.values() for time in all_} == {"08:00", "18:00"}


def test_a_night_worker_has_a_day_too(app) -> None:
    """Up at 15:00, in bed at 07:00: the plan stays between."""
    day = told(
        app, "metformin 500 mg 2x daily", day={"wake": "15:00", "bed": "07:00", "meals": ["15:30", "21:00", "03:00"]}
    )
    assert set(day["metformin 500 mg 2x daily"]) <= {"15:30", "21:00", "03:00"}


def test_what_was_really_taken_moves_the_rest(app) -> None:
    """Zinc at 10:15 instead of at lunch: ciprofloxacin comes six hours later, not before."""
    day = told(
        app,
        "zinc 10 mg",
        "ciprofloxacin 500 mg 2x daily",
        taken=[{"item": 0, "at": "10:15"}, {"item": 1, "at": "07:00"}],
        now="10:20",
    )
    assert day["zinc 10 mg"] == ["10:15"]
    first, second = day["ciprofloxacin 500 mg 2x daily"]
    assert first == "07:00"
    assert apart("10:15", second) >= 360


def test_an_impossible_day_names_the_smallest_conflict_and_what_helps(app) -> None:
    made = planned(app, "ciprofloxacin 500 mg 2x daily", "magnesium 200 mg 3x daily", "vitamin d 25 mcg")
    assert isinstance(made.made, Conflict)
    assert {index for rule in made.made.rules for index in rule.items} == {0, 1}
    fewer = [repair for repair in made.made.repairs if repair.kind == "fewer"]
    assert [repair.items for repair in fewer] == [(1,)], "a dose of the supplement may go, never one of the antibiotic"
    assert made.made.repairs[-1].kind == "ask_prescriber"
    assert list(made.made.repairs) == sorted(made.made.repairs, key=lambda repair: (not repair.whole, repair.cost))


def test_a_prescribed_supplement_is_not_left_out(app) -> None:
    made = planned(app, "ciprofloxacin 500 mg 2x daily", {"name": "magnesium 200 mg 3x daily", "prescribed": True})
    assert isinstance(made.made, Conflict)
    assert not [repair for repair in made.made.repairs if repair.kind == "fewer"]


def test_more_than_anybody_takes_is_not_planned_and_says_so(app) -> None:
    made = app.plan_json({"items": ["zinc 1 mg"] * 200}, "en", "GB")
    assert (made["moments"], made["conflict"]) == ((), ())
    assert made["notes"]


def test_nothing_to_plan_is_an_empty_plan(app) -> None:
    made = app.plan_json({"items": []}, "en", "GB")
    assert (made["moments"], made["conflict"], made["proven"]) == ((), (), True)


@pytest.mark.parametrize("language", ["en", "nl", "de", "fr", "es", "ar"])
def test_plans_and_conflicts_have_words_in_every_language(app, language) -> None:
    for items in (
        ["levothyroxine 50 mcg", "calcium 500 mg 2x", "alendronate 70 mg weekly", "psyllium"],
        ["ciprofloxacin 500 mg 2x daily", "magnesium 200 mg 3x daily"],
    ):
        made = app.plan_json({"items": items}, language, "NL")
        texts = [each["text"] for key in ("reasons", "conflict", "repairs") for each in made[key]] + list(made["notes"])
        assert texts
        assert all(text.strip() and "{" not in text for text in texts)


# --- the day


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ("today", "day"),
        ({"wake": "seven"}, "day.wake"),
        ({"wake": "23:00", "bed": "01:00"}, "day.bed"),
        ({"bed": "07:00", "wake": "07:00"}, "day.bed"),
        ({"meals": "08:00"}, "day.meals"),
        ({"meals": ["08:00", "03:00"]}, "day.meals"),
        ({"visits": ["04:00"]}, "day.visits"),
    ],
)
def test_a_day_that_cannot_be_is_named_and_the_usual_one_stands(data, field) -> None:
    problems: list[Problem] = []
    day = day_from_json(data, problems)
    assert field in {problem.field for problem in problems}
    assert day.wake < day.bed
    assert all(day.wake <= meal <= day.bed for meal in day.meals)


def test_no_day_told_is_the_usual_day() -> None:
    assert day_from_json(None, []) == Day()


# --- calendar and FHIR, read back by programs that are not ours


@pytest.fixture(scope="module")
def in_calendar(app):
    made = planned(app, "levothyroxine 50 mcg", "metformin 500 mg 2x daily", "alendronate 70 mg once a week")
    content = app.medicines.calendar(made, "nl", Edition(dt.date(2026, 3, 27), ZoneInfo("Europe/Amsterdam")))
    assert content
    return content


def test_a_calendar_program_reads_the_plan_back(in_calendar) -> None:
    import vobject

    events = vobject.readOne(in_calendar.decode()).vevent_list
    weekly = [event for event in events if "weekly" in event.rrule.value.lower()]
    assert [event.description.value for event in weekly] == ["alendronate 70 mg once a week"]
    assert {event.summary.value for event in events} == {"Herinnering"}, "a locked screen shows no medicine"
    assert {getattr(event, "class").value for event in events} == {"PRIVATE"}
    assert all(event.valarm for event in events)


def test_a_reminder_stays_at_its_hour_when_the_clock_moves(in_calendar) -> None:
    """The night of 28 to 29 March 2026 is an hour shorter."""
    import vobject

    event = vobject.readOne(in_calendar.decode()).vevent_list[0]
    days = list(event.getrruleset(addRDate=True))[:5]
    assert len({day.time() for day in days}) == 1


def test_a_new_plan_replaces_the_old_one(app) -> None:
    """The same things at another hour keep their UID."""

    def uids(wake):
        made = planned(app, "lisinopril 10 mg", day={"wake": wake, "bed": "23:00", "meals": []})
        content = app.medicines.calendar(made, "en", Edition(dt.date(2026, 3, 1), ZoneInfo("Europe/London")))
        return {line for line in content.decode().splitlines() if line.startswith("UID")}

    assert uids("07:00") == uids("09:00")


def test_the_plan_is_valid_fhir(app) -> None:
    from fhir.resources.R4B.bundle import Bundle

    made = planned(app, "levothyroxine 50 mcg", "metformin 500 mg 2x daily", "paracetamol 500 mg if needed")
    bundle = Bundle.model_validate(app.medicines.fhir(made))
    timing = bundle.entry[1].resource.dosage[0].timing.repeat
    assert (timing.frequency, timing.periodUnit) == (2, "d")
    assert timing.when
    assert bundle.entry[2].resource.dosage[0].asNeededBoolean is True


def test_the_order_of_the_lines_changes_no_verdict(app) -> None:
    from itertools import permutations

    lines = ("metformin 500 mg 3x daily", "calcium 500 mg", "levothyroxine 75 mcg")
    plans = [planned(app, *order).made for order in permutations(lines)]
    assert {type(made).__name__ for made in plans} == {"Plan"}
    assert len({len(made.moments) for made in plans}) == 1


def test_what_was_taken_is_a_fact_even_against_a_rule(app) -> None:
    """Levothyroxine after breakfast, at 09:30: it happened; the rest of the day is planned around it."""
    day = told(
        app,
        "levothyroxine 75 mcg",
        "calcium 500 mg",
        "metformin 500 mg 3x daily",
        taken=[{"item": 0, "at": "09:30"}],
        now="10:15",
    )
    assert day["levothyroxine 75 mcg"] == ["09:30"]
    assert apart("09:30", day["calcium 500 mg"][0]) >= 240
    assert day["metformin 500 mg 3x daily"] == ["12:30", "18:30"], "the missed one is not made up for"

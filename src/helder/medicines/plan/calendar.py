"""A plan as a calendar file (RFC 5545) that phones and computers read.

Titles are neutral, because a reminder shows on a locked screen; what to take stands inside, marked private. Events keep
their UID from plan to plan, so that a new file replaces the old one; `sequence` counts the versions.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from helder.medicines.model import Item
from helder.medicines.plan.day import MINUTES
from helder.medicines.plan.make import Moment, Plan
from helder.medicines.plan.words import PlanWords

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
TEN_YEARS = dt.timedelta(days=3653)
LASTS = dt.timedelta(minutes=10)


class Edition(NamedTuple):
    """From which day, in which time zone; `owner` tells the plans of a household apart, `sequence` their versions."""

    begin: dt.date
    zone: ZoneInfo
    owner: str = ""
    sequence: int = 0


def calendar(plan: Plan, items: Mapping[int, Item], words: PlanWords, edition: Edition) -> bytes:
    """The plan as repeating events, one for what is taken at one moment equally often."""
    made = Calendar()
    made.add("prodid", "-//Helder//plan//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", words.say("title"))
    for moment in plan.moments:
        for group in _alike(moment, items):
            made.add_component(_event(moment, group, words, edition))
    made.add_missing_timezones(edition.begin - dt.timedelta(days=366), edition.begin + TEN_YEARS)
    return bytes(made.to_ical())


def _alike(moment: Moment, items: Mapping[int, Item]) -> list[tuple[Item, ...]]:
    """The items of a moment by how often and how long they are taken: each group is one repeating event."""
    groups: dict[tuple[int, dt.date | None, dt.date | None], dict[int, Item]] = {}
    for dose in moment.doses:
        item = items[dose.item]
        groups.setdefault((item.every_days, item.since, item.until), {})[item.index] = item
    return [tuple(group.values()) for group in groups.values()]


def _event(moment: Moment, group: Sequence[Item], words: PlanWords, edition: Edition) -> Event:
    begin, zone = edition.begin, edition.zone
    first = group[0]
    day = max(begin, first.since) if first.since else begin
    starts = dt.datetime.combine(day, dt.time(), zone) + dt.timedelta(days=moment.minute // MINUTES)
    starts = starts.replace(hour=moment.minute % MINUTES // 60, minute=moment.minute % 60)
    event = Event()
    event.add("uid", _uid(edition.owner, moment, group))
    event.add("sequence", edition.sequence)
    event.add("dtstamp", dt.datetime.combine(begin, dt.time(), dt.UTC))
    event.add("dtstart", starts)
    event.add("dtend", starts + LASTS)
    event.add("summary", words.say("reminder"))
    event.add("description", "\n".join(item.name for item in group))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add("rrule", _repeats(first, zone))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words.say("reminder"))
    alarm.add("trigger", dt.timedelta())
    event.add_component(alarm)
    return event


def _repeats(item: Item, zone: ZoneInfo) -> dict[str, object]:
    rule: dict[str, object] = {"freq": "weekly" if item.every_days == 7 else "daily"}
    if item.every_days not in (1, 7):
        rule["interval"] = item.every_days
    if item.until:
        last = dt.datetime.combine(item.until, dt.time(23, 59, 59), zone)
        rule["until"] = last.astimezone(dt.UTC)
    return rule


def _uid(owner: str, moment: Moment, group: Sequence[Item]) -> str:
    """The same for the same things at the same place in the day, whatever its hour; says nothing readable."""
    names = ",".join(
        sorted(f"{item.name}#{dose.number}" for item in group for dose in moment.doses if dose.item == item.index)
    )
    return f"{hashlib.sha256(f'{owner}|{names}'.encode()).hexdigest()[:32]}@helder.invalid"

"""Is every source one that may be believed, was it opened, and are there two where a number can hurt?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from helder.knowledge.kinds import KINDS
from helder.knowledge.model import Citation, Claim, Publisher, Source
from helder.knowledge.problems import Problem
from helder.library.checks.base import Base

YEAR = re.compile(r"(19|20)\d\d(-\d\d(-\d\d)?)?")
NOT_FOR_HIGH_RISK = frozenset({"calculation"})


def publishers(base: Base) -> Iterator[Problem]:
    """A source is on a host of a listed publisher, or says why it may be trusted."""
    for id_, source in base.knowledge.sources.items():
        publisher = base.knowledge.publishers.get(source.publisher)
        if publisher is None:
            continue
        file = base.facts("sources", id_)
        if not _on_host(source.url, publisher):
            text = f"{_host(source.url) or 'no host'} is no host of {source.publisher}"
            yield base.problem("off-list", file, ("url",), text)
        if publisher.off_list and not source.reason:
            yield base.problem("off-list", file, ("publisher",), "not on the list: needs a `reason`")


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _on_host(url: str, publisher: Publisher) -> bool:
    host = _host(url)
    return urlsplit(url).scheme in ("http", "https") and any(
        host == allowed or host.endswith(f".{allowed}") for allowed in publisher.hosts
    )


def dates(base: Base) -> Iterator[Problem]:
    """A source was read, not in the future, and not before it was published."""
    for id_, source in base.knowledge.sources.items():
        file = base.facts("sources", id_)
        if source.read > base.today:
            yield base.problem("source-date", file, ("read",), f"read on {source.read}, which is in the future")
        if source.published == "undated":
            continue
        if not YEAR.fullmatch(source.published):
            yield base.problem("source-date", file, ("published",), "expected 2015, 2015-07, 2015-07-27 or undated")
        elif _earliest(source) > source.read:
            yield base.problem("source-date", file, ("published",), "published after it was read")


def _earliest(source: Source) -> dt.date:
    year, month, day = (*source.published.split("-"), "01", "01")[:3]
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return dt.date.max


def titles(base: Base) -> Iterator[Problem]:
    """A source has a title that a person could look for."""
    for id_, source in base.knowledge.sources.items():
        if len(source.title.strip()) < 5:
            yield base.problem("source-title", base.facts("sources", id_), ("title",), "expected the full title")


def unused(base: Base) -> Iterator[Problem]:
    """A source that nothing cites is a leftover."""
    cited = {citation.id for _, _, citation in base.citations()}
    for id_ in base.knowledge.sources:
        if id_ not in cited:
            yield base.problem("unused-source", base.facts("sources", id_), (), "nothing cites this source")


def two_where_it_hurts(base: Base) -> Iterator[Problem]:
    """A limit, a separation and a threshold in a high-risk claim rest on two sources, or say that they don't."""
    for of, id_, claim in base.claims():
        if claim.verified and _needs_two(claim) and len(_witnesses(base, claim.sources)) < 2:
            file = f"{of}/facts.yaml"
            text = f"{id_}: a number that can hurt needs two sources, or `verified: no`"
            yield base.problem("two-sources", file, ("claims", id_), text)
    for id_, rule in base.knowledge.interactions.items():
        if rule.verified and rule.hours and len(_witnesses(base, rule.sources)) < 2:
            text = "hours can hurt: two sources, or `verified: no`"
            yield base.problem("two-sources", base.facts("interactions", id_), ("sources",), text)


def _needs_two(claim: Claim) -> bool:
    if KINDS[claim.kind].two_sources or claim.risk == "high":
        return bool(claim.rows or claim.values)
    return claim.kind in ("overdose", "red_flag", "contraindication") and bool(claim.values)


def _witnesses(base: Base, citations: tuple[Citation, ...]) -> set[str]:
    """The distinct texts among the sources; a calculation is no witness."""
    known = base.knowledge.sources
    return {c.id for c in citations if c.id in known and known[c.id].kind not in NOT_FOR_HIGH_RISK}


CHECKS = (publishers, dates, titles, unused, two_where_it_hurts)

"""Printed numbers: no digit is ever changed, and what can mean two things is doubted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helder.reports.numbers import decided, evidence, parse_number


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("5,3", ",", "5.3"),
        ("5.30", ".", "5.30"),
        ("1.234,5", ",", "1234.5"),
        ("1,234.5", ".", "1234.5"),
        ("1 234", ".", "1234"),
        ("1'234", ".", "1234"),
        ("250.000", ",", "250000"),
        ("250,000", ".", "250000"),
        ("2,50,000", ".", "250000"),
        ("12.345.678", ",", "12345678"),
        ("7", ".", "7"),
    ],
)
def test_a_number_is_what_is_printed(text: str, mark: str, value: str) -> None:
    found = parse_number(text, mark)  # type: ignore[arg-type]
    assert found is not None
    assert (found.value, found.doubtful) == (Decimal(value), False)


@pytest.mark.parametrize("text", ["", "abc", "1-2", "1..2", "1,2,3", "12:30", "1.2.3"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text, ".") is None


def test_three_digits_after_one_mark_are_doubted_where_nothing_decides() -> None:
    found = parse_number("1,234", ",", proven=False)
    assert found is not None
    assert found.doubtful


def test_the_whole_document_decides_on_the_mark() -> None:
    assert decided(evidence(["5,3", "0,125", "1,234", "140"])) == (",", True)
    assert decided(evidence(["5.3", "1,234.5", "1,234"])) == (".", True)
    assert decided(evidence(["1,234", "140"]), ",") == (",", False)


def test_a_mark_against_that_of_the_document_is_doubted() -> None:
    found = parse_number("5.3", ",", proven=True)
    assert found is not None
    assert (found.value, found.doubtful) == (Decimal("5.3"), True)


@given(st.decimals(min_value=0, max_value=10**6, places=2, allow_nan=False), st.sampled_from([".", ","]))
def test_printing_and_reading_a_number_is_identity(number: Decimal, mark: str) -> None:
    printed = f"{number:f}".replace(".", mark)
    found = parse_number(printed, mark)  # type: ignore[arg-type]
    assert found is not None
    assert found.value == number

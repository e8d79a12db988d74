"""The words of printed reports: every language has every key, no form means two things, every unit is one."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from ucumvert import get_ucum_parser

from helder.quantities import parse_unit

PRINTED = Path(__file__).parents[2] / "knowledge" / "printed"
LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "nl", "pl", "pt", "tr", "uk")

KEYS = {
    "headings": "name result unit range low high flag previous date method specimen comment code",
    "flags": "high high_critical low low_critical abnormal normal",
    "results": "negative positive trace normal not_detected detected reactive non_reactive borderline few moderate many"
    " absent present clear cloudy yellow pending not_done see_comment",
    "ranges": "up_to at_least to men women pregnant children adults newborn years months weeks days fasting normal",
    "labels": "patient birth_date age sex collected received reported printed lab doctor order patient_id phone address"
    " page",
    "sex": "male female",
    "months": "1 2 3 4 5 6 7 8 9 10 11 12",
    "specimens": "serum plasma blood urine urine_24h stool csf saliva capillary swab semen",
    "sections": "blood_count differential kidney liver sugar lipids iron thyroid vitamins inflammation electrolytes"
    " clotting hormones heart proteins urine stool infection allergy tumour_markers blood_gas immunology"
    " medicine_levels chemistry haematology serology",
    "documents": "lab prescription medicine_list imaging letter invoice pathology",
}
WORDS_IN_UNITS = "thousand hundred_thousand million billion trillion hour day minute second cells field low_field"

# The same form in two keys of a group, where its place tells them apart: "bis 5" and "3 bis 5", "M: 13-17" and "6 M".
BY_PLACE = {("ranges", "up_to", "to"), ("ranges", "men", "months"), ("ranges", "women", "weeks")}

# What reports were seen to print (units-as-printed.json of the research).
SEEN = {
    "%": ["%"],
    "mg/dL": ["% mg/dl", "%mg", "mg/dL", "mg/dL (calc)", "mg/dl"],
    "{ratio}": ["(calc)"],
    "/[HPF]": ["/HPF"],
    "/uL": ["/uL", "/ul", "cells/cumm", "cells/uL", "cumm"],
    "10*3/uL": [
        "1000/µL",
        "10^3 / µL",
        "10^3/mm^3",
        "10^3/uL",
        "10^3/µL",
        "Bin/µL",
        "Tsd./µl",
        "thou/mm3",
        "x1000/mm3",
        "x10E3/uL",
        "x10^3/uL",
        "x10³/µL",
    ],
    "10*12/L": ["10^12/L", "T/L", "×10¹²/l"],
    "10*6/uL": [
        "10^6/uL",
        "10^6/µL",
        "Mil/uL",
        "Milyon/µL",
        "Mio./µl",
        "mill/cmm",
        "mill/cu.mm",
        "mill/mm3",
        "million/mm3",
        "million/uL",
        "x10E6/uL",
        "x10⁶/µL",
    ],
    "10*9/L": ["10^9/L", "10^9/l", "G/L", "x10⁹/L", "×10⁹/l"],
    "[IU]/L": ["IU/L", "Iu/l", "UI/L"],
    "{index}": ["Index value"],
    "L/L": ["L/L", "l/l"],
    "pg": ["Pg", "pg"],
    "U/L": ["U/L", "U/l"],
    "U/mL": ["U/mL"],
    "fL": ["f", "fL", "fl", "u^3", "µ3"],
    "g/L": ["g/L"],
    "g/dL": ["g/dL", "g/dl", "gm/dl"],
    "kU/L": ["kU/L"],
    "10*5/uL": ["lakhs/cumm"],
    "meq/L": ["mEq/L", "mEq/l"],
    "mL/min/{1.73_m2}": [
        "mL/min/1,73 m²",
        "mL/min/1,73m²",
        "mL/min/1.73",
        "mL/min/1.73 sq.m",
        "mL/min/1.73m2",
        "mL/min/1.73m²",
        "ml/min/1,73 m²",
        "ml/min/1,73m²",
    ],
    "mU/L": ["mU/L", "mU/l"],
    "m[IU]/L": ["mUI/L"],
    "mg/L": ["mg/L", "mg/l"],
    "ug/dL": ["micg/dL", "micg/dl", "ug/dL"],
    "mm": ["mm"],
    "mm/h": ["mm/h", "mm/hr", "mm/uur"],
    "mmol/L": ["mmol/L", "mmol/l"],
    "mmol/mol": ["mmol/mol"],
    "m[IU]/mL": ["mu/ml"],
    "ng/L": ["ng/L"],
    "ng/dL": ["ng/dL"],
    "ng/mL": ["ng/mL", "ng/ml"],
    "nmol/L": ["nmol/l"],
    "pg/mL": ["pg/mL", "pg/ml"],
    "pmol/L": ["pmol/l"],
    "u[IU]/mL": ["uIU/mL", "µIU/mL", "µIU/ml", "µUI/mL"],
    "ug/L": ["µg/L", "µg/l"],
    "ukat/L": ["µkat/l"],
    "umol/L": ["µmol/L", "µmol/l"],
}


@cache
def load(name: str) -> dict[str, Any]:
    data = yaml.load((PRINTED / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert isinstance(data, dict)
    return data


def folded(form: str) -> str:
    """Without case, spaces and punctuation; a form that is nothing but signs (`+`, `(-)`) stays as it is."""
    text = form.casefold()
    letters = "".join(sign for sign in text if unicodedata.category(sign)[0] not in "PZC")
    return letters if any(sign.isalnum() for sign in letters) else "".join(text.split())


def plain(form: str) -> str:
    """`folded`, and without accents; the vowel signs of Devanagari are letters."""
    parts = unicodedata.normalize("NFD", folded(form).translate(str.maketrans("łıøđ", "liod")))
    kept = "".join(sign for sign in parts if not unicodedata.combining(sign) or "\u0900" <= sign <= "\u097f")
    return unicodedata.normalize("NFC", kept)


def texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    else:
        for part in data.items() if isinstance(data, dict) else data:
            yield from texts(part)


@pytest.mark.parametrize("language", LANGUAGES)
class TestLanguage:
    def test_has_every_key_and_no_other(self, language: str) -> None:
        data = load(language)
        assert set(data) == {*KEYS, "units", "comment_starts"}
        for group, keys in KEYS.items():
            assert list(data[group]) == keys.split(), group
            assert all(isinstance(forms, list) and forms for forms in data[group].values()), group
        assert isinstance(data["comment_starts"], list)
        assert data["comment_starts"]
        assert set(data["units"].values()) <= set(WORDS_IN_UNITS.split())

    def test_is_clean_text(self, language: str) -> None:
        for text in texts(load(language)):
            assert text, "an empty form"
            assert text == " ".join(text.split())
            assert unicodedata.is_normalized("NFC", text), text
            assert not any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn") for sign in text), text

    def test_is_read_the_same_by_any_yaml_reader(self, language: str) -> None:
        text = (PRINTED / f"{language}.yaml").read_text(encoding="utf-8")
        assert yaml.safe_load(text) == load(language), "a form must be quoted: `no`, `on`, `y`, `1` …"

    def test_gives_each_form_once(self, language: str) -> None:
        data = load(language)
        lists = {f"{group}.{key}": forms for group in KEYS for key, forms in data[group].items()}
        lists["comment_starts"] = data["comment_starts"]
        for where, forms in lists.items():
            known = [plain(form) for form in forms]
            assert len(known) == len(set(known)), (where, [form for form in forms if known.count(plain(form)) > 1])

    def test_gives_no_form_two_meanings(self, language: str) -> None:
        for group in KEYS:
            meanings = defaultdict[str, list[str]](list)
            for key, forms in load(language)[group].items():
                for form in forms:
                    meanings[plain(form)].append(key)
            for form, keys in meanings.items():
                for pair in combinations(keys, 2):
                    assert (group, *pair) in BY_PLACE, (group, form, keys)

    def test_keeps_signs_that_mean_one_thing_as_a_flag_and_another_as_a_result(self, language: str) -> None:
        data = load(language)
        for sign, flag, result in (("+", "high", "positive"), ("-", "low", "negative")):
            assert sign in data["flags"][flag]
            assert sign in data["results"][result]

    def test_knows_the_words_that_every_report_has(self, language: str) -> None:
        data = load(language)
        assert {"H", "↑", ">"} <= set(data["flags"]["high"])
        assert {"L", "↓", "<"} <= set(data["flags"]["low"])
        assert {"<", "≤"} <= set(data["ranges"]["up_to"])
        assert {">", "≥"} <= set(data["ranges"]["at_least"])
        assert {"-", "–"} <= set(data["ranges"]["to"])
        for group in ("headings", "results", "labels", "sections"):
            for key, forms in data[group].items():
                assert len(forms) >= 5, (group, key)


# --- Units --------------------------------------------------------------------------------------------------

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")


def mechanical(form: str) -> str:
    """What code does to every printed unit before it is looked up; only the rest stands in the file."""
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+", lambda found: "^" + found[0].translate(_RAISED), form)
    text = "".join(text.translate(str.maketrans("µμ−·,", "uu-..")).split())
    text = re.sub(r"^[×xX*](?=10)", "", text)
    text = re.sub(r"(?<![0-9])10(?:\*\*|\*|\^|[eE]\+?)(?=-?[0-9])", "10^", text)
    return re.sub(r"(?<![a-zA-Z])([mdcunpfk]?)l(?![a-zA-Z])", r"\1L", text)


def code_of(form: str) -> str | None:
    exact = {mechanical(text): code for text, code in load("units")["case_sensitive"].items()}
    return exact.get(mechanical(form)) or any_case().get(mechanical(form).casefold())


@cache
def any_case() -> dict[str, str]:
    return {mechanical(form).casefold(): code for code, forms in load("units")["units"].items() for form in forms}


class TestUnits:
    def test_is_clean_text(self) -> None:
        assert set(load("units")) == {"units", "case_sensitive"}
        for text in texts(load("units")):
            assert text == " ".join(text.split())
            assert unicodedata.is_normalized("NFC", text), text
        assert yaml.safe_load((PRINTED / "units.yaml").read_text(encoding="utf-8")) == load("units")

    def test_every_code_is_ucum_and_understood(self) -> None:
        ucum = get_ucum_parser()
        codes = {*load("units")["units"], *load("units")["case_sensitive"].values()}
        for code in codes:
            ucum.parse(code)
            parse_unit(code)
        assert len(codes) >= 180

    def test_every_form_is_one_unit(self) -> None:
        owners: dict[str, str] = {}
        for code, forms in load("units")["units"].items():
            assert forms, code
            for form in forms:
                known = mechanical(form).casefold()
                assert known not in owners, (form, code, owners[known])
                owners[known] = code
        assert len(owners) >= 700
        exact = load("units")["case_sensitive"]
        assert len({mechanical(form) for form in exact}) == len(exact)
        twice = {mechanical(form).casefold() for form in exact} & set(owners)
        assert not twice, twice

    def test_what_is_case_sensitive_needs_to_be(self) -> None:
        meanings = defaultdict[str, set[str]](set)
        for form, code in load("units")["case_sensitive"].items():
            meanings[mechanical(form).casefold()].add(code)
        assert all(len(codes) > 1 for codes in meanings.values()), meanings

    @pytest.mark.parametrize(("code", "form"), [(code, form) for code, forms in SEEN.items() for form in forms])
    def test_what_was_seen_is_found(self, code: str, form: str) -> None:
        assert code_of(form) == code

    @pytest.mark.parametrize(
        ("form", "code"),
        [
            ("G/l", "10*9/L"),
            ("g/l", "g/L"),
            ("Г/л", "10*9/L"),
            ("г/л", "g/L"),
            ("mM", "mmol/L"),
            ("mm", "mm"),
            ("MG/DL", "mg/dL"),
            ("x 10⁹ / L", "10*9/L"),
            ("10E3/µl", "10*3/uL"),
            ("tys./µl", "10*3/uL"),
            ("тис/мкл", "10*3/uL"),
            ("МО/мл", "[IU]/mL"),
            ("kIE/l", "k[IU]/L"),
            ("в п/зр", "/[HPF]"),
            ("/Gesichtsfeld", "/[HPF]"),
            ("mm/1ère heure", "mm/h"),
            ("mL/dk/1,73 m²", "mL/min/{1.73_m2}"),
            ("мл/хв/1,73 м²", "mL/min/{1.73_m2}"),
            ("mg/g Kreatinin", "mg/g{creat}"),
            ("ng/mL FEU", "ng{FEU}/mL"),
            ("log10 copies/mL", "{Log_copies}/mL"),
            ("mg/24 Std.", "mg/(24.h)"),
            ("‰", "10*-3"),
            ("furlongs", None),
        ],
    )
    def test_habits(self, form: str, code: str | None) -> None:
        assert code_of(form) == code

"""Files that people bring: what becomes of them, what they are told about the rest. All files here are invented."""

from __future__ import annotations

import json
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helder.app import open_app
from helder.medicines.importers import ddinter, fhir, local, openfda, spl, thesaurus
from helder.medicines.importers.model import KINDS, Imported, ImportedHit, ImportedRule, ImportedSource
from helder.medicines.importers.pairs import Indexed, hits
from helder.medicines.items import Recogniser
from helder.medicines.plan import fhir as fhir_out

DATA = Path(__file__).parent.parent / "data" / "importers"
FILES = {
    "openfda": "openfda.json",
    "spl": "spl.xml",
    "thesaurus": "thesaurus.json",
    "ddinter": "ddinter.csv",
    "fhir": "fhir.json",
}
HEADER = "DDInterID_A,Drug_A,DDInterID_B,Drug_B,Level\n"


@pytest.fixture(scope="module")
def names() -> Recogniser:
    return open_app().medicines.recogniser


def made(kind: str, names: Recogniser) -> Imported:
    return local.PARSERS[kind]((DATA / FILES[kind]).read_bytes(), names)  # type: ignore[index]


def found(names: Recogniser, imported: Imported, *typed: str) -> tuple[ImportedHit, ...]:
    """Hits between things as a Dutch person types them."""
    told = names.recognise(list(typed), "nl")
    return hits(imported.rules, told.items, told.unknown)


def said(imported: Imported) -> str:
    return "\n".join(map(str, imported.problems))


def csv_of(names: Recogniser, text: str | bytes) -> Imported:
    return ddinter.parse(text if isinstance(text, bytes) else text.encode(), names)


def bundle(*resources: object) -> bytes:
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": made} for made in resources]}).encode()


def statement(**fields: object) -> dict[str, object]:
    usual = {"resourceType": "MedicationStatement", "status": "active", "medicationCodeableConcept": {"text": "zink"}}
    return usual | fields


# --- a pair is found by the names that people type ------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "level", "severity"),
    [
        ("openfda", ("ciprofloxacine 500 mg", "tizanidine"), "Contraindications", "contraindicated"),
        ("openfda", ("theofylline", "Ciproxin"), "", None),
        ("openfda", ("ciprofloxacine", "fenytoïne"), "", None),
        ("spl", ("simvastatine", "claritromycine"), "Contraindications", "contraindicated"),
        ("spl", ("amlodipine 5 mg", "simvastatine 20 mg"), "", None),
        ("thesaurus", ("colchicine", "claritromycine"), "CONTRE-INDICATION", "contraindicated"),
        ("thesaurus", ("lithium", "ibuprofen"), "Association DECONSEILLEE", "avoid"),
        ("ddinter", ("warfarine", "ibuprofen"), "Major", None),
        ("ddinter", ("ciprofloxacine", "magnesiumcitraat"), "Moderate", None),
        ("ddinter", ("acetylsalicylzuur", "warfarine"), "Unknown", None),
    ],
)
def test_a_pair_in_a_file_is_found_by_dutch_names(
    names: Recogniser, kind: str, typed: tuple[str, str], level: str, severity: str | None
) -> None:
    first = found(names, made(kind, names), *typed)[0]
    assert (first.rule.level, first.rule.severity, first.rule.origin) == (level, severity, kind)
    assert set(first.items) == {0, 1}


def test_a_bundle_becomes_items_that_a_check_understands(names: Recogniser) -> None:
    told = [item.told() for item in made("fhir", names).items]
    understood = names.recognise(told, "nl")
    assert understood.unknown == ()
    assert understood.problems == ()
    cipro, tizanidine, alendronate = understood.items
    assert (cipro.substances, cipro.times_a_day, cipro.at, cipro.prescribed) == (
        ("ciprofloxacin",),
        2,
        (480, 1200),
        True,
    )
    assert (str(cipro.since), str(cipro.until), str(cipro.parts[0].amount and cipro.parts[0].amount.low)) == (
        "2026-11-20",
        "2026-11-27",
        "500",
    )
    assert (tizanidine.substances, tizanidine.times_a_day, tizanidine.as_needed) == (("tizanidine",), 3, True)
    assert (alendronate.substances, alendronate.times_a_day, alendronate.every_days) == (("alendronate",), 1, 7)


# --- pairs ----------------------------------------------------------------------------------------------------


def test_the_order_in_which_things_are_told_changes_only_their_places(names: Recogniser) -> None:
    imported = made("ddinter", names)
    one, other = found(names, imported, "warfarine", "ibuprofen"), found(names, imported, "ibuprofen", "warfarine")
    assert [hit.rule for hit in one] == [hit.rule for hit in other]
    assert (one[0].items, other[0].items) == ((0, 1), (1, 0))


def test_a_pair_that_a_file_names_twice_is_said_once(names: Recogniser) -> None:
    assert len(found(names, made("thesaurus", names), "lithium", "ibuprofen")) == 1


def test_a_pair_with_two_levels_keeps_both_with_what_each_depends_on(names: Recogniser) -> None:
    both = found(names, made("thesaurus", names), "methotrexaat", "aspirine")
    assert [hit.rule.severity for hit in both] == ["contraindicated", "monitor"]
    assert "doses élevées" in both[0].rule.text


def test_a_class_that_a_label_names_reaches_its_members_and_not_the_medicine_itself(names: Recogniser) -> None:
    imported = made("spl", names)
    assert [hit.about for hit in found(names, imported, "simvastatine", "itraconazol")] == [
        ("simvastatin", "itraconazole")
    ]
    assert found(names, imported, "simvastatine", "simvastatine") == ()


def test_a_label_of_two_substances_together_says_nothing_about_one_of_them_alone(names: Recogniser) -> None:
    imported = made("openfda", names)
    assert found(names, imported, "trimethoprim", "warfarine") == ()
    assert found(names, imported, "cotrimoxazol", "warfarine") != ()


def test_something_not_in_our_data_is_found_by_its_name_as_the_file_writes_it(names: Recogniser) -> None:
    [hit] = found(names, made("ddinter", names), "warfarine", "Examplimab, Human")
    assert (hit.rule.a, hit.rule.substances_a, hit.about) == ("Examplimab, human", (), ("examplimab human", "warfarin"))


def test_what_no_file_names_gives_nothing(names: Recogniser) -> None:
    assert found(names, made("ddinter", names), "metformine", "paracetamol") == ()
    assert found(names, made("ddinter", names), "warfarine") == ()


def test_the_index_says_the_same_as_a_walk_over_all_rules(names: Recogniser) -> None:
    rules = [rule for kind in ("openfda", "spl", "thesaurus", "ddinter") for rule in made(kind, names).rules]
    items = names.recognise(["warfarine", "ibuprofen", "ciprofloxacine", "tizanidine", "lithium"], "nl").items
    slow = {
        (rule.place, rule.a, rule.b)
        for rule in rules
        for one in items
        for other in items
        if one is not other
        and not rule.whole_a
        and any(
            a != b
            for a in set(rule.substances_a) & {*one.substances}
            for b in set(rule.substances_b) & {*other.substances}
        )
    }
    once = {frozenset((rule[1].casefold(), rule[2].casefold())) for rule in slow}
    assert {frozenset((h.rule.a.casefold(), h.rule.b.casefold())) for h in hits(Indexed(rules), items)} == once


# --- labels ---------------------------------------------------------------------------------------------------


def partners(imported: Imported) -> set[str]:
    return {rule.b for rule in imported.rules}


def label(names: Recogniser, *, generic: str = "WARFARIN SODIUM", **sections: object) -> Imported:
    file = {"results": [{"openfda": {"generic_name": [generic]}, **sections}]}
    return openfda.parse(json.dumps(file).encode(), names)


def test_a_label_tells_whose_it_is_and_from_when(names: Recogniser) -> None:
    source = made("openfda", names).rules[0].source
    assert (source.date, source.version, source.id) == ("2024-01-15", "7", "00000000-aaaa-4bbb-8ccc-000000000001")
    source = made("spl", names).rules[0].source
    assert (source.title, source.date, source.version) == (
        "EXAMPLEVA (simvastatin) tablet, film coated",
        "2023-09-14",
        "12",
    )


def test_a_salt_a_blood_value_and_a_lesser_class_are_no_medicines_that_are_named(names: Recogniser) -> None:
    text = (
        "Watch serum potassium. Diclofenac sodium may bleed. Moderate CYP3A4 inhibitors are fine. Calcium levels fell."
    )
    assert partners(label(names, drug_interactions=[text])) == {"diclofenac sodium"}


def test_an_allergy_among_contraindications_is_no_ban_on_taking_both(names: Recogniser) -> None:
    text = "Asthma after aspirin. Concomitant use with phenytoin. Concomitant use of digoxin in patients with diabetes."
    words = {rule.b: rule.severity for rule in label(names, contraindications=[text]).rules}
    assert words == {"aspirin": None, "phenytoin": "contraindicated", "digoxin": None}


def test_a_title_of_a_part_may_be_all_that_names_the_medicine(names: Recogniser) -> None:
    [rule] = [rule for rule in made("spl", names).rules if rule.b == "amlodipine"]
    assert rule.text == "7.2 Amlodipine: Do not exceed the lower dose of Exampleva"


def test_a_row_of_a_table_stays_whole(names: Recogniser) -> None:
    [rule] = [rule for rule in made("openfda", names).rules if rule.b == "phenytoin"]
    assert rule.text == "Phenytoin | Serum levels of phenytoin may be altered & should be watched"


def test_labels_that_could_not_be_used_are_named(names: Recogniser) -> None:
    told = said(made("openfda", names))
    assert "results[2]: expected a section on interactions" in told
    assert "results[3]: expected a medicine's name" in told


def test_sentences_that_name_nothing_we_know_are_counted(names: Recogniser) -> None:
    imported = label(names, drug_interactions=["Avoid digoxin. Avoid examplimab. Ask before use."])
    assert partners(imported) == {"digoxin"}
    [problem] = imported.problems
    assert (problem.place.split(", ")[0], problem.count) == ("results[0].drug_interactions", 2)


def test_a_label_of_a_medicine_we_lack_keeps_its_name(names: Recogniser) -> None:
    [rule] = label(names, generic="EXAMPLIMAB", drug_interactions=["Avoid warfarin."]).rules
    assert (rule.a, rule.substances_a, rule.substances_b) == ("EXAMPLIMAB", (), ("warfarin",))


def test_a_very_long_text_is_cut_and_shows_it(names: Recogniser) -> None:
    [rule] = label(names, drug_interactions=["Digoxin " + "and so on " * 5000]).rules
    assert len(rule.text) <= 700
    assert rule.text.endswith("…")


@pytest.mark.parametrize(
    "wrong",
    [
        {"results": "none"},
        {"error": {"code": "NOT_FOUND"}},
        {"results": []},
        {"results": [1, None, [], "label"]},
        {"results": [{"openfda": []}]},
        {"results": [{"openfda": {"generic_name": "warfarin"}}]},
        {"results": [{"openfda": {"generic_name": ["warfarin"]}, "drug_interactions": "digoxin"}]},
        {"results": [{"openfda": {"generic_name": ["warfarin"]}, "drug_interactions": [5, {}]}]},
    ],
)
def test_labels_of_another_shape_are_named(names: Recogniser, wrong: object) -> None:
    imported = openfda.parse(json.dumps(wrong).encode(), names)
    assert imported.rules == ()
    assert imported.problems


BOMB = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><document>&b;</document>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOMB, "without a document type"),
        (OUTSIDE, "without a document type"),
        ("<!DOCTYPE html><html></html>", "without a document type"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><document/>', "another encoding"),
        ("<document><unclosed>", "cut off"),
        ("<html/>", "HL7 v3"),
        ('<document xmlns="urn:hl7-org:v3"/>', "a medicine's name"),
        ("<a>" * 50_000, "cut off"),
        ("<a>" * 50_000 + "</a>" * 50_000, "HL7 v3"),
    ],
)
def test_harmful_or_broken_xml_is_refused_by_name(names: Recogniser, text: str, expected: str) -> None:
    imported = spl.parse(text.encode(), names)
    assert expected in said(imported)
    assert imported.rules == ()


def test_a_label_that_is_nested_without_end_is_read_without_harm(names: Recogniser) -> None:
    deep = '<code code="34073-7"/><text>' + "<list><item>" * 20_000 + "warfarin" + "</item></list>" * 20_000 + "</text>"
    medicine = "<manufacturedProduct><name>ibuprofen</name></manufacturedProduct>"
    text = f'<document xmlns="urn:hl7-org:v3">{medicine}<section>{deep}</section></document>'
    assert partners(spl.parse(text.encode(), names)) == {"warfarin"}


# --- the French thesaurus ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "word"),
    [
        ("CONTRE-INDICATION", "contraindicated"),
        ("Contre-indication", "contraindicated"),
        ("Association DECONSEILLEE", "avoid"),
        ("Association déconseillée", "avoid"),
        ("Précaution d'emploi", "monitor"),
        ("Précaution d’emploi", "monitor"),
        ("A prendre en compte", "info"),
        ("Il convient de prendre en compte", "info"),
        ("CI - ASDEC", None),
    ],
)
def test_the_four_french_levels_have_one_meaning_and_others_stay_as_told(
    names: Recogniser, level: str, word: str | None
) -> None:
    entry = {"main_drug": "FER", "plus_drug": "TETRACYCLINE", "severity_levels": [{"level": level, "info": ""}]}
    imported = thesaurus.parse(json.dumps([entry]).encode(), names)
    assert [(rule.level, rule.severity) for rule in imported.rules] == [(level, word)]
    assert bool(imported.problems) is (word is None)


def test_a_pair_whose_level_the_converter_missed_is_kept_and_named(names: Recogniser) -> None:
    imported = made("thesaurus", names)
    [rule] = [rule for rule in imported.rules if rule.a == "EXEMPLOMYCINE"]
    assert (rule.level, rule.severity, rule.text) == ("", None, "Niveau illisible.")
    assert "entry[5]: expected severity_levels" in said(imported)


@pytest.mark.parametrize("wrong", [[], {}, [1], [{}], [{"main_drug": 1, "plus_drug": []}], "x", 5, {"pddis": {}}])
def test_a_thesaurus_of_another_shape_is_named(names: Recogniser, wrong: object) -> None:
    imported = thesaurus.parse(json.dumps(wrong).encode(), names)
    assert imported.rules == ()
    assert imported.problems


# --- DDInter ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    [
        b"\xef\xbb\xbf" + HEADER.encode() + b"DDInter1,Warfarin,DDInter2,Ibuprofen,Major\n",
        HEADER.replace(",", ";") + "DDInter1;Warfarin;DDInter2;Ibuprofen;Major\n",
        HEADER.replace(",", "\t") + "DDInter1\tWarfarin\tDDInter2\tIbuprofen\tMajor",
        HEADER.replace("\n", "\r\n") + '"DDInter1","Warfarin\r\n","DDInter2","Ibuprofen","Major"\r\n',
        "Level,Drug_B,Drug_A,DDInterID_A,DDInterID_B\nMajor,Ibuprofen,Warfarin,DDInter1,DDInter2\n",
    ],
    ids=["byte order mark", "semicolons", "tabs", "quotes and line breaks", "other order"],
)
def test_a_spreadsheet_may_have_saved_the_table_in_another_way(names: Recogniser, file: str | bytes) -> None:
    imported = csv_of(names, file)
    assert [(rule.a, rule.b, rule.level) for rule in imported.rules] == [("Warfarin", "Ibuprofen", "Major")]
    assert imported.problems == ()


GOOD = "DDInter1,Warfarin,DDInter2,Ibuprofen,Major\n"


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("DDInter1,Warfarin,DDInter2\n", "line 2: expected as many cells"),
        ("DDInter1,Warfarin,DDInter2,Ibuprofen,Major,Minor\n", "line 2: expected as many cells"),
        ("DDInter1,Warfarin,DDInter2,,Major\n", "line 2: expected two different names"),
        ("DDInter1,Warfarin,DDInter2,WARFARIN,Major\n", "line 2: expected two different names"),
        ("DDInter1,War\0farin,DDInter2,Ibuprofen,Major\n", "line 2: expected two different names"),
        (f"DDInter1,{'W' * 5000},DDInter2,Ibuprofen,Major\n", "line 2: expected two different names"),
        (f"DDInter1,{'W' * 200_000},DDInter2,Ibuprofen,Major\n", "line 2: expected a row whose quotes are closed"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_the_next_is_read(names: Recogniser, row: str, place: str) -> None:
    imported = csv_of(names, HEADER + row + GOOD)
    assert place in said(imported)
    assert len(imported.rules) == 1


def test_rows_that_an_open_quote_swallows_are_all_counted(names: Recogniser) -> None:
    imported = csv_of(names, HEADER + GOOD + 'DDInter1,"Warfarin,DDInter2,Ibuprofen,Major\n' + GOOD * 40_000)
    assert len(imported.rules) + sum(problem.count for problem in imported.problems) == 40_002


def test_an_unknown_level_is_kept_as_told_and_named(names: Recogniser) -> None:
    imported = csv_of(names, HEADER + GOOD.replace("Major", "Severe"))
    assert (imported.rules[0].level, imported.rules[0].severity) == ("Severe", None)
    assert "line 2: expected a level" in said(imported)


@pytest.mark.parametrize("text", ["Drug_A,Drug_B\nWarfarin,Ibuprofen\n", HEADER, "\n\n", '"', "{}"])
def test_a_table_without_its_header_or_rows_is_named(names: Recogniser, text: str) -> None:
    assert csv_of(names, text).problems


def test_many_bad_rows_make_one_problem_with_a_count(names: Recogniser) -> None:
    [problem] = csv_of(names, HEADER + GOOD + "x,y\n" * 1000).problems
    assert (problem.count, problem.place) == (1000, "line 3, line 4, line 5, line 6, line 7, …")


# --- FHIR -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repeat", "times", "days", "named"),
    [
        ({"frequency": 2, "period": 1, "periodUnit": "d"}, "2", 1, False),
        ({"frequency": 1, "period": 8, "periodUnit": "h"}, "3", 1, False),
        ({"frequency": 1, "period": 48, "periodUnit": "h"}, "1", 2, False),
        ({"frequency": 1, "period": 0.5, "periodUnit": "d"}, "2", 1, False),
        ({"frequency": 1, "period": 2, "periodUnit": "wk"}, "1", 14, False),
        ({"frequency": 14, "period": 1, "periodUnit": "wk"}, "2", 1, False),
        ({"timeOfDay": ["08:00:00", "20:00:00"]}, "2", 1, False),
        ({"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["mon"]}, "1", 7, False),
        ({"frequency": 2, "period": 1, "periodUnit": "wk"}, "", 1, True),
        ({"frequency": 1, "period": 1, "periodUnit": "mo"}, "", 1, True),
        ({"frequency": 1, "frequencyMax": 2, "period": 1, "periodUnit": "d"}, "", 1, True),
        ({"frequency": 1, "period": 1, "periodUnit": "d", "timeOfDay": ["08:00:00", "20:00:00"]}, "", 1, True),
        ({"frequency": 1, "period": 1, "periodUnit": "d", "dayOfWeek": ["mon", "thu"]}, "", 1, True),
        ({"frequency": 0, "period": 1, "periodUnit": "d"}, "", 1, True),
        ({"frequency": "2", "period": 1, "periodUnit": "d"}, "", 1, True),
        ({"frequency": 1e300, "period": 1, "periodUnit": "d"}, "", 1, True),
        ({"frequency": 1000, "period": 1, "periodUnit": "d"}, "", 1, True),
    ],
)
def test_how_often_is_read_or_left_open_and_named(
    names: Recogniser, repeat: dict[str, Any], times: str, days: int, named: bool
) -> None:
    imported = fhir.parse(bundle(statement(dosage=[{"timing": {"repeat": repeat}}])), names)
    [item] = imported.items
    assert (item.times_per_day, item.every_days) == (times, days)
    assert bool(imported.problems) is named


@pytest.mark.parametrize(
    ("quantity", "dose", "unit", "count"),
    [
        ({"value": 400, "unit": "mg", "code": "mg"}, "400", "mg", ""),
        ({"value": 2.5, "unit": "milliliter", "code": "mL"}, "2.5", "mL", ""),
        ({"value": 1000, "unit": "IE", "code": "[iU]"}, "1000", "IU", ""),
        ({"value": 0.5, "unit": "Tablet"}, "", "", "0.5"),
        ({"value": 2, "unit": "sachets"}, "", "", ""),
        ({"value": 2, "unit": "mg", "comparator": "<"}, "", "", ""),
        ({"value": True, "unit": "mg"}, "", "", ""),
    ],
)
def test_a_dose_is_read_or_left_open_and_named(
    names: Recogniser, quantity: dict[str, Any], dose: str, unit: str, count: str
) -> None:
    dosage = {
        "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
        "doseAndRate": [{"doseQuantity": quantity}],
    }
    imported = fhir.parse(bundle(statement(dosage=[dosage])), names)
    [item] = imported.items
    assert (item.dose, item.unit, item.count) == (dose, unit, count)
    assert bool(imported.problems) is not bool(dose or count)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "stopped"},
        {"status": "entered-in-error"},
        {"status": "not-taken"},
        {"resourceType": "MedicationRequest", "intent": "proposal"},
        {"resourceType": "MedicationRequest", "doNotPerform": True},
    ],
)
def test_what_is_not_taken_now_is_left_out_and_named(names: Recogniser, fields: dict[str, object]) -> None:
    imported = fhir.parse(bundle(statement(**fields)), names)
    assert imported.items == ()
    assert "entry[0]: expected something taken now" in said(imported)


@pytest.mark.parametrize(
    "fields",
    [
        {"medicationReference": {"reference": "Medication/m1"}},
        {"medicationReference": {"reference": "https://example.org/fhir/Medication/m1"}},
        {"medicationReference": {"reference": "#in"}, "contained": [{"id": "in", "code": {"text": "zink"}}]},
        {"medicationReference": {"display": "zink"}},
    ],
)
def test_a_medicine_is_found_by_every_way_to_refer_to_it(names: Recogniser, fields: dict[str, object]) -> None:
    medication = {"resourceType": "Medication", "id": "m1", "code": {"coding": [{}, {"display": "zink"}]}}
    told = statement(medicationCodeableConcept=None, **fields)
    assert [item.name for item in fhir.parse(bundle(told, medication), names).items] == ["zink"]


def test_nothing_about_the_person_stands_in_a_problem(names: Recogniser) -> None:
    person = {"resourceType": "Patient", "name": [{"family": "Geheim"}], "birthDate": "1950-01-01"}
    odd = statement(status="stopped", note=[{"text": "Geheim"}], medicationCodeableConcept={"text": "Geheim"})
    unnamed = statement(medicationCodeableConcept={}, subject={"display": "Geheim"})
    imported = fhir.parse(bundle(person, odd, unnamed, {"resourceType": "Geheim 1950"}), names)
    assert sum(problem.count for problem in imported.problems) == 5
    assert "Geheim" not in said(imported)


def test_what_is_told_twice_becomes_one_item(names: Recogniser) -> None:
    imported = fhir.parse(bundle(statement(), statement()), names)
    assert len(imported.items) == 1
    assert "the same was told again" in said(imported)


def test_our_own_bundle_comes_back_as_it_went_out(names: Recogniser) -> None:
    told = [
        {"name": "metformine", "dose": "500", "unit": "mg", "times_per_day": 2},
        {"name": "alendroninezuur", "times_per_day": 1, "every_days": 7, "since": "2026-01-05"},
        {"name": "paracetamol", "dose": "500", "unit": "mg", "as_needed": True},
    ]
    before = names.recognise(told, "nl").items
    imported = fhir.parse(json.dumps(fhir_out.bundle(before, None)).encode(), names)
    after = names.recognise([item.told() for item in imported.items], "nl").items
    assert [(item.parts, item.every_days, item.as_needed, item.since) for item in after] == [
        (item.parts, item.every_days, item.as_needed, item.since) for item in before
    ]
    assert imported.problems == ()


@pytest.mark.parametrize("wrong", [[], {"resourceType": "Patient"}, {"resourceType": "Bundle"}, "x", None, 3])
def test_a_file_that_is_no_bundle_is_named(names: Recogniser, wrong: object) -> None:
    imported = fhir.parse(json.dumps(wrong).encode(), names)
    assert imported.items == ()
    assert imported.problems


# --- anything at all ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"\xef\xbb\xbf", b"\xff\xfe{\x00}\x00", "café".encode("latin-1"), b"\0" * 9]
)
def test_an_empty_file_or_one_in_another_encoding_is_named(names: Recogniser, kind: str, data: bytes) -> None:
    imported = local.PARSERS[kind](data, names)  # type: ignore[index]
    assert (imported.rules, imported.items) == ((), ())
    assert imported.problems


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_cut_off_is_named_or_read_as_far_as_it_goes(names: Recogniser, kind: str) -> None:
    whole = (DATA / FILES[kind]).read_bytes()
    imported = local.PARSERS[kind](whole[: len(whole) * 2 // 3], names)  # type: ignore[index]
    assert imported.problems


@pytest.mark.parametrize("kind", ["openfda", "thesaurus", "fhir"])
def test_json_that_is_nested_without_end_is_refused_by_name(names: Recogniser, kind: str) -> None:
    for deep in (b"[" * 200_000, b'{"results":' * 100_000, b"[" * 90_000 + b"]" * 90_000):
        assert local.PARSERS[kind](deep, names).problems  # type: ignore[index]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(data=st.binary(max_size=300))
def test_no_bytes_make_an_importer_fail(kind: str, data: bytes) -> None:
    parsed = local.PARSERS[kind](data, open_app().medicines.recogniser)  # type: ignore[index]
    assert parsed.rules or parsed.items or parsed.problems


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(at=st.floats(0, 1), cut=st.integers(0, 40), put=st.binary(max_size=20))
def test_no_damage_to_a_good_file_makes_an_importer_fail(kind: str, at: float, cut: int, put: bytes) -> None:
    whole = (DATA / FILES[kind]).read_bytes()
    start = int(at * len(whole))
    parsed = local.PARSERS[
        kind
    ](  # type: ignore[index]
        whole[:start] + put + whole[start + cut :], open_app().medicines.recogniser
    )
    assert parsed.rules or parsed.items or parsed.problems


KEYS = (
    "results openfda generic_name substance_name drug_interactions drug_interactions_table contraindications version "
    "main_drug plus_drug severity_levels level info interaction_mechanism entry resource resourceType status dosage "
    "medicationCodeableConcept medicationReference reference text coding display code contained id timing repeat "
    "frequency period periodUnit timeOfDay when dayOfWeek doseAndRate doseQuantity value unit effectivePeriod start"
)
WORDS = "warfarin MedicationStatement Medication Bundle active d h mg mon 08:00:00 2026-11-22 \0 <td> . Medication/x"
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS.split(" ")) | st.text(max_size=9)
)
SHAPES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=150)
@given(inner=st.dictionaries(st.sampled_from(KEYS.split()), SHAPES, max_size=8))
def test_no_shape_of_json_makes_an_importer_fail(inner: dict[str, object]) -> None:
    names = open_app().medicines.recogniser
    named = {"main_drug": "FER", "plus_drug": "ZINC", "openfda": {"generic_name": ["zinc"]}} | inner
    told = statement(dosage=[inner, {"timing": {"repeat": inner}, "doseAndRate": [inner]}])
    files: Sequence[tuple[str, object]] = [
        ("openfda", {"results": [inner, named]}),
        ("thesaurus", [inner, named]),
        ("fhir", {"resourceType": "Bundle", "entry": [inner, {"resource": told | inner}, {"resource": told}]}),
    ]
    for kind, file in files:
        try:
            data = msgspec.json.encode(file)
        except (ValueError, OverflowError, UnicodeEncodeError):
            return
        parsed = local.PARSERS[kind](data, names)  # type: ignore[index]
        assert parsed.rules or parsed.items or parsed.problems


# --- kept on the machine ------------------------------------------------------------------------------------------


def test_an_import_is_kept_listed_loaded_and_removed(names: Recogniser, tmp_path: Path) -> None:
    summary = local.run("ddinter", DATA / "ddinter.csv", tmp_path / "kept", names)
    assert (summary.rules, summary.known, summary.reviewed, summary.problems) == (5, 4, False, ())
    assert summary.id is not None
    [kept] = local.imports(tmp_path / "kept")
    assert (kept.id, kept.file, kept.rules) == (summary.id, "ddinter.csv", 5)
    assert local.load(tmp_path / "kept").rules == made("ddinter", names).rules
    assert local.remove(summary.id, tmp_path / "kept")
    assert not local.remove(summary.id, tmp_path / "kept")
    assert local.load(tmp_path / "kept") == Imported()


def test_the_same_file_twice_is_kept_once_and_only_its_owner_may_read_it(names: Recogniser, tmp_path: Path) -> None:
    for _ in range(2):
        local.run("thesaurus", DATA / "thesaurus.json", tmp_path, names)
    [file] = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_a_person_takes_is_given_back_and_not_kept(names: Recogniser, tmp_path: Path) -> None:
    summary = local.run("fhir", DATA / "fhir.json", tmp_path / "kept", names)
    assert [item.name for item in summary.items][1] == "tizanidine"
    assert not (tmp_path / "kept").exists()


def test_a_file_that_cannot_be_imported_is_named_and_nothing_is_kept(
    names: Recogniser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(local.MOST_BYTES, "ddinter", 20)
    (tmp_path / "packed.zip").write_bytes(b"PK\x03\x04 and more")
    (tmp_path / "blocked").write_text("a file where the folder should be")
    kept = tmp_path / "kept"
    cases = [
        local.run("ddinter", DATA / "ddinter.csv", kept, names),
        local.run("ddinter", tmp_path / "missing.csv", kept, names),
        local.run("ddinter", tmp_path, kept, names),
        local.run("magic", DATA / "ddinter.csv", kept, names),
        local.run("openfda", tmp_path / "packed.zip", kept, names),
        local.run("spl", DATA / "spl.xml", tmp_path / "blocked", names),
    ]
    assert [summary.id for summary in cases] == [None] * 6
    assert all(summary.problems for summary in cases)
    assert not kept.exists()


def test_a_kept_import_that_was_damaged_is_named(names: Recogniser, tmp_path: Path) -> None:
    summary = local.run("ddinter", DATA / "ddinter.csv", tmp_path, names)
    file = tmp_path / f"{summary.id}.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], b"{broken\n"]))
    imported = local.load(tmp_path)
    assert len(imported.rules) == 1
    assert "line 3" in said(imported)
    assert any(problem.count == 4 for problem in imported.problems)
    file.write_bytes(b"")
    assert local.imports(tmp_path)[0].problems


def test_the_folder_is_the_one_that_the_settings_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HELDER_DATA", str(tmp_path))
    assert local.default_folder() == tmp_path / "imported"
    monkeypatch.delenv("HELDER_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert local.default_folder() == tmp_path / "helder" / "imported"


def test_a_pair_among_many_rules_is_found_by_its_names(names: Recogniser) -> None:
    source = ImportedSource(title="made")
    rules = [
        ImportedRule(
            a=f"a{n}", b=f"b{n}", substances_a=(f"a{n}",), substances_b=(f"b{n}",), origin="ddinter", source=source
        )
        for n in range(3_000)
    ]
    warfarin = ImportedRule(
        a="w", b="i", substances_a=("warfarin",), substances_b=("ibuprofen",), origin="ddinter", source=source
    )
    indexed = Indexed([*rules, warfarin])
    assert indexed.between("warfarin", "ibuprofen") == {3_000}
    assert len(hits(indexed, names.recognise(["ibuprofen", "warfarine"], "nl").items)) == 1

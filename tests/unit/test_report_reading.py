"""Pages as laboratories print them, and what is read from them. The docstring of a test is the page."""

from __future__ import annotations

import textwrap
from decimal import Decimal
from functools import cache

import pytest

from helder.knowledge.compiled import open_knowledge
from helder.quantities import Comparator
from helder.reports.model import Reading, Report
from helder.reports.page import Page
from helder.reports.read import ReportReader
from helder.reports.readers.files import read_file


@cache
def reader() -> ReportReader:
    return ReportReader(open_knowledge())


def read(text: str, country: str | None = None) -> Report:
    """A page of text → the report on it."""
    pages = [page for page in read_file(textwrap.dedent(text).encode()) if isinstance(page, Page)]
    return reader().read(pages, country)


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """The page that stands in the test's docstring, read."""
    return read(request.function.__doc__)


def said(reading: Reading) -> str:
    """A reading as one line: the test, its value, its unit, its range in brackets, its flag, what is doubted."""
    sign = "" if reading.comparator is Comparator.EQ else str(reading.comparator)
    value = reading.word or reading.text if reading.value is None else f"{sign}{reading.value}"
    limits = reading.range
    ends = f"({limits.word or f'{shown(limits.low)}..{shown(limits.high)}'})" if limits else ""
    doubts = "".join(f" ?{doubt}" for doubt in reading.doubts)
    parts = (reading.test or f'"{reading.name}"', value, reading.ucum or "", ends, reading.flag or "")
    return " ".join(part for part in parts if part) + doubts


def shown(end: Decimal | None) -> str:
    return "" if end is None else str(end)


def lines(report: Report) -> list[str]:
    return [said(reading) for reading in report.readings]


def only(report: Report) -> Reading:
    (reading,) = report.readings
    return reading


# --- Whole reports, country by country -------------------------------------------------------------------


def test_a_dutch_report_is_read(report: Report) -> None:
    """
    Medisch Laboratorium Noord
    Naam: Jansen, P.        Geboortedatum: 12-05-1960      Geslacht: V
    Datum afname: 21-03-2026

    Bepaling             Uitslag     Eenheid      Referentiewaarden
    Natrium              138         mmol/L       135 - 145
    Kalium               5,3   +     mmol/L       3,5 - 5,1
    Creatinine           71          µmol/L       50 - 95
    Hemoglobine          6,9   -     mmol/L       7,5 - 10,0
    CRP                  <1          mg/L         < 5
    TSH                  <0,01       mU/L         0,40 - 4,00
    """
    assert lines(report) == [
        "sodium 138 mmol/L (135..145)",
        "potassium 5.3 mmol/L (3.5..5.1) high",
        "creatinine 71 umol/L (50..95)",
        "haemoglobin 6.9 mmol/L (7.5..10.0) low",
        "crp <1 mg/L (..5)",
        "tsh <0.01 m[IU]/L (0.40..4.00)",
    ]
    head = report.head
    assert (head.kind, head.languages[0], head.lab) == ("lab", "nl", "Medisch Laboratorium Noord")
    assert (head.sex, head.birth_date, head.collected) == ("F", "1960-05-12", "2026-03-21")


def test_a_german_report_is_read(report: Report) -> None:
    """
    Laborbefund
    Patient: Müller, Anna   geb. 03.11.1958   Geschlecht: weiblich
    Entnahmedatum: 14.02.2026

    Parameter            Ergebnis    Einheit      Normbereich
    Kalium               4,1         mmol/l       3,5 - 5,1
    Kreatinin            0,82        mg/dl        0,50 - 0,90
    Gamma-GT             71    +     U/l          < 40
    BSE                  12          mm/h         < 20
    Leukozyten           6,8         /nl          4,0 - 10,0
    Thrombozyten         250.000     /µl          150.000 - 400.000
    """
    assert lines(report) == [
        "potassium 4.1 mmol/L (3.5..5.1)",
        "creatinine 0.82 mg/dL (0.50..0.90)",
        "ggt 71 U/L (..40) high",
        "esr 12 mm/h (..20)",
        "leukocytes 6.8 /nL (4.0..10.0)",
        "platelets 250000 /uL (150000..400000)",
    ]
    assert (report.head.patient, report.head.birth_date) == ("Müller, Anna", "1958-11-03")
    assert (report.head.sex, report.head.collected) == ("F", "2026-02-14")
    assert report.head.lab is None, "`Laborbefund` is a title, not a laboratory"


def test_a_french_report_is_read(report: Report) -> None:
    """
    Laboratoire d'analyses médicales
    Mme Dupont Marie     Née le : 04/07/1955      Sexe : F
    Prélevé le : 25/01/2026

    Examen               Résultat    Unité        Valeurs de référence
    Glycémie à jeun      1,12        g/L          0,70 - 1,10
    Créatinine           8,4         mg/L         5,0 - 11,0
    Gamma GT             25          UI/L         < 38
    Hémoglobine          13,4        g/dL         12,0 - 16,0
    Leucocytes           6 800       /mm3         4 000 - 10 000
    """
    assert lines(report) == [
        "glucose-fasting 1.12 g/L (0.70..1.10)",
        "creatinine 8.4 mg/L (5.0..11.0)",
        "ggt 25 U/L (..38)",
        "haemoglobin 13.4 g/dL (12.0..16.0)",
        "leukocytes 6800 /uL (4000..10000)",
    ]
    assert report.head.lab == "Laboratoire d'analyses médicales"
    assert (report.head.birth_date, report.head.collected) == ("1955-07-04", "2026-01-25")


def test_a_spanish_report_is_read(report: Report) -> None:
    """
    Laboratorio Clínico Central
    Paciente: García López, Juan    Sexo: Hombre    Edad: 62 años
    Fecha de extracción: 28/02/2026

    Prueba               Resultado   Unidades     Valores de referencia
    Glucosa              104         mg/dL        74 - 106
    Bilirrubina total    1,4  *      mg/dL        0,2 - 1,2
    VSG                  12          mm/h         0 - 15
    Colesterol HDL       52          mg/dL        > 40
    """
    assert lines(report) == [
        "glucose 104 mg/dL (74..106)",
        "bilirubin-total 1.4 mg/dL (0.2..1.2) abnormal",
        "esr 12 mm/h (0..15)",
        "hdl 52 mg/dL (40..)",
    ]
    assert (report.head.lab, report.head.age, report.head.sex) == ("Laboratorio Clínico Central", 62, "M")


def test_an_american_report_is_read(report: Report) -> None:
    """
    Quest Diagnostics
    Patient: DOE, JANE     DOB: 01/02/1970   Sex: F
    Collected: 03/25/2026

    Test Name            Result      Flag   Reference Range     Units
    GLUCOSE              104         H      65-99               mg/dL
    UREA NITROGEN (BUN)  18                 7-25                mg/dL
    CREATININE           0.82               0.50-1.05           mg/dL
    eGFR                 84                 > OR = 60           mL/min/1.73m2
    WBC                  6.8                3.8-10.8            Thousand/uL
    HEMOGLOBIN A1c       5.7         H      <5.7                % of total Hgb
    """
    assert lines(report) == [
        "glucose 104 mg/dL (65..99) high",
        "urea-nitrogen 18 mg/dL (7..25)",
        "creatinine 0.82 mg/dL (0.50..1.05)",
        "egfr 84 mL/min/{1.73_m2} (60..)",
        "leukocytes 6.8 10*3/uL (3.8..10.8)",
        "hba1c 5.7 % (..5.7) high",
    ]
    head = report.head
    assert (head.lab, head.patient) == ("Quest Diagnostics", "DOE, JANE")
    assert (head.birth_date, head.collected) == ("1970-01-02", "2026-03-25"), "the 25 shows that the month stands first"
    assert head.date_order_proven


def test_a_report_without_headings_is_read_by_what_stands_below_each_other(report: Report) -> None:
    """
    Sodium          140    mmol/L   135 - 145
    Potassium       4.0    mmol/L   3.5 - 5.1
    Creatinine      80     umol/L   60 - 110
    """
    assert lines(report) == [
        "sodium 140 mmol/L (135..145)",
        "potassium 4.0 mmol/L (3.5..5.1)",
        "creatinine 80 umol/L (60..110)",
    ]


# --- Values ----------------------------------------------------------------------------------------------


def test_the_number_of_a_footnote_is_no_value_and_the_sign_stays(report: Report) -> None:
    """
    Bepaling                      Uitslag    Eenheid     Referentie
    TSH                        01 <0.01      mU/L        0.4 - 4.0
    CRP                            <0.5      mg/L        < 5
    Ferritine                      >1000     µg/L        15 - 150
    """
    tsh, crp, ferritin = report.readings
    assert (tsh.test, tsh.value, tsh.comparator) == ("tsh", Decimal("0.01"), Comparator.LT)
    assert "several_values" in tsh.doubts, "a second number stood in the place of the value"
    assert [said(crp), said(ferritin)] == ["crp <0.5 mg/L (..5)", "ferritin >1000 ug/L (15..150)"]


@pytest.mark.parametrize(
    ("printed", "sign", "value"),
    [
        ("<0.01", "<", "0.01"),
        ("< 0.01", "<", "0.01"),
        ("<0,01", "<", "0.01"),
        ("≤0.01", "<=", "0.01"),
        ("<=0.01", "<=", "0.01"),
        ("< OR = 0.01", "<=", "0.01"),
        ("less than 0.01", "<", "0.01"),
        (">100", ">", "100"),
        ("≥ 100", ">=", "100"),
        (">/= 100", ">=", "100"),
        ("> OR = 100", ">=", "100"),
        ("0.01", "=", "0.01"),
    ],
)
def test_the_sign_before_a_value_is_never_lost(printed: str, sign: str, value: str) -> None:
    page = f"Test        Result            Unit      Reference\nTSH         {printed:18}mU/L      0.4 - 4.0\n"
    reading = only(read(page))
    assert (reading.test, str(reading.comparator), reading.value) == ("tsh", sign, Decimal(value))


def test_a_zero_at_the_end_of_a_value_is_kept(report: Report) -> None:
    """
    Test            Result   Units        Reference
    Potassium       4.10     mmol/L       3.50 - 5.10
    """
    assert said(only(report)) == "potassium 4.10 mmol/L (3.50..5.10)"


def test_a_titre_is_read_with_the_titre_it_is_measured_by(report: Report) -> None:
    """
    Serology
    Test                    Result         Reference
    ANA                     1:40           <1:80
    Rheumatoid factor       Negative       Negative
    """
    ana = report.readings[0]
    assert (ana.titre, ana.value) == (True, Decimal(40))
    assert ana.range is not None
    assert (ana.range.low, ana.range.high) == (None, Decimal(80)), "1:40 is below 1:80, not above 1"


def test_results_in_words_are_results(report: Report) -> None:
    """
    Urine
    Test                    Result         Reference
    Protein                 Trace          Negative
    Glucose                 Negative       Negative
    Blood                   ++             Negative
    Nitrite                 Positive       Negative
    pH                      6.0            5.0 - 8.0
    """
    assert lines(report) == [
        "urine-protein-strip trace (negative)",
        "urine-glucose-strip negative (negative)",
        "urine-blood plus_2 (negative)",
        "urine-nitrite positive (negative)",
        "urine-ph 6.0 (5.0..8.0)",
    ]


def test_a_text_result_is_kept_whole(report: Report) -> None:
    """
    Urine
    Test                    Result         Reference
    Colour                  Pale yellow    Yellow
    Nitrite                 Negative       Negative
    """
    assert report.readings[0].text == "Pale yellow"


def test_a_result_that_is_still_to_come_is_no_result(report: Report) -> None:
    """
    Bepaling            Uitslag   Eenheid   Referentie
    Kalium              volgt     mmol/L    3,5 - 5,1
    Natrium             139       mmol/L    135 - 145
    Kreatinine          80        µmol/L    50 - 95
    """
    assert [reading.test for reading in report.readings] == ["sodium", "creatinine"]


def test_points_group_thousands_where_commas_are_decimal(report: Report) -> None:
    """
    Parameter       Ergebnis   Einheit  Referenz
    Leukozyten      6.800      /µl      4.000 - 10.000
    Kalium          4,1        mmol/l   3,5 - 5,1
    """
    assert lines(report) == ["leukocytes 6800 /uL (4000..10000)", "potassium 4.1 mmol/L (3.5..5.1)"]


def test_a_mark_that_nothing_on_the_page_decides_is_doubted(report: Report) -> None:
    """
    Test              Result    Unit      Range
    WBC               6,800     /uL       4,000 - 11,000
    """
    assert "decimal_mark" in only(report).doubts


# --- Flags -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        ("5.9 H", "high"),
        ("H 5.9", "high"),
        ("5.9H", "high"),
        ("5.9 (H)", "high"),
        ("5.9 +", "high"),
        ("5.9 ↑", "high"),
        ("5.9↑", "high"),
        ("5.9 ▲", "high"),
        ("5.9 High", "high"),
        ("5.9 HH", "critical_high"),
        ("5.9 *", "abnormal"),
        ("5.9*", "abnormal"),
        ("2.9 L", "low"),
        ("2.9 (L)", "low"),
        ("2.9 -", "low"),
        ("2.9 ↓", "low"),
        ("2.9 LL", "critical_low"),
        ("4.1", None),
    ],
)
def test_a_flag_is_understood_in_every_form(value: str, flag: str | None) -> None:
    page = f"Test         Result       Unit      Reference\nPotassium    {value:13}mmol/L    3.5 - 5.1\n"
    reading = only(read(page))
    assert (reading.value, reading.flag, reading.doubts) == (Decimal(value.strip("H L*↑(")[:3]), flag, ())


def test_a_flag_in_a_column_of_its_own_belongs_to_its_row(report: Report) -> None:
    """
    Test         Result   Flag   Unit      Reference
    Potassium    5.9      H      mmol/L    3.5 - 5.1
    Sodium       138             mmol/L    135 - 145
    Chloride     90       L      mmol/L    98 - 107
    """
    assert [reading.flag for reading in report.readings] == ["high", None, "low"]


# --- Ranges ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("3.5 - 5.1", "3.5", "5.1"),
        ("3.5-5.1", "3.5", "5.1"),
        ("3.5 – 5.1", "3.5", "5.1"),
        ("(3.5 - 5.1)", "3.5", "5.1"),
        ("[3.5 - 5.1]", "3.5", "5.1"),
        ("3.5 to 5.1", "3.5", "5.1"),
        ("3.5 - 5.1 mmol/L", "3.5", "5.1"),
        ("< 5.1", None, "5.1"),
        ("<= 5.1", None, "5.1"),
        ("up to 5.1", None, "5.1"),
        ("> 3.5", "3.5", None),
        ("> OR = 3.5", "3.5", None),
        (">/= 3.5", "3.5", None),
    ],
)
def test_a_range_is_understood_in_every_form(printed: str, low: str | None, high: str | None) -> None:
    page = f"Test         Result   Unit      Reference\nPotassium    4.1      mmol/L    {printed}\n"
    limits = only(read(page)).range
    assert limits is not None
    assert (limits.low, limits.high) == (low and Decimal(low), high and Decimal(high))


def test_a_limit_is_inside_only_where_the_page_says_so() -> None:
    page = "Test         Result   Unit      Reference\nPotassium    4.1      mmol/L    {}\n"
    strict, loose = (only(read(page.format(printed))).range for printed in ("< 5.1", "<= 5.1"))
    assert [limits and limits.high_open for limits in (strict, loose)] == [True, False]


def test_of_ranges_for_men_and_women_yours_is_taken(report: Report) -> None:
    """
    Sexe : F
    Examen            Résultat    Unité        Valeurs de référence
    Créatinine        80          µmol/L       H: 60-110 F: 50-95
    Ferritine         12          µg/L         Hommes : 30 - 400
                                               Femmes : 13 - 150
    """
    assert lines(report) == ["creatinine 80 umol/L (50..95)", "ferritin 12 ug/L (13..150)"]


def test_of_ranges_for_men_and_women_none_is_guessed(report: Report) -> None:
    """
    Bepaling            Uitslag   Eenheid   Referentie
    Kreatinine          100       µmol/L    M: 60-110 V: 50-95
    Kalium              4,1       mmol/L    3,5 - 5,1
    """
    limits = report.readings[0].range
    assert limits is not None
    assert (limits.text, limits.low, limits.high) == ("M: 60-110 V: 50-95", None, None)


def test_a_range_in_two_columns_is_one(report: Report) -> None:
    """
    Test              Result    Unit      Low    High
    Potassium         4.1       mmol/L    3.5    5.1
    Sodium            130       mmol/L    135    145
    """
    assert lines(report) == ["potassium 4.1 mmol/L (3.5..5.1)", "sodium 130 mmol/L (135..145)"]


# --- Names, units and the lines between ------------------------------------------------------------------


def test_a_name_over_two_lines_is_one_name(report: Report) -> None:
    """
    Test                       Result    Unit     Reference
    Troponin I, High
     Sensitivity               8         ng/L     <14
    Gamma-glutamyl
    transferase                30        U/L      < 40
    Sodium                     138       mmol/L   135-145
    """
    assert lines(report) == ["troponin-i 8 ng/L (..14)", "ggt 30 U/L (..40)", "sodium 138 mmol/L (135..145)"]


def test_a_unit_in_the_name_is_the_unit(report: Report) -> None:
    """
    Prueba                      Resultado  Valores de referencia
    Hemoglobina (g/dL)          13,2       12,0 - 16,0
    Leucocitos (10^3/µL)        7,4        4,0 - 11,0
    Glucosa, mg/dL              98         70 - 110
    """
    assert lines(report) == [
        "haemoglobin 13.2 g/dL (12.0..16.0)",
        "leukocytes 7.4 10*3/uL (4.0..11.0)",
        "glucose 98 mg/dL (70..110)",
    ]


def test_a_unit_behind_the_range_is_the_unit(report: Report) -> None:
    """
    Hematology                 Your Value      Reference
    WBC                        12.3 H          4.0-11.0 x10E3/uL
    Hemoglobin                 L 10.1          12.0 - 15.5 g/dL
    Platelet Count             250             150-400 x10E3/uL
    """
    assert lines(report) == [
        "leukocytes 12.3 10*3/uL (4.0..11.0) high",
        "haemoglobin 10.1 g/dL (12.0..15.5) low",
        "platelets 250 10*3/uL (150..400)",
    ]


def test_the_heading_of_a_section_tells_blood_from_urine(report: Report) -> None:
    """
    Test           Result     Unit       Reference
    Serum
    Sodium         139        mmol/L     135 - 145
    Creatinine     80         umol/L     60 - 110
    Urine
    Sodium         88         mmol/L
    Creatinine     9.1        mmol/L
    """
    assert [reading.test for reading in report.readings] == [
        "sodium",
        "creatinine",
        "urine-sodium",
        "urine-creatinine",
    ]


def test_footnotes_belong_to_no_value(report: Report) -> None:
    """
    Test            Result   Units        Reference
    PSA             4.2*     ng/mL        0 - 4
    Calcium¹        2.31     mmol/L       2.20 - 2.60
    Magnesium (2)   0.81     mmol/L       0.70 - 1.00
    Comment: the sample was 4 days old, potassium 4 may be wrong.
    """
    assert lines(report) == [
        "psa 4.2 ng/mL (0..4) abnormal",
        "calcium 2.31 mmol/L (2.20..2.60)",
        "magnesium 0.81 mmol/L (0.70..1.00)",
    ]
    assert report.readings[-1].notes == ("Comment: the sample was 4 days old, potassium 4 may be wrong.",)


def test_two_tables_side_by_side_are_two_tables(report: Report) -> None:
    """
    Bepaling    Uitslag  Eenheid  Referentie      Bepaling     Uitslag  Eenheid   Referentie
    Natrium     138      mmol/L   135 - 145       Hemoglobine  8,4      mmol/L    7,5 - 10,0
    Kalium      4,2      mmol/L   3,5 - 5,1       Leukocyten   6,1      10^9/L    4,0 - 10,0
    Creatinine  72       µmol/L   50 - 95         Trombocyten  251      10^9/L    150 - 400
    """
    assert sorted(lines(report)) == [
        "creatinine 72 umol/L (50..95)",
        "haemoglobin 8.4 mmol/L (7.5..10.0)",
        "leukocytes 6.1 10*9/L (4.0..10.0)",
        "platelets 251 10*9/L (150..400)",
        "potassium 4.2 mmol/L (3.5..5.1)",
        "sodium 138 mmol/L (135..145)",
    ]


def test_results_in_the_sentences_of_a_letter_are_read(report: Report) -> None:
    """
    Dear Dr Brown,
    Thank you for referring this lady, seen on 12 March 2026. Her blood pressure was 142/88 mmHg and
    her weight 71 kg. The potassium was 5.9 mmol/L and creatinine was 131 umol/L. Haemoglobin 104 g/L (115-165).
    I increased ramipril to 5 mg daily. Please repeat in 2 weeks. Tel 020 7946 0123.
    """
    assert lines(report) == [
        "potassium 5.9 mmol/L",
        "creatinine 131 umol/L",
        "haemoglobin 104 g/L (115..165)",
    ]


def test_footers_addresses_and_account_numbers_are_never_results(report: Report) -> None:
    """
    Test            Result  Unit     Reference
    Sodium          140     mmol/L   135 - 145
    Potassium       4.0     mmol/L   3.5 - 5.1
    Page 1 of 2
    Main Street 12, 1012 AB Amsterdam, Tel. 020-1234567
    www.lab.example   IBAN NL91 ABNA 0417 1643 00
    Printed 21-03-2026 14:05   Request 20260321-0071
    """
    assert lines(report) == ["sodium 140 mmol/L (135..145)", "potassium 4.0 mmol/L (3.5..5.1)"]
    assert report.readings[1].range is not None
    assert report.readings[1].range.text == "3.5 - 5.1", "the address is no part of the range"


def test_the_second_page_keeps_the_columns_of_the_first() -> None:
    first = "Test            Result  Unit     Reference\nSodium          140     mmol/L   135 - 145\n"
    second = "Potassium       4.0     mmol/L   3.5 - 5.1\n"
    readings = read(first + "\f" + second).readings
    assert [(reading.test, reading.page) for reading in readings] == [("sodium", 1), ("potassium", 2)]


def test_a_name_that_nobody_knows_is_kept_as_it_is_printed(report: Report) -> None:
    """
    Test            Result  Unit     Reference
    Sodium          140     mmol/L   135 - 145
    Frobnicase      17      U/L      10 - 20
    """
    unknown = report.readings[1]
    assert (unknown.name, unknown.test, unknown.value) == ("Frobnicase", None, Decimal(17))
    assert "name_unknown" in unknown.doubts


# --- Columns of other days -------------------------------------------------------------------------------


def test_an_earlier_result_stands_beside_the_new_one(report: Report) -> None:
    """
    Bepaling            Uitslag   Eenheid   Referentie     Vorige 12-01-2026
    Kalium              4,1       mmol/L    3,5 - 5,1      4,4
    Kreatinine          80        µmol/L    50 - 95        <85
    """
    assert [reading.text for reading in report.readings] == ["4,1", "80"]
    before = [reading.earlier[0] for reading in report.readings]
    assert [(part.date, str(part.comparator), part.value) for part in before] == [
        ("2026-01-12", "=", Decimal("4.4")),
        ("2026-01-12", "<", Decimal(85)),
    ]


def test_the_newest_of_several_dates_is_the_result(report: Report) -> None:
    """
    Bepaling            03-09-2025   25-03-2026   12-01-2026   Eenheid   Referentie
    Kalium              4,6          4,1          4,4          mmol/L    3,5 - 5,1
    Natrium             138          139          141          mmol/L    135 - 145
    """
    assert lines(report) == ["potassium 4.1 mmol/L (3.5..5.1)", "sodium 139 mmol/L (135..145)"]
    assert {part.date for part in report.readings[0].earlier} == {"2025-09-03", "2026-01-12"}


def test_dates_that_can_be_read_in_two_ways_are_doubted(report: Report) -> None:
    """
    Test                03/04/2026   01/12/2026   Unit      Reference
    Potassium           4.1          4.4          mmol/L    3.5 - 5.1
    Sodium              139          141          mmol/L    135 - 145
    """
    assert all("date_order" in reading.doubts for reading in report.readings)


def test_one_date_shows_the_order_of_all(report: Report) -> None:
    """
    Collected: 01/13/2026
    Test                03/04/2026   04/02/2026   Unit      Reference
    Potassium           4.1          4.4          mmol/L    3.5 - 5.1
    Sodium              139          141          mmol/L    135 - 145
    """
    assert lines(report) == ["potassium 4.4 mmol/L (3.5..5.1)", "sodium 141 mmol/L (135..145)"], "April is the newest"
    assert report.readings[0].earlier[0].date == "2026-03-04"


@pytest.mark.parametrize(("country", "day"), [("US", "2026-03-04"), ("NL", "2026-04-03"), (None, "2026-04-03")])
def test_a_country_tells_the_order_and_does_not_prove_it(country: str | None, day: str) -> None:
    page = "Collected: 03/04/2026\nTest       Result   Unit     Reference\nSodium     140      mmol/L   135 - 145\n"
    head = read(page, country).head
    assert (head.collected, head.date_order_proven) == (day, False)


# --- What is no lab report -------------------------------------------------------------------------------


def test_a_prescription_is_no_lab_report(report: Report) -> None:
    """
    Rx
    Dr. A. Jansen, Huisarts
    Metformine 500 mg 2x daags 1 tablet
    Kalium 600 mg 1x daags 1 tablet
    Vitamine D 800 IE 1x daags
    """
    assert (report.head.kind, report.readings) == ("prescription", ())


@pytest.mark.parametrize(
    "page",
    [
        "",
        "\n\n\n",
        "Dear patient, your appointment is on 12 March 2026 at 10:15, room 4.2. Bring 2 forms.",
        "Invoice 20260321\nConsultation   1   85,00 EUR\nVAT 21 %       17,85 EUR\nTotal          102,85 EUR\n",
        "Milk 1.5 L\nEggs 12\nFlour 500 g\n",
    ],
)
def test_what_holds_no_result_gives_none(page: str) -> None:
    assert read(page).readings == ()

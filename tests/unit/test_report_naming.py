"""Which test a printed name means: by its words, its specimen, its unit. What can be two things is neither."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from helder.knowledge.compiled import open_knowledge
from helder.knowledge.lab import own_unit
from helder.languages.speech import Speech
from helder.person import Person
from helder.reports.naming import Named, Printed, clean
from helder.reports.read import ReportReader
from helder.reports.service import For, Reports

LANGUAGES = ("en", "nl", "de", "fr", "es", "it", "pt", "pl", "tr", "uk", "ar", "hi")

COMMON = """
haemoglobin | g/L g/dL mmol/L |
    Haemoglobin; Hemoglobine; Hämoglobin; Hémoglobine; Hemoglobina; Emoglobina; Hemoglobina;
    Hemoglobina; Hemoglobin; Гемоглобін; هيموغلوبين; हीमोग्लोबिन
haematocrit | % L/L |
    Hematocrit; Hematocriet; Hämatokrit; Hématocrite; Hematocrito; Ematocrito; Hematócrito;
    Hematokryt; Hematokrit; Гематокрит; هيماتوكريت; हेमेटोक्रिट
erythrocytes | 10*12/L 10*6/uL |
    Red blood cells; Erytrocyten; Erythrozyten; Érythrocytes; Eritrocitos; Eritrociti; Eritrócitos;
    Erytrocyty; Eritrosit; Еритроцити; كريات الدم الحمراء; लाल रक्त कोशिकाएं
leukocytes | 10*9/L 10*3/uL |
    White blood cells; Leukocyten; Leukozyten; Leucocytes; Leucocitos; Leucociti; Leucócitos;
    Leukocyty; Lökosit; Лейкоцити; كريات الدم البيضاء; श्वेत रक्त कोशिकाएं
platelets | 10*9/L 10*3/uL |
    Platelets; Trombocyten; Thrombozyten; Plaquettes; Plaquetas; Piastrine; Plaquetas; Płytki krwi;
    Trombosit; Тромбоцити; الصفائح الدموية; प्लेटलेट
mcv | fL |
    MCV; MCV; MCV; VGM; VCM; MCV; VCM; MCV; MCV; MCV; MCV; MCV
sodium | mmol/L meq/L |
    Sodium; Natrium; Natrium; Sodium; Sodio; Sodio; Sódio; Sód; Sodyum; Натрій; صوديوم; सोडियम
potassium | mmol/L meq/L |
    Potassium; Kalium; Kalium; Potassium; Potasio; Potassio; Potássio; Potas; Potasyum; Калій;
    بوتاسيوم; पोटैशियम
chloride | mmol/L meq/L |
    Chloride; Chloride; Chlorid; Chlorures; Cloruro; Cloro; Cloreto; Chlorki; Klorür; Хлориди;
    كلوريد; क्लोराइड
calcium | mmol/L mg/dL |
    Calcium; Calcium; Calcium; Calcium; Calcio; Calcio; Cálcio; Wapń; Kalsiyum; Кальцій; كالسيوم;
    कैल्शियम
magnesium | mmol/L mg/dL |
    Magnesium; Magnesium; Magnesium; Magnésium; Magnesio; Magnesio; Magnésio; Magnez; Magnezyum;
    Магній; مغنيسيوم; मैग्नीशियम
phosphate | mmol/L mg/dL |
    Phosphate; Fosfaat; Phosphat; Phosphore; Fósforo; Fosforo; Fósforo; Fosforany; Fosfor; Фосфор;
    فوسفور; फॉस्फोरस
urea | mmol/L mg/dL |
    Urea; Ureum; Harnstoff; Urée; Urea; Urea; Ureia; Mocznik; Üre; Сечовина; يوريا; यूरिया
creatinine | umol/L mg/dL |
    Creatinine; Kreatinine; Kreatinin; Créatinine; Creatinina; Creatinina; Creatinina; Kreatynina;
    Kreatinin; Креатинін; كرياتينين; क्रिएटिनिन
uric-acid | umol/L mg/dL |
    Uric acid; Urinezuur; Harnsäure; Acide urique; Ácido úrico; Acido urico; Ácido úrico; Kwas
    moczowy; Ürik asit; Сечова кислота; حمض اليوريك; यूरिक एसिड
glucose | mmol/L mg/dL |
    Glucose; Glucose; Glukose; Glucose; Glucosa; Glucosio; Glicose; Glukoza; Glukoz; Глюкоза;
    جلوكوز; ग्लूकोज
hba1c | mmol/mol % |
    HbA1c; HbA1c; HbA1c; HbA1c; HbA1c; Emoglobina glicata; Hemoglobina glicada; Hemoglobina
    glikowana; HbA1c; HbA1c; HbA1c; HbA1c
cholesterol-total | mmol/L mg/dL |
    Total cholesterol; Cholesterol totaal; Gesamtcholesterin; Cholestérol total; Colesterol total;
    Colesterolo totale; Colesterol total; Cholesterol całkowity; Total kolesterol; Загальний
    холестерин; الكوليسترول الكلي; कुल कोलेस्ट्रॉल
hdl | mmol/L mg/dL |
    HDL cholesterol; HDL-cholesterol; HDL-Cholesterin; Cholestérol HDL; Colesterol HDL; Colesterolo
    HDL; Colesterol HDL; Cholesterol HDL; HDL kolesterol; Холестерин ЛПВЩ; كوليسترول HDL; एचडीएल
    कोलेस्ट्रॉल
ldl | mmol/L mg/dL |
    LDL cholesterol; LDL-cholesterol; LDL-Cholesterin; Cholestérol LDL; Colesterol LDL; Colesterolo
    LDL; Colesterol LDL; Cholesterol LDL; LDL kolesterol; Холестерин ЛПНЩ; كوليسترول LDL; एलडीएल
    कोलेस्ट्रॉल
triglycerides | mmol/L mg/dL |
    Triglycerides; Triglyceriden; Triglyceride; Triglycérides; Triglicéridos; Trigliceridi;
    Triglicerídeos; Trójglicerydy; Trigliserit; Тригліцериди; الدهون الثلاثية; ट्राइग्लिसराइड
alt | U/L |
    ALT; ALAT; GPT; ALAT; GPT; ALT; TGP; ALT; ALT; АЛТ; ALT; ALT
ast | U/L |
    AST; ASAT; GOT; ASAT; GOT; AST; TGO; AST; AST; АСТ; AST; AST
ggt | U/L |
    GGT; Gamma-GT; Gamma-GT; Gamma GT; GGT; Gamma GT; Gama GT; GGTP; GGT; ГГТ; GGT; GGT
alkaline-phosphatase | U/L |
    Alkaline phosphatase; Alkalische fosfatase; Alkalische Phosphatase; Phosphatases alcalines;
    Fosfatasa alcalina; Fosfatasi alcalina; Fosfatase alcalina; Fosfataza alkaliczna; Alkalen
    fosfataz; Лужна фосфатаза; الفوسفاتيز القلوي; एल्कलाइन फॉस्फेटेज
bilirubin-total | umol/L mg/dL |
    Total bilirubin; Bilirubine totaal; Bilirubin gesamt; Bilirubine totale; Bilirrubina total;
    Bilirubina totale; Bilirrubina total; Bilirubina całkowita; Total bilirubin; Білірубін
    загальний; البيليروبين الكلي; कुल बिलीरुबिन
albumin | g/L g/dL |
    Albumin; Albumine; Albumin; Albumine; Albúmina; Albumina; Albumina; Albumina; Albümin; Альбумін;
    ألبومين; एल्ब्यूमिन
total-protein | g/L g/dL |
    Total protein; Totaal eiwit; Gesamteiweiß; Protéines totales; Proteínas totales; Proteine
    totali; Proteínas totais; Białko całkowite; Total protein; Загальний білок; البروتين الكلي; कुल
    प्रोटीन
crp | mg/L mg/dL |
    CRP; CRP; CRP; CRP; PCR; PCR; PCR; CRP; CRP; С-реактивний білок; CRP; CRP
esr | mm/h |
    ESR; BSE; BSG; VS; VSG; VES; VHS; OB; Sedimantasyon; ШОЕ; سرعة الترسيب; ईएसआर
ferritin | ug/L ng/mL |
    Ferritin; Ferritine; Ferritin; Ferritine; Ferritina; Ferritina; Ferritina; Ferrytyna; Ferritin;
    Феритин; فيريتين; फेरिटिन
iron | umol/L ug/dL |
    Iron; IJzer; Eisen; Fer; Hierro; Ferro; Ferro; Żelazo; Demir; Залізо; حديد; आयरन
transferrin | g/L mg/dL |
    Transferrin; Transferrine; Transferrin; Transferrine; Transferrina; Transferrina; Transferrina;
    Transferyna; Transferrin; Трансферин; ترانسفيرين; ट्रांसफेरिन
vitamin-b12 | pmol/L pg/mL |
    Vitamin B12; Vitamine B12; Vitamin B12; Vitamine B12; Vitamina B12; Vitamina B12; Vitamina B12;
    Witamina B12; B12 vitamini; Вітамін B12; فيتامين ب12; विटामिन बी12
folate | nmol/L ng/mL |
    Folate; Foliumzuur; Folsäure; Folates; Ácido fólico; Folati; Ácido fólico; Kwas foliowy; Folik
    asit; Фолієва кислота; حمض الفوليك; फोलिक एसिड
vitamin-d | nmol/L ng/mL |
    Vitamin D; Vitamine D; Vitamin D; Vitamine D; Vitamina D; Vitamina D; Vitamina D; Witamina D; D
    vitamini; Вітамін D; فيتامين د; विटामिन डी
tsh | m[IU]/L u[IU]/mL |
    TSH; TSH; TSH; TSH; TSH; TSH; TSH; TSH; TSH; ТТГ; TSH; टीएसएच
ft4 | pmol/L ng/dL |
    Free T4; Vrij T4; Freies T4; T4 libre; T4 libre; T4 libera; T4 livre; FT4; Serbest T4; Вільний
    Т4; T4 الحر; फ्री टी4
inr | 1 |
    INR; INR; INR; INR; INR; INR; INR; INR; INR; МНВ; INR; INR
psa | ug/L ng/mL |
    PSA; PSA; PSA; PSA; PSA; PSA; PSA; PSA; PSA; ПСА; PSA; PSA
ck | U/L |
    Creatine kinase; CK; CK; CPK; CPK; CPK; CPK; CK; CK; КФК; CK; CPK
"""
"""Test | units of Europe and of the United States | how it is printed in each of `LANGUAGES`."""


@cache
def reader() -> ReportReader:
    return ReportReader(open_knowledge())


@cache
def reports() -> Reports:
    return Reports(Speech(open_knowledge()))


def name(
    printed: str,
    unit: str | None = None,
    specimen: str | None = None,
    scale: str = "quantity",
    languages: tuple[str, ...] = ("en",),
    misread: bool = False,
) -> Named:
    return reader().naming.choose(printed, languages, Printed(specimen, unit, scale, misread))


def lab(**told: str) -> Any:
    return reports().lab(told, For(Person(), "en", "NL"))


def common() -> list[tuple[str, str, str, str]]:
    """(test, unit, language, name) for every row of `COMMON`."""
    found = []
    for row in COMMON.strip().replace("\n    ", " ").splitlines():
        test, units, names = row.split(" | ")
        for language, printed in zip(LANGUAGES, names.split("; "), strict=True):
            found += [(test, unit, language, printed) for unit in units.split()]
    return found


# --- Forty tests, twelve languages -----------------------------------------------------------------------


def test_there_are_forty_common_tests_in_twelve_languages() -> None:
    rows = common()
    assert len({test for test, *_ in rows}) >= 40
    assert {language for _, _, language, _ in rows} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_common_test_is_known_by_its_name_in_your_language(language: str) -> None:
    wrong = {
        (printed, unit): found.test or found.why
        for test, unit, spoken, printed in common()
        if spoken == language
        for found in [name(printed, None if unit == "1" else unit, languages=(language, "en"))]
        if found.test != test
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_common_name_means_no_other_test_where_the_language_is_not_known(language: str) -> None:
    wrong = {
        (printed, unit): found.test
        for test, unit, spoken, printed in common()
        if spoken == language
        for found in [name(printed, None if unit == "1" else unit, languages=())]
        if found.test not in (test, None)
    }
    assert wrong == {}


def test_capitals_accents_and_row_numbers_change_nothing() -> None:
    for printed in (
        "POTASSIUM",
        "potassium",
        "Potassium:",
        "12) Potassium",
        "1. Potassium",
        "Potassium *",
        "• Potassium",
    ):
        assert name(printed, "mmol/L").test == "potassium", printed
    for printed in ("Créatinine", "CREATININE", "creatinine"):
        assert name(printed, "umol/L", languages=("fr", "en")).test == "creatinine", printed


# --- Names that others got wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "unit", "test"),
    [
        ("Gamma GT", "U/L", "ggt"),
        ("VES", "mm/h", "esr"),
        ("BSE", "mm/h", "esr"),
        ("Bilirrubina total", "mg/dL", "bilirubin-total"),
        ("ALT (GPT)", "U/L", "alt"),
        ("GPT/ALAT", "U/L", "alt"),
        ("Sodium, serum", "mmol/L", "sodium"),
        ("S-Natrium", "mmol/L", "sodium"),
        ("fP-Glucose", "mmol/L", "glucose-fasting"),
        ("Lp(a)", "nmol/L", "lipoprotein-a"),
        ("Fer", "ug/dL", "iron"),
    ],
)
def test_a_name_is_the_test_that_a_laboratory_means(printed: str, unit: str, test: str) -> None:
    assert name(printed, unit, languages=()).test == test


# --- One name, several tests -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "unit", "specimen", "test"),
    [
        ("Creatinine", "umol/L", None, "creatinine"),
        ("Creatinine", "mmol/L", "urine", "urine-creatinine"),
        ("Glucose", "mmol/L", None, "glucose"),
        ("Glucose", "mmol/L", "urine", "urine-glucose"),
        ("Glucose", "mmol/L", "csf", "csf-glucose"),
        ("Glucose", "mmol/L", "serum", "glucose"),
        ("Calcium", "mmol/L", "urine", "urine-calcium"),
        ("Calcium", "mmol/L", "plasma", "calcium"),
        ("pH", None, "urine", "urine-ph"),
        ("pH", None, "blood", "blood-ph"),
    ],
)
def test_the_same_name_in_blood_and_urine_is_two_tests(
    printed: str, unit: str | None, specimen: str | None, test: str
) -> None:
    assert name(printed, unit, specimen).test == test


def test_in_urine_a_word_and_a_number_are_two_tests() -> None:
    assert name("Glucose", None, "urine", "text").test == "urine-glucose-strip"
    assert name("Glucose", "mmol/L", "urine").test == "urine-glucose"


@pytest.mark.parametrize(
    "cell", ["neutrophils", "lymphocytes", "monocytes", "eosinophils", "basophils", "reticulocytes"]
)
def test_a_share_and_a_count_are_two_tests(cell: str) -> None:
    assert name(cell.capitalize(), "%").test == f"{cell}-percent"
    assert name(cell.capitalize(), "10*9/L").test == cell
    refused = name(cell.capitalize())
    assert (refused.test, refused.why) == (None, "ambiguous")
    assert refused.candidates == (cell, f"{cell}-percent")


def test_urea_and_urea_nitrogen_are_two_tests() -> None:
    assert name("Urea", "mmol/L").test == "urea"
    for printed in ("BUN", "Urea nitrogen", "Blood urea nitrogen", "UREA NITROGEN (BUN)"):
        assert name(printed, "mg/dL").test == "urea-nitrogen", printed


def test_hba1c_is_one_test_in_both_its_units() -> None:
    for language in LANGUAGES:
        for unit in ("%", "mmol/mol"):
            assert name("HbA1c", unit, languages=(language, "en")).test == "hba1c", (language, unit)
    assert lab(name="HbA1c", value="7.0", unit="%").home is not None
    assert lab(name="HbA1c", value="7.0", unit="%").home.startswith("53"), "the master equation: 7.0 % is 53 mmol/mol"


def test_prothrombin_is_told_apart_by_its_unit() -> None:
    assert name("PT", "s").test == "prothrombin-time"
    assert name("PT", "%").test == "prothrombin-percent"
    assert name("PT").why == "ambiguous"


# --- Refused, with the reason ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "unit", "why", "candidate"),
    [
        ("pH", None, "ambiguous", "urine-ph"),
        ("Neutrophils", None, "ambiguous", "neutrophils-percent"),
        ("Potassium", "U/L", "unit_unfit", "potassium"),
        ("Potassium", "mg", "unit_unfit", "potassium"),
        ("HbA1c", "mmol/L", "unit_unfit", "hba1c"),
        ("ALT", "mmol/L", "unit_unfit", "alt"),
        ("Frobnicase", "U/L", "unknown_name", None),
        ("", None, "unknown_name", None),
        ("12345", None, "unknown_name", None),
    ],
)
def test_what_cannot_be_decided_is_refused_with_the_reason(
    printed: str, unit: str | None, why: str, candidate: str | None
) -> None:
    found = name(printed, unit)
    assert (found.test, found.why) == (None, why)
    assert (candidate in found.candidates) if candidate else found.candidates == ()


def test_an_unknown_unit_is_refused_and_named() -> None:
    found = lab(name="Potassium", value="4.1", unit="florps/L")
    assert (found.test, found.why, found.unknown) == (None, "unit_unknown", "florps/L")


def test_letters_are_guessed_only_in_what_a_camera_read() -> None:
    guessed = name("Natrum", "mmol/L", languages=("nl", "en"), misread=True)
    assert (guessed.test, guessed.loose) == ("sodium", True)
    assert name("Natrum", "mmol/L", languages=("nl", "en")).why == "unknown_name"


@pytest.mark.parametrize("printed", ["ALI", "TSA", "CRB", "PSH", "LDK"])
def test_a_short_name_is_never_guessed(printed: str) -> None:
    assert name(printed, misread=True).test is None


# --- Units -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("printed", ["U/L", "u/l", "IU/L", "UI/L", "IE/l", "E/l", "U/l", "iu/l"])
def test_the_unit_of_an_enzyme_is_one_in_every_spelling(printed: str) -> None:
    found = lab(name="ALT", value="30", unit=printed)
    assert (found.test, found.ucum) == ("alt", "U/L")


@pytest.mark.parametrize("printed", ["mU/L", "mIU/L", "mIE/l", "mUI/L", "µU/mL", "uIU/mL"])
def test_the_unit_of_a_hormone_is_international_in_every_spelling(printed: str) -> None:
    found = lab(name="TSH", value="2.1", unit=printed)
    assert found.test == "tsh"
    assert found.home is not None
    assert found.home.startswith("2.1 ")


@pytest.mark.parametrize(
    "printed",
    ["10^9/L", "10*9/L", "x10^9/L", "×10⁹/l", "x 10E9/L", "10e9/l", "G/L", "/nL", "10^3/µL", "K/uL", "Thousand/uL"],
)
def test_a_count_of_cells_is_one_in_every_spelling(printed: str) -> None:
    found = lab(name="Leukocytes", value="6.8", unit=printed)
    assert found.test == "leukocytes"
    assert found.home is not None
    assert found.home.split(" ")[0] == "6.8"


@pytest.mark.parametrize(
    ("told", "value", "unit", "home"),
    [
        ("Glucose", "99", "mg/dL", "5.49"),
        ("Cholesterol", "200", "mg/dL", "5.17"),
        ("Creatinine", "1.0", "mg/dL", "88.4"),
        ("Haemoglobin", "8.7", "mmol/L", "140"),
        ("Calcium", "10", "mg/dL", "2.49"),
        ("Vitamin D", "30", "ng/mL", "74.8"),
        ("Bilirubin", "1.0", "mg/dL", "17.1"),
        ("Uric acid", "6.0", "mg/dL", "356"),
        ("Triglycerides", "150", "mg/dL", "1.69"),
    ],
)
def test_a_value_of_the_united_states_is_the_value_of_europe(told: str, value: str, unit: str, home: str) -> None:
    found = lab(name=told, value=value, unit=unit)
    assert found.home is not None
    number = float(found.home.split(" ")[0])
    assert number == pytest.approx(float(home), rel=0.006)


def test_every_unit_that_a_test_lists_is_one_it_can_have() -> None:
    tests = open_knowledge().lab_tests
    assert {
        (id_, unit)
        for id_, test in tests.items()
        for unit in (test.unit, *test.units)
        if unit and not own_unit(unit, test)
    } == set()


def test_every_listed_name_of_a_test_is_known_and_never_names_only_another() -> None:
    wrong = {
        (id_, language, printed)
        for id_, test in open_knowledge().lab_tests.items()
        for language, names in test.names.items()
        for printed in names
        if id_ not in reader().naming.known(printed, (language,) if language != "any" else ())
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("printed", "bare"),
    [
        ("  Sodium . . . . ", "Sodium"),
        ("3. Sodium", "Sodium"),
        ("Sodium¹", "Sodium"),
        ("Sodium :", "Sodium"),
        ("Vitamin B12", "Vitamin B12"),
        ("CA 19-9", "CA 19-9"),
        ("17-hydroxyprogesterone", "17-hydroxyprogesterone"),
    ],
)
def test_a_name_is_cleaned_of_what_is_no_name(printed: str, bare: str) -> None:
    assert clean(printed) == bare

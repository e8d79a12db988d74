"""What a check says: pairs with their hours, limits, doses, the person, and what is asked. The list is in the test."""

import json
from decimal import Decimal

import pytest

from helder.app import json_bytes, open_app
from helder.medicines.model import SEVERITIES

COUNTRIES = ("NL", "GB", "DE", "FR", "ES", "US")


@pytest.fixture(scope="module")
def app():
    return open_app()


def check(app, *items, country="NL", language="nl", **person):
    """As it travels: through JSON and back."""
    return json.loads(json_bytes(app.check_json({"items": list(items), **person}, language, country)))


def certain(made, *kinds):
    return [notice for notice in made["notices"] if notice["certain"] and (not kinds or notice["kind"] in kinds)]


def pair(made, *about):
    return [notice for notice in made["notices"] if set(notice["about"]) == set(about)]


# --- two things together


def test_hours_are_directed(app) -> None:
    """Ciprofloxacin first, then two hours; the mineral first, then six."""
    (notice,) = pair(check(app, "zinc 10 mg", "ciprofloxacin 500 mg"), "ciprofloxacin", "zinc")
    assert notice["kind"] == "separation"
    assert notice["separation"] == {"ciprofloxacin_then_zinc_h": "2", "zinc_then_ciprofloxacin_h": "6"}
    assert notice["items"] == [1, 0]


def test_a_class_rule_names_the_medicine_that_is_taken(app) -> None:
    made = check(app, "doxycycline 100 mg", "calcium 500 mg")
    (notice,) = [each for each in pair(made, "doxycycline", "calcium") if each["kind"] == "separation"]
    assert "doxycycline" in notice["text"].lower()


def test_told_times_are_held_against_the_hours(app) -> None:
    kept = check(app, {"name": "ciprofloxacin", "at": ["07:00"]}, {"name": "zinc", "at": ["10:00"]})
    broken = check(app, {"name": "ciprofloxacin", "at": ["12:00"]}, {"name": "zinc", "at": ["10:00"]})
    assert pair(kept, "ciprofloxacin", "zinc")[0]["kept"] is True
    assert pair(broken, "ciprofloxacin", "zinc")[0]["kept"] is False


def test_midnight_does_not_help(app) -> None:
    """Zinc at 23:00 and ciprofloxacin at 01:00 are two hours apart, not twenty-two."""
    made = check(app, {"name": "ciprofloxacin", "at": ["01:00"]}, {"name": "zinc", "at": ["23:00"]})
    assert pair(made, "ciprofloxacin", "zinc")[0]["kept"] is False


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("warfarin", "st-johns-wort"),
        ("warfarin", "ibuprofen"),
        ("apixaban", "ketoconazole"),
        ("lithium", "ibuprofen"),
        ("lithium", "lisinopril"),
        ("methotrexate", "trimethoprim"),
        ("azathioprine", "allopurinol"),
        ("simvastatin", "clarithromycin"),
        ("digoxin", "amiodarone"),
        ("sildenafil", "glyceryl-trinitrate"),
        ("tramadol", "phenelzine"),
        ("oxycodone", "diazepam"),
        ("potassium", "spironolactone"),
        ("ciclosporin", "st-johns-wort"),
        ("colchicine", "clarithromycin"),
        ("valproate", "meropenem"),
        ("tizanidine", "ciprofloxacin"),
        ("rilpivirine", "omeprazole"),
        ("clopidogrel", "omeprazole"),
        ("ethinylestradiol", "rifampicin"),
    ],
)
def test_a_dangerous_pair_is_not_missed(app, one, other) -> None:
    """In each country, in whichever order it is told."""
    for country in COUNTRIES:
        for items in ((one, other), (other, one)):
            made = check(app, *items, country=country, language="en")
            worst = [notice for notice in pair(made, one, other) if notice["kind"] in ("interaction", "separation")]
            assert worst, (one, other, country)
            assert all(notice["sources"] for notice in worst)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paracetamol", "amoxicillin"),
        ("metformin", "simvastatin"),
        ("omeprazole", "paracetamol"),
        ("vitamin d", "calcium 500 mg"),
        ("levothyroxine", "paracetamol"),
        ("cetirizine", "salbutamol"),
        ("amoxicillin", "vitamin c"),
        ("pantoprazole", "lisinopril"),
    ],
)
def test_a_common_safe_pair_stays_silent(app, one, other) -> None:
    made = check(app, one, other, language="en")
    assert [notice for notice in certain(made, "interaction", "separation") if notice["action"]] == []


def test_parts_of_one_product_do_not_clash_with_each_other(app) -> None:
    assert certain(check(app, "co-amoxiclav"), "interaction", "separation", "duplicate") == []


def test_two_medicines_on_one_line_are_two(app) -> None:
    made = check(app, "allopurinol, azathioprine", language="en", country="GB")
    assert pair(made, "azathioprine", "allopurinol")


def test_a_person_may_stand_beside_language_and_country(app) -> None:
    inside = app.check_json({"person": {"items": ["metformin"], "age": 70}, "language": "en"}, "en", "GB")
    beside = app.check_json({"items": ["metformin"], "age": 70}, "en", "GB")
    assert inside == beside


def test_food_is_said_to_who_takes_the_medicine(app) -> None:
    made = check(app, "simvastatin 20 mg", language="en")
    assert any("grapefruit" in notice["about"] for notice in certain(made, "food"))


# --- nutrients


def test_the_total_is_of_the_element_over_all_items(app) -> None:
    """241.2 mg from the oxide and 100 mg from the other: 341.2 mg, above 250 mg from supplements in the EU."""
    made = check(
        app,
        {"name": "Mag-Ox 400", "dose": "400", "unit": "mg magnesium oxide", "times_per_day": 1},
        {"name": "magnesium", "dose": "100", "unit": "mg magnesium", "times_per_day": 1},
        age=40,
    )
    (total,) = made["totals"]
    assert (total["amount"], total["most"], total["unit"]) == ("341.2", "341.2", "mg")
    assert total["over"] is True
    assert total["limit"]["amount"] == "250"
    assert total["limit"]["authority"] == "efsa"
    assert "350" in {other["amount"] for other in total["others"]}


def test_international_units_are_weighed(app) -> None:
    """4,000 IU of vitamin D are 100 µg: at the limit, not above it."""
    (total,) = check(app, "D3 4000 IE per dag", age=40)["totals"]
    assert (Decimal(total["amount"]), total["unit"], total["over"]) == (Decimal(100), "ug", False)


def test_an_unknown_salt_that_decides_is_asked_for(app) -> None:
    made = check(app, "magnesium 400 mg per dag", age=40)
    assert made["totals"][0]["over"] is None
    assert "salt(0)" in {ask["about"] for ask in made["asks"]}


def test_an_unknown_salt_that_decides_nothing_is_not_asked_for(app) -> None:
    made = check(app, "magnesium 100 mg per dag", age=40)
    assert made["totals"][0]["over"] is False
    assert "salt(0)" not in {ask["about"] for ask in made["asks"]}


def test_nicotinamide_is_not_measured_by_the_limit_of_nicotinic_acid(app) -> None:
    acid = check(app, "nicotinezuur 50 mg per dag", age=40, pregnant=False, breastfeeding=False)
    amide = check(app, "nicotinamide 50 mg per dag", age=40, pregnant=False, breastfeeding=False)
    assert (acid["totals"][0]["over"], amide["totals"][0]["over"]) == (True, False)


# --- the person


def test_what_the_person_has_decides(app) -> None:
    """The same tablet, with and without kidneys."""
    weak = check(app, "metformin 500 mg", age=70, results={"egfr": {"value": "25", "unit": "mL/min/{1.73_m2}"}})
    sound = check(app, "metformin 500 mg", age=70, results={"egfr": {"value": "90", "unit": "mL/min/{1.73_m2}"}})
    assert any(notice["severity"] == "contraindicated" for notice in certain(weak, "contraindication"))
    assert not any("egfr" in fact for notice in sound["notices"] for fact in notice["depends_on"])


def test_a_narrower_illness_is_also_the_wider_one(app) -> None:
    made = check(app, "magnesium 100 mg", conditions=["chronic-kidney-disease-severe"])
    assert any(notice["about"] == ["magnesium"] for notice in certain(made, "caution", "contraindication"))


def test_a_result_shows_the_illness_that_nobody_named(app) -> None:
    made = check(app, "potassium 600 mg", results={"egfr": {"value": "12", "unit": "mL/min/{1.73_m2}"}})
    assert any(notice["about"] == ["potassium"] for notice in certain(made, "contraindication", "caution"))


def test_an_allergy_to_one_counts_for_its_class(app) -> None:
    made = check(app, "amoxicillin 500 mg", allergies=["penicillin"], language="en")
    assert certain(made, "contraindication")


def test_taking_what_one_is_allergic_to_needs_no_rule(app) -> None:
    made = check(app, "macrogol", allergies=["macrogol"], language="en", country="GB")
    assert any("allergic to macrogol" in notice["text"] for notice in certain(made, "contraindication"))


def test_a_question_is_answered_by_no(app) -> None:
    """Each question's notice goes when the answer is no, and is certain when it is yes."""
    made = check(app, "isotretinoin 20 mg", sex="F", age=30, language="en")
    assert "pregnant" in {ask["about"] for ask in made["asks"]}
    yes = check(app, "isotretinoin 20 mg", sex="F", age=30, pregnant=True, language="en")
    no = check(app, "isotretinoin 20 mg", sex="F", age=30, pregnant=False, language="en")
    assert any(notice["severity"] == "contraindicated" for notice in certain(yes, "contraindication"))
    assert "pregnant" not in {ask["about"] for ask in no["asks"]}


def test_a_man_is_not_asked_about_pregnancy_nor_a_woman_of_70(app) -> None:
    for person in ({"sex": "M", "age": 30}, {"sex": "F", "age": 70}):
        asked = {ask["about"] for ask in check(app, "ibuprofen 400 mg", "valproate", **person)["asks"]}
        assert not asked & {"pregnant", "pregnancy", "breastfeeding"}


def test_the_worst_of_alike_cautions_speaks(app) -> None:
    made = check(app, "ibuprofen", results={"egfr": {"value": "20", "unit": "mL/min/{1.73_m2}"}})
    kidney = [notice for notice in certain(made, "contraindication", "caution") if "kidney" in notice["claims"][0]]
    assert len(kidney) <= 1


# --- doses


def test_the_same_ingredient_twice_is_said_once(app) -> None:
    made = check(app, "paracetamol 500 mg", "Panadol 500 mg", language="en", country="GB")
    (notice,) = certain(made, "duplicate")
    assert notice["items"] == [0, 1]


def test_too_much_paracetamol_in_a_day_is_over_all_products(app) -> None:
    made = check(
        app, "paracetamol 1000 mg 3x daags", "Panadol 500 mg 4x daags", age=40, weight={"value": "80", "unit": "kg"}
    )
    (notice,) = certain(made, "dose")
    assert notice["items"] == [0, 1]
    assert "5.000\u00a0mg" in notice["text"]


def test_methotrexate_every_day_is_the_mistake_that_kills(app) -> None:
    daily = check(app, "methotrexate 2.5 mg every day", language="en", country="GB")
    weekly = check(app, "methotrexate 15 mg once a week", language="en", country="GB")
    untold = check(app, "methotrexate 15 mg", language="en", country="GB")
    assert [notice["severity"] for notice in certain(daily, "dose")] == ["contraindicated"]
    assert certain(weekly, "dose") == []
    assert "times(0)" in {ask["about"] for ask in untold["asks"]}


# --- the answer as a whole


def test_danger_stands_first(app) -> None:
    made = check(app, "vitamin c 500 mg", "zinc 10 mg", "sildenafil 50 mg", "glyceryl-trinitrate", language="en")
    ranks = [(not notice["certain"], SEVERITIES.index(notice["severity"])) for notice in made["notices"]]
    assert ranks == sorted(ranks)
    assert made["notices"][0]["severity"] == "contraindicated"


@pytest.mark.parametrize("language", ["en", "nl", "de", "fr", "es", "ar"])
def test_every_notice_has_words_and_sources_in_every_language(app, language) -> None:
    items = ["warfarin", "st-johns-wort", "ciprofloxacin", "iron 50 mg", "ibuprofen", "simvastatin", "metformin"]
    made = check(app, *items, language=language, country="NL")
    for notice in made["notices"]:
        assert notice["text"].strip()
        assert notice["label"].strip()
        assert "{" not in notice["text"] + notice["label"]
        assert notice["sources"] or notice["kind"] == "duplicate", "only what the person told needs no source"


def test_the_order_of_the_items_changes_only_their_places(app) -> None:
    items = ["warfarin", "zinc 10 mg", "ciprofloxacin 500 mg", "magnesium 300 mg"]
    there = {(n["claims"][0], tuple(n["about"])) for n in check(app, *items)["notices"]}
    back = {(n["claims"][0], tuple(n["about"])) for n in check(app, *reversed(items))["notices"]}
    assert there == back


@pytest.mark.parametrize("person", [None, [], "x", 5, {"items": None}, {"items": []}, {"items": {}}, {"age": 300}])
def test_nothing_and_nonsense_are_answered_in_the_same_form(app, person) -> None:
    made = app.check_json(person, "en", "GB")
    assert (made["items"], made["notices"], made["totals"]) == ((), (), ()) or not made["notices"]
    assert made["unlisted"]


def test_more_than_anybody_may_take_is_certain(app) -> None:
    """Above the most that anybody may take, neither age nor weight need be asked."""
    twice = check(app, "paracetamol 1000 mg 6x daags")
    assert [notice["certain"] for notice in twice["notices"] if notice["kind"] == "dose"][:1] == [True]


LISTS = (
    ["warfarin", "ibuprofen 400 mg", "magnesium 300 mg per day", "metformin 500 mg twice a day"],
    ["sertraline 50 mg", "st john's wort", "tramadol 50 mg", "ethinylestradiol"],
    ["lithium 400 mg", "lisinopril 10 mg", "furosemide 40 mg", "digoxin 125 mcg"],
)


@pytest.mark.parametrize("items", LISTS, ids=lambda items: items[0])
def test_nothing_is_asked_whose_answer_changes_nothing(app, items) -> None:
    """Each yes-or-no question is answered both ways: the two checks differ, and the question is not asked again."""

    def said(**person):
        made = check(app, *items, language="en", country="GB", **person)
        return {(n["claims"][0], n["certain"]) for n in made["notices"]}, {ask["about"] for ask in made["asks"]}

    _, asked = said()
    for about in sorted(asked):
        fact, _, rest = about.partition("(")
        argument = rest.removesuffix(")")
        answers = {
            "has": ({"conditions": [argument]}, {"without": [argument]}),
            "allergic": ({"allergies": [argument]}, {"tolerates": [argument]}),
            "pregnant": ({"pregnant": True}, {"pregnant": False}),
            "breastfeeding": ({"breastfeeding": True}, {"breastfeeding": False}),
        }.get(fact)
        if answers:
            (yes, after_yes), (no, after_no) = said(**answers[0]), said(**answers[1])
            assert yes != no or after_yes & {"age", "sex"}, f"{about} matters at once, or once the age is known"
            assert about not in after_yes | after_no


def test_learning_more_never_takes_back_what_was_certain(app) -> None:
    """What is certain of a person of whom little is known stays so when more is told."""
    little = check(app, *LISTS[0], language="en", country="GB")
    more = check(
        app,
        *LISTS[0],
        language="en",
        country="GB",
        age=45,
        sex="M",
        without=["peptic-ulcer", "heart-failure", "asthma"],
    )
    sure = {n["claims"][0] for n in certain(little) if n["kind"] in ("interaction", "separation", "food", "stopping")}
    assert sure <= {n["claims"][0] for n in certain(more)}

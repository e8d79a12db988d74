"""Names become substances, amounts become active amounts; what is not known is named, never taken for another."""

from decimal import Decimal

import pytest

from helder.app import open_app
from helder.medicines.items import Recogniser
from helder.medicines.model import Span


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(open_app().speech)


def only(recogniser, line, language="en"):
    found = recogniser.recognise([line], language)
    assert not found.unknown, found.unknown
    (item,) = found.items
    return item


@pytest.mark.parametrize(
    ("line", "language", "substance"),
    [
        ("sint-janskruid", "nl", "st-johns-wort"),
        ("Johanniskraut", "de", "st-johns-wort"),
        ("acétaminophène", "fr", "paracetamol"),
        ("acetaminophen", "en", "paracetamol"),
        ("Coumadin", "en", "warfarin"),
        ("vitamin A", "en", "vitamin-a"),
        ("vitamine E", "fr", "vitamin-e"),
        ("vitamin D", "en", "vitamin-d"),
        ("furosemida", "es", "furosemide"),
        ("levothyroxin natrium", "de", "levothyroxine"),
    ],
)
def test_a_thing_is_known_by_each_of_its_names(recogniser, line, language, substance) -> None:
    assert only(recogniser, line, language).substances == (substance,)


def test_languages_may_be_mixed_in_one_list(recogniser) -> None:
    found = recogniser.recognise(["Johanniskraut", "paracétamol", "zinc 10 mg", "ijzer"], "nl")
    assert [item.substances[0] for item in found.items] == ["st-johns-wort", "paracetamol", "zinc", "iron"]


def test_a_typing_error_is_mended_and_said(recogniser) -> None:
    item = only(recogniser, "paracetmol 500 mg")
    assert item.substances == ("paracetamol",)
    assert item.understood is not None


def test_a_name_between_two_medicines_is_not_guessed(recogniser) -> None:
    """One letter from prednisolone and one from prednisone: a wrong guess is worse than a question."""
    (unknown,) = recogniser.recognise(["prednisolne"], "en").unknown
    assert {"prednisolone", "prednisone"} <= {guess.id for guess in unknown.nearest}


def test_what_nobody_knows_is_named_with_its_place(recogniser) -> None:
    found = recogniser.recognise(["zinc 10 mg", "xyzzyplugh"], "en")
    assert [(unknown.index, unknown.name) for unknown in found.unknown] == [(1, "xyzzyplugh")]


def test_a_class_is_no_item_but_names_its_members(recogniser) -> None:
    (unknown,) = recogniser.recognise(["statins"], "en").unknown
    assert "simvastatin" in {guess.id for guess in unknown.nearest}


def test_a_product_holds_its_parts(recogniser) -> None:
    item = only(recogniser, "Augmentin 500/125 mg")
    assert item.product
    assert set(item.substances) == {"amoxicillin", "clavulanic-acid"}


def test_a_few_letters_inside_a_longer_name_do_not_name_it(recogniser) -> None:
    """A product with vitamin D3 in its name holds more than vitamin D: better unknown than half known."""
    (unknown,) = recogniser.recognise(["Qqqcal-D3"], "en").unknown
    assert unknown.name == "Qqqcal-D3"


def test_words_that_stay_unread_are_shown_for_confirmation(recogniser) -> None:
    item = only(recogniser, "paracetamol sandoz 500 mg")
    assert (item.substances, item.understood) == (("paracetamol",), "paracetamol")
    assert only(recogniser, "paracetamol 500 mg").understood is None


# --- amounts


def test_the_salt_in_the_unit_is_weighed_as_a_salt(recogniser) -> None:
    item = only(recogniser, {"name": "Mag-Ox 400", "dose": "400", "unit": "mg magnesium oxide", "times_per_day": 2})
    (part,) = item.parts
    assert (part.substance, part.form) == ("magnesium", "oxide")
    assert part.amount == Span(Decimal("241.200"), Decimal("241.200"), "mg")


def test_as_citrate_is_already_the_element(recogniser) -> None:
    (part,) = only(recogniser, "magnesium 400 mg (as citrate)").parts
    assert part.amount == Span(Decimal(400), Decimal(400), "mg")
    assert part.basis_known


def test_an_unnamed_salt_is_a_range_and_says_so(recogniser) -> None:
    (part,) = only(recogniser, "magnesium 400 mg").parts
    assert part.amount is not None
    assert part.amount.low < 100 < part.amount.high == 400
    assert not part.basis_known


def test_several_pieces_are_several_doses(recogniser) -> None:
    (part,) = only(recogniser, "2 tablets paracetamol 500 mg").parts
    assert part.amount == Span(Decimal(1000), Decimal(1000), "mg")


# --- bad input


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"name": "zinc", "dose": "-5", "unit": "mg"}, "items[0].dose"),
        ({"name": "zinc", "dose": "0", "unit": "mg"}, "items[0].dose"),
        ({"name": "zinc", "dose": "5000000", "unit": "mg"}, "items[0].dose"),
        ({"name": "zinc", "dose": "many", "unit": "mg"}, "items[0].dose"),
        ({"name": "zinc", "dose": "5", "unit": "bananas"}, "items[0].unit"),
        ({"name": "zinc", "dose": "1.500", "unit": "mg"}, "items[0].dose"),
        ({"name": "zinc", "times_per_day": 500}, "items[0].times_per_day"),
        ({"name": "zinc", "at": ["25:00"]}, "items[0].at"),
        ({"name": "zinc", "at": "08:00"}, "items[0].at"),
        ({"name": "zinc", "since": "yesterday"}, "items[0].since"),
        ({"name": "zinc", "as_needed": "yes"}, "items[0].as_needed"),
        ({"name": "zinc", "colour": "blue"}, "items[0]"),
        ({"dose": "5"}, "items[0]"),
        (17, "items[0]"),
        (None, "items[0]"),
    ],
)
def test_a_field_of_no_use_is_named_and_the_rest_kept(recogniser, line, field) -> None:
    found = recogniser.recognise([line, "zinc 10 mg"], "en")
    assert field in {problem.field for problem in found.problems}
    assert found.items[-1].substances == ("zinc",)


def test_five_hundred_items_are_read_and_one_more_is_named(recogniser) -> None:
    found = recogniser.recognise(["zinc 1 mg"] * 501, "en")
    assert len(found.items) == 500
    assert [problem.field for problem in found.problems] == ["items"]


@pytest.mark.parametrize("told", ["zinc", {"zinc": 1}, 5])
def test_what_is_no_list_is_named(recogniser, told) -> None:
    found = recogniser.recognise(told, "en")
    assert (found.items, [problem.field for problem in found.problems]) == ((), ["items"])


def test_nothing_told_is_nothing_taken(recogniser) -> None:
    assert recogniser.recognise(None, "en") == recogniser.recognise([], "en")


@pytest.mark.parametrize("language", ["en", "nl", "de", "fr", "es"])
def test_everything_that_is_taken_is_recognised_by_its_own_name(recogniser, language) -> None:
    """No name is lost in the reading of a line: `vitamin A` holds no article, `the pill` is no piece of something."""
    known = recogniser.knowledge.substances
    lost = []
    for target, words in recogniser.knowledge.texts[language].items():
        group, _, id_ = target.partition("/")
        if group == "substances" and known[id_].kind != "food":
            assert only(recogniser, words.name, language).substances == (id_,), words.name
            named = [(name, recogniser.recognise([name], language).items) for name in words.names]
            lost += [name for name, items in named if id_ not in {s for item in items for s in item.substances}]
    assert len(lost) <= 1, lost

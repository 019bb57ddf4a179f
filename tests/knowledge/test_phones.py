"""A telephone number is kept in one spelling, and what is not one number is refused."""

import pytest

from knowledge import hotlines, phones, seed, truth
from knowledge.entry import Contact, Source
from tests.builders import DAY, an_entry

CITY = "https://www.city.nagasaki.lg.jp/"
NUMBERS = ["095-829-1414", "0958291414", "0570-064-556", "0120-99-7777", "#7119", "119", "171"]
NOT_ONE = [
    "電話 095-829-1414",
    "095-829-1414、095-822-8888",
    "095-829-1414 095-822-8888",
    "095-829-1414（内線 2345）",
    "095-829-1414(2345)",
    "095-829-1414（代表）",
    "829-1414",
    "٠٩٥-829-1414",
    "なし",
]


def problems(phone: str, said: str = "電話で申し込む") -> list[tuple[str, str]]:
    """What the check says of the ways to ask."""
    entry = an_entry(contact=Contact("課", phone), sources=(Source(said, CITY, "official"),))
    found = truth.check([entry], {}, {}, DAY)
    return [(p.field, p.message) for p in found if p.field.startswith("contact")]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_a_telephone_dials_stays_as_it_is(number: str) -> None:
    assert phones.is_one(number)
    assert phones.one_spelling(number) == number
    assert phones.dialled(number) == number


def test_every_number_of_the_city_is_one() -> None:
    told = [entry.contact.phone for entry in seed.load().entries if entry.contact.phone]
    lines = [line.number for line in hotlines.by_id().values()]

    assert [number for number in told + lines if not phones.is_one(number)] == []


@pytest.mark.parametrize(
    "written",
    [
        "０９５－８２９－１４１４",
        "095ー829ー1414",
        "095‐829‐1414",
        "095―829―1414",
        "095−829−1414",
        "095〜829〜1414",
        "095～829～1414",
        "(095)829-1414",
        "095（829）1414",
        "０９５（８２９）１４１４",
        "095 829 1414",
        " 095 - 829 - 1414 ",
    ],
)
def test_whatever_keys_a_person_found_the_number_is_kept_in_one_spelling(written: str) -> None:
    assert phones.one_spelling(written) == "095-829-1414"
    assert phones.dialled(written) == "095-829-1414"


def test_a_hash_may_be_wide_or_a_sharp() -> None:
    assert [phones.one_spelling(text) for text in ("＃７１１９", "♯7119")] == ["#7119", "#7119"]


@pytest.mark.parametrize("written", NOT_ONE)
def test_what_is_not_one_number_stays_as_written_and_is_told_in_one_line(written: str) -> None:
    assert phones.one_spelling(written) == written
    assert problems(written) == [("contact.phone", phones.NOT_ONE)]


def test_a_number_in_another_spelling_is_refused_where_nothing_has_mended_it() -> None:
    assert problems("095ー829ー1414") == [("contact.phone", phones.NOT_ONE)]


def test_a_number_without_a_source_is_told_as_one_telephone_number() -> None:
    found = problems("095-829-1414")

    assert found == [("contact.phone", f"電話番号「095-829-1414」{truth.UNPROVED}")]


@pytest.mark.parametrize("said", ["0958291414", "（０９５）８２９－１４１４", "095ー829ー1414"])
def test_a_source_may_write_the_number_in_its_own_way(said: str) -> None:
    assert problems("095-829-1414", said) == []


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("電話 095-829-1414", "095-829-1414"),
        ("095-829-1414、095-822-8888", "095-829-1414"),
        ("1階 095-829-1414（内線 2345）", "095-829-1414"),
        ("代表 #7119", "#7119"),
        ("なし", ""),
    ],
)
def test_of_a_text_the_first_number_is_dialled(written: str, number: str) -> None:
    assert phones.dialled(written) == number

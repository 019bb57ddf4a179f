"""The truth check takes equal spellings of one fact as equal, and unequal facts as unequal."""

import pytest

from knowledge import truth
from knowledge.entry import Source
from tests.builders import DAY, an_entry

CITY = "https://www.city.nagasaki.lg.jp/"
PHRASINGS = tuple(f"粗大ごみのことを聞きたい{kana}" for kana in "アイウエオカキクケコサシスセソ")


def problems(said: str, body: str, dated: str | None = None) -> list[str]:
    """What the check finds in an entry that rests on one source and says one thing."""
    sources = (Source(said, CITY, "official", dated),)
    entry = an_entry(body=body, sources=sources, phrasings=PHRASINGS, easy_ja="電話します。")
    return [problem.message for problem in truth.check([entry], {}, {}, DAY)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("令和8年", "2026年", id="era"),
        pytest.param("令和8年度", "２０２６年度", id="fiscal-year"),
        pytest.param("令和元年5月1日", "2019年5月1日", id="first-year-of-an-era"),
        pytest.param("午後5時30分", "17:30", id="afternoon"),
        pytest.param("午後5時半", "17時30分", id="half-past"),
        pytest.param("午前8時45分〜午後5時", "8:45～17:00", id="from-to"),
        pytest.param("2,000円", "２０００円", id="thousands-and-width"),
        pytest.param("30万円", "300,000円", id="ten-thousands"),
        pytest.param("2026-01-18", "2026年1月18日", id="iso-date"),
        pytest.param("令和8年1月18日", "2026-01-18", id="era-date"),
        pytest.param("12/29〜1/3", "12月29日から1月3日", id="slash-dates"),
        pytest.param("2026-01", "令和8年1月", id="month"),
        pytest.param("095-829-1153", "０９５－８２９－１１５３", id="phone-width"),
        pytest.param("095-829-1153", "0958291153", id="phone-hyphens"),
        pytest.param("095ー829ー1153", "（095）829－1153", id="phone-long-marks"),
        pytest.param("095-829-1153", "095(829)1153", id="phone-parentheses"),
    ],
)
def test_equal_spellings_prove_each_other(one: str, other: str) -> None:
    there, back = problems(one, other), problems(other, one)

    assert there == []
    assert back == []


@pytest.mark.parametrize(
    ("said", "body"),
    [
        pytest.param("2026-01-18", "1月18日", id="day-of-a-dated-day"),
        pytest.param("2026-01-18", "2026年1月", id="month-of-a-day"),
        pytest.param("2026-01-18", "令和8年", id="year-of-a-day"),
        pytest.param("年末年始は12/29から", "12月29日", id="slash-date"),
    ],
)
def test_a_part_of_a_known_date_is_proved(said: str, body: str) -> None:
    found = problems(said, body)

    assert found == []


def test_the_date_of_a_source_proves_itself() -> None:
    found = problems("電話で申し込む", "2026年1月18日の市の頁によります。", dated="2026-01-18")

    assert found == []


@pytest.mark.parametrize(
    ("said", "body", "message"),
    [
        pytest.param("1月18日", "2026年1月18日", "日付「2026年1月18日」", id="year-added"),
        pytest.param("2026年1月", "1月18日", "日付「1月18日」", id="day-added"),
        pytest.param("令和7年1月18日", "2026年1月18日", "日付「2026年1月18日」", id="other-year"),
        pytest.param("午前5時30分", "17:30", "時刻「17:30」", id="morning-for-evening"),
        pytest.param("20円", "2,000円", "金額「2,000円」", id="thousands-added"),
        pytest.param("3万円", "30万円", "金額「30万円」", id="zero-added"),
        pytest.param("2000人", "2000円", "金額「2000円」", id="people-for-yen"),
        pytest.param("095-829-1153", "095-829-1154", "電話番号「095-829-1154」", id="last-digit"),
    ],
)
def test_unequal_facts_do_not_prove_each_other(said: str, body: str, message: str) -> None:
    found = problems(said, body)

    assert f"{message}{truth.UNPROVED}" in found

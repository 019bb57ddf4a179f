"""The truth check finds every kind of fault, and takes equal spellings of a fact as equal."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from knowledge import truth
from knowledge.entry import Available, Contact, Entry, Link, Source
from tests.builders import DAY, a_plan_row, an_entry

CITY = "https://www.city.nagasaki.lg.jp/"
PHRASINGS = tuple(f"粗大ごみのことを聞きたい{kana}" for kana in "アイウエオカキクケコサシスセソ")
SAID = "電話 095-829-1153。平日 8:45〜17:30。手数料 300円。令和8年4月1日から。45リットルまで。"
A_LINK = Link("長崎市", f"{CITY}gomi/", CITY)


def a_true_entry(**changes: Any) -> Entry:
    """An entry without any fault; changes bring one in."""
    entry = an_entry(
        phrasings=PHRASINGS,
        easy_ja="電話（でんわ）してください。",
        sources=(Source(SAID, CITY, "official"),),
    )
    return replace(entry, **changes)


def problems(*entries: Entry) -> list[tuple[str, str]]:
    """Field and message of what the check finds on the tests' day."""
    rows = {"1-1-①-1": a_plan_row(summary="令和9年3月に20か所で始める。")}
    found = truth.check(entries, {}, rows, DAY)
    return [(problem.field, problem.message) for problem in found]


def with_source(said: str, body: str) -> Entry:
    """An entry that rests on one source and says one thing."""
    return a_true_entry(sources=(Source(said, CITY, "official"),), body=body)


def test_a_true_entry_has_no_problems() -> None:
    entry = a_true_entry(body=SAID, summary=SAID, easy_ja=SAID)

    found = problems(entry)

    assert found == []


def test_a_retired_entry_may_have_given_its_phrasings_away() -> None:
    entry = a_true_entry(state="retired", phrasings=())

    found = problems(entry)

    assert found == []


@pytest.mark.parametrize(
    ("invented", "kind"),
    [
        pytest.param("電話は095-829-0000です。", "電話番号「095-829-0000」", id="phone"),
        pytest.param("電話は0958290000です。", "電話番号「0958290000」", id="phone-no-hyphens"),
        pytest.param(
            "電話は０９５－８２９－００００です。",
            "電話番号「０９５－８２９－００００」",
            id="wide-phone",
        ),
        pytest.param("090-1234-5678にどうぞ。", "電話番号「090-1234-5678」", id="mobile-phone"),
        pytest.param("#7119に電話。", "電話番号「#7119」", id="short-phone"),
        pytest.param("https://example.jp/を", "URL「https://example.jp/を」", id="url"),
        pytest.param(f"{CITY}other.html", f"URL「{CITY}other.html」", id="url-of-the-city"),
        pytest.param("500円かかります。", "金額「500円」", id="fee"),
        pytest.param("45円かかります。", "金額「45円」", id="fee-of-a-known-number"),
        pytest.param("３万円かかります。", "金額「３万円」", id="fee-in-ten-thousands"),
        pytest.param("令和8年5月1日から。", "日付「令和8年5月1日」", id="date"),
        pytest.param("4月2日から。", "日付「4月2日」", id="date-without-year"),
        pytest.param("2026年6月から。", "日付「2026年6月」", id="month"),
        pytest.param("2026-04-02から。", "日付「2026-04-02」", id="iso-date"),
        pytest.param("12/31はお休み。", "日付「12/31」", id="slash-date"),
        pytest.param("46リットルまで。", "数字「46」", id="number"),
        pytest.param("令和6年度から。", "数字「令和6年」", id="fiscal-year"),
        pytest.param("午後3時15分まで。", "時刻「午後3時15分」", id="clock-time"),
        pytest.param("23:45まで。", "時刻「23:45」", id="clock-time-with-colon"),
    ],
)
@pytest.mark.parametrize("field", ["summary", "body", "easy_ja", "title"])
def test_an_invented_fact_is_caught_wherever_it_stands(
    invented: str, kind: str, field: str
) -> None:
    entry = a_true_entry(**{field: invented})

    found = problems(entry)

    assert (field, f"{kind}{truth.UNPROVED}") in found


@pytest.mark.parametrize(
    ("said", "body"),
    [
        pytest.param("9時30分から17時まで", "17時30分まで", id="half-past-the-other-hour"),
        pytest.param("8:45〜17:30", "8:30から", id="the-other-minutes"),
        pytest.param("大きさは20cmまで", "20:20まで", id="made-of-a-size"),
    ],
)
def test_a_clock_time_made_of_known_numbers_is_caught(said: str, body: str) -> None:
    entry = with_source(said, body)

    found = problems(entry)

    assert [field for field, _ in found] == ["body"]


@pytest.mark.parametrize(
    "disguised",
    [
        pytest.param("手数料は五百円です。", id="fee-in-kanji"),
        pytest.param("www.example.jp をご覧ください。", id="address-without-https"),
        pytest.param("gomi@example.jp に送ってください。", id="mail-address"),
    ],
)
def test_an_invented_fact_in_other_clothes_is_caught(disguised: str) -> None:
    entry = a_true_entry(body=disguised)

    found = problems(entry)

    assert [field for field, _ in found] == ["body"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"contact": Contact("課", phone="095-829-0000")}, "contact.phone", id="phone"),
        pytest.param({"contact": Contact("課", hours="9:15〜")}, "contact.hours", id="hours"),
        pytest.param(
            {"translations": {"en": "Call 095-829-0000"}}, "translations.en", id="english"
        ),
        pytest.param({"available": Available(date(2026, 5, 1), CITY)}, "available", id="since"),
        pytest.param({"links": (replace(A_LINK, url=f"{CITY}x"),)}, "links.0.url", id="link"),
        pytest.param({"links": (replace(A_LINK, label="500円"),)}, "links.0.label", id="label"),
    ],
)
def test_an_invented_fact_is_caught_outside_the_text_too(
    changes: dict[str, Any], field: str
) -> None:
    entry = a_true_entry(**changes)

    found = problems(entry)

    assert field in [where for where, _ in found]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param(
            {"links": (replace(A_LINK, source="https://example.jp/"),)},
            ("links.0.source", f"根拠「https://example.jp/」{truth.NO_SUCH_SOURCE}"),
            id="link-without-source",
        ),
        pytest.param(
            {"links": (replace(A_LINK, url="http://www.city.nagasaki.lg.jp/"),)},
            (
                "links.0.url",
                "https:// で始まる住所だけを載せます（http://www.city.nagasaki.lg.jp/）",
            ),
            id="http-link",
        ),
        pytest.param(
            {"available": Available(date(2026, 4, 1), "https://example.jp/")},
            ("available.source", f"根拠「https://example.jp/」{truth.NO_SUCH_SOURCE}"),
            id="availability-without-source",
        ),
        pytest.param(
            {"plan": ("9-9-⑨-9",)}, ("plan", "計画にない行です（9-9-⑨-9）"), id="unknown-plan-row"
        ),
        pytest.param(
            {"related": ("nobody",)}, ("related", "ない項目です（nobody）"), id="unknown-related"
        ),
        pytest.param(
            {"related": ("bulky-waste",)}, ("related", "ない項目です（bulky-waste）"), id="itself"
        ),
        pytest.param(
            {"contact": Contact(" 　")},
            ("contact.department", "担当課がありません。書いてください"),
            id="no-department",
        ),
        pytest.param(
            {"summary": "あ" * 121},
            ("summary", "121字です。120字以内にしてください"),
            id="long-summary",
        ),
        pytest.param(
            {"phrasings": PHRASINGS[:14]},
            ("phrasings", "14個です。15個以上にしてください"),
            id="few-phrasings",
        ),
        pytest.param(
            {"id": "other", "phrasings": PHRASINGS[:9]},
            ("phrasings", "9個です。10個以上にしてください"),
            id="few-phrasings-of-a-plain-entry",
        ),
        pytest.param(
            {"easy_ja": None}, ("easy_ja", "やさしい日本語が必要な項目です"), id="no-easy-japanese"
        ),
        pytest.param(
            {"review_by": DAY - timedelta(days=1)},
            ("review_by", "見直しの期限（2026-11-21）が過ぎています"),
            id="review-passed",
        ),
        pytest.param(
            {"sources": ()},
            ("sources", "出典がありません。書かれているページを加えてください"),
            id="no-sources",
        ),
    ],
)
def test_a_fault_of_form_is_caught(changes: dict[str, Any], problem: tuple[str, str]) -> None:
    entry = a_true_entry(**changes)

    found = problems(entry)

    assert problem in found


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"summary": "あ" * 120}, id="summary-just-short-enough"),
        pytest.param({"review_by": DAY}, id="review-due-today"),
        pytest.param({"id": "other", "phrasings": PHRASINGS[:10], "easy_ja": None}, id="plain"),
        pytest.param({"plan": ("1-1-①-1",), "body": "2027年3月に20か所"}, id="proved-by-the-plan"),
        pytest.param({"available": Available(date(2026, 4, 1), CITY)}, id="proved-availability"),
        pytest.param(
            {"links": (A_LINK,), "sources": (Source(f"{A_LINK.url} の頁", CITY, "official"),)},
            id="proved-link",
        ),
        pytest.param(
            {"body": f"{truth.CALL_CENTRE_PHONE} {truth.CALL_CENTRE_HOURS} {CITY} 119 110"},
            id="what-every-answer-may-say",
        ),
        pytest.param({"body": "1. 電話する。\n2. 券を買う。\n99. 出す。"}, id="numbered-steps"),
    ],
)
def test_what_just_keeps_the_rules_is_accepted(changes: dict[str, Any]) -> None:
    entry = a_true_entry(**changes)

    found = problems(entry)

    assert found == []


@pytest.mark.parametrize("category", ["スマホ・デジタル", "支払い・キャッシュレス", "手続き・証明"])
def test_a_rich_category_needs_easy_japanese(category: str) -> None:
    entry = a_true_entry(id="other", category=category, easy_ja=None)

    found = problems(entry)

    assert found == [("easy_ja", "やさしい日本語が必要な項目です")]


def test_a_fact_of_another_entry_s_source_proves_nothing() -> None:
    knows = a_true_entry(id="waste-days", phrasings=tuple(f"他{p}" for p in PHRASINGS))
    claims = with_source("手数料がかかります。", "手数料は300円です。")

    found = problems(knows, claims)

    assert ("body", f"金額「300円」{truth.UNPROVED}") in found


def test_a_problem_names_the_file_and_the_entry() -> None:
    entry = a_true_entry(summary="あ" * 121)

    found = truth.check([entry], {"bulky-waste": "living.yaml"}, {}, DAY)

    assert str(found[0]).startswith("living.yaml：bulky-waste：summary：")

"""What counts as personal data and what does not, and what is made of it."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.privacy import LABELS, PUBLIC_NUMBERS, find, redact, user_key, without
from tests.knowledge.privacy_cases import FALSE_ALARMS, TABLES

A_MOMENT = 5.0
"""Seconds of CPU: 17 ms when the work grows with the length, minutes when it grows with its square."""
SECRET = b"a secret for tests only, 32 bytes"

ONE_FINDING = [
    pytest.param(kind, marked, id=f"{kind}-{name}")
    for kind, table in TABLES.items()
    for name, marked in table.items()
]
SPECIMENS = [
    marked.replace("[", "").replace("]", "")
    for table in TABLES.values()
    for marked in table.values()
]
pieces = st.one_of(
    st.sampled_from(SPECIMENS),
    st.sampled_from(["0", "-", "の", " ", "\n", "、", "\ud800", "\x00", "\u202e", "①", "㍼", "町"]),
    st.sampled_from(list(LABELS.values())),
    st.text(max_size=8),
)
messages = st.lists(pieces, max_size=6).map("".join)


def unmarked(marked: str) -> tuple[str, int, int]:
    """The text without its square brackets, and where they stood."""
    start, end = marked.index("["), marked.index("]") - 1
    return marked.replace("[", "").replace("]", ""), start, end


@pytest.mark.parametrize(("kind", "marked"), ONE_FINDING)
def test_personal_data_is_found_from_its_first_to_its_last_character(kind: str, marked: str):
    text, start, end = unmarked(marked)

    assert [(found.type, found.start, found.end) for found in find(text)] == [(kind, start, end)]


@pytest.mark.parametrize("text", FALSE_ALARMS)
def test_what_only_looks_personal_is_left_alone(text: str):
    assert [(found.type, text[found.start : found.end]) for found in find(text)] == []


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        pytest.param(
            "私は長崎花子です。電話は090-0000-0000、住所は長崎市架空町1-1です",
            "私は〔名前〕です。電話は〔電話番号〕、住所は〔住所〕です",
            id="sentence",
        ),
        pytest.param(
            "〒850-0000\n長崎市架空町1-1\n長崎花子\n090-0000-0000",
            "〔住所〕\n〔名前〕\n〔電話番号〕",
            id="letter",
        ),
        pytest.param("長崎花子 1955/1/2", "〔名前〕 〔生年月日〕", id="date-beside-a-name"),
        pytest.param(
            "氏名：長崎花子（ながさきはなこ）", "氏名：〔名前〕（〔名前〕）", id="name-and-reading"
        ),
        pytest.param(
            "1234 5678 9012 090-0000-0000",
            "〔マイナンバー〕 〔電話番号〕",
            id="one-hides-the-other",
        ),
        pytest.param(
            "油木 架空 090-0000-0000", "〔名前〕 〔電話番号〕", id="unknown-name-before-a-phone"
        ),
        pytest.param(
            "a@example.jpと4111111111111111", "〔メールアドレス〕と〔カード番号〕", id="mail-card"
        ),
        pytest.param("口座番号 1234567", "口座番号 〔口座番号〕", id="account"),
    ],
)
def test_a_label_stands_for_each_piece_of_personal_data(text: str, redacted: str):
    assert redact(text) == redacted


def test_for_searching_a_space_stands_for_personal_data():
    assert without("長崎市架空町1-1の粗大ごみ 090-0000-0000") == " の粗大ごみ  "


def test_given_findings_are_used_as_they_are():
    text = "090-0000-0000と080-0000-0000"
    first = find(text)[:1]

    assert redact(text, first) == "〔電話番号〕と080-0000-0000"
    assert without(text, first) == " と080-0000-0000"


def test_numbers_the_city_publishes_can_be_added():
    public = PUBLIC_NUMBERS | {"0958000000"}

    assert find("095-800-0000", public) == []
    assert find("095-800-0000") != []


@given(messages)
@settings(max_examples=300, deadline=None)
def test_findings_lie_in_the_text_in_order_and_apart(text: str):
    ends = [0, *(found.end for found in find(text))]
    starts = [*(found.start for found in find(text)), len(text)]

    assert all(end <= start for end, start in zip(ends, starts, strict=True))
    assert all(found.start < found.end for found in find(text))


@given(messages)
@settings(max_examples=300, deadline=None)
def test_taking_out_twice_changes_nothing(text: str):
    assert redact(redact(text)) == redact(text)
    assert without(without(text)) == without(text)


@given(st.sampled_from(ONE_FINDING), st.text(alphabet="あいう。、\n「」", max_size=12))
@settings(deadline=None)
def test_nothing_of_what_was_found_is_left(case, beginning: str):
    text, start, end = unmarked(case.values[1])
    personal, message = text[start:end], f"{beginning}\n{text}"

    assert personal not in redact(message)
    assert personal not in without(message)


@given(st.text(alphabet="0123456789-の ().+町丁目番地市区〒年月日", max_size=120))
@settings(max_examples=200, deadline=None)
def test_no_finding_is_left_behind(text: str):
    assert find(redact(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ud800",
        "\x00",
        "\u202e090-0000-0000\u202c",
        "\ud800090-0000-0000",
        "㍿㌔㍼",
        "゙゚",
        "〔〕",
    ],
    ids=ascii,
)
def test_odd_characters_do_no_harm(text: str):
    assert redact(text).count("0000") == 0


@pytest.mark.parametrize(
    "unit",
    [
        "0",
        "1",
        "0 ",
        "0-",
        "0000-",
        "0000 ",
        "090-",
        "一",
        "漢",
        "あ",
        "ア ",
        "a.",
        "a@",
        "1-1 ",
        "町1-1",
        "長崎市",
        "私は長崎花子です。",
        "長崎 花子\n",
        "昭和30年1月2日 ",
        "〒850-0000 ",
        "郡1-1",
    ],
    ids=ascii,
)
def test_five_thousand_characters_take_a_moment_only(unit: str):
    text = (unit * 5000)[:5000]
    find(text)

    started = time.process_time()
    find(text)

    assert time.process_time() - started < A_MOMENT


def test_a_user_keeps_one_key_for_a_month():
    first = user_key(SECRET, "U0000", date(2026, 10, 1))

    assert first == user_key(SECRET, "U0000", date(2026, 10, 31))


@pytest.mark.parametrize(
    ("secret", "user_id", "day"),
    [
        pytest.param(SECRET, "U0000", date(2026, 11, 1), id="month"),
        pytest.param(SECRET, "U0000", date(2025, 10, 1), id="year"),
        pytest.param(b"another", "U0000", date(2026, 10, 1), id="secret"),
        pytest.param(SECRET, "U0001", date(2026, 10, 1), id="user"),
    ],
)
def test_another_month_secret_or_user_has_another_key(secret: bytes, user_id: str, day: date):
    assert user_key(secret, user_id, day) != user_key(SECRET, "U0000", date(2026, 10, 1))


def test_the_key_is_a_hash_that_does_not_hold_the_id():
    key = user_key(SECRET, "Uabc", date(2026, 10, 1))

    assert len(key) == len("0" * 64)
    assert set(key) <= set("0123456789abcdef")
    assert "Uabc".lower() not in key

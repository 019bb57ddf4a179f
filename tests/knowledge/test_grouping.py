"""Questions that ask the same are put together, others are kept apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import grouping
from knowledge.text import normalise
from knowledge.tokens import Tokenizer

TOKENIZER = Tokenizer()


def together(*texts: str) -> list[tuple[int, ...]]:
    """The groups of a few texts."""
    return grouping.groups([normalise(text) for text in texts], TOKENIZER)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ゴミの日", "ごみの日"),
        ("灯籠流しの場所", "灯籠流しの場所を教えてください"),
        ("アザラシの置物を捨てたい", "捨てたい、アザラシの置物"),
        ("マイナンバーカードの再発行の手続き", "マイナンバカードの再発行の手続き"),
        ("灯籠流しはどこですか", "とうろうながしはどこですか"),
    ],
)
def test_the_same_question_in_other_words_is_one_group(one: str, other: str) -> None:
    assert together(one, other) == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("転入届の出し方", "転出届の出し方"),
        ("犬の登録", "猫の登録"),
        ("市民プールの料金", "図書館の時間"),
        ("ごみ", "税金"),
    ],
)
def test_different_questions_stay_apart(one: str, other: str) -> None:
    assert together(one, other) == [(0,), (1,)]


def test_the_first_text_leads_and_members_are_alike_to_it() -> None:
    found = together(
        "ドローンを飛ばしたい", "灯籠流しの場所", "灯籠流しの場所は？", "ドローン飛ばしたい"
    )

    assert found == [(0, 3), (1, 2)]


def test_nothing_gives_no_groups() -> None:
    assert together() == []


@given(st.lists(st.text(max_size=20), max_size=8, unique=True))
def test_every_text_is_in_exactly_one_group_and_it_is_always_the_same(texts: list[str]) -> None:
    found = together(*texts)

    assert sorted(position for group in found for position in group) == list(range(len(texts)))
    assert found == together(*texts)


def test_the_key_of_a_wording_does_not_hold_its_words() -> None:
    key = grouping.key_of("灯籠流しの場所")

    assert (len(key), key == grouping.key_of("灯籠流しの場所")) == (64, True)
    assert key != grouping.key_of("灯籠流しの場所は")

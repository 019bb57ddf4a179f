"""長崎弁 is read as standard Japanese, and standard Japanese stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import dialect
from knowledge.text import normalise


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("スマホの使い方ば教えてほしか", "スマホの使い方を教えてほしい"),
        ("会社ば辞めたけん保険はどうすればよかと", "会社を辞めたから保険はどうすればいいの"),
        ("住民票ば取りに行きたかとけど", "住民票を取りに行きたいけど"),
        ("どがんすればよかと", "どうすればいいの"),
        ("役所に出さんばいかん", "役所に出さなければいけない"),
        ("隣のやぐらしか", "隣のうるさい"),
        ("いっちょん分からん", "まったく分からない"),
        ("手帳ばまだ取っとらん", "手帳をまだ取っとらん"),
        ("自治会の会費の高か", "自治会の会費の高い"),
    ],
)
def test_the_dialect_is_read_as_standard_japanese(said: str, meant: str) -> None:
    assert dialect.standard(normalise(said)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "国民健康保険の手続きを教えてください",
        "市役所へ行けば分かりますか",
        "おうちから申請できますか",
        "荷物は届いたか確かめたい",
        "何時からですか",
        "ばらの花",
        "けん玉の教室",
    ],
)
def test_standard_japanese_stays_as_it_is(text: str) -> None:
    assert dialect.standard(text) == text


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(dialect.standard(normalise(text)), str)

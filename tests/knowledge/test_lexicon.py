"""Words of the knowledge base are heard in kana, in misspelt kana and under wrong kanji."""

from itertools import product

import pytest

from knowledge import lexicon
from knowledge.base import KnowledgeBase
from knowledge.lexicon import MOST_LIKE, Found, Lexicon, _Readings
from knowledge.text import normalise
from knowledge.tokens import Tokenizer
from tests.builders import DAY

TEXTS = [
    "粗大ごみの申込み", "住民票の手数料", "マイナンバーカードの更新", "指定ごみ袋", "予防接種",
    "国民健康保険", "小中学校", "窓口",
]  # fmt: skip
PROSE = "回収していません。 受付していません。 案内しています。"


@pytest.fixture(scope="module")
def small(tokenizer: Tokenizer) -> Lexicon:
    """A lexicon of a few titles, with prose that tells していません apart from 指定."""
    return lexicon.build([tokenizer.tokens(normalise(text)) for text in TEXTS], PROSE)


@pytest.fixture(scope="module")
def whole(kb: KnowledgeBase) -> Lexicon:
    """The lexicon of the city's catalog."""
    return kb.snapshot(DAY).index.lexicon


def heard(words: Lexicon, tokenizer: Tokenizer, typed: str) -> list[Found]:
    """What a lexicon hears in what a citizen typed."""
    return words.find(tokenizer.tokens(normalise(typed)))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("そだいごみ", ("粗大", "ごみ"), id="hiragana"),
        pytest.param("ソダイゴミ", ("粗大", "ごみ"), id="katakana"),
        pytest.param("ｿﾀﾞｲｺﾞﾐ", ("粗大", "ごみ"), id="half-width"),
        pytest.param("そだいごみをすてたい", ("粗大", "ごみ"), id="inside-a-sentence"),
        pytest.param("じゅうみんひょう", ("住民", "票"), id="jumin"),
        pytest.param("てすうりょう", ("手数", "料"), id="tesuryo"),
        pytest.param("よぼうせっしゅ", ("予防", "接種"), id="yobo"),
        pytest.param("まどぐち", ("窓口",), id="one-word"),
    ],
)
def test_a_word_typed_in_kana_is_heard_exactly(
    small: Lexicon, tokenizer: Tokenizer, typed: str, words: tuple[str, ...]
) -> None:
    found = heard(small, tokenizer, typed)

    assert found[0].words == words
    assert found[0].is_exact
    assert found[0].from_kana


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        pytest.param("てつすうりょう", "手数", id="tetsusuryo"),
        pytest.param("まいなばーかーど", "まいなんばーかーど", id="mainabakado"),
        pytest.param("じゅみんひよう", "住民", id="juminhiyo"),
        pytest.param("もうしこめ", "申し込み", id="moshikome"),
    ],
)
def test_a_word_misspelt_in_kana_is_heard_by_likeness(
    small: Lexicon, tokenizer: Tokenizer, typed: str, word: str
) -> None:
    found = heard(small, tokenizer, typed)

    assert word in [each for hit in found if not hit.is_exact for each in hit.words]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("住民表", ("住民", "票"), id="hyo"),
        pytest.param("予防摂取", ("予防", "接種"), id="sesshu"),
    ],
)
def test_a_word_under_wrong_kanji_is_heard_but_not_as_kana(
    small: Lexicon, tokenizer: Tokenizer, typed: str, words: tuple[str, ...]
) -> None:
    found = heard(small, tokenizer, typed)

    assert [(hit.words, hit.is_exact, hit.from_kana) for hit in found] == [(words, True, False)]


@pytest.mark.parametrize(
    "typed",
    ["していませんか", "回収していませんか", "してい", "案内していますか", "受付はしていない"],
)
def test_grammar_is_not_read_as_a_word(small: Lexicon, tokenizer: Tokenizer, typed: str) -> None:
    found = heard(small, tokenizer, typed)

    assert "指定" not in [word for hit in found for word in hit.words]


@pytest.mark.parametrize(
    "typed", ["していませんか", "していますか", "回収していませんか", "してください", "しています"]
)
def test_grammar_is_not_read_as_a_word_of_the_whole_catalog(
    whole: Lexicon, tokenizer: Tokenizer, typed: str
) -> None:
    found = heard(whole, tokenizer, typed)

    assert "指定" not in [word for hit in found for word in hit.words]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("そだいごみ", {"粗大", "ごみ"}, id="sodaigomi"),
        pytest.param("てすうりょう", {"手数", "料"}, id="tesuryo"),
        pytest.param("てつすうりょう", {"手数"}, id="tetsusuryo"),
        pytest.param("じゅうみんひょう", {"住民", "票"}, id="juminhyo"),
        pytest.param("ほいくえん", {"保育"}, id="hoikuen"),
    ],
)
def test_the_whole_catalog_s_words_are_heard(
    whole: Lexicon, tokenizer: Tokenizer, typed: str, words: set[str]
) -> None:
    found = heard(whole, tokenizer, typed)

    assert words <= {word for hit in found for word in hit.words}


def test_without_prose_grammar_cannot_be_told_apart(tokenizer: Tokenizer) -> None:
    unaware = lexicon.build([tokenizer.tokens("指定ごみ袋")], prose="")

    found = heard(unaware, tokenizer, "していませんか")

    assert [hit.words for hit in found] == [("指定",)]


def test_a_longer_reading_wins_over_a_shorter(small: Lexicon, tokenizer: Tokenizer) -> None:
    found = heard(small, tokenizer, "していごみぶくろ")

    assert found[0].heard == "していごみぶくろ"


def test_a_reading_of_two_words_gives_both(tokenizer: Tokenizer) -> None:
    homophones = lexicon.build([tokenizer.tokens("検診"), tokenizer.tokens("健診")], prose="")

    found = heard(homophones, tokenizer, "けんしん")

    assert set(found[0].words) == {"検診", "健診"}


@pytest.mark.parametrize("typed", ["", "abc", "あいうえおか", "😀", "ー", "です"])
def test_what_holds_no_known_word_is_heard_as_nothing(
    small: Lexicon, tokenizer: Tokenizer, typed: str
) -> None:
    found = heard(small, tokenizer, typed)

    assert found == []


def test_an_empty_lexicon_hears_nothing(tokenizer: Tokenizer) -> None:
    empty = lexicon.build([], prose="")

    found = heard(empty, tokenizer, "そだいごみをすてたい")

    assert found == []


def test_of_very_many_readings_alike_those_that_share_most_are_compared() -> None:
    letters = "あいうえおかきくけこさしすせそ"
    alike = ["".join(start) + "よぼうせっしゅ" for start in product(letters, repeat=3)]
    readings = _Readings.of([*alike, "よぼうせっしゅけん"])

    likely = readings.like("よぼうせっしゅけんん")

    assert len(alike) > MOST_LIKE == len(likely)
    assert likely[-1] == "よぼうせっしゅけん"
    assert likely[:-1] == [reading for reading in alike if reading in set(likely)]


def test_few_readings_alike_are_all_compared() -> None:
    readings = _Readings.of(["よぼうせっしゅ", "よぼうけいかく", "そだいごみ"])

    assert readings.like("よぼうせっしゅけん") == ["よぼうせっしゅ"]
    assert readings.like("ん") == []

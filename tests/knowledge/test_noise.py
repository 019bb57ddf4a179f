"""Noise spoils the spelling the way it says, always the same way, and never what is expected."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import noise
from knowledge.question_files import Question, Span
from knowledge.text import normalise
from knowledge.tokens import Tokenizer

SEEDS = range(40)
SENTENCE = "スマホサロンの予約を取り消したい"


def a_question(query: str = SENTENCE, **changes: Any) -> Question:
    """A question that one entry answers."""
    return replace(Question("q1", query, ("smartphone-salon",), "sentence"), **changes)


def spoiled(kind: str, text: str, tokenizer: Tokenizer, seed: int = 1) -> str:
    """A text with noise."""
    return noise.NOISES[kind](text, random.Random(seed), tokenizer)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param("kana", "証明書の取り方", "しょうめいしょのとりかた", id="kana-by-reading"),
        pytest.param("kana", "コンビニ払い", "こんびにはらい", id="kana-of-katakana"),
        pytest.param(
            "kana", "住民票 手数料", "じゅうみんひょう てすうりょう", id="kana-keeps-gaps"
        ),
        pytest.param("kana", "10年の旅券", "10ねんのりょけん", id="kana-keeps-digits"),
        pytest.param("kana", "Wi-Fiを借りる", "wi-fiをかりる", id="kana-keeps-latin"),
        pytest.param("width", "ガスとデータ", "ｶﾞｽとﾃﾞｰﾀ", id="half-width-katakana"),
        pytest.param("width", "WiFi 5GHz", "ＷｉＦｉ　５ＧＨｚ", id="full-width-ascii"),
        pytest.param("width", "えーと、ごみ。", "えーと、ごみ。", id="hiragana-and-marks-stay"),
        pytest.param("small_kana", "学校ってどっち", "学校つてどつち", id="small-hiragana"),
        pytest.param("small_kana", "シャッター", "シヤツター", id="small-katakana"),
        pytest.param("long_vowel", "どう申請", "どお申請", id="ou-as-oo"),
        pytest.param("long_vowel", "おおきいごみ", "おうきいごみ", id="oo-as-ou"),
        pytest.param("long_vowel", "ごみのお知らせ", "ごみのお知らせ", id="next-word-stays"),
        pytest.param("long_vowel", "住民票", "住民票", id="no-long-vowel"),
        pytest.param(
            "keyword", SENTENCE, "スマホサロン 予約 取り消す", id="words-in-dictionary-form"
        ),
        pytest.param("keyword", "粗大ごみはどうやって出すの", "粗大ごみ 出す", id="compounds-stay"),
        pytest.param("keyword", "ごみをだしたい", "ごみをだしたい", id="hiragana-cannot-be-cut"),
    ],
)
def test_a_noise_spoils_as_it_says(
    kind: str, text: str, expected: str, tokenizer: Tokenizer
) -> None:
    assert spoiled(kind, text, tokenizer) == expected


def test_a_long_vowel_mark_is_dropped_or_doubled(tokenizer: Tokenizer) -> None:
    spellings = {spoiled("long_vowel", "カード", tokenizer, seed) for seed in SEEDS}

    assert spellings == {"カド", "カーード"}


def test_a_typo_is_a_letter_missing_doubled_swapped_or_from_the_key_beside(
    tokenizer: Tokenizer,
) -> None:
    typos = {spoiled("typo", "粗大ごみ申込", tokenizer, seed) for seed in range(400)}

    missing = {"粗大み申込", "粗大ご申込"}
    doubled = {"粗大ごごみ申込", "粗大ごみみ申込"}
    assert typos == missing | doubled | {"粗大みご申込", "粗大ごち申込"}


@pytest.mark.parametrize(
    ("letter", "beside"),
    [
        pytest.param("あ", "かた", id="corner"),
        pytest.param("に", "きちひ", id="flicked-left"),
        pytest.param("ん", "ゆ", id="last-row"),
        pytest.param("カ", "アサナ", id="katakana"),
    ],
)
def test_the_keys_beside_share_the_direction_of_the_flick(letter: str, beside: str) -> None:
    assert set(noise._beside_letter(letter)) == set(beside)


def test_a_typo_leaves_kanji_whole(tokenizer: Tokenizer) -> None:
    assert spoiled("typo", "水道料金減免", tokenizer) == "水道料金減免"


def test_a_typo_leaves_short_questions_alone(tokenizer: Tokenizer) -> None:
    assert {spoiled("typo", "ごみの日", tokenizer, seed) for seed in SEEDS} == {"ごみの日"}


@given(text=st.text(max_size=60), kind=st.sampled_from(sorted(noise.NOISES)), seed=st.integers())
def test_any_text_at_all_can_be_spoiled(
    text: str, kind: str, seed: int, tokenizer: Tokenizer
) -> None:
    assert isinstance(spoiled(kind, text, tokenizer, seed), str)


@given(text=st.text(alphabet="あのごみカードーっ水道 ABｶﾞ、", max_size=30))
def test_width_is_no_difference_to_the_search(text: str, tokenizer: Tokenizer) -> None:
    assert normalise(spoiled("width", text, tokenizer)) == normalise(text)


@pytest.mark.parametrize("kind", noise.NOISES)
def test_a_noisy_question_differs_in_id_and_words_only(kind: str, tokenizer: Tokenizer) -> None:
    question = a_question("ガソリンスタンドってどう申し込む？")

    [changed] = noise.noisy([question], kind, 1, tokenizer)

    assert changed == replace(question, id=f"q1-{kind}", query=changed.query)
    assert changed.query != question.query


@pytest.mark.parametrize("kind", noise.NOISES)
def test_the_same_seed_gives_the_same_noise_in_any_company(kind: str, tokenizer: Tokenizer) -> None:
    question = a_question("ガソリンスタンドってどう申し込む？")
    others = [a_question(id=f"other{number}") for number in range(5)]

    alone = noise.noisy([question], kind, 7, tokenizer)
    in_company = noise.noisy([*others, question], kind, 7, tokenizer)

    assert in_company[-1:] == alone


def test_another_seed_gives_another_noise(tokenizer: Tokenizer) -> None:
    questions = [a_question(id=str(number)) for number in SEEDS]

    one, other = (noise.noisy(questions, "typo", seed, tokenizer) for seed in (1, 2))

    assert one != other


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        pytest.param("kana", "ごみのひ", id="already-kana"),
        pytest.param("kana", "where is the shelter?", id="no-japanese"),
        pytest.param("kana", "我想要帮助，怎么办", id="chinese-has-no-kana"),
        pytest.param("width", "住民票", id="no-katakana"),
        pytest.param("small_kana", "住民票", id="no-small-kana"),
        pytest.param("keyword", "住民票", id="already-a-keyword"),
        pytest.param("keyword", "もしもし？", id="no-word-of-meaning"),
    ],
)
def test_what_a_noise_does_not_change_is_left_out(
    kind: str, query: str, tokenizer: Tokenizer
) -> None:
    assert noise.noisy([a_question(query)], kind, 1, tokenizer) == []


@pytest.mark.parametrize("kind", noise.NOISES)
def test_marked_personal_data_is_left_out_as_its_place_would_move(
    kind: str, tokenizer: Tokenizer
) -> None:
    question = a_question("名前はダミーっ子どうぞ。住民票", pii_spans=(Span(3, 8),))

    assert noise.noisy([question], kind, 1, tokenizer) == []


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        pytest.param("typo", {"expect": ("@emergency",)}, id="one-letter-may-cry-for-help"),
        pytest.param("keyword", {"expect": ("@emergency",)}, id="emergency-without-its-verb"),
        pytest.param("keyword", {"expect": ("@smalltalk",)}, id="greeting-without-its-tone"),
        pytest.param("keyword", {"need_all": True}, id="two-questions-without-their-joint"),
        pytest.param("keyword", {"kind": "speech"}, id="figure-without-its-speech"),
    ],
)
def test_a_question_is_left_out_where_noise_makes_its_expectation_untrue(
    kind: str, changes: dict[str, Any], tokenizer: Tokenizer
) -> None:
    assert noise.noisy([a_question(**changes)], kind, 1, tokenizer) == []


@pytest.mark.parametrize("kind", ["kana", "width", "small_kana", "long_vowel"])
def test_an_emergency_stays_one_in_other_spellings(kind: str, tokenizer: Tokenizer) -> None:
    question = a_question("ストーブのガスって、どう止める", expect=("@emergency",))

    assert len(noise.noisy([question], kind, 1, tokenizer)) == 1

"""Text is cut into words the same way in every thread, with stop words told apart and kana kept."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import normalise
from knowledge.tokens import STOP_WORDS, Tokenizer

TEXTS = [f"{number}番目の粗大ごみを{number}月に長崎市で捨てたい" for number in range(400)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("粗大ごみの出し方を教えてください", ["粗大", "ごみ", "出す"], id="question"),
        pytest.param("長崎市の住民票", ["住民", "票"], id="the-city-is-no-word"),
        pytest.param("どこで何をどうすればいいですか", [], id="nothing-but-stop-words"),
        pytest.param("スマホ", ["すまほ"], id="katakana-is-folded"),
        pytest.param("引越し", ["引っ越し"], id="spelling-is-united"),
        pytest.param("子ども", ["子供"], id="kana-and-kanji-are-united"),
        pytest.param("食べた", ["食べる"], id="verbs-stand-in-their-plain-form"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_text_is_cut_into_the_words_that_carry_meaning(
    tokenizer: Tokenizer, text: str, words: list[str]
) -> None:
    found = tokenizer.content_words(text)

    assert found == words


@pytest.mark.parametrize("word", ["する", "こと", "教える", "長崎", "市", "下さる", "何処", "さん"])
def test_a_stop_word_carries_no_meaning(tokenizer: Tokenizer, word: str) -> None:
    found = tokenizer.content_words(word)

    assert word in STOP_WORDS
    assert found == []


@pytest.mark.parametrize("word", ["ごみ", "手当", "保育", "住民", "税", "健診", "証明"])
def test_a_word_of_the_city_s_services_is_no_stop_word(tokenizer: Tokenizer, word: str) -> None:
    found = tokenizer.content_words(word)

    assert found == [word]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        pytest.param("住民票", "じゅうみんひょう", id="kanji"),
        pytest.param("スマホ", "すまほ", id="katakana"),
        pytest.param("ばりよか", "ばりよか", id="kana-is-its-own-reading"),
        pytest.param("らーめん", "らーめん", id="long-vowel"),
        pytest.param("粗大ゴミ", "そだいごみ", id="mixed"),
        pytest.param("wi-fi", "わいふぁい", id="latin"),
        pytest.param("ヴ", "ゔ", id="vu"),
        pytest.param("粗大 ごみ", "そだいごみ", id="spaces-have-no-reading"),
        pytest.param("☂", "☂", id="a-mark-is-not-read-as-kigou"),
    ],
)
def test_a_text_is_read_in_hiragana(tokenizer: Tokenizer, text: str, reading: str) -> None:
    found = tokenizer.reading(text)

    assert found == reading


@given(st.text(st.characters(exclude_categories=())))
def test_no_normalised_text_makes_the_tokenizer_raise(tokenizer: Tokenizer, text: str) -> None:
    normal = normalise(text)

    tokens = tokenizer.tokens(normal)

    assert "".join(token.surface for token in tokens) == normal.replace(" ", "")


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3096)))
def test_hiragana_is_its_own_reading(tokenizer: Tokenizer, kana: str) -> None:
    found = tokenizer.reading(kana)

    assert found == kana


def test_a_text_longer_than_sudachi_takes_is_cut_too(tokenizer: Tokenizer) -> None:
    text = "粗大ごみを出す日です。" * 2000

    words = tokenizer.content_words(text)

    assert words.count("粗大") == 2000


def test_eight_threads_cut_texts_as_one_does() -> None:
    shared, own = Tokenizer(), Tokenizer()
    alone = [own.tokens(text) for text in TEXTS]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(shared.tokens, TEXTS))

    assert together == alone

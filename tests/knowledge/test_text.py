"""Text is normalised so that width, case, kana kind, emoji and marks do not matter, whatever is typed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.text import compare_key, fold_kana, normalise, without_lone_surrogates

KATAKANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
)
HALF_WIDTH = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ"
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
IVS = "\U000e0100"
RIGHT_TO_LEFT = "\u202e"

anything = st.text(st.characters(exclude_categories=()))
"""Every code point there is, lone surrogates and unassigned ones too."""
awkward = st.lists(
    st.sampled_from([
        "\ud83d", "\ude00", "\x00", RIGHT_TO_LEFT, "\u200f", IVS, "\ufe0f", "\u200d", "𠮷", FAMILY,
        "ﾊﾟ", "ｶﾞ", "ﾞ", "か\u3099", "ー", "ｰ", "〜", "～", "~", "-", "−", "–", "　", "㍿", "①", "İ",
        "ß", "ﷺ", "ゟ", "가", "\u1100\u1161", "1\ufe0f\u20e3", "é", "e\u0301", "ば", "ゴ", "A", "\n",
    ])
).map("".join)  # fmt: skip
words = st.text(
    st.sampled_from([*KATAKANA, *"ガギグゲゴザジズゼゾパピプペポッャュョー"]), min_size=1
)


@given(anything | awkward)
@example("\ud800")
@example("\x00")
@example(f"{RIGHT_TO_LEFT}ごみ")
@example(f"葛{IVS}")
@example("𠮷野家")
@example(FAMILY)
@example("ｶﾞｷﾞｸﾞ")
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@given(anything | awkward)
def test_what_is_normalised_can_be_stored_and_sent(text: str) -> None:
    found = normalise(text) + compare_key(text) + without_lone_surrogates(text)

    assert found.encode("utf-8").decode("utf-8") == found


@given(anything | awkward)
def test_what_is_normalised_has_only_single_spaces_inside(text: str) -> None:
    found = normalise(text)

    assert found == " ".join(found.split())


@given(anything | awkward)
def test_a_compare_key_holds_no_space_and_no_katakana(text: str) -> None:
    key = compare_key(text)

    assert " " not in key
    assert fold_kana(key) == key


@given(words)
def test_hiragana_and_katakana_compare_alike(word: str) -> None:
    hiragana = fold_kana(word)

    assert compare_key(hiragana) == compare_key(word)


@given(st.text(st.sampled_from(KATAKANA)))
def test_half_width_kana_compares_like_full_width(word: str) -> None:
    half = word.translate(str.maketrans(KATAKANA, HALF_WIDTH))

    assert compare_key(half) == compare_key(word)


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E)))
def test_full_width_letters_compare_like_ascii(word: str) -> None:
    full = "".join(chr(ord(character) + 0xFEE0) for character in word)

    assert compare_key(full) == compare_key(word)


@given(st.text(st.characters(categories=["Lo", "Nd"], max_codepoint=0x30FF)), st.integers(0, 20))
def test_an_emoji_anywhere_changes_no_compare_key(word: str, place: int) -> None:
    decorated = f"{word[:place]}😀{FAMILY}❗️{word[place:]}"

    assert compare_key(decorated) == compare_key(word)


@given(anything)
def test_text_without_lone_surrogates_stays_as_it_is(text: str) -> None:
    clean = without_lone_surrogates(text)

    assert without_lone_surrogates(clean) == clean
    assert len(clean.encode("utf-16", "surrogatepass")) == len(
        text.encode("utf-16", "surrogatepass")
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("  粗大ごみ　の 申込み\n", "粗大ごみ の 申込み", id="spaces"),
        pytest.param("ｽﾏﾎ ｻﾛﾝ", "スマホ サロン", id="half-width-kana"),
        pytest.param("ＬＩＮＥ　Ｐａｙ", "line pay", id="full-width-letters"),
        pytest.param("２０２６年", "2026年", id="full-width-digits"),
        pytest.param("教えて！！！", "教えて", id="marks"),
        pytest.param("ごみ？？出し方。", "ごみ 出し方", id="marks-inside"),
        pytest.param("ゴミ🗑️の日", "ゴミ の日", id="emoji-with-selector"),
        pytest.param(f"{FAMILY}の手当", "の手当", id="joined-emoji"),
        pytest.param(f"葛{IVS}飾", "葛飾", id="ideographic-variation"),
        pytest.param("𠮷野", "𠮷野", id="beyond-the-bmp"),
        pytest.param("か\u3099っこう", "がっこう", id="combining-voiced-mark"),
        pytest.param("すごーーーい", "すごーい", id="long-vowels"),
        pytest.param("Wi-Fi", "wi-fi", id="hyphen-in-a-word"),
        pytest.param("時々", "時々", id="repeat-mark"),
        pytest.param("a\u200bb\ufeff", "ab", id="invisible-characters"),
        pytest.param("ご\x00み", "ごみ", id="nul"),
        pytest.param(f"{RIGHT_TO_LEFT}ごみ", "ごみ", id="right-to-left"),
        pytest.param("①番", "1番", id="circled-digit"),
        pytest.param("", "", id="nothing"),
        pytest.param("😀！？　", "", id="nothing-but-marks"),
    ],
)
def test_typed_text_becomes_plain(typed: str, expected: str) -> None:
    found = normalise(typed)

    assert found == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ゴミ", "ごみ", id="kana-kind"),
        pytest.param("ｺﾞﾐ", "ごみ", id="half-width"),
        pytest.param("ＰＡＹＰＡＹ", "PayPay", id="case-and-width"),
        pytest.param("粗大 ごみ", "粗大ごみ", id="space"),
        pytest.param("粗大ごみ？", "粗大ごみ", id="question-mark"),
        pytest.param("粗大ごみ😭", "粗大ごみ", id="emoji"),
        pytest.param("マイナンバーカード", "まいなんばーかーど", id="long-word"),
        pytest.param("ﾏｲﾅﾝﾊﾞｰｶｰﾄﾞ", "マイナンバーカード", id="half-width-long-vowel"),
        pytest.param("ヴ", "ゔ", id="vu"),
        pytest.param("ラーメンーー", "らーめんー", id="doubled-long-vowel"),
        pytest.param("ラ-メン", "ラーメン", id="hyphen-as-long-vowel"),
        pytest.param("ラ−メン", "ラーメン", id="minus-as-long-vowel"),
        pytest.param("ラ–メン", "ラーメン", id="en-dash-as-long-vowel"),
        pytest.param("ラ―メン", "ラーメン", id="horizontal-bar-as-long-vowel"),
        pytest.param("ら〜めん", "らーめん", id="wave-dash-as-long-vowel"),
        pytest.param("ら～めん", "らーめん", id="full-width-tilde-as-long-vowel"),
        pytest.param("095−822−8888", "095-822-8888", id="minus-as-hyphen"),
        pytest.param("095‐822‐8888", "095-822-8888", id="unicode-hyphen"),
        pytest.param("1\ufe0f\u20e3", "1", id="keycap-emoji"),
    ],
)
def test_two_spellings_of_one_wording_have_one_compare_key(one: str, other: str) -> None:
    keys = {compare_key(one), compare_key(other)}

    assert len(keys) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ごみ", "こみ", id="voiced"),
        pytest.param("びょういん", "びよういん", id="small-kana"),
        pytest.param("1月", "2月", id="digits"),
        pytest.param("住民票", "住民表", id="kanji"),
    ],
)
def test_different_words_keep_different_compare_keys(one: str, other: str) -> None:
    keys = {compare_key(one), compare_key(other)}

    assert len(keys) == 2


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    text = "ごみ\ud83dの日"

    found = without_lone_surrogates(text)

    assert found == "ごみ\ufffdの日"


def test_a_pair_of_surrogates_becomes_its_character() -> None:
    text = "\ud842\udfb7"

    found = without_lone_surrogates(text)

    assert found == "𠮷"

"""Tell the language of a message: Japanese unless it is plainly English, Chinese or Korean."""

import re
from typing import Literal, TypeAlias

from knowledge.text import normalise

Language: TypeAlias = Literal["ja", "en", "zh", "ko"]

MIN_ENGLISH_WORDS = 2
MIN_ENGLISH_BESIDE_KANJI = 2

_HANGUL = re.compile(r"[가-힣ᄀ-ᇿㄱ-ㆎ]")
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_HAN = re.compile(r"[一-鿿㐀-䶿]")
_WORD = re.compile(r"[a-zà-ÿ]{2,}|\bi\b")
_NOT_SAID = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|e-?l?tax|wi-?fi|['’‘`]", re.IGNORECASE)
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]{1,5}\b")
_HAS_SMALL_LETTERS = re.compile(r"[a-z]")
_ROMAJI = re.compile(r"(?:(?:[kstnhmrgzjdbpwyf]|[kgnhbmpr]y|sh|ch|ts)?[aiueo]|n)+")

_BRANDS = frozenset(
    """
    line pay paypay pdf linepay suica nimoca icoca pasmo sugoca kitaca
    google apple amazon yahoo youtube facebook instagram twitter tiktok zoom teams skype android
    iphone ipad ios mac windows word excel powerpoint chrome safari edge qr code pc ic id card
    visa mastercard jcb american express amex diners dpay aupay rakuten edy waon nanaco quicpay
    mynaportal myna portal app web mail sms net online dx ai bot chatgpt gps sns url faq lgbt lgbtq
    sdgs npo ngo hiv std covid dv nhk tv dvd cd led lpg usb atm etc ev phv ok no vol ver
    """.split()
)
"""Latin words that stand in Japanese messages: no sign of English by themselves."""

_ENGLISH = frozenset(
    """
    i a an the and or of for from with without about to at by is are am was do does did have has
    can could may must should would will want need how what where when who why which my your me
    we our you it this that there please hello hi hey thanks thank sorry help yes english
    speak talk get find make take throw out apply pay register renew move moving moved live
    trash garbage rubbish waste recycling tax insurance health pension passport visa resident
    residence certificate birth marriage death school nursery child children baby pregnant
    doctor hospital vaccine disaster evacuation shelter bus water city hall office counter
    address change form fee cost open hours phone number contact appointment good morning evening
    afternoon night ticket library parking job work foreigner foreign support information
    """.split()
)
_ENGLISH_GRAMMAR = frozenset(
    """
    i the of for from with about to at is are am do does did have has can could should would
    want need how what where when who why which my your me you it this that please and in on
    """.split()
)
_CHINESE = re.compile(
    "請問|可以|我要|我想|我的|我是|我在|我有|我家有|我住|我們|哪裡|哪裏|怎|什麼|甚麼|多少[钱錢]|在哪|如何"
    "|不能|没有|沒有|不知道|不懂|不会|不會|想要|謝謝|幫我|告訴|需不需要|要不要|是不是|能不能|有沒有|還是|護照|垃圾|孩子|机器"
)


def detect(text: str) -> Language:
    """The language a message is written in; names, keywords in kanji and brands are Japanese."""
    said = normalise(text)
    hangul, kana = len(_HANGUL.findall(said)), len(_KANA.findall(said))
    if hangul > kana:
        return "ko"
    if kana:
        return "ja"
    if _is_chinese(said):
        return "zh"
    return "en" if _is_english(text) else "ja"


def _is_chinese(said: str) -> bool:
    return bool(_CHINESE.search(said)) or any(map(_is_only_chinese, _HAN.findall(said)))


def _is_only_chinese(character: str) -> bool:
    """Japanese computers (cp932) lack 们 and 嗎, mainland (GB 2312) or Taiwan's (Big5) have them."""
    return not _fits(character, "cp932") and (
        _fits(character, "gb2312") or _fits(character, "big5")
    )


def _fits(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _is_english(text: str) -> bool:
    """Whether there are English words enough, not counting brands and short forms in capitals."""
    spoken = _NOT_SAID.sub("", text)
    if _HAS_SMALL_LETTERS.search(spoken):
        spoken = _CAPITALS.sub(" ", spoken)
    words = [word for word in _WORD.findall(normalise(spoken)) if word not in _BRANDS]
    if _HAN.search(spoken):
        return sum(word in _ENGLISH_GRAMMAR for word in words) >= MIN_ENGLISH_BESIDE_KANJI
    foreign = [word for word in words if not _ROMAJI.fullmatch(word)]
    if len(foreign) >= MIN_ENGLISH_WORDS or any(word in _ENGLISH for word in foreign):
        return True
    return bool(words) and all(word in _ENGLISH for word in words)

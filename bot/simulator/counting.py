"""Count text the way LINE does: UTF-16 code units or what a reader sees as one character."""

import unicodedata
from itertools import pairwise
from typing import Final

ZERO_WIDTH_JOINER: Final = "\u200d"
# Joined to what stands before them although their category is no mark: joiners, conjoining
# Hangul vowels and finals, half-width dakuten, skin tones, tags (Unicode Annex 29).
EXTENDING_RANGES: Final = (
    (0x200C, 0x200D),
    (0x1160, 0x11FF),
    (0xFF9E, 0xFF9F),
    (0x1F3FB, 0x1F3FF),
    (0xE0020, 0xE007F),
)
REGIONAL_INDICATORS: Final = range(0x1F1E6, 0x1F200)
EMOJI_PLANE: Final = 0x1F000
LAST_ONE_UNIT_CODE: Final = 0xFFFF
SURROGATES: Final = range(0xD800, 0xE000)


def utf16_units(text: str) -> int:
    """The number of UTF-16 code units, as JavaScript and LINE's text limit count."""
    return len(text) + sum(ord(char) > LAST_ONE_UNIT_CODE for char in text)


def graphemes(text: str) -> int:
    """The number of extended grapheme clusters: 👨‍👩‍👧‍👦, 葛󠄀 and ﾊﾞ each count as one."""
    breaks = 0
    flags = 0
    for before, char in pairwise(f"\n{text}"):
        flags = flags + 1 if ord(char) in REGIONAL_INDICATORS else 0
        breaks += not _joins(before, char, flags)
    return breaks


def has_unpaired_surrogate(text: str) -> bool:
    """Half of a surrogate pair: legal in a JSON escape, but not a character."""
    return any(ord(char) in SURROGATES for char in text)


def _joins(before: str, char: str, flags: int) -> bool:
    if before in "\r\n":
        return before == "\r" and char == "\n"
    if _extends(char):
        return True
    if flags:
        return flags % 2 == 0
    return before == ZERO_WIDTH_JOINER and _is_pictograph(char)


def _extends(char: str) -> bool:
    code = ord(char)
    return unicodedata.category(char).startswith("M") or any(
        first <= code <= last for first, last in EXTENDING_RANGES
    )


def _is_pictograph(char: str) -> bool:
    return ord(char) >= EMOJI_PLANE or unicodedata.category(char) == "So"

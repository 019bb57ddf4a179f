"""Write questions as hurried fingers do: seeded noise that leaves the expected answer true; pure."""

import math
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import jaconv

from knowledge import language
from knowledge.question_files import Question
from knowledge.text import fold_kana, normalise
from knowledge.tokens import Token, Tokenizer

Noise = Callable[[str, random.Random, Tokenizer], str]

MIN_TYPO_LETTERS = 5
"""Below this, one slip leaves too little of a question: 水道 without 水 asks nothing."""

_SLIPPING = re.compile(r"[ぁ-ゖァ-ヺーA-Za-z]")
"""Letters typed one by one; a kanji leaves the input method whole, so it never loses half."""

_KATAKANA = re.compile(r"[ァ-ヺ][ァ-ヺー・]*")
_CUTTABLE = re.compile(r"[一-龯々ァ-ヺ]")
"""Hiragana alone is cut into words too unsurely to tell which carry the meaning."""

_KEYPAD = ("あかさ", "たなは", "まやら", "　わ　")
_FLICKS = {
    row[0]: row
    for row in (
        *("あいうえお", "かきくけこ", "さしすせそ", "たちつてと", "なにぬねの", "はひふへほ"),
        *("まみむめも", "や　ゆ　よ", "らりるれろ", "わをんー　"),
    )
}
"""Each key with its letters: touched, then flicked left, up, right and down."""
_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}

_SMALL = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ"
_LARGE = "あいうえおつやゆよわアイウエオツヤユヨワ"
_OU = re.compile(r"(?<=[おこそとのほもよろごぞどぼぽょ])う")
_OO = re.compile(r"(?<=[おこそほごぞどぼぽょ])お")
"""After と, の and も an お mostly begins the next word: ごみのお知らせ."""


def noisy(
    questions: Sequence[Question], kind: str, seed: int, tokenizer: Tokenizer
) -> list[Question]:
    """The questions with one kind of noise and the same expectation.

    Left out: those whose expectation the noise would make untrue, and those it does not change.
    """
    changed = []
    for question in questions:
        dice = random.Random(f"{seed}:{kind}:{question.id}")  # noqa: S311 # repeatable, no secret
        query = NOISES[kind](question.query, dice, tokenizer)
        if query not in ("", question.query) and _stays_true(question, kind):
            changed.append(replace(question, id=f"{question.id}-{kind}", query=query))
    return changed


def typo(text: str, dice: random.Random, _tokenizer: Tokenizer) -> str:
    """One slip of the finger: a letter missing, doubled, swapped, or from the key beside it."""
    if sum(letter.isalnum() for letter in text) < MIN_TYPO_LETTERS:
        return text
    slips = (slip(text, dice) for slip in dice.sample(_SLIPS, len(_SLIPS)))
    return next((slipped for slipped in slips if slipped != text), text)


def kana(text: str, _dice: random.Random, tokenizer: Tokenizer) -> str:
    """Japanese in hiragana by its reading; Latin words and numbers stay as they are."""
    if language.detect(text) != "ja":
        return text
    normal = normalise(text)
    pieces = (map(_as_read, tokenizer.tokens(piece)) for piece in normal.split())
    read = " ".join("".join(piece) for piece in pieces)
    return text if read == normal else read


def width(text: str, _dice: random.Random, _tokenizer: Tokenizer) -> str:
    """Katakana at half width, Latin letters and digits at full width."""
    wide: str = jaconv.h2z(text, kana=False, ascii=True, digit=True)
    return _KATAKANA.sub(lambda word: str(jaconv.z2h(word[0], kana=True)), wide)


def small_kana(text: str, _dice: random.Random, _tokenizer: Tokenizer) -> str:
    """Small kana typed at full size: がっこう as がつこう."""
    return text.translate(str.maketrans(_SMALL, _LARGE))


def long_vowel(text: str, dice: random.Random, _tokenizer: Tokenizer) -> str:
    """Each ー dropped or doubled, おう as おお and the other way round."""
    marked = _OO.sub("\0", text)
    swapped = _OU.sub("お", marked).replace("\0", "う")
    return re.sub("ー", lambda _: dice.choice(("", "ーー")), swapped)


def keyword(text: str, _dice: random.Random, tokenizer: Tokenizer) -> str:
    """What one types into a search box: words of meaning with spaces, neighbours kept together."""
    normal = normalise(text)
    if not _CUTTABLE.search(normal):
        return text
    words = " ".join(word for piece in normal.split() for word in _words(piece, tokenizer))
    return text if words == normal else words


NOISES: dict[str, Noise] = {
    "typo": typo,
    "kana": kana,
    "width": width,
    "small_kana": small_kana,
    "long_vowel": long_vowel,
    "keyword": keyword,
}


def _stays_true(question: Question, kind: str) -> bool:
    """False where the noise moves marked spans, or strips what makes the expectation true."""
    if question.pii_spans:
        return False
    if kind == "typo":  # one letter may be all that cries for help: かじ, かぎ
        return "@emergency" not in question.expect
    if kind == "keyword":  # 死ぬ alone is no figure of speech, ありがとう has no word of meaning
        is_reply = any(expected.startswith("@") for expected in question.expect)
        return not (is_reply or question.need_all or question.kind == "speech")
    return True


def _missing(text: str, dice: random.Random) -> str:
    return _at(text, dice, _SLIPPING, lambda _: "")


def _doubled(text: str, dice: random.Random) -> str:
    return _at(text, dice, _SLIPPING, lambda letter: letter * 2)


def _swapped(text: str, dice: random.Random) -> str:
    pair = re.compile(rf"(?={_SLIPPING.pattern}({_SLIPPING.pattern}))")
    places = [m.start() for m in pair.finditer(text) if text[m.start()] != m[1]]
    if not places:
        return text
    place = dice.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _beside(text: str, dice: random.Random) -> str:
    return _at(text, dice, _FLICKED, lambda letter: dice.choice(_beside_letter(letter)))


def _at(
    text: str, dice: random.Random, letters: re.Pattern[str], change: Callable[[str], str]
) -> str:
    """The text with one of these letters changed."""
    places = [match.start() for match in letters.finditer(text)]
    if not places:
        return text
    place = dice.choice(places)
    return text[:place] + change(text[place]) + text[place + 1 :]


def _beside_letter(letter: str) -> str:
    """The letters one key away in the same direction of flick, in the same kind of kana."""
    found = _NEIGHBOURS[fold_kana(letter)]
    return found if letter == fold_kana(letter) else found.translate(_TO_KATAKANA)


def _neighbours() -> dict[str, str]:
    """Every kana with those one key away in the same direction of flick."""
    places = {key: (x, y) for y, row in enumerate(_KEYPAD) for x, key in enumerate(row)}
    found = {}
    for key, letters in _FLICKS.items():
        near = [_FLICKS[other] for other in _FLICKS if math.dist(places[key], places[other]) == 1]
        for letter, *others in zip(letters, *near, strict=True):
            found[letter] = "".join(others).replace("　", "")
    return {letter: near for letter, near in found.items() if letter != "　" and near}


_NEIGHBOURS = _neighbours()
_FLICKED = re.compile(f"[{''.join(_NEIGHBOURS)}{''.join(_NEIGHBOURS).translate(_TO_KATAKANA)}]")
_SLIPS = (_missing, _doubled, _swapped, _beside)


def _as_read(token: Token) -> str:
    return token.surface if token.surface.isascii() else token.reading


def _words(piece: str, tokenizer: Tokenizer) -> Iterator[str]:
    for carries_meaning, run in groupby(tokenizer.tokens(piece), lambda token: token.is_content):
        if carries_meaning:
            yield _as_one_word(list(run))


def _as_one_word(run: Sequence[Token]) -> str:
    """Neighbouring words as one, the last in its dictionary form: 取り, 消し as 取り消す."""
    return "".join([*(token.surface for token in run[:-1]), _dictionary_form(run[-1])])


def _dictionary_form(token: Token) -> str:
    """Only an inflected ending is mended: スマホ and くるま stay as the citizen wrote them."""
    is_inflected = "ぁ" <= token.surface[-1] <= "ゖ" and token.norm[:1] == token.surface[0]
    return token.norm if is_inflected else token.surface

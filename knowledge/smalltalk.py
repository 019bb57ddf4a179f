"""Hear small talk (a greeting, thanks, an insult, a wish for a person) where nothing is asked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from knowledge import shipped
from knowledge.text import fold_kana, normalise
from knowledge.tokens import Token, Tokenizer

FILE = Path(__file__).with_name("smalltalk.yaml")
MAX_LETTERS = 60
"""Nobody greets at such length; a longer message has something to say."""
MIN_SLIP = 5
MAX_ENDING = 4

_SMALL = str.maketrans("ゃゅょゎをづぢ", "やゆよわおずじ")
_LENGTHENED = re.compile(
    "[っぁぃぅぇぉー-]"
    "|(?<=[うくすつぬふむゆるぐずぶぷおこそとのほもよろごぞどぼぽ])う(?![うざるんちそ])"
    "|(?<=[あかさたなはまやらわがざだばぱ])あ(?=[あ ]|$)"
    "|(?<=[いきしちにひみりぎじびぴえけせてねへめれげぜでべぺ])い(?=[い ]|$)"
    "|(?<=[えけせてねへめれげぜでべぺ])え(?=[え ]|$)"
    "|(?<=[おこそとのほもよろごぞどぼぽ])お(?=[お ]|$)"
)
"""Letters that only lengthen a sound: おはよう, おはよ and おはよおお are one word; うざい stays."""

_LATIN_TAIL = re.compile(r"([a-z0-9])(?!\1)[a-z0-9]")
_CUT = "\n"
_KANA = re.compile(r"[ぁ-ゖ]+")
_LONG_KANA = re.compile(r"[ぁ-ゖァ-ヺー]{6,}")
"""Sudachi may take a word in kana for particles; so many letters hold a word."""
_HANGUL = re.compile(r"[가-힣]+")


@dataclass(frozen=True)
class _Word:
    """One cell of smalltalk.yaml; fillers, particles and asking words have no intent."""

    text: str
    kind: str
    intent: str = ""


@dataclass(frozen=True)
class _Book:
    """The whole of smalltalk.yaml, by the first letter of the words."""

    words: Mapping[str, tuple[_Word, ...]]
    unless: Mapping[str, tuple[str, ...]]
    order: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    """A word that stands in the message as it sounds, from `start` to `end`."""

    word: _Word
    start: int
    end: int

    def is_inside(self, other: "_Found") -> bool:
        """Whether it is only a part of a longer word."""
        is_shorter = self.end - self.start < other.end - other.start
        return is_shorter and other.start <= self.start and self.end <= other.end


@dataclass(frozen=True)
class _Message:
    """A message as it sounds, with the place of each letter in the normalised text."""

    typed: str
    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "_Message":
        typed = normalise(text)
        folded = fold_kana(typed).translate(_SMALL)
        folded = _LENGTHENED.sub(lambda found: " " * len(found[0]), folded)
        places = [
            place
            for place, letter in enumerate(folded)
            if letter != " " and letter != folded[place - 1 : place]
        ]
        return cls(typed, "".join(folded[place] for place in places), tuple(places))

    def find(self, words: Mapping[str, tuple[_Word, ...]]) -> Iterator[_Found]:
        """Every word that stands somewhere in the message."""
        for start, letter in enumerate(self.text):
            for word in words.get(letter, ()):
                end = start + len(word.text)
                if self.text.startswith(word.text, start) and self._stands_free(start, end):
                    yield _Found(word, start, end)

    def typed_places(self, found: _Found) -> range:
        """Where the word stands in the normalised text, with what lengthens it."""
        is_last = found.end == len(self.places)
        return range(
            self.places[found.start], len(self.typed) if is_last else self.places[found.end]
        )

    def _stands_free(self, start: int, end: int) -> bool:
        """Latin words are no parts of others: hi is not in shimin."""
        first, last = self.places[start], self.places[end - 1]
        return not (
            (first and _is_latin(self.typed[first - 1]) and _is_latin(self.typed[first]))
            or _LATIN_TAIL.match(self.typed, last)
        )


def detect(text: str, tokenizer: Tokenizer) -> str | None:
    """The intent of a message that holds nothing but small talk."""
    book = _book()
    message = _Message.of(text)
    if not 0 < len(message.text) <= MAX_LETTERS:
        return None
    found = list(message.find(book.words))
    spoken = _longest(found)
    if _is_asking(found, spoken):
        return None
    said = {one.word.intent for one in spoken if one.word.kind == "say"}
    if said and _is_empty(message, [one for one in found if one.word.kind != "alone"], tokenizer):
        return _first(book, message, said)
    alone = _alone(message, found, spoken)
    if alone and _is_empty(message, found, tokenizer):
        return _first(book, message, alone)
    return _slip(message, book)


def _longest(found: Sequence[_Found]) -> list[_Found]:
    """The words with an intent that are no part of a longer one."""
    spoken = [one for one in found if one.word.intent]
    return [one for one in spoken if not any(map(one.is_inside, spoken))]


def _is_asking(found: Iterable[_Found], spoken: Sequence[_Found]) -> bool:
    asking = (one for one in found if one.word.kind == "asks")
    return any(not any(map(one.is_inside, spoken)) for one in asking)


def _alone(message: _Message, found: Sequence[_Found], spoken: Iterable[_Found]) -> set[str]:
    """The intents of short words that make up the message with fillers, letter by letter."""
    steps = [(one.start, one.end) for one in found if one.word.kind != "asks"]
    from_start, from_end = {0}, {len(message.text)}
    for start, end in sorted(steps):
        if start in from_start:
            from_start.add(end)
    for start, end in sorted(steps, key=itemgetter(1), reverse=True):
        if end in from_end:
            from_end.add(start)
    return {
        one.word.intent
        for one in spoken
        if one.start in from_start and one.end in from_end and _is_long(one, message)
    }


def _is_empty(message: _Message, found: Iterable[_Found], tokenizer: Tokenizer) -> bool:
    """Whether each word with a meaning belongs to an expression of small talk."""
    heard = (one for one in found if one.word.kind != "asks" and _is_long(one, message))
    covered = {place for one in heard for place in message.typed_places(one)}
    left = "".join(_CUT if n in covered else letter for n, letter in enumerate(message.typed))
    end = 0
    for token in tokenizer.tokens(message.typed):
        start = message.typed.index(token.surface, end)
        end = start + len(token.surface)
        if _has_meaning(token, left[start:end].replace(_CUT, "")):
            return False
    return not _LONG_KANA.search(left)


def _has_meaning(token: Token, rest: str) -> bool:
    """Whether what the expressions leave of a word says more than its ending does."""
    if _HANGUL.fullmatch(token.surface):
        return rest == token.surface or len(rest) > MAX_ENDING
    is_ending = (
        rest != token.surface and token.surface.endswith(rest) and not _KANA.match(token.surface)
    )
    return token.is_content and rest != "" and not (is_ending and _KANA.fullmatch(rest))


def _is_long(one: _Found, message: _Message) -> bool:
    """A single kana says something only where it is all that is said."""
    is_kana = len(one.word.text) == 1 and _KANA.match(one.word.text)
    return not is_kana or set(message.text) == {one.word.text}


def _slip(message: _Message, book: _Book) -> str | None:
    """The intent of an expression in kana with one letter wrong, missing or too many."""
    if len(message.text) < MIN_SLIP or not _KANA.fullmatch(message.text):
        return None
    near = {
        word.intent
        for word in book.words.get(message.text[0], ())
        if word.intent and abs(len(word.text) - len(message.text)) <= 1
        if OSA.distance(word.text, message.text, score_cutoff=1) <= 1
    }
    return _first(book, message, near)


def _first(book: _Book, message: _Message, intents: set[str]) -> str | None:
    for intent in book.order:
        if intent in intents and not any(w in message.text for w in book.unless[intent]):
            return intent
    return None


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


@cache
def _book() -> _Book:
    data = shipped.read(FILE)
    by_letter: dict[str, list[_Word]] = {}
    for word in _words(data):
        by_letter.setdefault(word.text[0], []).append(word)
    return _Book(
        words={letter: tuple(words) for letter, words in by_letter.items()},
        unless={
            intent: tuple(map(_sound, row.get("unless", ())))
            for intent, row in data["intents"].items()
        },
        order=tuple(data["intents"]),
    )


def _words(data: Mapping[str, Any]) -> Iterator[_Word]:
    for intent, row in data["intents"].items():
        for kind in ("say", "alone"):
            yield from (_Word(_sound(said), kind, intent) for said in row.get(kind, ()))
    for kind in ("filler", "particles", "asks"):
        yield from (_Word(_sound(said), kind) for said in data[kind])


def _sound(written: object) -> str:
    return _Message.of(str(written)).text

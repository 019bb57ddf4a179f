"""Hear an emergency or a crisis in what a citizen writes, before anything else is answered."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import permutations
from pathlib import Path
from typing import Any, Literal

from rapidfuzz.distance import OSA

from knowledge import shipped
from knowledge.letters import View, Words
from knowledge.starts import Starts
from knowledge.text import fold_kana, normalise
from knowledge.tokens import Tokenizer

# fmt: off
Kind = Literal["fire", "medical", "crime", "accident", "gas",
               "sea", "trapped", "suicide", "child_abuse", "violence"]
# fmt: on

SIGNS_FILE = Path(__file__).with_name("emergency.yaml")
DEFAULT_GAP = 6
MAX_HOTLINES = 4
MAX_READ_CHARS = 200
"""Reading by Sudachi is slow on long letters, so only their beginning is also searched by sound."""
MIN_SLIP = 6
SURE_START = 2
"""The first letters must be right: しはらいをしていない is not いきをしていない."""

_APOSTROPHES = str.maketrans("", "", "'’‘`´＇")
_SAME_SOUND = str.maketrans(
    {"を": "お", "づ": "ず", "ぢ": "じ", "ー": "", "-": ""} | dict.fromkeys("ぁぃぅぇぉ", "")
)
_BLURRED = str.maketrans(
    "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽっゃゅょゎ",
    "かきくけこさしすせそたちつてとはひふへほはひふへほつやゆよわ",
)
_GROUP = re.compile(r"<([^<>|]+)>")
_CUT_OUT = "\n"
_QUESTION = re.compile(r"[?？]|か\W*$")

"""Alternatives in the order in which they must be heard."""


@dataclass(frozen=True)
class Alarm:
    """What was heard: `hotlines` are ids in the order to show, `why` is the sign that was found."""

    kind: Kind
    is_sure: bool
    hotlines: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class _Sign:
    """One row of emergency.yaml; its header explains the fields."""

    kind: Kind
    say: str
    orders: tuple[Words, ...]
    gap: int = DEFAULT_GAP
    unless: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    weak: bool = False
    firm: bool = False
    alone: bool = False
    lack: bool = False


@dataclass(frozen=True)
class _Book:
    """The whole of emergency.yaml, ready for matching."""

    lines: Mapping[Kind, Mapping[str, tuple[str, ...]]]
    signs: tuple[_Sign, ...]
    speech: tuple[Words, ...]
    urgent: tuple[str, ...]
    paper: tuple[str, ...]
    dialect: Mapping[str, str]
    dialect_ending: re.Pattern[str]
    negation: re.Pattern[str]
    filler: re.Pattern[str]
    calm: Words
    starts: Starts
    heard_starts: Starts


@dataclass(frozen=True)
class _Message:
    """One message as it is typed, in standard Japanese, and as it sounds."""

    raw: str
    typed: View
    views: tuple[View, ...]
    is_urgent: bool
    is_paper: bool
    tokenizer: Tokenizer = field(repr=False)

    @classmethod
    def of(cls, text: str, tokenizer: Tokenizer, book: _Book) -> "_Message":
        typed = _view(text)
        meant = _without(typed, book.speech)
        standard = View(book.dialect_ending.sub(lambda found: book.dialect[found[0]], meant.text))
        told = _without(typed, [book.calm])
        return cls(
            raw=text,
            typed=typed,
            views=(meant,) if standard.text == meant.text else (meant, standard),
            is_urgent=told.has(book.urgent),
            is_paper=told.has(book.paper),
            tokenizer=tokenizer,
        )

    @cached_property
    def sound(self) -> View:
        """The reading without what is easily left out: voicing marks and the size of letters."""
        has_speech = self.typed.text != self.views[0].text
        read = self.views[0].text if has_speech else normalise(self.raw[:MAX_READ_CHARS])
        reading = self.tokenizer.reading(read[:MAX_READ_CHARS])
        return View(_compact(reading)[0].translate(_BLURRED))


def detect(text: str, tokenizer: Tokenizer) -> Alarm | None:
    """The emergency a message tells of, if any; sure signs go before doubtful ones."""
    book = _book()
    message = _Message.of(text, tokenizer, book)
    found: dict[bool, list[_Sign]] = {True: [], False: []}
    for number in sorted(_candidates(message, book)):
        sign = book.signs[number]
        is_sure = _judge(sign, message, book)
        if is_sure is not None:
            found[is_sure].append(sign)
    for is_sure, signs in found.items():
        if signs:
            lines = _hotlines(signs, "sure" if is_sure else "doubt", book)
            return Alarm(signs[0].kind, is_sure, lines, signs[0].say)
    return None


def _candidates(message: _Message, book: _Book) -> set[int]:
    """The signs with a word in the message or in its sound: a few of hundreds."""
    seen = (book.starts.candidates(view.text) for view in message.views)
    return book.heard_starts.candidates(message.sound.text).union(*seen)


def _judge(sign: _Sign, message: _Message, book: _Book) -> bool | None:
    """True for sure, False for doubtful, None for not heard."""
    certainty = _hear(sign, message, book)
    if certainty is None:
        return None
    if sign.unless and not message.is_urgent and message.typed.has(sign.unless):
        return None
    if sign.firm:
        return False
    if message.is_paper and sign.weak:
        return False if message.is_urgent else None
    is_plain = message.is_urgent or not (message.is_paper or sign.weak)
    return certainty and is_plain


def _hear(sign: _Sign, message: _Message, book: _Book) -> bool | None:
    """Like `_judge`, but by the sign's words alone."""
    places = [(view, end) for view in message.views for end in _ends(sign, view, book)]
    if places and (sign.lack or not all(book.negation.match(v.text, end) for v, end in places)):
        return True
    if places:
        return False if _QUESTION.search(message.raw) or sign.kind == "suicide" else None
    return True if _sounds_like(sign, message) else None


def _ends(sign: _Sign, view: View, book: _Book) -> Iterator[int]:
    """Where the sign ends, each time it stands in the view."""
    for words in sign.orders:
        for start, end in view.matches(words, sign.gap):
            rest = view.text[:start] + view.text[end:]
            if not sign.alone or book.filler.fullmatch(rest.replace(view.text[start:end], "")):
                yield end


def _sounds_like(sign: _Sign, message: _Message) -> bool:
    """Whether a long sign is heard in the reading, also with a slip."""
    return any(message.sound.has([heard]) for heard in sign.heard) or any(
        _is_slip(heard, message.sound.text[start : start + len(heard) + longer])
        for heard in sign.heard
        for start, _ in message.sound.spans([heard[:SURE_START]])
        for longer in (0, -1, 1)
    )


def _is_slip(meant: str, heard: str) -> bool:
    """One letter wrong, missing, too many or changed with its neighbour."""
    return len(meant) >= MIN_SLIP and OSA.distance(meant, heard, score_cutoff=1) <= 1


def _hotlines(signs: Sequence[_Sign], certainty: str, book: _Book) -> tuple[str, ...]:
    shown = [line for sign in signs for line in sign.lines or book.lines[sign.kind][certainty]]
    return tuple(dict.fromkeys(shown))[:MAX_HOTLINES]


def _without(view: View, unrelated: Iterable[Words]) -> View:
    """The message with figures of speech and words of another meaning cut out."""
    for words in unrelated:
        for start, end in view.matches(words, DEFAULT_GAP):
            text = view.text[:start] + _CUT_OUT * (end - start) + view.text[end:]
            view = View(text, view.edges)
    return view


def _view(text: str) -> View:
    return View(*_compact(normalise(text.translate(_APOSTROPHES))))


def _compact(text: str) -> tuple[str, frozenset[int]]:
    """Hiragana without spaces and long vowels, and where Latin words may begin or end in it."""
    letters: list[str] = []
    edges = {0}
    was_latin = False
    for letter in fold_kana(text).translate(_SAME_SOUND):
        is_latin = letter.isascii() and letter.isalnum()
        if letter == " " or is_latin != was_latin:
            edges.add(len(letters))
        if letter != " ":
            letters.append(letter)
            was_latin = is_latin
    return "".join(letters), frozenset(edges | {len(letters)})


@cache
def _book() -> _Book:
    data = shipped.read(SIGNS_FILE)
    groups: dict[str, str] = {name: "|".join(words) for name, words in data["groups"].items()}
    dialect = {_word(said): _word(meant) for said, meant in data["dialect"].items()}
    signs = tuple(_sign(kind, row, groups) for kind, rows in data["signs"].items() for row in rows)
    return _Book(
        lines={k: {c: tuple(ids) for c, ids in data["lines"][k].items()} for k in data["lines"]},
        signs=signs,
        starts=Starts([[w for order in s.orders for w in min(order, key=len)] for s in signs]),
        heard_starts=Starts([sign.heard for sign in signs]),
        speech=tuple(_words(row, groups) for row in data["speech"]),
        urgent=tuple(map(_word, data["urgent"])),
        paper=tuple(map(_word, data["paper"])),
        dialect=dialect,
        dialect_ending=re.compile(_any_of(dialect)),
        filler=re.compile(f"(?:{_any_of(map(_word, data['filler']))}|{_CUT_OUT})*+"),
        calm=(tuple(map(_word, data["calm"])),),
        negation=re.compile(
            f"(?!{_any_of(data['maybe'])})"
            f"(?:{_any_of(data['negation_links'])}){{0,4}}(?:{_any_of(data['negations'])})"
        ),
    )


def _sign(kind: Kind, row: Mapping[str, Any], groups: Mapping[str, str]) -> _Sign:
    fields = dict(row)
    words = _words(fields.pop("words"), groups)
    orders = tuple(permutations(words)) if fields.pop("any_order", False) else (words,)
    fields["unless"] = tuple(map(_word, fields.get("unless", ())))
    fields["heard"] = tuple(_word(said).translate(_BLURRED) for said in fields.get("heard", ()))
    fields["lines"] = tuple(fields.get("lines", ()))
    return _Sign(kind=kind, orders=orders, **fields)


def _words(row: Sequence[str], groups: Mapping[str, str]) -> Words:
    return tuple(tuple(map(_word, _spelt_out(cell, groups).split("|"))) for cell in row)


def _spelt_out(cell: str, groups: Mapping[str, str]) -> str:
    return _GROUP.sub(lambda name: _spelt_out(groups[name[1]], groups), cell)


def _word(written: str) -> str:
    return _compact(normalise(str(written)))[0]


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))

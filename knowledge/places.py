"""Notice when a question is about another municipality's or prefecture's matters."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge import shipped
from knowledge.text import fold_kana, normalise
from knowledge.tokens import Tokenizer

FILE = Path(__file__).with_name("places.yaml")

_NEEDS_SUFFIX = "〜"
_SUFFIXES = {
    "市": ("市", "し"),
    "町": ("町", "ちょう", "まち"),
    "県": ("県", "けん"),
    "府": ("府", "ふ"),
    "都": ("都", "と"),
    "区": ("区", "く"),
    "道": (),
}
_OWN_ENDINGS = ("町", "ちょう", "まち", "地区")
_KANA = re.compile(r"[ぁ-ゖー]+")
_OFFICE = re.compile(r"役所|役場|庁(?!舎)|やくしょ|やくば")
_ABOUT = re.compile(
    "内? ?(?:の|って|は|では|も|が|には|における|におい?て|にあ[るり]|について|に関[すし]|だと|なら|ば)"
)
_AT = re.compile("内? ?で(?!す)の?")
_BESIDE = re.compile("(?! ?(?:に|を|と|へ|外|です|だ))立? ?")
_COMPOUND = re.compile("[一-龠々]{2,}(?:の|って|は|について|に関)")
_ENDING = re.compile(r" ?(?:です|だ|の場合|の分|版)?(?:か|が|けど)* ?")
_FAMILY_GOES_ON = "[がのはをにもと]"
_MOVING_PAPER = re.compile(r"^の(?:転入|転出|転居|てんにゅう|てんしゅつ)")


@dataclass(frozen=True)
class _Place:
    """A name in the message and what stands around it; `name` is empty when it hides no other."""

    form: str
    name: str
    is_own: bool
    is_full: bool
    is_office: bool
    before: str
    after: str

    @property
    def said(self) -> str:
        """What follows, with the ending of a full name: 佐世保市 + 長 is about the 市長."""
        return self.form[-1] + self.after if self.is_full else self.after


@dataclass(frozen=True)
class _Book:
    """The whole of places.yaml, ready for matching."""

    forms: re.Pattern[str]
    names: Mapping[str, str]
    full: frozenset[str]
    own: frozenset[str]
    harmless_next: re.Pattern[str]
    personal: re.Pattern[str]
    matters: re.Pattern[str]
    elsewhere: re.Pattern[str]


def other_municipality(text: str, tokenizer: Tokenizer) -> str | None:
    """The other place whose matters are asked about; None when it is only mentioned."""
    book = _book()
    typed = normalise(text)
    places = list(_places(fold_kana(typed), book))
    if not any(place.name for place in places) or any(place.is_own for place in places):
        return None
    starts = _word_starts(typed, tokenizer)
    for place in places:
        is_word = not _KANA.fullmatch(place.form) or len(place.before) in starts
        if place.name and is_word and _is_asked_about(place, book):
            return place.name
    return None


def _places(message: str, book: _Book) -> Iterator[_Place]:
    for found in book.forms.finditer(message):
        form = found[0]
        office = _OFFICE.match(message, found.end())
        yield _Place(
            form=form,
            name=book.names.get(form, ""),
            is_own=form in book.own,
            is_full=form in book.full or office is not None,
            is_office=office is not None,
            before=message[: found.start()],
            after=message[office.end() if office else found.end() :],
        )


def _word_starts(typed: str, tokenizer: Tokenizer) -> set[int]:
    """Where words begin, so that さが is not heard in さがす."""
    starts = set()
    end = 0
    for token in tokenizer.tokens(typed):
        start = typed.index(token.surface, end)
        end = start + len(token.surface)
        starts.add(start)
    return starts


def _is_asked_about(place: _Place, book: _Book) -> bool:
    """The grammar: 佐世保市の…, 佐世保で + matter, 佐世保 + matter, matter + 佐世保."""
    told = place.before + _MOVING_PAPER.sub("", place.after)
    if book.harmless_next.match(place.after) or book.personal.search(told):
        return False
    if about := _ABOUT.match(place.after):
        rest = place.after[about.end() :].strip()
        return len(rest) > 1 if place.is_full else _has_matter(rest, book)
    if at := _AT.match(place.after):
        return book.matters.search(place.after, at.end()) is not None and not (
            book.elsewhere.search(place.after)
        )
    if _ENDING.fullmatch(place.after):
        return _ends_a_question(place, book)
    return _BESIDE.match(place.after) is not None and (
        _has_matter(place.said, book) or (place.is_full and bool(_COMPOUND.match(place.after)))
    )


def _has_matter(said: str, book: _Book) -> bool:
    return bool(book.matters.search(said) or book.elsewhere.search(said))


def _ends_a_question(place: _Place, book: _Book) -> bool:
    """Keywords may name the place last; a paper that can be sent for needs the full name."""
    if place.is_office:
        return True
    if not place.before.endswith(" "):
        return False
    if place.is_full:
        return _has_matter(place.before, book)
    return bool(book.matters.search(place.before)) and not book.elsewhere.search(place.before)


@cache
def _book() -> _Book:
    data = shipped.read(FILE)
    own, beside = _own_forms(data)
    short, full = _other_forms(data["other"])
    names = {form: _shown(places) for form, places in (short | full).items()}
    family = f"(?:{_any_of(data['family'])}){_FAMILY_GOES_ON}"
    return _Book(
        forms=re.compile(_by_first_letter([*own, *beside, *names])),
        names={form: name for form, name in names.items() if form not in own},
        full=frozenset(full),
        own=own,
        harmless_next=re.compile(
            f"{_any_of(data['harmless_next'])}|の(?:{_any_of(data['harmless_of'])}|{family})"
        ),
        personal=re.compile(f"{_any_of(data['personal'])}|{family}"),
        matters=re.compile(_any_of(data["matters"])),
        elsewhere=re.compile(_any_of(data["elsewhere"])),
    )


def _own_forms(data: Mapping[str, Any]) -> tuple[frozenset[str], set[str]]:
    """What surely lies in this city, and what only hides another name (平戸小屋, 大村湾)."""
    towns = [_folded(town) for town in data["own"]]
    surely = {town + ending for town in towns for ending in _OWN_ENDINGS}
    hiding = {town for town in towns if len(town) > 1} | set(map(_folded, data["lookalikes"]))
    return frozenset(surely | set(map(_folded, data["districts"]))), hiding


def _other_forms(
    other: Mapping[str, Iterable[str]],
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The names each way of writing may stand for: without and with 市, 県 and the like."""
    short: dict[str, set[str]] = {}
    full: dict[str, set[str]] = {}
    for name, written in other.items():
        full.setdefault(_folded(name), set()).add(name)
        for form in written:
            stem = _folded(form.removeprefix(_NEEDS_SUFFIX))
            if not form.startswith(_NEEDS_SUFFIX):
                short.setdefault(stem, set()).add(name)
            for suffix in _SUFFIXES[name[-1]]:
                full.setdefault(stem + suffix, set()).add(name)
    return short, full


def _shown(places: Iterable[str]) -> str:
    """福岡 alone may be 福岡県 or 福岡市."""
    first, *more = sorted(places)
    return first[:-1] if more else first


def _folded(written: str) -> str:
    return fold_kana(normalise(written))


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(map(_folded, words), key=len, reverse=True))


def _by_first_letter(words: Iterable[str]) -> str:
    """Alternatives, longest first, that a regular expression finds quickly."""
    rests: dict[str, list[str]] = {}
    for word in sorted(set(words), key=len, reverse=True):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in rests.items())

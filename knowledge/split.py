"""Find several questions in one message, by meaning: each part must ask, and name its own matter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from knowledge import search
from knowledge.decide import Policy, features
from knowledge.index import Index
from knowledge.search import NEAR_EXACT, Match, Ranking
from knowledge.text import normalise

MAX_QUESTIONS = 3
MAX_CUTS = 3
"""Each cut costs two searches; the likeliest come first."""
CLEAR = 0.9
MIN_THREE = 24
"""A shorter message holds no third question."""
MIN_PART = 2
"""A part of fewer letters is no question."""
RANK_LIMIT = 6
MAX_HOLDERS = 8
"""A word that more entries than this use (ネット, いくら, 手続き) names no matter of its own."""
SAME_MATTER = 0.7
SURE = 0.5
"""Each part's first entry must be right with at least this probability."""

_ADDITION = re.compile(
    r"[、，,。．\s]*(?:それと|それから|あと(?![でのはに])|ついでに|併せて|あわせて|加えて|and also|also)[、，,\s]*"
    r"|(?<=[いかどするむくぐ])のと[、，,\s]*|(?<=たい)(?:し|のと)[、，,\s]*|(?<=たか)とと[、，,\s]*"
)
"""Words that announce a second question."""

_SENTENCE = re.compile(r"[。．？?！!；;\n]+\s*|[、，,＋+]\s*|\s+and\s+|\s+", re.IGNORECASE)
"""Marks behind which a second question may begin, if the first part was one."""

_LIST = re.compile(
    r"(?<=[一-龠ァ-ヶー々a-zａ-ｚ])(?:と|や|とか|も)[、，,\s]*(?=[一-龠ァ-ヶぁ-んa-zａ-ｚ0-9０-９])"
)
"""A list of two matters: 保険と年金."""

_ASKS = re.compile(
    r"(?:[かねと]|かな|たい(?:です|んですけど|のですが)?|たか(?:とけど)?|欲しい|ほしい|ほしか|教えて|おしえて|"
    r"いくら|いつ|どこ|どう|何|ください|下さい|お願い|おねがい|やつ|方法|どがん|どうする|まで|できる|出す|だす|ない)$"
)
"""How a question ends; 亡くなりました or 引っ越してきた only tell the circumstances."""

_NOUN = re.compile(r"[一-龠ァ-ヶー々]$")
TAIL = 64
"""Letters before a mark that tell whether it ends a question; more would make long texts costly."""


@dataclass(frozen=True)
class Part:
    """One question of several: its words, what was found for them, and how surely."""

    text: str
    matches: tuple[Match, ...]
    probability: float

    @property
    def match(self) -> Match:
        """The entry found first."""
        return self.matches[0]


def parts(index: Index, text: str, whole: Ranking, policy: Policy) -> list[Part]:
    """The questions of a message when it holds several, in their order; else an empty list.

    `whole` is the ranking of the message as one question.
    """
    if not whole.matches or whole.matches[0].evidence.letters >= NEAR_EXACT:
        return []
    found = _best_pair(index, text, whole, policy)
    if found is None:
        return []
    return _with_a_third(index, list(found), whole, policy)


def halves(text: str) -> list[str]:
    """The parts that a message is cut into on trial, for whoever wants to be ready for them."""
    return [half for *both, _ in islice(_cuts(text), MAX_CUTS) for half in both]


def _with_a_third(index: Index, found: list[Part], whole: Ranking, policy: Policy) -> list[Part]:
    """A third question, when one of two holds two of its own."""
    if sum(len(part.text) for part in found) < MIN_THREE:
        return found
    for position, part in enumerate(found):
        pair = _best_pair(index, part.text, whole, policy)
        if pair is None:
            continue
        three = [*found[:position], *pair, *found[position + 1 :]]
        if len({p.match.entry_id for p in three}) == MAX_QUESTIONS:
            return three
    return found


def _best_pair(index: Index, text: str, whole: Ranking, policy: Policy) -> tuple[Part, Part] | None:
    """The cut whose weaker half stands best on its own; None when no cut is good enough."""
    best: tuple[Part, Part] | None = None
    for left, right, is_announced in islice(_cuts(text), MAX_CUTS):
        if not is_announced and not (_own_words(index, left) and _own_words(index, right)):
            continue
        first, second = _part(index, left, policy), _part(index, right, policy)
        if first is None or second is None or _is_one_matter(whole, first, second):
            continue
        if not is_announced and not _are_both_meant(index, whole, first, second):
            continue
        if best is None or _weaker(first, second) > _weaker(*best):
            best = (first, second)
        if _weaker(*best) >= CLEAR:
            break
    return best


def _are_both_meant(index: Index, whole: Ranking, first: Part, second: Part) -> bool:
    """Each part names a matter of its own, and the whole message is near to both."""
    near = set(search.ids(whole)[:RANK_LIMIT])
    return all(
        part.match.entry_id in near and _names_a_matter(index, part) for part in (first, second)
    )


def _is_one_matter(whole: Ranking, first: Part, second: Part) -> bool:
    """True when one entry answers both, or the whole's would do for the other part nearly as well."""
    if first.match.entry_id == second.match.entry_id:
        return True
    entry_id = whole.matches[0].entry_id
    other = second if first.match.entry_id == entry_id else first
    scores = {match.entry_id: match.score for match in other.matches}
    return scores.get(entry_id, 0.0) >= SAME_MATTER * other.match.score


def _weaker(first: Part, second: Part) -> float:
    return min(first.probability, second.probability)


def _part(index: Index, text: str, policy: Policy) -> Part | None:
    ranking = search.rank(index, text, RANK_LIMIT)
    if not ranking.matches:
        return None
    best = ranking.matches[0]
    likely = policy.best_is_right.probability(features(ranking))
    if best.evidence.letters < NEAR_EXACT and likely < SURE:
        return None
    return Part(text, ranking.matches, likely)


def _names_a_matter(index: Index, part: Part) -> bool:
    """One of the part's own words belongs to the entry that was found for it."""
    return any(part.match.entry_id in holders for holders in _own_words(index, part.text))


def _own_words(index: Index, text: str) -> list[set[str]]:
    """For each word that stands in the phrasings of few entries: which entries these are."""
    words = index.tokenizer.content_words(normalise(text))
    phrases = (index.phrase_words.holders(word) for word in words)
    holders = (np.unique(index.phrase_document[rows]) for rows in phrases)
    return [
        {index.documents[row].id for row in rows}
        for rows in holders
        if 0 < len(rows) <= MAX_HOLDERS
    ]


def _cuts(text: str) -> Iterator[tuple[str, str, bool]]:
    """Left part, right part, and whether a word announces the second question."""
    for border in _ADDITION.finditer(text):
        yield from _halves(text, border, is_announced=True)
    for border in _SENTENCE.finditer(text):
        if _asks(text[: border.start()], border[0]):
            yield from _halves(text, border, is_announced=False)
    for border in _LIST.finditer(text):
        yield from _halves(text, border, is_announced=False)


def _asks(left: str, mark: str) -> bool:
    asked = normalise(left[-TAIL:])
    if "？" in mark or "?" in mark or _ASKS.search(asked):
        return True
    return not mark.isspace() and _NOUN.search(asked) is not None


def _halves(
    text: str, border: re.Match[str], *, is_announced: bool
) -> Iterator[tuple[str, str, bool]]:
    left, right = text[: border.start()].strip(), text[border.end() :].strip()
    if min(len(left), len(right)) >= MIN_PART:
        yield left, right, is_announced

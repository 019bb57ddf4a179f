"""Ask questions of the knowledge as it is and as it would be, and tell which answers change."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from knowledge import emergency, privacy, smalltalk
from knowledge.base import KnowledgeBase, Snapshot
from knowledge.decide import Decision
from knowledge.entry import Entry
from knowledge.evaluate import Judgement, Response, Run
from knowledge.evaluation_report import Measure, measures, worsened
from knowledge.proposed import ProposedKnowledge
from knowledge.question_files import Question, read_questions
from knowledge.text import compare_key
from knowledge.vectors import Encoder, Floats

Verdict = Literal["worse", "unknown", "better"]

RECORDED = Path(__file__).parents[1] / "tests" / "questions"
"""The question set of the repository; a machine without it replays real questions only."""

VECTORS_OF_ONE = 64
"""A long question is also cut into its parts; those of one question are remembered."""

_LABEL = re.compile("|".join(privacy.LABELS.values()))


@dataclass(frozen=True)
class Asked:
    """A question to replay, and how often it was asked.

    `known` says what is right; None for what citizens asked, as nobody has said so yet.
    """

    key: str
    text: str
    times: int = 1
    known: Question | None = None


@dataclass(frozen=True)
class Answer:
    """What the bot did: the decision, and the ids of the entries in the order shown."""

    decision: str
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """A question whose answer changes; `text` only for the recorded set, whose words are nobody's."""

    key: str
    text: str
    times: int
    before: Answer
    after: Answer
    verdict: Verdict


@dataclass(frozen=True)
class Fallen:
    """A number of the recorded set that gets worse: how many of how many, before and after."""

    name: str
    before: int
    after: int
    of: int


@dataclass(frozen=True)
class ReplayResult:
    """All that changes: worse ones first; how many were asked; what falls; what is only reworded."""

    real: int
    recorded: int
    changed: tuple[Changed, ...]
    fallen: tuple[Fallen, ...]
    reworded: int

    @property
    def is_blocked(self) -> bool:
        """True when the recorded set falls: nobody should publish this without a reason."""
        return bool(self.fallen)

    def count(self, verdict: Verdict) -> int:
        """How many questions, counted as often as they were asked, become so."""
        return sum(one.times for one in self.changed if one.verdict == verdict)


def recorded(folder: Path = RECORDED) -> list[Asked]:
    """The recorded questions; raises QuestionFileError for a file that cannot be read."""
    questions = [q for path in sorted(folder.glob("*.jsonl")) for q in read_questions(path)]
    return [Asked(question.id, question.query, known=question) for question in questions]


def real(questions: Sequence[tuple[str, str]]) -> list[Asked]:
    """Citizens' questions from keys and redacted texts, newest first; the same words only once."""
    keys: dict[str, str] = {}
    times: dict[str, int] = {}
    for key, text in questions:
        keys.setdefault(text, key)
        times[text] = times.get(text, 0) + 1
    return [Asked(key, text, times[text]) for text, key in keys.items()]


def compare(
    kb: KnowledgeBase,
    proposed: Sequence[Entry],
    questions: Sequence[Asked],
    day: date,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> ReplayResult:
    """Replay questions on the published knowledge and on that with the proposed entries in it.

    Both stay as they are now, whatever is published meanwhile. `on_progress` is told of every
    question, and may take its time.
    """
    numbers = kb.public_numbers(day)
    old, new = _before_and_after(kb, proposed, day)
    public = [entry for entry in proposed if entry.is_public(day)]
    taught = {compare_key(phrase): entry.id for entry in public for phrase in entry.phrasings}
    compared = []
    for number, asked in enumerate(questions, start=1):
        text = _searched(asked, kb, numbers)
        if text is not None:
            pair = _answer(old.find(text, day)), _answer(new.find(text, day))
            compared.append(_Compared(_with_taught(asked, taught), *pair))
        on_progress(number, len(questions))
    return _result(questions, compared, {entry.id for entry in proposed})


@dataclass(frozen=True)
class _Compared:
    asked: Asked
    before: Answer
    after: Answer

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    def changed(self) -> Changed:
        """Without a citizen's text: that stays where it can be taken back."""
        asked = self.asked
        text = asked.text if asked.key == _id(asked) else ""
        return Changed(asked.key, text, asked.times, self.before, self.after, self._verdict())

    def _verdict(self) -> Verdict:
        if self.asked.known is None:
            return "unknown"
        was, will_be = (_worth(_judged(self.asked.known, a)) for a in (self.before, self.after))
        if was == will_be:
            return "unknown"
        return "better" if will_be > was else "worse"


class _Pinned(KnowledgeBase):
    """One snapshot, searched with an encoder of its own."""

    def __init__(self, kb: KnowledgeBase, snapshot: Snapshot, encoder: Encoder | None) -> None:
        self.tokenizer, self.encoder = kb.tokenizer, encoder
        self._pinned = replace(snapshot, index=replace(snapshot.index, encoder=encoder))

    def snapshot(self, day: date) -> Snapshot:  # noqa: ARG002 - made for one day, whoever asks
        return self._pinned


class _EncodedOnce:
    """An encoder that still knows a question's vectors when it is asked of the other knowledge."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self._encoded = lru_cache(maxsize=VECTORS_OF_ONE)(encoder.encode)

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""
        return self._encoded(tuple(texts))


def _before_and_after(
    kb: KnowledgeBase, proposed: Sequence[Entry], day: date
) -> tuple[KnowledgeBase, KnowledgeBase]:
    encoder = _EncodedOnce(kb.encoder) if kb.encoder else None
    after = ProposedKnowledge(kb, proposed, day)
    return _Pinned(kb, kb.snapshot(day), encoder), _Pinned(kb, after.snapshot(day), encoder)


def _searched(asked: Asked, kb: KnowledgeBase, numbers: frozenset[str]) -> str | None:
    """What of a question reaches the search; None where no entry has a part in the answer."""
    if asked.known is None:
        return _LABEL.sub(" ", asked.text)
    if any(expected.startswith("@") for expected in asked.known.expect):
        return None
    alarm = emergency.detect(asked.text, kb.tokenizer)
    is_settled = alarm is not None and alarm.is_sure
    if is_settled or smalltalk.detect(asked.text, kb.tokenizer) is not None:
        return None
    return privacy.without(asked.text, tuple(privacy.find(asked.text, numbers)))


def _with_taught(asked: Asked, taught: dict[str, str]) -> Asked:
    """A citizen's words that staff make a phrasing of an entry have a right answer now."""
    entry_id = taught.get(compare_key(asked.text))
    if asked.known is not None or entry_id is None:
        return asked
    return replace(asked, known=Question("", asked.text, (entry_id,)))


def _answer(decision: Decision) -> Answer:
    return Answer(decision.kind, tuple(match.entry_id for match in decision.matches))


def _id(asked: Asked) -> str:
    return asked.known.id if asked.known else ""


def _judged(question: Question, answer: Answer) -> Judgement:
    return Judgement(question, Response(answer.decision, answer.entries))


def _worth(judged: Judgement) -> int:
    """From right at once down to sure and wrong."""
    if judged.is_right_first:
        return 3
    if judged.is_shown:
        return 2
    return 0 if judged.is_wrong_as_sure else 1


def _result(
    questions: Sequence[Asked], compared: Sequence[_Compared], proposed: set[str]
) -> ReplayResult:
    worst_first: list[Verdict] = ["worse", "unknown", "better"]
    changed = [one.changed() for one in compared if one.is_changed]
    changed.sort(key=lambda one: (worst_first.index(one.verdict), -one.times))
    return ReplayResult(
        real=sum(asked.times for asked in questions if asked.known is None),
        recorded=sum(asked.known is not None for asked in questions),
        changed=tuple(changed),
        fallen=tuple(_fallen(compared)),
        reworded=sum(
            one.asked.times
            for one in compared
            if not one.is_changed and proposed.intersection(one.after.entries)
        ),
    )


def _fallen(compared: Sequence[_Compared]) -> Iterator[Fallen]:
    """The numbers of the recorded set that get worse."""
    of_the_set = [one for one in compared if _id(one.asked)]
    before = _measured([(one.asked, one.before) for one in of_the_set])
    after = _measured([(one.asked, one.after) for one in of_the_set])
    for name in worsened(after, before):
        yield Fallen(name, before[name].count, after[name].count, after[name].of)


def _measured(answered: Sequence[tuple[Asked, Answer]]) -> dict[str, Measure]:
    judged = [_judged(asked.known, answer) for asked, answer in answered if asked.known]
    return measures(Run(tuple(judged), ()))

"""Ask questions of the knowledge as it is and as it would be, and tell which answers change."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from knowledge import emergency, privacy, smalltalk
from knowledge.base import KnowledgeBase, Snapshot
from knowledge.decide import Decision
from knowledge.evaluate import Judgement, Response, Run
from knowledge.evaluation_report import Measure, measures, worsened
from knowledge.foreseen import Foreseen
from knowledge.proposed import ProposedKnowledge
from knowledge.question_files import Question, read_questions
from knowledge.text import compare_key

Verdict = Literal["worse", "unknown", "better"]

RECORDED = Path(__file__).parents[1] / "tests" / "questions"
"""The question set of the repository; a machine without it replays real questions only."""

AT_ONCE = 16
"""Questions compared by meaning together: some 20 ms, then citizens may go first again. With 5,000 entries
it is some 80 ms.
"""

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
    after: ProposedKnowledge,
    questions: Sequence[Asked],
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> ReplayResult:
    """Replay questions on the knowledge as it was published, and as it is proposed.

    Both stay as they are, whatever is published meanwhile. `on_progress` is told of every
    question, and may take its time.
    """
    vectors = after.before.index.vectors
    foreseen = Foreseen(after.before.index.phrases, vectors) if vectors else None
    pair = _Pair(after, foreseen)
    known = _made_known(after)
    compared: list[_Compared] = []
    for start in range(0, len(questions), AT_ONCE):
        some = questions[start : start + AT_ONCE]
        texts = [_searched(asked, after) for asked in some]
        if foreseen is not None:
            foreseen.foresee([text for text in texts if text is not None])
        for number, (asked, text) in enumerate(zip(some, texts, strict=True), start + 1):
            if text is not None:
                compared.append(_Compared(_with_known(asked, known), *pair.answers(text)))
            on_progress(number, len(questions))
    return _result(questions, compared, {entry.id for entry in after.changed})


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
    """One snapshot, searched with the foreseen questions' vectors."""

    def __init__(self, kb: KnowledgeBase, snapshot: Snapshot, foreseen: Foreseen | None) -> None:
        self.tokenizer, self.encoder = kb.tokenizer, kb.encoder
        index = foreseen.within(snapshot.index) if foreseen else snapshot.index
        self._pinned = replace(snapshot, index=index)

    def snapshot(self, day: date) -> Snapshot:  # noqa: ARG002 - made for one day, whoever asks
        return self._pinned


class _Pair:
    """The knowledge before and after, asked the same; where a search sees no difference, once."""

    def __init__(self, after: ProposedKnowledge, foreseen: Foreseen | None) -> None:
        self._day = after.before.day
        proposed = after.snapshot(self._day)
        self._old = _Pinned(after, after.before, foreseen)
        is_same = proposed.index is after.before.index
        self._new = self._old if is_same else _Pinned(after, proposed, foreseen)

    def answers(self, text: str) -> tuple[Answer, Answer]:
        """Before and after."""
        old = _answer(self._old.find(text, self._day))
        return old, old if self._new is self._old else _answer(self._new.find(text, self._day))


def _searched(asked: Asked, kb: ProposedKnowledge) -> str | None:
    """What of a question reaches the search; None where no entry has a part in the answer."""
    if asked.known is None:
        return _LABEL.sub(" ", asked.text)
    if any(expected.startswith("@") for expected in asked.known.expect):
        return None
    alarm = emergency.detect(asked.text, kb.tokenizer)
    is_settled = alarm is not None and alarm.is_sure
    if is_settled or smalltalk.detect(asked.text, kb.tokenizer) is not None:
        return None
    found = privacy.find(asked.text, kb.before.public_numbers)
    return privacy.without(asked.text, tuple(found))


def _made_known(after: ProposedKnowledge) -> dict[str, tuple[str, ...]]:
    """What staff now say about wordings: the entry that answers them, or that none does."""
    day = after.before.day
    public = [entry for entry in after.changed if entry.is_public(day)]
    taught = {compare_key(phrase): (entry.id,) for entry in public for phrase in entry.phrasings}
    return taught | {compare_key(example): () for _, example in after.added_outside}


def _with_known(asked: Asked, known: Mapping[str, tuple[str, ...]]) -> Asked:
    """A citizen's words of which staff say now what is right have a right answer."""
    expect = known.get(compare_key(asked.text))
    if asked.known is not None or expect is None:
        return asked
    return replace(asked, known=Question("", asked.text, expect))


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

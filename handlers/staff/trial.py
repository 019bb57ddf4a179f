"""One question asked on trial: the answer, and how the bot came to it, in words for clerks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any

from handlers.line import text as line_text
from handlers.line.reply import Chat, Reply
from handlers.staff import line_view
from handlers.staff.desk import Desk
from handlers.staff.line_view import Talk
from knowledge import entry as entry_module
from knowledge import privacy, search
from knowledge.base import KnowledgeBase
from knowledge.entry import Entry, EntryError
from knowledge.proposed import ProposedKnowledge
from knowledge.records import drafts, store
from knowledge.records.drafts import Draft
from knowledge.search import Match, Query

DECISIONS = {
    "answer": ("答える", "答えが分かったので、そのまま答えます。"),
    "choose": ("選んでもらう", "一つに決められないので、近いものから選んでもらいます。"),
    "none": ("見つからない", "合う案内が見つからないので、そう伝えて電話を案内します。"),
    "emergency": ("緊急", "命や安全にかかわるので、まず電話番号を示します。"),
    "smalltalk": ("あいさつ", "あいさつや雑談なので、短く返します。"),
    "menu": ("メニュー", "メニューや使い方を示します。"),
}
"""What stands for each decision, and a sentence about it."""

CHANNELS = {
    "words": "言葉",
    "phrase": "言い回し",
    "sounds": "読み",
    "letters": "文字",
    "meaning": "意味",
}
"""What is compared; the first four always, the meaning where vectors are installed."""

_SEARCHED = frozenset({"answer", "choose", "none"})


@dataclass(frozen=True)
class Candidate:
    """An entry that was found: `percent` is how near it is, `parts` the same for each channel."""

    entry_id: str
    title: str
    percent: int
    why: str
    parts: tuple[tuple[str, int], ...]
    is_shown: bool


@dataclass(frozen=True)
class Understood:
    """How the words of a question were read."""

    known: tuple[str, ...]
    unknown: tuple[str, ...]
    repaired: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """Everything the page shows of one question."""

    decision: str
    meaning: str
    why: str
    talk: Talk
    candidates: tuple[Candidate, ...]
    outside: Candidate | None
    understood: Understood | None
    private: tuple[tuple[str, str], ...]
    stored_text: str


def ask(question: str, kb: KnowledgeBase, day: date) -> Told:
    """What a citizen would get for a question on a day, and why."""
    reply = line_text.say(question, Chat(kb, day))
    name, meaning = _decision(reply)
    findings = reply.findings
    told = Told(
        decision=name,
        meaning=meaning,
        why="",
        talk=line_view.talk(reply.messages, question),
        candidates=(),
        outside=None,
        understood=None,
        private=tuple((privacy.LABELS[f.type], question[f.start : f.end]) for f in findings),
        stored_text=privacy.redact(question, findings),
    )
    rest = privacy.without(question, findings) if findings else question
    return _searched(told, reply, rest, kb.snapshot(day).day, kb) if _is_searched(reply) else told


def in_short(question: str, kb: KnowledgeBase, day: date) -> str:
    """The same in one line: the decision, and the titles of what is shown."""
    reply = line_text.say(question, Chat(kb, day))
    entries = kb.snapshot(day).entries
    titles = [entries[one.entry_id].title for one in reply.shown if one.entry_id in entries]
    shown = "".join(f"「{title}」" for title in titles)
    return f"{_decision(reply)[0]}{shown}"


def _decision(reply: Reply) -> tuple[str, str]:
    return DECISIONS.get(reply.decision, DECISIONS["menu"])


def _is_searched(reply: Reply) -> bool:
    return reply.decision in _SEARCHED and not reply.chosen


def _searched(told: Told, reply: Reply, rest: str, day: date, kb: KnowledgeBase) -> Told:
    """The same with what the search found and how it read the words."""
    snapshot, ranking = kb.snapshot(day), kb.rank(rest, day)
    shown = {one.entry_id for one in reply.shown}
    titles = {entry.id: entry.title for entry in snapshot.entries.values()}
    query = search.understand(snapshot.index, rest)
    outside = ranking.outside
    return replace(
        told,
        why=kb.find(rest, day).why,
        candidates=tuple(_candidate(match, titles, shown) for match in ranking.matches),
        outside=_candidate(outside, {}, set()) if outside else None,
        understood=_understood(query, snapshot.index.bm25.idf),
    )


def _candidate(match: Match, titles: dict[str, str], shown: set[str]) -> Candidate:
    evidence: dict[str, float] = vars(match.evidence)
    parts = [(label, _percent(evidence[name])) for name, label in CHANNELS.items()]
    return Candidate(
        entry_id=match.entry_id,
        title=titles.get(match.entry_id, match.entry_id.removeprefix("@")),
        percent=_percent(match.score),
        why=_reason(match),
        parts=tuple(part for part in parts if part[1] or part[0] != CHANNELS["meaning"]),
        is_shown=match.entry_id in shown,
    )


def _reason(match: Match) -> str:
    """Which phrasing it was; how the words were read is said once for all."""
    alike = "とほぼ同じです" if match.evidence.letters >= search.NEAR_EXACT else "に似ています"
    return f"言い回し「{match.phrase}」{alike}。"


def _percent(share: float) -> int:
    """0–100; a nearly exact phrasing has a score above 1."""
    return max(0, min(100, round(share * 100)))


def _understood(query: Query, known: Any) -> Understood:
    return Understood(
        known=tuple(word for word in query.terms if word in known),
        unknown=tuple(word for word in query.terms if word not in known),
        repaired=tuple((heard, "・".join(words)) for heard, words in query.understood),
    )


class DraftKnowledge:
    """The published knowledge with all drafts in it, built once for each state of both."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = Lock()
        self._made_from: object = None
        self._made: tuple[KnowledgeBase, tuple[str, ...]] = (desk.kb, ())

    def knowledge(self) -> tuple[KnowledgeBase, tuple[str, ...]]:
        """The knowledge, and the titles of drafts too unfinished to stand in it."""
        with store.reading(self._desk.records) as connection:
            found = drafts.all(connection)
        day = self._desk.today()
        made_from = (self._desk.kb.revision, day, {(d.entry_id, d.version) for d in found})
        with self._lock:
            if made_from != self._made_from:
                self._made = self._make(found, day)
                self._made_from = made_from
            return self._made

    def _make(self, found: Sequence[Draft], day: date) -> tuple[KnowledgeBase, tuple[str, ...]]:
        read = [(draft, _readable(draft)) for draft in found]
        changed = [entry for _, entry in read if entry is not None]
        left_out = [_name(draft) for draft, entry in read if entry is None]
        kb = ProposedKnowledge(self._desk.kb, changed, day) if changed else self._desk.kb
        return kb, tuple(left_out)


def _readable(draft: Draft) -> Entry | None:
    """A draft as it would be once published."""
    try:
        entry = entry_module.from_data(dict(draft.document))
    except EntryError:
        return None
    return replace(entry, state="published") if entry.state == "draft" else entry


def _name(draft: Draft) -> str:
    return str(draft.document.get("title") or draft.entry_id)

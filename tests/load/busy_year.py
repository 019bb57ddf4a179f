"""The records of a large city after a year: entries, questions and the staff's own work; seeded."""

import hashlib
import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from handlers.staff import changes
from handlers.staff.changes import Change, Proposed
from handlers.staff.desk import Desk
from knowledge import entry as entry_module
from knowledge import grouping, releases, seed
from knowledge.entries import Stored
from knowledge.entry import Entry
from knowledge.records import audit, drafts, jobs, link_checks, reviews, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from knowledge.records.drafts import Draft
from knowledge.records.link_checks import LinkResult
from knowledge.records.questions import DECLINED, question_table
from knowledge.records.reviews import Hand
from knowledge.replay import Answer, Changed, Fallen, ReplayResult
from knowledge.text import normalise
from tests import grown

ENTRIES, QUESTIONS, DAYS = 5_000, 500_000, 365
PEOPLE_A_MONTH = 9_000
DRAFTS, REVIEWED, COMMENTS, DEEDS, VERSIONS = 150, 3_000, 500, 3_000, 40
BATCH = 20_000
DAY_MS = 24 * 60 * 60 * 1000
HOURS = (1, 1, 0.5, 0.5, 0.5, 1, 2, 4, 6, 8, 8, 7, 9, 8, 7, 7, 6, 6, 6, 7, 7, 6, 4, 2)
"""How many of a day's questions come in each of its hours."""

DECISIONS = {"answer": 62, "choose": 17, "none": 13, "smalltalk": 6, "menu": 1.5, "emergency": 0.5}
AFTER = {
    "answer": (("", 72), ("solved:{}", 18), ("unsolved:{} reason:{}:wrong", 4), ("unsolved:{}", 6)),
    "choose": (("", 25), ("entry:{}", 55), ("entry:{} solved:{}", 8), ("none_of_these", 12)),
}
TAILS = (
    "",
    "",
    "を教えて",
    "はどこ",
    "について",
    "したい",
    "の手続き",
    "いくらですか",
    "？",
    "は何時から",
)
WISHES = (
    "ドローンを飛ばしたい",
    "花火の日程",
    "猫をもらいたい",
    "テレビが映らない",
    "求人",
    "天気",
)
BUSIEST = "grown-1"
ME = Person("bench", "bench@example.jp", "測る人", "admin")


@dataclass(frozen=True)
class Known:
    """Ids of what was made, for the addresses of pages; the entry was written and drafted most."""

    entry_id: str
    event_id: str
    asked_key: str
    job_id: str


def entries(count: int = ENTRIES) -> list[Entry]:
    """Whole entries of many cities: those of `grown`, with all that a real one carries."""
    models = seed.load().entries
    made = grown.documents(count)[:count]
    return [
        replace(
            models[number % len(models)],
            id=f"grown-{number}",
            title=document.title[:60],
            phrasings=document.phrasings,
            summary=document.summary,
            owner=f"{models[number % len(models)].owner}{number % 7 or ''}",
            review_by=date(2026, 1, 1) + timedelta(days=number % 900),
            state="retired" if number % 50 == 0 else "published",
            related=(f"grown-{(number * 7 + 1) % count}",),
        )
        for number, document in enumerate(made)
    ]


def publish(desk: Desk, count: int = ENTRIES) -> None:
    """Bring the entries in beside the catalog, as one release, and write one of them many times."""
    with releases.editing(desk.kb, desk.records, ME.name, desk.clock):
        desk.kb.import_catalog([*seed.load().entries, *entries(count)])
        for number in range(VERSIONS):
            one = desk.kb.stored(BUSIEST)
            assert one is not None
            again = replace(one.entry, summary=f"{one.entry.summary[:80]}（{number}）")
            desk.kb.save(again, ME.name, one.revision)


def ask(desk: Desk, count: int = QUESTIONS) -> None:
    """A year of questions, the oldest first, as the workers write them."""
    public = list(desk.kb.snapshot(desk.today()).entries.values())
    rows = _Year(public, desk.clock()).rows(count)
    while batch := list(itertools.islice(rows, BATCH)):
        with store.writing(desk.records) as connection:
            connection.execute(question_table.insert(), batch)


def work(desk: Desk, person: Person) -> Known:
    """What staff leave behind: drafts, reviews, checked links, a trail, a comparison."""
    public = [stored for stored in desk.kb.all_entries() if stored.entry.state == "published"]
    every = sorted(public, key=lambda stored: stored.entry.id != BUSIEST)
    with store.writing(desk.records) as connection:
        for stored in every[:DRAFTS]:
            document = {**entry_module.to_data(stored.entry), "summary": "書きかけの要約です。"}
            draft = Draft(stored.entry.id, 0, stored.revision - 1, document, ME.name, desk.clock())
            drafts.put(connection, draft, 0)
        for number in range(DEEDS):
            act = Act("publish", every[number % 200].entry.id, "受付時間が変わったため")
            audit.note(connection, ME, act, desk.clock() - DEEDS + number)
        for url in {link.url for stored in every for link in stored.entry.links}:
            link_checks.put(connection, LinkResult(url, "ok", "200"), desk.clock())
    event_id, asked_key = _review(desk)
    return Known(BUSIEST, event_id, asked_key, _compared(desk, person, every))


def _review(desk: Desk) -> tuple[str, str]:
    """Look at some wordings of the last month; the newest question without an answer, and its key."""
    c = question_table.c
    newest = question_table.select().where(c.decision == "none").order_by(c.asked_at.desc())
    with store.writing(desk.records) as connection:
        found = connection.execute(newest.limit(REVIEWED * 4)).all()
        texts = list(dict.fromkeys(row.normalised for row in found))
        keys = [grouping.key_of(text) for text in texts][20 : 20 + REVIEWED]
        hand = Hand(ME.name, desk.clock())
        for number, state in enumerate(("parked", "outside", "taught", "teaching")):
            reviews.put(connection, keys[number::6], state, hand)  # type: ignore[arg-type]
        for key in keys[:COMMENTS]:
            reviews.comment(connection, key, "担当課に聞いています。", hand)
    return found[0].event_id, grouping.key_of(found[0].normalised)


def _compared(desk: Desk, person: Person, every: Sequence[Stored]) -> str:
    """A finished comparison of a hundred entries with many changed answers."""
    proposed = tuple(
        Proposed(replace(one.entry, summary="新しい要約です。"), one.revision)
        for one in every[200:300]
    )
    job_id = changes.begin(desk, person, Change("import", "取り込み", proposed))
    answers = Answer("answer", (every[1].entry.id,)), Answer("choose", (every[2].entry.id,))
    newest = question_table.select().order_by(question_table.c.asked_at.desc()).limit(300)
    with store.writing(desk.records) as connection:
        found = connection.execute(newest).all()
        changed = tuple(Changed(row.event_id, "", 1, *answers, "unknown") for row in found)
        fallen = (Fallen("right_first", 900, 890, 939),)
        result = asdict(ReplayResult(1000, 939, changed, fallen, 5))
        job = jobs.waiting(connection, desk.clock())
        assert job is not None
        taken = jobs.take(connection, job, desk.clock())
        assert taken is not None
        jobs.finish(connection, taken, jobs.DONE, result, desk.clock())
    return job_id


class _Year:
    """Questions spread over a year, its hours, its people and its entries, as they are in life."""

    def __init__(self, public: Sequence[Entry], now: float) -> None:
        self._dice = random.Random("busy year")
        self._now_ms = int(now * 1000)
        shuffled = self._dice.sample(public, len(public))
        self._entries = [(entry.id, (entry.title, *entry.phrasings)) for entry in shuffled]
        self._asked_more = list(itertools.accumulate(1 / (n + 5) for n in range(len(public))))
        titles = [entry.title.partition("の")[2] or entry.title for entry in public]
        self._unknown = [*WISHES * 30, *titles[: len(titles) // 3]]
        self._normal: dict[str, str] = {}

    def rows(self, count: int) -> Iterator[dict[str, Any]]:
        """One after the other, ending just now."""
        step = DAYS * DAY_MS / count
        hours = self._dice.choices(range(24), HOURS, k=count)
        decided = self._dice.choices(list(DECISIONS), list(DECISIONS.values()), k=count)
        for number in range(count):
            day = int(number * step) // DAY_MS
            within = hours[number] * 3_600_000 + self._dice.randrange(3_600_000)
            at = self._now_ms - (DAYS - day) * DAY_MS + within
            yield self._row(number, min(at, self._now_ms), decided[number])

    def _row(self, number: int, at: int, decision: str) -> dict[str, Any]:
        dice = self._dice
        found = dice.choices(self._entries, cum_weights=self._asked_more, k=3)
        text = self._text(decision, found[0][1])
        shown = _shown(decision, [entry_id for entry_id, _ in found], dice)
        step = _step(decision, found[0][0], dice)
        return {
            "event_id": f"01K{number:023d}",
            "asked_at": at,
            "chat_key": _person(at // (30 * DAY_MS), int(PEOPLE_A_MONTH * dice.random() ** 1.6)),
            "message_id": f"5{number:017d}",
            "redacted": text,
            "normalised": self._normalised(text),
            "decision": decision,
            "shown": json.dumps(shown),
            "engine": "lexical" if number % 3 else "lexical+small",
            "revision": 1 + number // 5000,
            "chance": round(1 - dice.random() ** 5, 3) if shown else None,
            "reason": dice.choice(DECLINED) if decision == "none" and number % 8 == 0 else None,
            "milliseconds": round(60 + dice.lognormvariate(3, 0.6), 3),
            "next_steps": step or None,
            "next_at": at + 9000 if step else None,
        }

    def _text(self, decision: str, known: Sequence[str]) -> str:
        dice = self._dice
        if decision == "smalltalk":
            return dice.choice(("こんにちは", "ありがとう", "助かりました"))
        text = dice.choice(self._unknown if decision == "none" else known) + dice.choice(TAILS)
        if dice.random() < 0.3:
            place = dice.randrange(1, len(text) + 1)
            text = text[:place] + text[place + 1 :]
        return text

    def _normalised(self, text: str) -> str:
        if text not in self._normal:
            self._normal[text] = normalise(text)
        return self._normal[text]


def _shown(decision: str, ids: Sequence[str], dice: random.Random) -> list[tuple[str, float]]:
    if decision == "answer":
        return [(ids[0], round(dice.triangular(0.75, 3.0, 1.6), 3))]
    if decision == "choose":
        return [(one, round(1.4 - 0.1 * place, 3)) for place, one in enumerate(dict.fromkeys(ids))]
    return []


def _step(decision: str, entry_id: str, dice: random.Random) -> str:
    chances = AFTER.get(decision, (("", 1),))
    words = [word for word, _ in chances]
    return dice.choices(words, [weight for _, weight in chances])[0].replace("{}", entry_id)


def _person(month: int, number: int) -> str:
    return hashlib.sha256(f"{month}:{number}".encode()).hexdigest()

"""The queue of questions to look at: which ones, put together, and in which order."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from handlers.staff import alike, values, waiting
from handlers.staff.desk import Desk
from knowledge import grouping, language, plan
from knowledge.records import question_search, reviews, settings, store
from knowledge.records.question_search import Asked, Search
from knowledge.records.reviews import NEW, Review

MINE = "mine"
LED_TO = (reviews.OPEN, MINE, "teaching", "parked")
"""The states that have a link of their own."""

WEEK_MS = 7 * 24 * 60 * 60 * 1000
MAX_ASKED = 15_000
"""Questions a page looks at, the newest: a fifth of a second (measured on 500,000 rows)."""

MAX_TEXTS = 1_500
"""Wordings that are put together, those asked most: 5,000 take 0.8 seconds of a processor."""


@dataclass(frozen=True)
class Filters:
    """What the clerk wants to see; both days are included."""

    since: date
    until: date
    words: str = ""
    decision: str = ""
    category: str = ""
    engine: str = ""
    language: str = ""
    state: str = reviews.OPEN
    look: str = question_search.NEEDED
    order: str = "people"

    def query(self) -> dict[str, str]:
        """The same as parts of an address."""
        return {name: str(value) for name, value in vars(self).items() if value}

    @property
    def is_narrowed(self) -> bool:
        """True when more was asked for than days, words and a state one is led to."""
        usual = Filters(self.since, self.until, self.words, state=self.state)
        return self != usual or self.state not in LED_TO

    @property
    def end(self) -> float:
        """When the last day is over, in seconds."""
        return plan.midnight(self.until + timedelta(days=1))

    def search(self, unsure_below: int) -> Search:
        """What the log is asked for; an answer that is right with fewer per cent is unsure."""
        return Search(
            since=plan.midnight(self.since),
            until=self.end,
            words=self.words,
            decision=self.decision,
            meaning={"meaning": True, "words": False}.get(self.engine),
            look=self.look,
            unsure_below=unsure_below / 100,
        )


@dataclass(frozen=True)
class Wording:
    """One normalised wording of the log, and how it was typed last."""

    key: str
    normalised: str
    typed: str
    askings: tuple[Asked, ...] = field(repr=False)

    @property
    def people(self) -> int:
        """How many different people asked so."""
        return _people(self.askings)


@dataclass(frozen=True)
class Log:
    """What was read: the wordings, what was decided about them, and whether there are more."""

    wordings: tuple[Wording, ...]
    reviewed: Mapping[str, Review]
    is_cut: bool

    def review_of(self, key: str) -> Review:
        """What was decided about a wording."""
        return self.reviewed.get(key, NEW)

    def has_left_for(self, person_id: str) -> bool:
        """True when anything is not done with that somebody is asked to care for."""
        found = self.reviewed.values()
        return any(r.assignee == person_id and r.state not in reviews.DONE for r in found)


@dataclass(frozen=True)
class Group:
    """Wordings that ask the same; the first was asked most, and by its key the group goes."""

    wordings: tuple[Wording, ...]
    people: int
    times: int
    last_at: float
    this_week: int
    week_before: int
    review: Review

    @property
    def key(self) -> str:
        """What its page is found by."""
        return self.wordings[0].key

    @property
    def keys(self) -> list[str]:
        """The keys of all its wordings."""
        return [wording.key for wording in self.wordings]

    def newest(self, count: int) -> list[str]:
        """The events of its newest questions."""
        askings = [asked for wording in self.wordings for asked in wording.askings]
        askings.sort(key=lambda asked: -asked.at)
        return [asked.event_id for asked in askings[:count]]

    @property
    def marks(self) -> list[tuple[str, int]]:
        """How its askings went, and how often, the most frequent first."""
        return Counter(a.mark for wording in self.wordings for a in wording.askings).most_common()

    @property
    def trend(self) -> str:
        """This week beside the week before, in words and numbers."""
        words = "変わりません"
        if self.this_week == self.times:
            words = "新しく出ています"
        elif self.this_week > self.week_before:
            words = "増えています" if self.week_before else "また増えています"
        elif self.this_week < self.week_before:
            words = "減っています"
        return f"{words}（前の週 {self.week_before} → この週 {self.this_week}）"


@dataclass(frozen=True)
class Queue:
    """The groups in their order; `is_cut` when there was more than a page looks at."""

    groups: tuple[Group, ...]
    is_cut: bool

    def holding(self, key: str) -> Group | None:
        """The group a wording is in."""
        return next((group for group in self.groups if key in group.keys), None)


def from_args(args: Mapping[str, str], today: date) -> Filters:
    """The filters of an address; what cannot be read there counts as not said."""
    since, until = values.days(args.get("since", ""), args.get("until", ""), today)
    names = ("words", "decision", "category", "engine", "language", "state", "look", "order")
    said = {name: args[name][:100] for name in names if args.get(name)}
    return Filters(since, until, **said)


def load(desk: Desk, filters: Filters, me: str) -> Queue:
    """The groups that a clerk asked to see; `me` is the clerk's id."""
    return arranged(desk, filters, me, read(desk, filters))


def read(desk: Desk, filters: Filters) -> Log:
    """What was asked, whatever was decided about it: one reading serves several states."""
    with store.reading(desk.records) as connection:
        search = filters.search(settings.get(connection).unsure_below)
        asked = question_search.newest(connection, search, MAX_ASKED)
        wordings = _wordings(asked)
        reviewed = waiting.reviewed(desk, connection, [wording.key for wording in wordings])
    return Log(tuple(wordings), reviewed, len(asked) == MAX_ASKED)


def arranged(desk: Desk, filters: Filters, me: str, log: Log) -> Queue:
    """The groups of what was read, in their order; `me` is the clerk's id."""
    is_shown = _shown_in(desk, filters)
    wanted = [w for w in log.wordings if _is_wanted(w, filters, log, is_shown)]
    most_asked = sorted(wanted, key=lambda w: (-len(w.askings), -w.askings[0].at, w.key))
    found = _together(most_asked[:MAX_TEXTS], desk)
    groups = [_group(some, log, _end(desk, filters)) for some in found]
    if filters.state == MINE:
        groups = [g for g in groups if any(log.review_of(key).assignee == me for key in g.keys)]
    groups.sort(key=_by_recency if filters.order == "newest" else _by_people)
    return Queue(tuple(groups), log.is_cut or len(wanted) > MAX_TEXTS)


def of_wording(desk: Desk, filters: Filters, key: str) -> Group | None:
    """The group of one wording among those in its own state; None when it is not in the period."""
    log = read(desk, filters)
    state = log.review_of(key).state
    return arranged(desk, replace(filters, state=state), "", log).holding(key)


def _wordings(asked: Iterable[Asked]) -> list[Wording]:
    by_text: dict[str, list[Asked]] = {}
    for one in asked:
        by_text.setdefault(one.normalised, []).append(one)
    return [
        Wording(grouping.key_of(text), text, some[0].redacted, tuple(some))
        for text, some in by_text.items()
    ]


def _is_wanted(
    wording: Wording,
    filters: Filters,
    log: Log,
    is_shown: Callable[[Wording], bool],
) -> bool:
    if not _is_in(filters.state, log.review_of(wording.key).state):
        return False
    if filters.language and language.detect(wording.typed) != filters.language:
        return False
    return is_shown(wording)


def _is_in(wanted: str, state: str) -> bool:
    """What somebody is asked to care for is theirs until it is done with."""
    if wanted == MINE:
        return state not in reviews.DONE
    return wanted in (state, "all")


def _shown_in(desk: Desk, filters: Filters) -> Callable[[Wording], bool]:
    """Tells whether an entry of the wanted category was shown for a wording."""
    if not filters.category:
        return lambda _: True
    entries = desk.kb.snapshot(desk.today()).category(filters.category)
    ids = {entry.id for entry in entries}
    return lambda wording: any(
        not ids.isdisjoint(question_search.top_ids(shown))
        for shown in {asked.shown for asked in wording.askings}
    )


def _together(wordings: Sequence[Wording], desk: Desk) -> list[list[Wording]]:
    found = alike.groups(desk, (wording.normalised for wording in wordings))
    return [[wordings[position] for position in group] for group in found]


def _group(wordings: Sequence[Wording], log: Log, end_ms: int) -> Group:
    askings = [asked for wording in wordings for asked in wording.askings]
    weeks = [(end_ms - asked.at) // WEEK_MS for asked in askings]
    return Group(
        wordings=tuple(wordings),
        people=_people(askings),
        times=len(askings),
        last_at=max(asked.at for asked in askings) / 1000,
        this_week=weeks.count(0),
        week_before=weeks.count(1),
        review=log.review_of(wordings[0].key),
    )


def _people(askings: Iterable[Asked]) -> int:
    """Those who can be told apart no more count as one."""
    return max(1, len({asked.person for asked in askings} - {""}))


def _by_people(group: Group) -> tuple[int, float, str]:
    return -group.people, -group.last_at, group.key


def _by_recency(group: Group) -> tuple[float, int, str]:
    return -group.last_at, -group.people, group.key


def _end(desk: Desk, filters: Filters) -> int:
    """The end of "this week": now, or the end of a period that is over."""
    return int(min(desk.clock() + 1, filters.end) * 1000)

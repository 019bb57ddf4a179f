"""What a sheet would change: compare its rows with the entries of today and tell every mistake."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from knowledge import seed, sheets, truth
from knowledge.entries import Stored
from knowledge.entry import Contact, Entry
from knowledge.plan import PlanRow
from knowledge.sheets import RowError, Value, Wrong
from knowledge.text import compare_key

NO_HEADING = "書き出したファイルの見出しが見つかりません。「書き出し」で作ったファイルを直して使ってください。"
MISSING = "この列がありません。書き出したファイルの列を消さないでください。"
UNKNOWN = "知らない列です。読まずに進みます。"
TWICE = "同じ見出しの列が二つあります。一つにしてください。"
NO_ROWS = "見出しだけで、項目の行がありません。"
UNKNOWN_ID = (
    "このIDの項目はありません。書きまちがいなら直してください。"
    "新しい項目なら「新しい項目も加える」を選んで、もう一度送ってください。"
)
NOT_THE_VERSION = "ここは、書き出したときのままにしてください。もう一度書き出すと、元に戻ります。"
TOO_OLD = "この行を書き出したときの内容が分かりません。新しく書き出して直してください。"
MAX_DIGITS = 12
KEPT = "{}行は、書き出したあとに公開された内容を残し、直したところだけを変えます（{}）。"
ROWS_NAMED = 10
NOT_FIRST = "見出しは1行目に置いてください。上の行を消してください。"
LAST_ROW_OF_HEADINGS = 5

OnRow = Callable[[], None]
At = Callable[[str, int], Entry | None]
"""What an entry was at a revision; None where that cannot be told."""


@dataclass(frozen=True)
class Place:
    """Where something stands: sheet, row (0 when it is about the whole sheet), heading."""

    sheet: str
    row: int = 0
    column: str = ""


@dataclass(frozen=True)
class Problem:
    """What somebody should look at, in Japanese; unless it blocks, the import may go on."""

    place: Place
    message: str
    blocks: bool = True


@dataclass(frozen=True)
class Row:
    """One row below the headings, its values in their order."""

    number: int
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """A sheet as it was read; `is_shift_jis` when letters may have been lost on the way."""

    sheet: str
    heading_row: int
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    is_shift_jis: bool = False


@dataclass(frozen=True)
class Today:
    """What the sheet is compared with, what stood before, and whether rows may bring new entries."""

    stored: Sequence[Stored]
    plan_rows: Mapping[str, PlanRow]
    day: date
    may_add: bool = False
    at: At = lambda *_: None


@dataclass(frozen=True)
class Changed:
    """An entry as the sheet wants it; `seen_revision` 0 and no differences when it is new."""

    entry: Entry
    seen_revision: int
    row: int
    differences: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """All that a sheet would do, and all that is wrong with it."""

    changed: tuple[Changed, ...]
    unchanged: int
    problems: tuple[Problem, ...]

    @property
    def is_blocked(self) -> bool:
        """True when something must be mended first."""
        return any(problem.blocks for problem in self.problems)


def compare(table: Table, today: Today, on_row: OnRow = lambda: None) -> Outcome:
    """Read every row; nothing is written, nothing stops at the first mistake.

    `on_row` is called again and again, for every row at least, and may take its time.
    """
    problems = [*table.problems, *_heading_problems(table)]
    below = _headings_below(table)
    if below:
        blocking = (problem for problem in table.problems if problem.blocks)
        return Outcome((), 0, (*blocking, Problem(Place(table.sheet, below), NOT_FIRST)))
    if "ID" not in table.headings:
        return Outcome((), 0, tuple(problems))
    reading = _Reading(table, today)
    changed, unchanged, found = reading.rows(on_row)
    problems += found
    if not table.rows and not table.problems:
        problems.append(Problem(Place(table.sheet), NO_ROWS))
    problems += _untrue(table, changed, today, on_row)
    return Outcome(tuple(changed), unchanged, tuple(problems))


def _headings_below(table: Table) -> int:
    """The row of the headings when a title stands above them; else 0, as for our own help."""
    known = set(sheets.headings())
    first = [row for row in table.rows if row.number <= LAST_ROW_OF_HEADINGS]
    found = [row.number for row in first if not known.isdisjoint(map(str, row.values))]
    return found[0] if len(found) == 1 and known.isdisjoint(table.headings) else 0


def _heading_problems(table: Table) -> Iterator[Problem]:
    known = sheets.headings()
    if not set(known) & set(table.headings):
        yield Problem(Place(table.sheet, table.heading_row), NO_HEADING)
        return
    for heading in known:
        if heading not in table.headings:
            yield Problem(Place(table.sheet, table.heading_row, heading), MISSING)
    for heading in dict.fromkeys(table.headings):
        place = Place(table.sheet, table.heading_row, heading)
        if heading and heading not in (*known, sheets.VERSION):
            yield Problem(place, UNKNOWN, blocks=False)
        elif heading and table.headings.count(heading) > 1:
            yield Problem(place, TWICE)


class _Reading:
    """One pass over the rows of a table."""

    def __init__(self, table: Table, today: Today) -> None:
        self.table = table
        self.may_add = today.may_add
        self.at = today.at
        self.stored = {stored.entry.id: stored for stored in today.stored}
        self.row_of: dict[str, int] = {}
        self.kept: list[int] = []
        self.problems: list[Problem] = []

    def rows(self, on_row: OnRow) -> tuple[list[Changed], int, list[Problem]]:
        """The entries that change, how many stay, and what is wrong."""
        changed, unchanged = [], 0
        for row in self.table.rows:
            on_row()
            stored, entry = self._entry(row)
            if entry is None or (stored is None and not self.may_add):
                continue  # told already; an entry of an unknown ID is not compared with any other
            if stored is not None and stored.entry == entry:
                unchanged += 1
            elif stored is None:
                changed.append(Changed(entry, 0, row.number))
            else:
                found = tuple(sheets.differences(stored.entry, entry))
                changed.append(Changed(entry, stored.revision, row.number, found))
        if self.kept:
            self.problems.append(self._kept_rows())
        return changed, unchanged, self.problems

    def _entry(self, row: Row) -> tuple[Stored | None, Entry | None]:
        values = dict(zip(self.table.headings, row.values, strict=False))
        stored = self._stored(row, values.get("ID", ""))
        try:
            before = self._written_from(row, stored, values.get(sheets.VERSION, ""))
            now = stored.entry if stored else None
            entry = sheets.from_cells(values, before, is_shift_jis=self.table.is_shift_jis, now=now)
        except RowError as error:
            for heading, message in error.problems:
                if heading in self.table.headings:
                    self._note(row, heading, message)
            return stored, None
        return stored, entry

    def _written_from(self, row: Row, stored: Stored | None, version: Value) -> Entry | None:
        """The entry as it was exported: today's where nothing tells, or nothing changed since."""
        text = version.digits if isinstance(version, Wrong) else str(version).strip()
        if stored is None or is_empty(version) or text == str(stored.revision):
            return stored.entry if stored else None
        if not text.isdecimal() or len(text) > MAX_DIGITS:
            self._note(row, sheets.VERSION, NOT_THE_VERSION)
            return stored.entry
        before = self.at(stored.entry.id, int(text))
        if before is None:
            self._note(row, sheets.VERSION, TOO_OLD)
            return stored.entry
        self.kept.append(row.number)
        return before

    def _kept_rows(self) -> Problem:
        named = "、".join(f"{number}行目" for number in self.kept[:ROWS_NAMED])
        more = "など" if len(self.kept) > ROWS_NAMED else ""
        message = KEPT.format(f"{len(self.kept):,}", named + more)
        return Problem(Place(self.table.sheet), message, blocks=False)

    def _stored(self, row: Row, value: Value) -> Stored | None:
        """The entry of this row; says so when its id is unknown or stands twice."""
        entry_id = value.strip() if isinstance(value, str) else ""
        if not entry_id:
            return None
        first = self.row_of.setdefault(entry_id, row.number)
        stored = self.stored.get(entry_id)
        if first != row.number:
            self._note(row, "ID", f"{first}行目と同じIDです。どちらか一行にしてください。")
        elif stored is None and not self.may_add:
            self._note(row, "ID", UNKNOWN_ID)
        return stored

    def _note(self, row: Row, heading: str, message: str) -> None:
        self.problems.append(Problem(Place(self.table.sheet, row.number, heading), message))


def _untrue(
    table: Table, changed: Sequence[Changed], today: Today, on_row: OnRow
) -> Iterator[Problem]:
    """What `flask kb check` would refuse; what stood there before already does not block."""
    if not changed:
        return
    row_of = {one.entry.id: one.row for one in changed}
    before = [stored.entry for stored in today.stored if stored.entry.id in row_of]
    after = [one.entry for one in changed]
    others = _others(today, before, after)
    found = list(_checked(after, others, today, on_row))
    wrong = {problem.entry_id for problem in found}
    asked = [entry for entry in before if entry.id in wrong]
    rest = [entry for entry in before if entry.id not in wrong]
    old = _checked(asked, [*rest, *others], today, on_row) if asked else ()
    known = {
        (problem.entry_id, sheets.heading_of(problem.field), problem.message) for problem in old
    }
    for problem in found:
        place = Place(table.sheet, row_of[problem.entry_id], sheets.heading_of(problem.field))
        is_old = (problem.entry_id, place.column, problem.message) in known
        yield Problem(
            place, problem.message + ("（前からあります）" if is_old else "。"), not is_old
        )


def _checked(
    wanted: Sequence[Entry], others: Sequence[Entry], today: Today, on_row: OnRow
) -> Iterator[seed.Problem]:
    found = truth.one_by_one([*wanted, *others], {}, today.plan_rows, today.day)
    for problems in islice(found, len(wanted)):
        on_row()
        yield from problems


def _others(today: Today, before: Sequence[Entry], after: Sequence[Entry]) -> list[Entry]:
    """The entries that stay: they matter only for their ids and for wordings used twice."""
    touched = {entry.id for entry in (*before, *after)}
    keys = {compare_key(p) for entry in (*before, *after) for p in entry.phrasings}
    return [_light(s.entry, keys) for s in today.stored if s.entry.id not in touched]


def _light(entry: Entry, keys: set[str]) -> Entry:
    """An entry that costs the check next to nothing: its id, and wordings that others share."""
    return replace(
        entry,
        summary="",
        body="",
        phrasings=tuple(p for p in entry.phrasings if compare_key(p) in keys),
        contact=Contact(""),
        easy_ja=None,
        links=(),
        translations={},
        plan=(),
        sources=(),
    )


def is_empty(value: Value) -> bool:
    """True for a cell that holds nothing."""
    return not isinstance(value, Wrong | date) and not value.strip()

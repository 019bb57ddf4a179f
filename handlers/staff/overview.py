"""What the dashboard and the monthly report tell, as tables that pages and workbooks both show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.staff import plan_indicators
from handlers.staff.desk import Desk
from handlers.staff.question_words import REASONS
from knowledge.entry import Entry
from knowledge.plan import JST
from knowledge.records import figures, store
from knowledge.records.figures import Figures, Window

WEEKDAYS = "月火水木金土日"
TOP = 10
LISTED = 50
DIGITAL = "スマホ・デジタル"
MONTHS_NOTE = "人数は、だれか分からない印で数えています。印は月ごとに変わるので、月をまたぐと別の人になります。"


@dataclass(frozen=True)
class Period:
    """Days, both included."""

    since: date
    until: date

    def window(self) -> Window:
        """The same in seconds, by Japan's midnight."""
        return Window(_midnight(self.since), _midnight(self.until + timedelta(days=1)))

    def query(self) -> dict[str, str]:
        """The same as parts of an address."""
        return {"from": str(self.since), "to": str(self.until)}

    def __str__(self) -> str:
        days = (f"{d.year}年{d.month}月{d.day}日" for d in (self.since, self.until))
        return "から".join(days) + "まで"


@dataclass(frozen=True)
class Table:
    """A table with a heading; the first cell of a row names it. `chart` is the drawing's name."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    chart: str = ""
    is_citizens: bool = False


def count(desk: Desk, period: Period) -> Figures:
    """Ask the log."""
    with store.reading(desk.records) as connection:
        return figures.of_window(connection, period.window())


def tables(desk: Desk, found: Figures, least_people: int = 1) -> list[Table]:
    """Everything, most wanted first; wordings of fewer people are withheld."""
    entries = desk.kb.snapshot(desk.today()).entries
    return [
        _amounts(found),
        _feedback(found),
        _top_entries(found, entries),
        _unanswered(found, least_people),
        hours(found),
        weekdays(found),
        _indicators(found, entries),
        _never(found, entries.values()),
        _overdue(entries.values(), desk.today()),
    ]


def hours(found: Figures) -> Table:
    """Questions by hour of the day."""
    rows = tuple((f"{hour}時", f"{n:,}") for hour, n in enumerate(found.amounts.hours))
    return Table("時間帯", ("時間", "質問"), rows, chart="hours")


def weekdays(found: Figures) -> Table:
    """Questions by weekday."""
    days = zip(WEEKDAYS, found.amounts.weekdays, strict=True)
    rows = tuple((f"{name}曜", f"{n:,}") for name, n in days)
    return Table("曜日", ("曜日", "質問"), rows, chart="weekdays")


def _amounts(found: Figures) -> Table:
    decided, total = found.amounts.decisions, found.amounts.questions
    told = (
        ("答えた", "answer"), ("候補を示した", "choose"), ("見つからなかった", "none"),
        ("案内しないことを伝えた", figures.DECLINED), ("緊急の案内", "emergency"), ("あいさつなど", "smalltalk"),
    )  # fmt: skip
    rest = total - sum(decided.get(name, 0) for _, name in told)
    counted = [(label, decided.get(name, 0)) for label, name in told] + [("そのほか", rest)]
    rows = (
        ("尋ねた人", f"{found.people:,}人", ""),
        ("質問", f"{total:,}", ""),
        *((label, f"{n:,}", _percent(n, total)) for label, n in counted),
        ("答えるまでの時間（半分の質問）", f"{found.speed.p50:,}ミリ秒以内", ""),
        ("答えるまでの時間（100のうち95）", f"{found.speed.p95:,}ミリ秒以内", ""),
    )
    note = (
        f"{MONTHS_NOTE}「案内しないこと」は、ほかの市や町のこと、案内しない話題、質問のない文です。"
    )
    return Table("質問と答え", ("数えたもの", "数", "質問のうち"), rows, note)


def _feedback(found: Figures) -> Table:
    told = found.feedback
    rows = (
        ("はい（解決した）", f"{told.solved:,}"),
        ("いいえ（解決していない）", f"{told.unsolved:,}"),
        *((f"いいえの理由：{REASONS[code]}", f"{n:,}") for code, n in told.reasons.items()),
        ("候補から選んだ", f"{told.chosen:,}"),
        ("どれでもない", f"{told.none_of_these:,}"),
    )
    return Table("市民の感想", ("選んだもの", "回数"), rows)


def _top_entries(found: Figures, entries: Mapping[str, Entry]) -> Table:
    order = sorted(found.shown.items(), key=lambda item: (-item[1][0], item[0]))
    rows = tuple(
        (entries[entry_id].title if entry_id in entries else entry_id, f"{answered:,}")
        for entry_id, (answered, _) in order[:TOP]
        if answered
    )
    return Table("よく答えた項目", ("項目", "答えた回数"), rows)


def _unanswered(found: Figures, least_people: int) -> Table:
    told = [u for u in found.unanswered if u.people >= least_people][:TOP]
    rows = tuple((u.typed, f"{u.people:,}人", f"{u.times:,}") for u in told)
    note = (
        f"尋ねた人が{least_people}人より少ない言葉は、載せていません。" if least_people > 1 else ""
    )
    headings = ("言葉", "尋ねた人", "回数")
    return Table("見つからなかった言葉", headings, rows, note, is_citizens=True)


def _indicators(found: Figures, entries: Mapping[str, Entry]) -> Table:
    answered = {e: n for e, (n, _) in found.shown.items() if e in entries}
    linked = sum(n for e, n in answered.items() if entries[e].links)
    digital = sum(n for e, n in answered.items() if entries[e].category == DIGITAL)
    line = (
        f"LINEで{found.people:,}人が{found.amounts.questions:,}回尋ね、{_answered(found):,}回答えた"
    )
    ours = (
        (plan_indicators.LINE, line),
        (plan_indicators.HOMEPAGE, f"ページへのリンクのある案内を{linked:,}回答えた"),
        (plan_indicators.INTERNET, f"「{DIGITAL}」の案内を{digital:,}回答えた"),
    )
    rows = tuple((f"{i.name}（{i.measure}）", i.baseline, i.target, n) for i, n in ours)
    headings = ("計画の指標", "計画の基準値", "計画の目標値", "この案内の数（この期間）")
    note = (
        f"出典：{plan_indicators.SOURCE}。割合は計画にある調査の値で、この案内が数えたものではありません。"
        "この案内の数から割合は分かりません。"
    )
    return Table("計画の指標とこの案内", headings, rows, note)


def _never(found: Figures, entries: Iterable[Entry]) -> Table:
    never = sorted((e for e in entries if e.id not in found.shown), key=lambda e: e.title)
    rows = tuple((e.title, e.category, e.owner) for e in never)
    note = "答えにも、候補のはじめにも出なかった項目です。"
    return _cut("一度も尋ねられていない項目", ("項目", "分野", "担当"), rows, note)


def _overdue(entries: Iterable[Entry], day: date) -> Table:
    late = sorted((e for e in entries if e.review_by < day), key=lambda e: (e.review_by, e.id))
    rows = tuple((e.title, str(e.review_by), e.owner) for e in late)
    return _cut("見直す日を過ぎた項目", ("項目", "見直す日", "担当"), rows, "今日の時点です。")


def _cut(
    title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], note: str
) -> Table:
    more = f"はじめの{LISTED}だけを載せています。" if len(rows) > LISTED else ""
    counted = f"{note}{len(rows):,}あります。{more}"
    return Table(title, headings, tuple(rows[:LISTED]), counted)


def _answered(found: Figures) -> int:
    return found.amounts.decisions.get(figures.ANSWERED, 0)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}％" if whole else ""


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), JST).timestamp()

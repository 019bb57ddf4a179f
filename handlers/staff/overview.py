"""What the dashboard and the monthly report tell, as tables that pages and workbooks both show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from handlers.line.words import UNSOLVED_REASONS
from handlers.staff import plan_indicators
from handlers.staff.desk import Desk
from handlers.staff.downloads import Number
from knowledge import plan
from knowledge.entry import Entry
from knowledge.records import figures, store
from knowledge.records.figures import Figures, Window

WEEKDAYS = "月火水木金土日"
TOP = 10
LISTED = 50
DIGITAL = "スマホ・デジタル"
NOTHING = "―"
FADED_NOTE = "古い質問と、友だちをやめた人の質問は、人の印や文を消しているので、少なく出ます。"
MONTHS_NOTE = "人数は、だれか分からない印で数えています。印は月ごとに変わるので、月をまたぐと別の人になります。"


@dataclass(frozen=True)
class Period:
    """Days, both included."""

    since: date
    until: date

    def window(self) -> Window:
        """The same in seconds, by Japan's midnight."""
        return Window(plan.midnight(self.since), plan.midnight(self.until + timedelta(days=1)))

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
    rows: tuple[tuple[str | Number, ...], ...]
    note: str = ""
    empty: str = "ありません。"
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
        _unless_empty(hours(found), found),
        _unless_empty(weekdays(found), found),
        _indicators(found, entries),
        _never(found, entries.values()),
        _overdue(entries.values(), desk.today()),
    ]


def hours(found: Figures) -> Table:
    """Questions by hour of the day."""
    rows = tuple((f"{hour}時", _number(n)) for hour, n in enumerate(found.amounts.hours))
    return Table("時間帯", ("時間", "質問"), rows, chart="hours")


def weekdays(found: Figures) -> Table:
    """Questions by weekday."""
    days = zip(WEEKDAYS, found.amounts.weekdays, strict=True)
    rows = tuple((f"{name}曜", _number(n)) for name, n in days)
    return Table("曜日", ("曜日", "質問"), rows, chart="weekdays")


def _amounts(found: Figures) -> Table:
    decided, total = found.amounts.decisions, found.amounts.questions
    told = (
        ("答えた", "answer"), ("候補を示した", "choose"), ("見つからなかった", "none"),
        ("案内しないことを伝えた", figures.DECLINED), ("緊急の案内", "emergency"), ("あいさつなど", "smalltalk"),
    )  # fmt: skip
    rest = total - sum(decided.get(name, 0) for _, name in told)
    counted = [(label, decided.get(name, 0)) for label, name in told] + [("そのほか", rest)]
    half, most = (_within(n) if total else NOTHING for n in (found.speed.p50, found.speed.p95))
    rows = (
        ("尋ねた人", _people(found), ""),
        ("質問", _number(total), ""),
        *((label, _number(n), _share(n, total)) for label, n in counted),
        (
            "サービスについての質問のうち、見つからなかった割合",
            _share(*figures.of_services(decided)),
            "",
        ),
        ("答えるまでの時間（半分の質問）", half, ""),
        ("答えるまでの時間（100のうち95）", most, ""),
    )
    note = (
        f"{_faded(found)}{MONTHS_NOTE}"
        "「案内しないこと」は、ほかの市や町のこと、案内しない話題、質問のない文です。"
        "「サービスについての質問」は、答えた、候補を示した、見つからなかった、の三つの合計です。"
    )
    return Table("質問と答え", ("数えたもの", "数", "質問のうち"), rows, note)


def _feedback(found: Figures) -> Table:
    told = found.feedback
    rows = (
        ("はい（解決した）", _number(told.solved)),
        ("いいえ（解決していない）", _number(told.unsolved)),
        *(
            (f"いいえの理由：{UNSOLVED_REASONS[code]}", _number(n))
            for code, n in told.reasons.items()
        ),
        ("候補から選んだ", _number(told.chosen)),
        ("どれでもない", _number(told.none_of_these)),
    )
    return Table("市民の感想", ("選んだもの", "回数"), rows)


def _top_entries(found: Figures, entries: Mapping[str, Entry]) -> Table:
    given = [(n.answered + n.chosen, entry_id, n) for entry_id, n in found.asked.items()]
    order = sorted((row for row in given if row[0]), key=lambda row: (-row[0], row[1]))
    rows = tuple(
        (
            entries[entry_id].title if entry_id in entries else entry_id,
            _number(n.answered),
            _number(n.chosen),
        )
        for _, entry_id, n in order[:TOP]
    )
    note = "「選ばれた」は、候補や一覧から市民が選んだ回数です。二つの回数の合計が多い順です。"
    return Table("よく答えた項目", ("項目", "答えた回数", "選ばれた回数"), rows, note)


def _unanswered(found: Figures, least_people: int) -> Table:
    told = [u for u in found.unanswered if u.people >= least_people][:TOP]
    rows = tuple((u.typed, _persons(u.people), _number(u.times)) for u in told)
    withheld = (
        f"尋ねた人が{least_people}人より少ない言葉は、載せていません。" if least_people > 1 else ""
    )
    return Table(
        "見つからなかった言葉",
        ("言葉", "尋ねた人", "回数"),
        rows,
        f"{withheld}{_faded(found)}",
        empty="載せる言葉はありません。" if withheld else "ありません。",
        is_citizens=True,
    )


def _indicators(found: Figures, entries: Mapping[str, Entry]) -> Table:
    answered = {e: n.answered for e, n in found.asked.items() if e in entries}
    linked = sum(n for e, n in answered.items() if entries[e].links)
    digital = sum(n for e, n in answered.items() if entries[e].category == DIGITAL)
    asked, given = found.amounts.questions, found.amounts.decisions.get(figures.ANSWERED, 0)
    line = f"LINEで{_people(found)}が{asked:,}回尋ね、{given:,}回答えた"
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
    never = sorted((e for e in entries if e.id not in found.asked), key=lambda e: e.title)
    rows = tuple((e.title, e.category, e.owner) for e in never)
    note = "答えにも、候補のはじめにも出ず、選ばれてもいない項目です。"
    return _cut("一度も尋ねられていない項目", ("項目", "分野", "担当"), rows, note)


def _overdue(entries: Iterable[Entry], day: date) -> Table:
    late = sorted((e for e in entries if e.review_by < day), key=lambda e: (e.review_by, e.id))
    rows = tuple((e.title, str(e.review_by), e.owner) for e in late)
    return _cut("見直す日を過ぎた項目", ("項目", "見直す日", "担当"), rows, "今日の時点です。")


def _cut(
    title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], note: str
) -> Table:
    more = f"はじめの{LISTED}だけを載せています。" if len(rows) > LISTED else ""
    counted = f"{note}{len(rows):,}あります。{more}" if rows else note
    return Table(title, headings, tuple(rows[:LISTED]), counted)


def _unless_empty(table: Table, found: Figures) -> Table:
    """A chart of nothing but zeros tells nothing."""
    return table if found.amounts.questions else replace(table, rows=())


def _faded(found: Figures) -> str:
    return FADED_NOTE if found.nameless else ""


def _people(found: Figures) -> Number:
    if found.nameless:
        return _persons(max(found.people, 1), "人以上")
    return _persons(found.people)


def _persons(count: int, unit: str = "人") -> Number:
    return Number(count, f"{count:,}{unit}", f'#,##0"{unit}"')


def _within(milliseconds: int) -> Number:
    return Number(milliseconds, f"{milliseconds:,}ミリ秒以内", '#,##0"ミリ秒以内"')


def _number(count: int) -> Number:
    return Number(count, f"{count:,}")


def _share(part: int, whole: int) -> str | Number:
    if not whole:
        return NOTHING
    return Number(part / whole, f"{100 * part / whole:.1f}％", "0.0%")

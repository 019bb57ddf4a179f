"""The columns of a sheet of entries: heading, how a field is written in a cell and read from it, help."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, get_args

from knowledge import cells, phones
from knowledge.cells import CellError
from knowledge.entry import (
    CATEGORIES,
    CONFIDENCE_WORDS,
    FIELD_WORDS,
    Audience,
    Available,
    Entry,
    Link,
    Source,
)

MAX_ID = 40
_ID = re.compile(r"(?!new$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_AUDIENCES: tuple[str, ...] = get_args(Audience)
STATE_WORDS = {"published": "公開", "draft": "下書き", "retired": "取り下げ"}

Read = Callable[[str], Any]
Write = Callable[[Any], str]


@dataclass(frozen=True)
class Column:
    """One field (`contact.phone`): how to read it from a cell, how to write it, help."""

    field: str
    read: Read
    write: Write
    help: str
    example: str
    is_needed: bool = False
    max_length: int = 5_000

    @property
    def heading(self) -> str:
        """What stands above it."""
        return FIELD_WORDS[self.field]

    @property
    def is_day(self) -> bool:
        """True for a date, which a spreadsheet may hold as one."""
        return self.field in ("review_by", "valid_until")

    def value_of(self, entry: Entry) -> Any:
        """The field's value."""
        value: Any = entry
        for name in self.field.split("."):
            value = getattr(value, name)
        return value

    def cell_of(self, entry: Entry) -> str:
        """The field as a cell shows it."""
        return cells.neutral(self.write(self.value_of(entry)))

    def too_long(self, length: int) -> str:
        """What to do about a text of that many letters; empty when it fits."""
        if length <= self.max_length:
            return ""
        return f"{length}字あります。{self.max_length}字までにしてください。"


def _line(text: str) -> str:
    if "\n" in text:
        raise CellError("改行を消して、一行で書いてください。")
    return text


def _optional_line(text: str) -> str | None:
    return _line(text) or None


def _phone(text: str) -> str | None:
    return phones.one_spelling(_line(text)) or None


def _id(text: str) -> str:
    if len(text) > MAX_ID or not _ID.fullmatch(text):
        raise CellError(
            f"半角の英小文字・数字・ハイフンだけで、英字から始めて、{MAX_ID}字までで書いてください。"
        )
    return text


def _choice(words: Mapping[str, str], text: str) -> str:
    chosen = cells.folded(text).strip()
    for value, word in words.items():
        if chosen in (cells.folded(value), cells.folded(word)):
            return value
    shown = "／".join(words.values())
    raise CellError(f"「{text[:40]}」は使えません。次から選んでください：{shown}")


def _choices(words: Mapping[str, str], text: str) -> tuple[str, ...]:
    return tuple(
        _choice(words, word) for word in cells.lines(re.sub(r"[、,・]", "\n", cells.folded(text)))
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(cells.unescaped(line) for line in cells.lines(text))


def _write_lines(values: Sequence[str]) -> str:
    return "\n".join(cells.escaped(value) for value in values)


def _parts(names: Sequence[str], needed: int, line: str) -> list[str | None]:
    """The parts of a line, None where one is empty; the first `needed` may not be."""
    parts: list[str | None] = [part or None for part in cells.split_parts(line)]
    parts += [None] * (len(names) - len(parts))
    if len(parts) > len(names) or None in parts[:needed]:
        form = f" {cells.SEPARATOR} ".join(names)
        raise CellError(f"「{line[:40]}」を「{form}」の形に直してください。")
    return parts


def _links(text: str) -> tuple[Link, ...]:
    names = ("名前", "アドレス", "根拠", "確かめた日（なくてもよい）")
    found = []
    for line in cells.lines(text):
        label, url, source, day = _parts(names, 3, line)
        found.append(Link(str(label), str(url), str(source), cells.read_day(day) if day else None))
    return tuple(found)


def _sources(text: str) -> tuple[Source, ...]:
    names = ("内容", "アドレスか資料名", "確かさ", "日付（なくてもよい）")
    found = []
    for line in cells.lines(text):
        value, url, word, day = _parts(names, 3, line)
        confidence: Any = _choice(CONFIDENCE_WORDS, str(word))
        found.append(Source(str(value), str(url), confidence, day))
    return tuple(found)


def _available(text: str) -> Available | None:
    if not text:
        return None
    since, source = _parts(("使えるようになった日", "根拠"), 2, _line(text))
    return Available(cells.read_day(str(since)), str(source))


def _write_links(links: Sequence[Link]) -> str:
    return "\n".join(
        cells.join_parts((link.label, link.url, link.source, _write_day(link.checked_on)))
        for link in links
    )


def _write_sources(sources: Sequence[Source]) -> str:
    return "\n".join(
        cells.join_parts((s.value, s.url, CONFIDENCE_WORDS[s.confidence], s.date)) for s in sources
    )


def _write_available(found: Available | None) -> str:
    return cells.join_parts((found.since.isoformat(), found.source)) if found else ""


def _write_day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _write_text(text: str | None) -> str:
    return text or ""


def _write_blocks(texts: Mapping[str, str]) -> str:
    return cells.join_blocks(tuple(texts.items()))


def _optional_day(text: str) -> date | None:
    return cells.read_day(text) if text else None


def _optional_text(text: str) -> str | None:
    return text or None


MUST = True
_PAGE = "https://www.city.nagasaki.lg.jp/"
_LINK_EXAMPLE = f"市のホームページ ｜ {_PAGE} ｜ {_PAGE}"
_DAY_HELP = "2026-11-22 か 2026年11月22日 の形。"
_AVAILABLE_HELP = "公表で確かめたときだけ。「日 ｜ 根拠」。"
_BLOCKS_HELP = "【en】のように言葉の名前の行を書き、次の行から文。"
_LINKS_HELP = (
    "一行に一つ。「名前 ｜ アドレス ｜ 根拠 ｜ 確かめた日」。確かめた日はなくてもかまいません。"
)
_SOURCES_HELP = (
    "一行に一つ。「内容 ｜ アドレスか資料名 ｜ 確かさ ｜ 日付」。日付はなくてもかまいません。"
    f"確かさは {'／'.join(CONFIDENCE_WORDS.values())} のどれか。"
)
_category = partial(_choice, dict(zip(CATEGORIES, CATEGORIES, strict=True)))
_audience = partial(_choices, dict(zip(_AUDIENCES, _AUDIENCES, strict=True)))
_state = partial(_choice, STATE_WORDS)
_T, _L = _write_text, _write_lines

# fmt: off
COLUMNS: tuple[Column, ...] = (
    Column("id", _id, _T, "項目の住所に使う名前。変えないでください。", "bulky-waste", MUST),
    Column("title", _line, _T, "市民に見える題名。", "粗大ごみの申込み", MUST, 100),
    Column("category", _category, _T, f"次のどれか：{'／'.join(CATEGORIES)}", "ごみ・くらし", MUST),
    Column("audience", _audience, _L, f"一行に一つ：{'／'.join(_AUDIENCES)}", "市民", MUST),
    Column("state", _state, STATE_WORDS.__getitem__, "公開／下書き／取り下げ", "公開", MUST),
    Column("summary", str, _T, "結論から、120字まで。", "粗大ごみは電話で申し込みます。", MUST, 500),
    Column("body", str, _T, "だれが、何を持って、どうするか。改行できます。", "対象：…", MUST),
    Column("phrasings", _lines, _L, "市民の尋ね方。一行に一つ。", "ソファを捨てたい", MUST, 20_000),
    Column("contact.department", _line, _T, "尋ね先の課。", "廃棄物対策課", MUST, 200),
    Column("contact.phone", _phone, _T, "出典にある番号だけ。", "095-822-8888", max_length=100),
    Column("contact.hours", _optional_line, _T, "出典にある時間だけ。", "8:00〜20:00", max_length=200),
    Column("links", _links, _write_links, _LINKS_HELP, _LINK_EXAMPLE, max_length=20_000),
    Column("plan", _lines, _L, "DX推進計画の行の番号。一行に一つ。", "1-1-①-1"),
    Column("available", _available, _write_available, _AVAILABLE_HELP, f"2026-01-18 ｜ {_PAGE}"),
    Column("easy_ja", _optional_text, _T, "なければ空のまま。", "電話を してください。"),
    Column("translations", cells.split_blocks, _write_blocks, _BLOCKS_HELP,
           "【en】\nCall to book a pick-up.", max_length=20_000),
    Column("related", _lines, _L, "ほかの項目の ID。一行に一つ。", "waste-sorting"),
    Column("owner", _line, _T, "この項目を見直す課。", "廃棄物対策課", MUST, 200),
    Column("review_by", cells.read_day, _write_day, _DAY_HELP, "2027-03-31", MUST),
    Column("valid_until", _optional_day, _write_day, "この日まで案内。なければ空のまま。", "2027-03-31"),
    Column("sources", _sources, _write_sources, _SOURCES_HELP,
           f"電話で申し込む ｜ {_PAGE} ｜ {CONFIDENCE_WORDS['official']} ｜ 2026-10-02", max_length=30_000),
)
# fmt: on
"""The columns, in the order of the sheet."""

"""How one value stands in a cell of a spreadsheet: readable, harmless, and read back unchanged."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

MAX_CELL = 32_767
"""Letters that a cell of Excel can hold."""

SEPARATOR = "｜"
"""Between the parts of a line, such as a link's label and address."""

_RISKY = frozenset("=+-@＝＋－＠﹦﹢﹣﹫\t\r\0")
"""A spreadsheet may take a cell that begins so for a formula (OPS.md §4, X3)."""

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Categories of letters that leave no mark, so that what follows them looks like the beginning."""

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What the XML of a workbook cannot hold."""

_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Letters that nobody sees and that may turn the rest of a line around."""

_EDGE = re.compile(r"^\s+|(?<!\s)\s+$")
_ESCAPED = re.compile(r"\\(\\|n|｜|【|u[0-9a-f]{4})")
_PART = re.compile(rf"(?:[^\\{SEPARATOR}]|\\.|\\$)*", re.DOTALL)
_HEAD = re.compile(r"【(.+)】")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_ERA = re.compile(
    r"(令和|平成|昭和|[RHS])(\d{1,3}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.IGNORECASE
)
_YEAR_BEFORE = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925}
_SHIFT_JIS_TWINS = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")


class CellError(ValueError):
    """A cell that cannot be read; the message says in Japanese what to do."""


def neutral(text: str) -> str:
    """The text as no spreadsheet takes it for a formula; `plain` gives it back."""
    text = _UNWRITABLE.sub("", text)[:MAX_CELL]
    return f"'{text}" if _is_risky(text) else text


def plain(text: str) -> str:
    """What a person meant by a cell: without our apostrophe, lines ending as everywhere."""
    text = text.removeprefix("'") if text.startswith("'") and _is_risky(text) else text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def through_shift_jis(text: str) -> str:
    """The text after a program has saved it as Shift_JIS, which knows fewer letters."""
    return text.translate(_SHIFT_JIS_TWINS).encode("cp932", "replace").decode("cp932")


def unwanted(text: str) -> str:
    """The first letter that no cell should hold, by its number; empty when there is none."""
    found = _UNWANTED.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def escaped(text: str) -> str:
    """The text as part of one line."""
    text = text.replace("\\", "\\\\").replace("\n", "\\n").replace(SEPARATOR, f"\\{SEPARATOR}")
    return _EDGE.sub(lambda edge: "".join(f"\\u{ord(c):04x}" for c in edge[0]), text)


def unescaped(text: str) -> str:
    """The text that `escaped` wrote; a backslash before anything else is itself."""
    return _ESCAPED.sub(lambda found: _letter(found[1]), text)


def join_parts(parts: Sequence[str | None]) -> str:
    """Parts in one line, those missing at the end left out."""
    return f" {SEPARATOR} ".join(escaped(part or "") for part in parts).rstrip(f" {SEPARATOR}")


def split_parts(line: str) -> list[str]:
    """The parts of one line."""
    parts, position = [], 0
    while position <= len(line):
        found = _PART.match(line, position)
        end = found.end() if found else len(line)
        parts.append(unescaped(line[position:end].strip()))
        position = end + 1
    return parts


def lines(text: str) -> list[str]:
    """The lines of a cell that hold something."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def join_blocks(blocks: Sequence[tuple[str, str]]) -> str:
    """Texts under headings, as 【en】 and the text below it."""
    return "\n".join(f"【{escaped(name)}】\n{_guarded(text)}" for name, text in blocks)


def split_blocks(text: str) -> dict[str, str]:
    """Heading → text."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.strip().split("\n") if text.strip() else []:
        head = _HEAD.fullmatch(line.strip())
        if head:
            name = unescaped(head[1])
            if name in found:
                raise CellError(f"【{name}】が二つあります。一つにまとめてください。")
            current = found.setdefault(name, [])
        elif current is None:
            raise CellError(
                "はじめの行に、言葉の名前を【en】のように書き、次の行から文を書いてください。"
            )
        else:
            current.append(line[1:] if line.startswith("\\【") else line)
    return {name: "\n".join(parts) for name, parts in found.items()}


def folded(text: str) -> str:
    """The text with letters of half and full width made one, for what is chosen from a list."""
    return unicodedata.normalize("NFKC", text)


def read_day(text: str) -> date:
    """A date written as 2026-11-22, 2026/11/22, 2026年11月22日, 令和8年11月22日 or R8.11.22."""
    text = folded(text).replace(" ", "")
    western, era = _DAY.fullmatch(text), _ERA.fullmatch(text)
    try:
        if western:
            return date(*map(int, western.groups()))
        if era:
            year = _YEAR_BEFORE[era[1].upper()] + int(era[2].replace("元", "1"))
            return date(year, int(era[3]), int(era[4]))
    except ValueError as error:
        raise CellError(f"「{text}」という日はありません。") from error
    raise CellError("日付は 2026-11-22 か 2026年11月22日 のように書いてください。")


def _is_risky(text: str) -> bool:
    """True when a formula begins behind nothing but apostrophes and what nobody sees."""
    for letter in text:
        if letter in _RISKY:
            return True
        if letter != "'" and unicodedata.category(letter) not in _UNSEEN:
            return False
    return False


def _letter(code: str) -> str:
    if code == "n":
        return "\n"
    return chr(int(code[1:], 16)) if code.startswith("u") else code


def _guarded(text: str) -> str:
    """A line that looks like a heading, or like a guarded one, gets a backslash."""
    return re.sub(r"^(?=\\*【)", r"\\", text, flags=re.MULTILINE)

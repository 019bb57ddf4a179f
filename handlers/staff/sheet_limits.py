"""Walk through the XML of a sheet before it is read, so that none takes more memory than it should."""

import contextlib
from xml.parsers import expat

from handlers.staff.upload_errors import UploadError

MAX_DEPTH = 100
MAX_IN_A_ROW = 200_000
"""Elements and attributes; Excel's 16,384 columns need half of it. A row is read as a whole."""
MAX_OTHER_ELEMENTS = 200_000
"""Beside rows and cells: merged cells, links, rules. Excel allows 65,530 links."""
MAX_REFERENCE = len("XFD1048576")
MAX_FORMULA_BYTES = 100_000
MAX_SHARED_FORMULA_BYTES = 5_000_000
"""A formula for many cells is written anew for each: its length times the cells."""

MAX_TEXT_MEMORY = 250_000_000
"""Bytes of all texts once they are read: one emoji makes four of every letter in its cell."""

TOO_MUCH_TEXT = "文字が多すぎます。いくつかのファイルに分けてください。"
TOO_MANY_CELLS = (
    "セルが多すぎます。使っていない行・列・書式を消すか、いくつかのファイルに分けてください。"
)
NOT_A_WORKBOOK = "Excelのファイル（.xlsx）として読めません。Excelで開いて、保存し直してください。"

_WIDEST = 4
_TEXT_ENDS = frozenset({"c", "si"})
_CELL_PARTS = frozenset({"row", "c", "v", "f", "is", "t"})


def check(xml: bytes) -> None:
    """Raise UploadError for a sheet that costs far more to read than any that people make."""
    parser = expat.ParserCreate()
    walk = _Walk(parser)
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.texts.add
    parser.buffer_text = True
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - "this is all", by its place only
    except expat.ExpatError as error:
        raise UploadError(NOT_A_WORKBOOK) from error


def check_texts(xml: bytes) -> None:
    """Raise UploadError for any other file with more text than may be held at once."""
    parser = expat.ParserCreate()
    texts = _Texts()
    parser.EndElementHandler = texts.end
    parser.CharacterDataHandler = texts.add
    parser.buffer_text = True
    with contextlib.suppress(expat.ExpatError):  # drawings are not always XML; nobody reads them
        parser.Parse(xml, True)  # noqa: FBT003 - as above


class _Texts:
    """Adds up what texts take in memory, those of one cell as wide as its widest letter."""

    def __init__(self) -> None:
        self._whole = self._letters = 0
        self._width = 1

    def add(self, piece: str) -> None:
        """A text, or a part of one."""
        self._letters += len(piece)
        if self._width < _WIDEST and not piece.isascii():
            is_wide = len(piece.encode("utf-16-le")) > 2 * len(piece)
            self._width = _WIDEST if is_wide else 2
        if self._whole + self._letters * self._width > MAX_TEXT_MEMORY:
            raise UploadError(TOO_MUCH_TEXT)

    def end(self, name: str) -> None:
        """An element ends, and with some of them a text."""
        if name.rpartition(":")[2] in _TEXT_ENDS:
            self._whole += self._letters * self._width
            self._letters, self._width = 0, 1


class _Walk:
    """Counts what one pass meets."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        self.texts = _Texts()
        self._depth = self._in_row = self._others = 0
        self._formula_start = self._longest_formula = self._shared = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = name.rpartition(":")[2]
        if self._formula_start:
            self._measure_formula()
        self._in_row = 0 if tag == "row" else self._in_row + 1 + len(attributes)
        self._others += tag not in _CELL_PARTS
        self._depth += 1
        if self._depth > MAX_DEPTH or len(attributes.get("r", "")) > MAX_REFERENCE:
            raise UploadError(NOT_A_WORKBOOK)
        if self._in_row > MAX_IN_A_ROW or self._others > MAX_OTHER_ELEMENTS:
            raise UploadError(TOO_MANY_CELLS)
        if tag == "f":
            self._formula_start = self._parser.CurrentByteIndex
            self._shared += attributes.get("t") == "shared"

    def end(self, name: str) -> None:
        """An element ends."""
        self._depth -= 1
        self.texts.end(name)

    def _measure_formula(self) -> None:
        """From one element to the next, which is as far as a formula can reach."""
        length = self._parser.CurrentByteIndex - self._formula_start
        self._longest_formula = max(length, self._longest_formula)
        self._formula_start = 0
        if length > MAX_FORMULA_BYTES:
            raise UploadError(NOT_A_WORKBOOK)
        if self._longest_formula * self._shared > MAX_SHARED_FORMULA_BYTES:
            raise UploadError(TOO_MANY_CELLS)

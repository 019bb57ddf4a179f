"""Open one sheet of a workbook for reading, and tell while its files are read."""

import io
import zipfile
from collections.abc import Callable
from typing import IO, Any, Literal

from openpyxl.reader.excel import ExcelReader  # type: ignore[import-untyped]  # it has no types

OnRead = Callable[[], None]


def open_book(data: bytes, title: str, on_read: OnRead) -> Any:
    """The workbook, to be closed again, with its sheet of that title alone, or else its first.

    `on_read` is called again and again, and may take its time.
    """
    reader = _Reader(data, title, on_read)
    reader.read()
    return reader.wb


class _Told(io.BytesIO):
    """A file that tells when a piece of it is read: texts and styles come before the first row."""

    def __init__(self, data: bytes, on_read: OnRead) -> None:
        super().__init__(data)
        self._on_read = on_read

    def read(self, size: int | None = -1, /) -> bytes:
        """As of any file."""
        self._on_read()
        return super().read(size)


class _Archive(zipfile.ZipFile):
    """The files of a workbook; of what is packed, one read may bring a thousand times as much."""

    def __init__(self, data: bytes, on_read: OnRead) -> None:
        super().__init__(io.BytesIO(data))
        self._on_read = on_read

    def open(
        self,
        name: str | zipfile.ZipInfo,
        mode: Literal["r", "w"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> IO[bytes]:
        """One of them, unpacked."""
        with super().open(name, mode, pwd, force_zip64=force_zip64) as packed:
            return _Told(packed.read(), self._on_read)


class _Reader(ExcelReader):  # type: ignore[misc]  # the library has no types
    """Opens one sheet only: a workbook may name the same one a thousand times."""

    def __init__(self, data: bytes, title: str, on_read: OnRead) -> None:
        super().__init__(io.BytesIO(data), read_only=True, keep_links=False)
        self.archive = _Archive(data, on_read)
        self._title = title

    def read_worksheets(self) -> None:
        """The sheet of that title, or else the first."""
        found = [
            sheet
            for sheet, part in self.parser.find_sheets()
            if part.target in self.valid_files and "chartsheet" not in part.Type
        ]
        named = [sheet for sheet in found if sheet.name == self._title]
        self.parser.sheets = (named or found)[:1]
        super().read_worksheets()

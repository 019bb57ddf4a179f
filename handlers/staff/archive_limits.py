"""Look at an uploaded workbook before anything opens it: what it is, and whether it is safe to unpack."""

import codecs
import io
import re
import zipfile

from handlers.staff import sheet_limits
from handlers.staff.upload_errors import UploadError

MAX_UNPACKED = 120 * 1024 * 1024
"""This site's own export of 10,000 entries unpacks to 90 MB."""

MAX_RATIO = 200
MAX_MEMBERS = 500
"""Of the whole, and of each XML file in it: noise beside a dense one must not make up for it."""
RATIO_COUNTS_FROM = 1024 * 1024

MAX_SHEET_MARKS = 4_000_000
MAX_STRING_MARKS = 2_000_000
MAX_OTHER_MARKS = 200_000
"""The "<" and "=" of all sheets, of the texts they share, and of any other file: every element and
attribute has one. Excel needs 1,550,000 and 1,470,000 for 10,000 rows of 21 different texts.
"""

MAX_TOKEN = 300_000
"""Of a comment, and of what stands from one "<" to the next: a cell holds 32,767 letters."""
MAX_STYLE = 3_000
MAX_STYLES = 5_000_000
"""A number format has at most 255 letters; openpyxl takes the square of its length in time."""

STYLES = "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"
_READ_PARTS = ("xl/worksheets/", "xl/styles", "xl/workbook", "xl/sharedStrings")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_LONG_RUN = re.compile(rb"<[^<]{%d}" % MAX_TOKEN)
_LONG_STYLE = re.compile(rb"<[^<]{%d}" % MAX_STYLE)
_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii")
_WHOLE = ((b"<!--", b"-->"), (b"<?", b"?>"), (b"<![CDATA[", b"]]>"))
"""What the parser reads again from its beginning with every piece that it is given."""
_ENCODING = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.-]{1,40})"
)

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins an .xls, and also an .xlsx that has a password."""

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

OLD_OR_LOCKED = (
    "古い形式（.xls）か、パスワードのかかったファイルです。"
    "パスワードを外し、「Excel ブック（.xlsx）」で保存し直してください。"
)
MACROS = "マクロの入ったファイルは受け取れません。「Excel ブック（.xlsx）」で保存し直してください。"
NOT_A_WORKBOOK = sheet_limits.NOT_A_WORKBOOK
LOCKED = "パスワードのかかったファイルです。パスワードを外して保存し直してください。"
TOO_BIG_INSIDE = (
    "中身が大きすぎます（広げると120MBを超えます）。いくつかのファイルに分けてください。"
)
TOO_MANY_STYLES = (
    "書式（フォント、罫線、名前など）が多すぎます。"
    "書き出したファイルを開き、値だけを貼り付けて送ってください。"
)
TOO_LONG_INSIDE = "長すぎる文字が入っています。一つのセルは32,767字までにしてください。"
ENTITIES = "中に外部の定義（DTD）があるため、受け取れません。Excelで開いて、保存し直してください。"


def examine(data: bytes) -> None:
    """Raise UploadError unless this is an unlocked workbook without macros, of bounded size."""
    if data.startswith(OLD_OFFICE):
        raise UploadError(OLD_OR_LOCKED)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_names(members)
            _check_sizes(members, len(data))
            _check_xml(archive, members)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UploadError(NOT_A_WORKBOOK) from error


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UploadError(MACROS)
    if "xl/workbook.xml" not in names or len(set(names)) != len(names):
        raise UploadError(NOT_A_WORKBOOK)
    if any(member.flag_bits & 1 for member in members):
        raise UploadError(LOCKED)


def _check_sizes(members: list[zipfile.ZipInfo], packed: int) -> None:
    """zipfile never unpacks more than a member's declared size, so declared sizes bind."""
    unpacked = sum(member.file_size for member in members)
    is_dense = unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * packed
    if unpacked > MAX_UNPACKED or is_dense or len(members) > MAX_MEMBERS:
        raise UploadError(TOO_BIG_INSIDE)


def _check_xml(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    sheet_marks = 0
    for member in members:
        xml = archive.read(member)
        if not _is_xml(member.filename, xml):
            continue
        _check_text(member, xml)
        marks = xml.count(b"<") + xml.count(b"=")
        if _SHEET.fullmatch(member.filename):
            sheet_marks += marks
            if sheet_marks > MAX_SHEET_MARKS:
                raise UploadError(sheet_limits.TOO_MANY_CELLS)
            sheet_limits.check(xml)
        elif marks > MAX_STRING_MARKS:
            raise UploadError(sheet_limits.TOO_MANY_CELLS)
        elif marks > MAX_OTHER_MARKS and member.filename != STRINGS:
            raise UploadError(TOO_MANY_STYLES)
        else:
            sheet_limits.check_texts(xml)


def _is_xml(name: str, content: bytes) -> bool:
    """By its ending or its beginning: a part may have any name."""
    is_named = name.lower().endswith((".xml", ".rels"))
    return is_named or content[:1000].removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")


def _check_text(member: zipfile.ZipInfo, xml: bytes) -> None:
    """No workbook has a DTD; defusedxml refuses entities as well, but only those it gets to see."""
    is_dense = len(xml) > RATIO_COUNTS_FROM and len(xml) > MAX_RATIO * member.compress_size
    if is_dense:
        raise UploadError(TOO_BIG_INSIDE)
    encoding = _ENCODING.match(xml)
    is_other = encoding is not None and encoding[1].lower() not in _ENCODINGS
    if is_other or xml.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in xml[:1000]:
        raise UploadError(NOT_A_WORKBOOK)
    if _DOCTYPE.search(xml):
        raise UploadError(ENTITIES)
    if b"macroEnabled" in xml and member.filename == "[Content_Types].xml":
        raise UploadError(MACROS)
    is_read = member.filename.startswith(_READ_PARTS)
    if (is_read and _LONG_RUN.search(xml)) or any(_is_long(xml, *ends) for ends in _WHOLE):
        raise UploadError(TOO_LONG_INSIDE)
    if member.filename == STYLES and (len(xml) > MAX_STYLES or _LONG_STYLE.search(xml)):
        raise UploadError(TOO_MANY_STYLES)


def _is_long(xml: bytes, begin: bytes, end: bytes) -> bool:
    """True when anything between such marks is longer than anybody writes, or never ends."""
    start = xml.find(begin)
    while start >= 0:
        stop = xml.find(end, start)
        if stop < 0 or stop - start > MAX_TOKEN:
            return True
        start = xml.find(begin, stop)
    return False

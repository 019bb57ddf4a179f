"""Look at an uploaded workbook before anything opens it: what it is, and whether it is safe to unpack."""

import io
import re
import zipfile

from handlers.staff.upload_errors import UploadError

MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 200
MAX_MEMBERS = 500
RATIO_COUNTS_FROM = 1024 * 1024

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins an .xls, and also an .xlsx that has a password."""

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

OLD_OR_LOCKED = (
    "古い形式（.xls）か、パスワードのかかったファイルです。"
    "パスワードを外し、「Excel ブック（.xlsx）」で保存し直してください。"
)
MACROS = "マクロの入ったファイルは受け取れません。「Excel ブック（.xlsx）」で保存し直してください。"
NOT_A_WORKBOOK = "Excelのファイル（.xlsx）として読めません。Excelで開いて、保存し直してください。"
LOCKED = "パスワードのかかったファイルです。パスワードを外して保存し直してください。"
TOO_BIG_INSIDE = (
    "中身が大きすぎます（広げると50MBを超えます）。いくつかのファイルに分けてください。"
)
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
    """No workbook has a DTD; defusedxml refuses entities as well, but only those it gets to see."""
    for member in members:
        if not member.filename.lower().endswith((".xml", ".rels")):
            continue
        xml = archive.read(member)
        if xml.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in xml[:1000]:
            raise UploadError(NOT_A_WORKBOOK)
        if _DOCTYPE.search(xml):
            raise UploadError(ENTITIES)
        if b"macroEnabled" in xml and member.filename == "[Content_Types].xml":
            raise UploadError(MACROS)

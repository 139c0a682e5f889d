"""Files that hold the table inside: gzip, ZIP archives with one file, workbooks."""

from __future__ import annotations

import gzip
import importlib.util
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, BinaryIO, NamedTuple, Protocol

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import spool

#: unpacked bytes of a workbook, which is read in memory and takes about four times as much there
LARGEST_WORKBOOK = 1 << 30
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_INSTALL = (
    "pip install '.[excel]' in the folder of the clone lets it read workbooks; or save the sheet "
    "as CSV UTF-8"
)


class Contents(NamedTuple):
    """What is inside: one of two.

    kind: "gzip", "zip", "xlsx", "xls" or "ods".
    name: of the file or the sheet inside.
    stream: bytes of a file that can be read more than once; whoever gets it closes it.
    rows: the cells of a sheet, as text.
    other_sheets: names of the sheets that are not read, without hidden ones.
    """

    kind: str
    name: str
    stream: BinaryIO | None = None
    rows: Rows | None = None
    other_sheets: tuple[str, ...] = ()


class Sheet(Protocol):
    """What is needed of a sheet of python-calamine."""

    def iter_rows(self) -> Iterator[list[Any]]:
        """Return the typed cells of each row, from the first of the sheet on."""


class Rows:
    """Rows of a sheet, which can be gone through more than once: line (from 1) and cells."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        for line, cells in enumerate(self._sheet.iter_rows(), 1):
            yield line, [_to_text(cell) for cell in cells]


def open_contents(file: BinaryIO, name: str, label: str, sheet: str | None) -> Contents | None:
    """Return what is inside of a file, None for one that is no container.

    name: of the file, without folders. label: what messages call it.
    sheet: the name of a sheet of a workbook, or its number from 1; the first one that is not
        hidden if None.
    Raises UsageError for an archive that does not hold exactly one file, for a
    damaged one, one that becomes larger than spool.LARGEST, a sheet that is not there,
    and for a workbook when nothing is installed that reads it.
    """
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head.startswith(_GZIP):
        inner = name[: -len(".gz")] if name.lower().endswith(".gz") else name
        return Contents("gzip", inner, _unpack(gzip.GzipFile(fileobj=file), label))
    if head.startswith(_ZIP):
        return _open_zip(file, label, sheet)
    if head.startswith(_OLE):
        size = file.seek(0, io.SEEK_END)
        return _open_workbook(file, "xls", label, sheet, size)
    return None


def _unpack(source: IO[bytes] | gzip.GzipFile, label: str) -> BinaryIO:
    """Return the bytes of a packed file, as a file that its reader closes."""
    try:
        return spool.keep(source.read, f"what is packed in {label}")
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise UsageError(f"{label} is damaged: it cannot be unpacked") from error


def _open_zip(file: BinaryIO, label: str, sheet: str | None) -> Contents:
    try:
        archive = zipfile.ZipFile(file)
        members = [member for member in archive.infolist() if _is_file(member.filename)]
        names = {member.filename for member in members}
        size = sum(member.file_size for member in members)
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            return _open_workbook(file, "xlsx", label, sheet, size)
        if "mimetype" in names:
            mime = archive.read("mimetype")[:80]
            if mime.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
                return _open_workbook(file, "ods", label, sheet, size)
    except (OSError, zipfile.BadZipFile, zlib.error, ValueError) as error:
        raise UsageError(f"{label} is a damaged ZIP archive: it cannot be unpacked") from error
    _refuse_documents(names, label)
    if len(members) != 1:
        shown = ", ".join(sorted(names)[:5]) + (", …" if len(names) > 5 else "")
        raise UsageError(
            f"{label} is a ZIP archive with {len(members)} files" + (f": {shown}" if names else ""),
            hint="unpack it, and import the file that you want",
        )
    if members[0].flag_bits & 1:
        raise UsageError(f"{label} is a ZIP archive with a password", hint="unpack it first")
    try:
        with archive.open(members[0]) as inside:
            stream = _unpack(inside, label)
    except NotImplementedError as error:
        raise UsageError(
            f"{label} is packed in a way that is not known", hint="unpack it"
        ) from error
    return Contents("zip", members[0].filename.rpartition("/")[2], stream)


def _is_file(name: str) -> bool:
    """Tell whether a member of an archive is one that its user has put there."""
    folder, _, last = name.rpartition("/")
    return (
        bool(last) and not folder.startswith("__MACOSX") and last not in (".DS_Store", "Thumbs.db")
    )


def _refuse_documents(names: set[str], label: str) -> None:
    documents = (
        ("word/document.xml", "a Word document (.docx)"),
        ("ppt/presentation.xml", "a PowerPoint document (.pptx)"),
        ("Index/Document.iwa", "an Apple Numbers document"),
        ("content.xml", "an OpenDocument document"),
    )
    for member, kind in documents:
        if member in names:
            raise UsageError(f"{label} is {kind}", hint="export its table as CSV UTF-8")


def _open_workbook(file: BinaryIO, kind: str, label: str, sheet: str | None, size: int) -> Contents:
    what = {"xlsx": "an Excel workbook (.xlsx)", "xls": "an Excel workbook (.xls)"}
    if importlib.util.find_spec("python_calamine") is None:
        named = what.get(kind, "an OpenDocument workbook (.ods)")
        raise UsageError(
            f"{label} is {named}, and nothing is installed that reads it", hint=_INSTALL
        )
    if size > LARGEST_WORKBOOK:
        raise UsageError(
            f"{label} is too large for a workbook: more than {LARGEST_WORKBOOK >> 30} GiB unpacked",
            hint="save its sheet as CSV UTF-8",
        )
    import python_calamine

    file.seek(0)
    try:
        book = python_calamine.load_workbook(io.BytesIO(file.read()))
        names = book.sheet_names
        shown = [
            found.name
            for found in book.sheets_metadata
            if found.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        chosen = _choose_sheet(names, sheet or next(iter(shown), None), label)
        rows = Rows(book.get_sheet_by_name(chosen))
    except python_calamine.CalamineError as error:
        raise UsageError(f"{label} cannot be read as a workbook: {error}") from error
    others = tuple(name for name in shown if name != chosen)
    return Contents(kind, chosen, rows=rows, other_sheets=others)


def _choose_sheet(names: list[str], sheet: str | None, label: str) -> str:
    if not names:
        raise UsageError(f"{label} has no sheet")
    if sheet is None:
        return names[0]
    if sheet in names:
        return sheet
    if sheet.isdecimal() and 1 <= int(sheet) <= len(names):
        return names[int(sheet) - 1]
    shown = ", ".join(f"{number}: {name}" for number, name in enumerate(names, 1))
    raise UsageError(f"{label} has no sheet {sheet!r}", hint=f"it has {shown}")


def _to_text(cell: Any) -> str:
    """Return a typed cell as text: whole numbers without a point, dates in ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if hasattr(cell, "isoformat"):
        text = str(cell.isoformat())
        return text.removesuffix("T00:00:00")
    return str(cell)

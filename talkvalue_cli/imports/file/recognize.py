"""What a file is that is not a table, told from its first bytes, with the way out."""

from __future__ import annotations

import re
from typing import NamedTuple

from talkvalue_cli.errors import UsageError

#: how many bytes are enough to tell
HEAD = 1 << 16
_BOM = b"\xef\xbb\xbf"
_SAVE_AS_CSV = "open it and save the sheet as CSV UTF-8"
_EXPORT = "export it as CSV from where it comes from"
_UNPACK = "unpack it, and import the CSV file inside"
_COPY = "copy the table into a spreadsheet and save that as CSV UTF-8"


class Kind(NamedTuple):
    """What a file is called and what helps."""

    name: str
    hint: str


#: first bytes of files that no table begins with
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", "an old Office document, such as an Excel workbook (.xls)", _SAVE_AS_CSV),
    (b"\x1f\x8b", "compressed with gzip", "zcat FILE | … run - reads it"),
    (b"BZh", "compressed with bzip2", "bzcat FILE | … run - reads it"),
    (b"\xfd7zXZ", "compressed with xz", "xzcat FILE | … run - reads it"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "zstdcat FILE | … run - reads it"),
    (b"\x1f\x9d", "compressed with compress", "zcat FILE | … run - reads it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"MSCF\x00\x00", "a CAB archive", _UNPACK),
    (b"%PDF", "a PDF document", _COPY),
    (b"%!PS", "a PostScript document", _COPY),
    (b"{\\rtf", "an RTF document", "save it as plain text, encoding UTF-8"),
    (b"PAR1", "a Parquet file, not text", _EXPORT),
    (b"ORC\x03", "an ORC file, not text", _EXPORT),
    (b"ORC\n", "an ORC file, not text", _EXPORT),
    (b"Obj\x01", "an Avro file, not text", _EXPORT),
    (b"ARROW1", "an Arrow file, not text", _EXPORT),
    (b"FEA1", "a Feather file, not text", _EXPORT),
    (b"SQLite format 3", "an SQLite database", _EXPORT),
    (b"$FL2", "an SPSS file", _EXPORT),
    (b"<stata_dta>", "a Stata file", _EXPORT),
    (b"bplist00", "an Apple property list", _EXPORT),
    (b"!BDN", "an Outlook data file (.pst)", _EXPORT),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "a Windows shortcut", "name the file it points to"),
    (b"\x89PNG", "a PNG image", _EXPORT),
    (b"\xff\xd8\xff", "a JPEG image", _EXPORT),
    (b"GIF8", "a GIF image", _EXPORT),
    (b"RIFF", "a media file", _EXPORT),
    (b"MZ\x90", "a Windows program", _EXPORT),
    (b"\x7fELF", "a program", _EXPORT),
    (b"ustar", "a tar archive", _UNPACK),
)

#: what is inside a ZIP archive that is a document
_ARCHIVES = (
    (
        rb"xl/(workbook|worksheets|_rels|sharedStrings|styles|theme)",
        "an Excel workbook (.xlsx)",
        _SAVE_AS_CSV,
    ),
    (
        rb"mimetypeapplication/vnd\.oasis\.opendocument\.spreadsheet",
        "an OpenDocument workbook (.ods)",
        _SAVE_AS_CSV,
    ),
    (rb"mimetypeapplication/vnd\.oasis\.opendocument", "an OpenDocument document", _COPY),
    (rb"word/", "a Word document (.docx)", _COPY),
    (rb"ppt/", "a PowerPoint document (.pptx)", _COPY),
    (
        rb"Index/(Document|Tables|Metadata)",
        "an Apple Numbers document",
        "export it from Numbers as CSV",
    ),
)
_ZIP = Kind("a ZIP archive", _UNPACK)

_SERVER_SAID = "it is what a server answered; download the export again"
_HTML = r"<(!doctype html|html|head|body|table|meta|title|div|script|style)\b"
_SQL = (
    r"insert (ignore )?into|create (table|database)|drop table|copy \S+ \([^)]*\) from stdin|"
    r"lock tables|set names|set statement_timeout|begin transaction|pragma \w+|use `"
)
_MAIL_HEADER = r"(from|to|received|return-path|delivered-to|subject|date|message-id|x-[\w-]+):"
#: how texts begin that are no table, in small letters and without blanks before it
_TEXTS = (
    (r'\{\s*(["}\[]|$)', "JSON", _EXPORT),
    (r'\[\s*(\{\s*["}]|\[\s*["\d\[]|"[^"\n]*"\s*[,\]]|\])', "JSON", _EXPORT),
    (r"<\?xml.{0,400}schemas-microsoft-com:office", "an Excel workbook in XML", _SAVE_AS_CSV),
    (
        rf"(<\?xml[^>]*>\s*)?(<!--.{{0,999}}?-->\s*)?(?={_HTML}).*<table\b",
        "HTML, a web page with a table",
        _SAVE_AS_CSV,
    ),
    (rf"(<\?xml[^>]*>\s*)?(<!--.{{0,999}}?-->\s*)?{_HTML}", "HTML, a web page", _SERVER_SAID),
    (r"<\?xml", "XML", _SERVER_SAID),
    (r"<([a-z_][\w:.-]*)(\s[^<>@]*)?>.*</\1>", "XML", _SERVER_SAID),
    (r"from \S+ [^\n]*\d{4}\r?\n[\w-]+: ", "a mailbox (mbox)", _EXPORT),
    (r"mime-version:", "a web archive or an e-mail (MIME)", _EXPORT),
    (
        rf"{_MAIL_HEADER}[^\n]*\n([\w-]+:|[ \t])[^\n]*\n",
        "an e-mail",
        "save its attachment, and import that",
    ),
    (r"begin:vcard", "a vCard file", "import it into an address book, and export that as CSV"),
    (r"begin:vcalendar", "a calendar (iCalendar)", _EXPORT),
    (r"(version: 1\s+)?dn:{1,2} ?\w+=", "an LDIF file", _EXPORT),
    (
        r"version https://git-lfs",
        "a Git LFS pointer: it has no columns, and none can be mapped",
        "git lfs pull fetches the file itself",
    ),
    (
        rf"((--|/\*|#)[^\n]*\n\s*)*({_SQL})",
        "an SQL dump, not a table with a row of column names",
        _EXPORT,
    ),
    (r"\|[^\n]*\|\s*\n\s*\|(\s*:?-+:?\s*\|)+", "a Markdown table", _COPY),
    (r"[^\n|]*\|[^\n]*\n\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)+(\n|$)", "a Markdown table", _COPY),
    (r"\+-{2,}(\+-{2,})*\+\s*\n\s*\|", "a table drawn with lines", _EXPORT),
    (r"\[internetshortcut\]", "a link to a web page", "download the file that it points to"),
    (r"-----begin ", "a key or an encrypted message", _EXPORT),
    (r"#!\s*/", "a script", _EXPORT),
    (r"id;p\w*(;[ne])*\r?\n[a-z]{1,2};", "a SYLK workbook (.slk)", _SAVE_AS_CSV),
    (r"table\r?\n0,1\r?\n", "a DIF workbook (.dif)", _SAVE_AS_CSV),
    (r"(---\s*\n)?- \w+:[^\n]*\n +\w+:", "YAML", _EXPORT),
)


def refuse_other(head: bytes, label: str) -> None:
    """Raise UsageError for a file that is something else than a table in text.

    head: its first bytes, HEAD are enough. label: what the file is called.
    """
    if not head.strip(_BOM + b" \t\r\n\x1a") or head in (b"\xff\xfe", b"\xfe\xff"):
        raise UsageError(f"{label} is empty")
    kind = find_binary(head) or _find_text(head)
    if kind is not None:
        raise UsageError(f"{label} is {kind.name}", hint=kind.hint)


def find_binary(head: bytes) -> Kind | None:
    """Return what a file is that is no text; None for one that may be some."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next((Kind(*said) for inside, *said in _ARCHIVES if re.search(inside, head)), _ZIP)
    for signature, *said in _SIGNATURES:
        # tar has its mark further down
        place = 257 if signature == b"ustar" else 0
        if head.startswith(signature, place):
            return Kind(*said)
    return None


def _find_text(head: bytes) -> Kind | None:
    text = _read(head).lstrip("\ufeff \t\r\n").lower()
    return next((Kind(*said) for start, *said in _TEXTS if re.match(start, text, re.DOTALL)), None)


def _read(head: bytes) -> str:
    """Return the head as text in which at least ASCII is right."""
    if b"\0" not in head[:64]:
        return head.removeprefix(_BOM).decode("latin-1")
    big = head.startswith(b"\xfe\xff") or head[:1] == b"\0"
    return head[: len(head) & ~3].decode("utf-16-be" if big else "utf-16-le", "replace")

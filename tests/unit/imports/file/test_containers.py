"""gzip, ZIP archives and workbooks: what is inside of them."""

from __future__ import annotations

import base64
import bz2
import gzip
import importlib.util
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable

import pytest

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import containers, spool, table
from talkvalue_cli.imports.file.containers import Contents, open_contents

CSV = b"Name,Email\nAnn,ann@example.org\n"


def make_zip(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def make_xlsx(sheets: dict[str, Iterable[str]], hidden: str = "") -> bytes:
    """Return a workbook of sheets whose rows are written as XML. hidden: the name of one."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{place}" r:id="rId{place}" '
        f'state="{"hidden" if name == hidden else "visible"}"/>'
        for place, name in enumerate(names, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{place}" Type="{_RELATIONS}/worksheet" '
        f'Target="worksheets/sheet{place}.xml"/>'
        for place in range(1, len(names) + 1)
    )
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        f'2006/main" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{related}<Relationship '
        f'Id="rId99" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
        'main"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs>'
        "</styleSheet>",
    }
    for place, rows in enumerate(sheets.values(), 1):
        files[f"xl/worksheets/sheet{place}.xml"] = (
            f"{_SHEET}{''.join(rows)}</sheetData></worksheet>"
        )
    return make_zip({name: text.encode() for name, text in files.items()})


def row(number: int, *cells: str | float | tuple[float, int]) -> str:
    """Return a row as XML: text, numbers, and numbers with a style (1: date, 2: date and time)."""

    def cell(place: int, value: str | float | tuple[float, int]) -> str:
        name = f'r="{chr(65 + place)}{number}"'
        if isinstance(value, str):
            return f'<c {name} t="inlineStr"><is><t>{value}</t></is></c>' if value else ""
        number_, style = value if isinstance(value, tuple) else (value, 0)
        return f'<c {name} s="{style}"><v>{number_}</v></c>'

    cells_ = "".join(cell(place, value) for place, value in enumerate(cells))
    return f'<row r="{number}">{cells_}</row>'


PEOPLE = (
    row(1, "Guest list"),
    row(3, "Name", "Email", "Joined", "Seen", "Phone", "Score"),
    row(4, "Ann", "ann@example.org", (46090, 1), (46090.5, 2), 46701740605, 1.5),
    row(5, "Björn", "bjorn@example.org", "", "", 0, 2),
)


def open_it(content: bytes, name: str = "people.csv", sheet: str | None = None) -> Contents | None:
    return open_contents(io.BytesIO(content), name, name, sheet)


def refuse(content: bytes, name: str = "people.zip", sheet: str | None = None) -> UsageError:
    with pytest.raises(UsageError) as caught:
        open_it(content, name, sheet)
    return caught.value


def read_stream(contents: Contents | None) -> bytes:
    assert contents is not None
    assert contents.stream is not None
    with contents.stream as stream:
        first = stream.read()
        stream.seek(0)
        assert stream.read() == first
    return first


@pytest.mark.parametrize("content", [CSV, b"", b"PK,Name\n", bz2.compress(CSV)])
def test_other_files_are_no_containers(content: bytes) -> None:
    assert open_it(content) is None


@pytest.mark.parametrize(
    ("name", "inner"), [("people.csv.gz", "people.csv"), ("PEOPLE.GZ", "PEOPLE"), ("x", "x")]
)
def test_gzip_is_read_as_what_is_inside(name: str, inner: str) -> None:
    contents = open_it(gzip.compress(CSV, mtime=0), name)
    assert read_stream(contents) == CSV
    assert contents is not None
    assert (contents.kind, contents.name) == ("gzip", inner)


@pytest.mark.parametrize(
    "compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA]
)
def test_a_zip_with_one_file_is_read_as_that(compression: int) -> None:
    contents = open_it(make_zip({"exports/people.csv": CSV}, compression))
    assert read_stream(contents) == CSV
    assert contents is not None
    assert (contents.kind, contents.name) == ("zip", "people.csv")


def test_what_systems_put_into_a_zip_is_not_counted() -> None:
    files = {"people.csv": CSV, "__MACOSX/._people.csv": b"x", ".DS_Store": b"x", "folder/": b""}
    assert read_stream(open_it(make_zip(files))) == CSV


def test_a_zip_with_more_files_is_refused_with_their_names() -> None:
    error = refuse(make_zip({"subscribed.csv": CSV, "unsubscribed.csv": CSV}))
    assert error.message == (
        "people.zip is a ZIP archive with 2 files: subscribed.csv, unsubscribed.csv"
    )
    assert error.hint is not None
    assert "unpack" in error.hint


@pytest.mark.parametrize(
    "files", [{}, {f"{place}.csv": CSV for place in range(30)}], ids=["none", "many"]
)
def test_a_zip_with_none_or_many_is_refused(files: dict[str, bytes]) -> None:
    if files:
        assert refuse(make_zip(files)).message.endswith("12.csv, …")
    else:
        folder = make_zip({"folder/": b""})
        assert refuse(folder).message == "people.zip is a ZIP archive with 0 files"


@pytest.mark.parametrize(
    ("member", "kind"),
    [("word/document.xml", "Word"), ("ppt/presentation.xml", "PowerPoint"),
     ("Index/Document.iwa", "Numbers"), ("content.xml", "OpenDocument")],
)  # fmt: skip
def test_documents_are_named(member: str, kind: str) -> None:
    assert kind in refuse(make_zip({member: b"x", "other": b"y"})).message


@pytest.mark.parametrize(
    "content", [gzip.compress(CSV * 99, mtime=0)[:40], b"\x1f\x8b\x08\x00garbage"]
)
def test_a_damaged_gzip_is_refused(content: bytes) -> None:
    assert "damaged" in refuse(content).message


def test_a_damaged_zip_is_refused() -> None:
    whole = make_zip({"people.csv": CSV * 99})
    assert "damaged" in refuse(whole[:50]).message
    assert "damaged" in refuse(whole.replace(whole[45:55], b"0123456789")).message


def test_a_zip_with_a_password_is_refused() -> None:
    content = bytearray(make_zip({"people.csv": CSV}))
    # the flag that says so, in both places where the file is described
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refuse(bytes(content)).message


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: make_zip({"a.csv": content})])
def test_what_becomes_too_large_is_refused(
    pack: type[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "LARGEST", 1000)
    assert read_stream(open_it(pack(b"x" * 1000))) == b"x" * 1000
    assert "too large" in refuse(pack(b"x" * 1001)).message


@pytest.mark.parametrize(
    ("content", "size"),
    [(make_xlsx({"People": PEOPLE}), 1000), (b"\xd0\xcf\x11\xe0rest", 7)],
)
def test_a_workbook_that_is_too_large_is_refused(
    content: bytes, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "LARGEST_WORKBOOK", size)
    assert "too large for a workbook" in refuse(content).message


def test_a_workbook_is_read_with_dates_and_whole_numbers() -> None:
    contents = open_it(make_xlsx({"People": PEOPLE, "Notes": ()}))
    assert contents is not None
    assert contents.rows is not None
    assert (contents.kind, contents.name, contents.other_sheets) == ("xlsx", "People", ("Notes",))
    assert list(contents.rows)[2:] == [
        (3, ["Name", "Email", "Joined", "Seen", "Phone", "Score"]),
        (4, ["Ann", "ann@example.org", "2026-03-09", "2026-03-09T12:00:00", "46701740605", "1.5"]),
        (5, ["Björn", "bjorn@example.org", "", "", "0", "2"]),
    ]


def test_a_workbook_has_its_header_found_like_any_file() -> None:
    contents = open_it(make_xlsx({"People": PEOPLE}))
    assert contents is not None
    assert contents.rows is not None
    place = table.find_table(contents.rows, "people.xlsx")
    rows = table.read_rows(contents.rows, place, "people.xlsx", Counter())
    assert place.header_line == 3
    assert [line for line, _ in rows] == [4, 5]


def test_a_hidden_sheet_is_read_only_when_it_is_asked_for() -> None:
    content = make_xlsx({"Lists": (row(1, "x"),), "People": PEOPLE}, hidden="Lists")
    contents, hidden = open_it(content), open_it(content, sheet="Lists")
    assert contents is not None
    assert hidden is not None
    assert (contents.name, contents.other_sheets) == ("People", ())
    assert (hidden.name, hidden.other_sheets) == ("Lists", ("People",))


@pytest.mark.parametrize("sheet", ["2", "People"])
def test_a_sheet_is_chosen_by_number_or_name(sheet: str) -> None:
    contents = open_it(make_xlsx({"Notes": (row(1, "x"),), "People": PEOPLE}), sheet=sheet)
    assert contents is not None
    assert (contents.name, contents.other_sheets) == ("People", ("Notes",))


def test_a_name_of_a_sheet_comes_before_its_number() -> None:
    contents = open_it(make_xlsx({"2": (row(1, "x"),), "1": PEOPLE}), sheet="1")
    assert contents is not None
    assert contents.name == "1"


@pytest.mark.parametrize("sheet", ["3", "0", "Guests"])
def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(sheet: str) -> None:
    error = refuse(make_xlsx({"Notes": (), "People": PEOPLE}), "people.xlsx", sheet)
    assert error.message == f"people.xlsx has no sheet {sheet!r}"
    assert error.hint == "it has 1: Notes, 2: People"


def test_without_the_extra_a_workbook_is_refused_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    error = refuse(make_xlsx({"People": PEOPLE}), "people.xlsx")
    assert "Excel workbook (.xlsx)" in error.message
    assert error.hint is not None
    assert "pip install '.[excel]' in the folder of the clone" in error.hint


def test_a_damaged_workbook_is_refused() -> None:
    broken = make_zip({"xl/workbook.xml": b"<workbook", "[Content_Types].xml": b"x"})
    assert "cannot be read as a workbook" in refuse(broken, "people.xlsx").message
    assert "cannot be read as a workbook" in refuse(b"\xd0\xcf\x11\xe0" + b"x" * 600).message


#: sheets People and Notes, as Excel 97 writes them; packed by zlib
XLS = zlib.decompress(
    base64.b85decode(
        "c-rk)O=uHA6#izjX?|#$A5)<fN+`5yYz6V+!8Wl_D}o_<QHo$wvuJ3NEwKmNgH~&fg5XK<Qm6+nRWJUapx!(PEqV|H"
        "q19tgf`W%O>zkK}rnQ9zY9X@UGH>3znRzoi@4cDXou3OXOh0a2#2WO%fs*AxLzPTW@>B`|P`zbIwvxLkSvKkl9yb}X"
        "!HE~XcP?o|Y41g7c%;7}3Vfk-7Nba*c_Xro=;Jx0gq%Z<(8>2S+@sWl7M@p#>3OC*m_FpTFPX+!a+7HfwOtT{n2RN%"
        "hm;?m(b~DLiKxI+?(>Ny2hfbS(vPp+66Ll|94TZ{**dFe(;G1ZGU<SkHwv=s$9;H#aYA=4*PTu;AWY_-!4E3}e6Pgy"
        ">xeDiUbz6tf3B9hHjul?h->AyH656QH6)}n7s;s)>*Y{R8s=!$D8h$E-p8F3#$(2%Wr~jm73<V8k;)lPpg)(&WJz?~"
        "%;b$U36d8n<{iMGx#R~XOe1bwPUT49ezS1FE6)PnI|8fr4j)HUBhfVc%m+EH0yOpI2jAYG7*58{v1F3Zi}I<`AzuL&"
        "uE`$Mxru8urm`l={641FS?ez5TbYLG#VGGgHY?`n6t}s-wVgE1LB@yJ?kau{@x`T+&)SM#V|$689ax+Q&wh+eqn%E<"
        "H1(Iy6uLy0xO+$9d90EPwf}r(+Va<4<kkXe?v^?_{aBIFM+h=4m*nb*-z810Rk`G#l0)ed>*x}!OIPg$>msY+ist3r"
        "GKA>71_!OBU|nQF{n)FHzFsYaC%m-rs<VCT?1>HS`3Lo8PhK;uw`MkM*sx*4h7B9_2BGfR4t3LZs(YVH{nuHcRI-1Q"
        "{I@s-lb$j9r0hqY@&d+d@}He>ii$3=$v&0;g%YP}^a4gO%<~wj*?;NYE~?*W(;Wj_7ecj;U#exE|9JdgivbF2"
    )
)


def test_an_old_workbook_is_read() -> None:
    contents = open_it(XLS, sheet="People")
    assert contents is not None
    assert contents.rows is not None
    assert (contents.kind, contents.other_sheets) == ("xls", ("Notes",))
    assert list(contents.rows) == [
        (1, ["Name", "Email", "Joined", "Phone"]),
        (2, ["Zoë", "zoe@example.org", "2026-03-09", "46701740605"]),
    ]


def test_an_opendocument_workbook_is_read() -> None:
    cells = "<table:table-row>{}</table:table-row>"
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    date = '<table:table-cell office:value-type="date" office:date-value="2026-03-08"/>'
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        '<office:spreadsheet><table:table table:name="People">'
        + cells.format(text.format("Email") + text.format("Joined"))
        + cells.format(text.format("ann@example.org") + date)
        + "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    book = make_zip(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": b"<manifest:manifest xmlns:manifest="
            b'"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        }
    )
    contents = open_it(book)
    assert contents is not None
    assert contents.rows is not None
    assert contents.kind == "ods"
    assert list(contents.rows) == [(1, ["Email", "Joined"]), (2, ["ann@example.org", "2026-03-08"])]

"""Encodings: marks, UTF-8, those from before Unicode, and what is no text in any of them."""

from __future__ import annotations

import codecs
import io
import random
import zlib

import pytest

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import decode, special_lines
from talkvalue_cli.imports.file.decode import Encoding, find_encoding
from tests.unit.imports.file.language_samples import LANGUAGES
from tests.unit.imports.file.reading import read

PAIRS = [(code, name) for code, language in LANGUAGES.items() for name in language.encodings]
UNICODE = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
]
TEXT = "Name,Email\nZoë,zoe@example.org\nJosé,jose@example.org\nJürgen,jg@example.org\n"


def find(content: bytes, given: str | None = None) -> Encoding:
    return find_encoding(io.BytesIO(content), "people.csv", given)


def refuse(content: bytes, given: str | None = None) -> UsageError:
    with pytest.raises(UsageError) as caught:
        find(content, given)
    return caught.value


def make_table(code: str, seed: int, count: int) -> list[list[str]]:
    """Return a header and rows in a language."""
    language = LANGUAGES[code]
    rng = random.Random(f"{code} {seed}")
    return [
        list(language.headers),
        *(
            [
                rng.choice(language.people),
                f"p{place}@example.org",
                rng.choice(language.companies),
                rng.choice(language.titles),
            ]
            for place in range(count)
        ),
    ]


@pytest.mark.parametrize(("code", "name"), PAIRS)
def test_what_was_in_the_cells_comes_back(code: str, name: str) -> None:
    # more rows than are looked at first; test_round_trips has files of few, and other separators
    table = make_table(code, 2, 60)
    found = read("".join("\t".join(row) + "\r\n" for row in table).encode(name))
    assert [found.table.header, *found.cells] == table
    assert found.encoding.how == "detected"


@pytest.mark.parametrize("name", UNICODE)
@pytest.mark.parametrize("code", ["de", "ru", "ja", "ar", "zh-Hans"])
def test_unicode_is_read_with_and_without_a_mark(name: str, code: str) -> None:
    table = make_table(code, 1, 5)
    text = "".join(";".join(row) + "\n" for row in table)
    found = read(text.encode(name))
    assert [found.table.header, *found.cells] == table


@pytest.mark.parametrize(
    ("code", "name"),
    [("de", "cp1252"), ("es", "cp1252"), ("pl", "cp1250"), ("ru", "cp1251"), ("ja", "cp932"),
     ("ko", "cp949"), ("zh-Hans", "gb18030"), ("el", "cp1253"), ("tr", "cp1254")],
)  # fmt: skip
def test_names_in_one_column_of_an_english_file_are_enough(code: str, name: str) -> None:
    people = LANGUAGES[code].people
    rows = "".join(f"{place},{who},p{place}@example.org\n" for place, who in enumerate(people))
    text = "Id,Name,Email\n" + rows
    assert text.encode(name).decode(find(text.encode(name)).name) == text


@pytest.mark.parametrize(
    ("header", "name"),
    [("Vorname;E-Mail;Letzte Aktivität", "cp1252"), ("Prénom;E-mail", "cp1252"),
     ("Imię;Email", "cp1250"), ("Förnamn;E-post", "mac_roman"), ("Şirket;E-posta", "cp1254")],
)  # fmt: skip
def test_one_word_that_headers_are_made_of_is_enough(header: str, name: str) -> None:
    text = header + "\nAda;ada@example.org;x\n"
    assert text.encode(name).decode(find(text.encode(name)).name) == text


def test_several_languages_in_one_encoding_are_read() -> None:
    names = ("Björn Ängström", "Chloé Lefèvre", "Seán Ó Briain", "José Núñez", "Jørgen Bø")
    text = "Name,Email\r\n" + "".join(f"{name},a@example.org\r\n" for name in names)
    for encoding in ("cp1252", "mac_roman"):
        assert find(text.encode(encoding)).name == encoding


def test_ascii_and_utf8_are_utf8() -> None:
    assert find(b"Name,Email\n") == Encoding("utf-8", 0, "utf-8")
    assert find(TEXT.encode()) == Encoding("utf-8", 0, "utf-8")
    assert find(codecs.BOM_UTF8 + TEXT.encode()) == Encoding("utf-8", 3, "mark")


@pytest.mark.parametrize(
    ("code", "name", "width"),
    [("ja", "cp932", 399), ("ja", "cp932", 400), ("zh-Hans", "gb18030", 150),
     ("zh-Hans", "gb18030", 401), ("ja", "cp932", 3000), ("de", "cp1252", 400)],
)  # fmt: skip
def test_long_lines_are_no_obstacle(code: str, name: str, width: int) -> None:
    language = LANGUAGES[code]
    filler = "x" * width
    text = f"Name,Note,{filler}\n" + "".join(
        f"{filler},{who},{who * (width // 8)},a@example.org\n" for who in language.people
    )
    assert text.encode(name).decode(find(text.encode(name)).name) == text


def test_few_special_letters_in_a_large_file_are_found_quickly_and_read() -> None:
    plain = "Ann,ann@example.org,Acme\n" * 20_000
    text = plain + "Zoë,z@example.org,X\n" + plain + "Jürgen,j@example.org,Müller\n" + plain
    assert find(text.encode("cp1252")) == Encoding("cp1252", 0, "detected")


def test_text_that_was_garbled_before_stays_as_it_is() -> None:
    garbled = TEXT.encode().decode("cp1252")
    assert find(garbled.encode()).name == "utf-8"


def test_a_bad_byte_in_a_long_file_is_named_with_its_line_and_readings() -> None:
    people = b"".join(b"Ann,p%d@example.org\n" % place for place in range(3000))
    error = refuse(b"Name,Email\n" + people + b"Zo\xeb,z@example.org\n")
    assert f"byte {len(people) + 13} (line 3002) cannot be read" in error.message
    assert "cp1252: Zoë,z@example.org" in error.message
    assert error.remedy is not None
    assert error.remedy[0] == "encoding"


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_bad_byte_in_utf8_is_named_with_its_line(mark: bytes) -> None:
    people = TEXT.encode() * 50
    error = refuse(mark + people + b"Zo\xff,z@example.org\n")
    assert f"byte {len(mark) + len(people) + 2} " in error.message
    assert "line 201" in error.message


def test_a_bad_byte_late_among_many_special_letters_is_named() -> None:
    people = "Zoë é,z@example.org\n".encode() * 20_000
    error = refuse(people + "Zoë é,z@example.org\n".encode("cp1252") + people)
    assert "line 1 is UTF-8, line 20001 is not, as its byte 440002 shows" in error.message


def test_a_sample_stays_small_whatever_the_lines_look_like() -> None:
    people = "Zoë é,z@example.org\n".encode() * 20_000
    sample = special_lines.take_sample(io.BytesIO(people + b"Zo\xeb,z@example.org\n" + people))
    assert len(sample.lines) < 2000
    assert sample.lines[-1].place == len(people)


def test_letters_in_two_halves_are_named() -> None:
    error = refuse(b"Name,Email\nAnn \xed\xa0\xbd\xed\xb8\x80,a@example.org\n")
    assert error.message == "people.csv is not UTF-8: byte 15 (line 2) is half of a letter"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Name,Email,Paid\nAnn,a@example.org,£25\nBob,b@example.org,£30\n", "cp1252"),
        ("Name,Email,Paid\nAnn,a@example.org,25 €\nBob,b@example.org,€30\n", "cp1252"),
        ("Name,Email\nAnn\xa0Berg,a@example.org\nBob\xa0Dahl,b@example.org\n", "cp1252"),
        ("Name,Email,Company\nAnn,a@example.org,Acme™\nBob,b@example.org,Bolt®\n", "cp1252"),
        ("ﾅﾏｴ,ﾒｰﾙ\nﾔﾏﾀﾞ ﾀﾛｳ,a@example.org\n", "cp932"),
        ("NOM,COURRIEL\nLEFÈVRE HÉLÈNE,a@example.org\nGARÇON,b@example.org\n", "cp1252"),
        ("NAZWISKO,E-MAIL\nWÓJCIK ŁUKASZ,a@example.org\nŻAK,b@example.org\n", "cp1250"),
    ],
)
def test_signs_capitals_and_narrow_letters_are_read(text: str, name: str) -> None:
    assert text.encode(name).decode(find(text.encode(name)).name) == text


@pytest.mark.parametrize(("code", "name"), [("ru", "cp1251"), ("ru", "koi8_r"), ("el", "cp1253")])
def test_capitals_of_other_scripts_are_read(code: str, name: str) -> None:
    text = "Name,Email\n" + "".join(f"{who.upper()},x@y.org\n" for who in LANGUAGES[code].people)
    assert text.encode(name).decode(find(text.encode(name)).name) == text


@pytest.mark.parametrize("rows", [2, 500])
@pytest.mark.parametrize("footer", ["Copyright \xa9 2000-2026 crm.example, inc.", "\xa9 2026 Firm"])
def test_the_sign_in_a_footer_shows_the_encoding(footer: str, rows: int) -> None:
    names = "Salutation,First Name,Last Name,Mailing Street,Account Name,Contact Owner,Created Date"
    people = "Ms.,Ada,Lovelace,1 Main St,Analytical Engines,Oscar Owner,13/10/2026\n" * rows
    report = f'{names}\n{people}\n"{footer} All rights reserved."\n'
    assert find(report.encode("latin-1")).name == "cp1252"


def test_a_cut_off_end_is_named() -> None:
    error = refuse(TEXT.encode()[:-2] + "ü".encode()[:1])
    assert "line 4" in error.message


def test_a_nul_is_named_with_its_line() -> None:
    error = refuse(b"Name,Email\n" * 3000 + b"A\0nn,a@example.org\n")
    assert error.message == "people.csv is not text: byte 33001 (line 3001) is NUL"


def test_two_encodings_in_one_file_are_refused_with_their_lines() -> None:
    one = "José García,j@example.org,Niño\n".encode()
    two = "Zoë Müller,z@example.org,Straße\n".encode("cp1252")
    error = refuse(b"Name,Email,Company\n" + one + two)
    assert "line 2 is UTF-8, line 3 is not, as its byte 55 shows" in error.message
    assert error.remedy is None
    error = refuse(b"Name,Email,Company\n" + one + two, "cp1252")
    assert "line 2 is UTF-8, and others are not" in error.message


def test_two_encodings_far_apart_are_refused_too() -> None:
    one = "José García,j@example.org\n".encode("cp1252") * 60_000
    error = refuse(b"Name,Email\n" + one + "Zoë Müller,z@example.org\n".encode() + one)
    assert "line 60002 is UTF-8, line 2 is not" in error.message


@pytest.mark.parametrize("code", ["ko", "zh-Hans", "zh-Hant", "ja"])
def test_lines_that_could_be_utf8_by_chance_are_not_taken_for_a_second_encoding(code: str) -> None:
    language = LANGUAGES[code]
    text = "".join(f"{who[:1]},a@example.org\n{who},b@example.org\n" for who in language.people)
    for name in language.encodings:
        assert find(text.encode(name)).name


def test_bytes_that_are_no_text_are_refused() -> None:
    noise = zlib.compress(b"".join(b"%d" % place for place in range(9999)))
    error = refuse(bytes(byte or 1 for byte in noise))
    assert "no other encoding makes text of it" in error.message
    assert error.remedy is None


@pytest.mark.parametrize(
    ("given", "name"),
    [("cp1252", "cp1252"), ("latin-1", "iso8859-1"), ("ISO-8859-15", "iso8859-15")],
)
def test_an_encoding_that_is_named_is_taken(given: str, name: str) -> None:
    assert find("Zoë,z@example.org\n".encode("cp1252"), given) == Encoding(name, 0, "given")


@pytest.mark.parametrize(
    "given", ["cp1252", "mac_roman", "cp1251", "utf-16", "utf-32-le", "euc_kr", "koi8-r"]
)
def test_utf8_named_as_something_else_is_refused(given: str) -> None:
    error = refuse(TEXT.encode(), given)
    assert "is not" in error.message
    assert error.remedy in (("encoding", "utf-8"), None)


@pytest.mark.parametrize(
    ("given", "better"), [("latin-1", "cp1252"), ("iso8859-2", "cp1250"), ("iso-8859-5", "cp1251")]
)
def test_control_characters_are_no_letters_of_an_encoding(given: str, better: str) -> None:
    error = refuse(b"Name,Email\nO\x92Neil,o@example.org\n", given)
    assert "byte 12 (line 2) is no letter of it" in error.message
    assert error.remedy == ("encoding", better)


def test_a_damaged_letter_late_in_a_file_is_named_with_its_line() -> None:
    people = "홍길동,a@example.org\n".encode("cp949") * 1000
    error = refuse(people + "홍".encode("cp949")[:1] + b",b@example.org\n" + people)
    assert error.message == "people.csv is CP949, but its byte 21000 (line 1001) cannot be read"


def test_plain_ascii_may_be_called_anything_that_has_it() -> None:
    assert find(b"Name,Email\nAnn,a@example.org\n", "cp1252").name == "cp1252"


@pytest.mark.parametrize("given", ["utf-8", "cp1252", "utf-16-be"])
def test_utf16_named_as_something_else_is_refused(given: str) -> None:
    assert refuse(TEXT.encode("utf-16-le"), given).remedy == ("encoding", "utf-16-le")
    assert refuse(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), given).remedy == (
        "encoding",
        "utf-16-le",
    )


@pytest.mark.parametrize("given", ["utf-16", "utf-16-le"])
def test_utf16_may_be_called_so(given: str) -> None:
    assert find(TEXT.encode("utf-16-le"), given) == Encoding("utf-16-le", 0, "given")
    assert find(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), given).mark == 2


def test_a_name_that_is_wrong_for_a_byte_is_refused_with_its_line() -> None:
    error = refuse(TEXT.encode("cp1252"), "utf-8")
    assert error.message == "people.csv is not UTF-8: byte 13 (line 2) cannot be read"


@pytest.mark.parametrize("given", ["klingon", "hex", "rot13", "base64"])
def test_an_encoding_that_is_not_known_is_refused(given: str) -> None:
    assert refuse(b"Name\n", given).message == f"the encoding {given!r} is not known"


def test_the_file_stays_open_and_can_be_read_again() -> None:
    file = io.BytesIO(codecs.BOM_UTF8 + TEXT.encode())
    encoding = find_encoding(file, "people.csv")
    for _ in range(2):
        with decode.open_text(file, encoding) as text:
            assert text.read() == TEXT
    assert not file.closed


def test_line_ends_stay_as_they_are() -> None:
    file = io.BytesIO(b"a\r\nb\rc\n")
    assert decode.open_text(file, Encoding("utf-8", 0, "utf-8")).read() == "a\r\nb\rc\n"


class CountingFile(io.BytesIO):
    """A file that remembers the largest piece that was read of it."""

    largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.largest = max(self.largest, len(piece))
        return piece


@pytest.mark.parametrize("name", ["utf-8", "cp1252", "utf-16", "cp932"])
def test_a_large_file_is_read_in_pieces(name: str) -> None:
    code = "ja" if name == "cp932" else "de"
    text = "".join(",".join(row) + "\n" for row in make_table(code, 1, 40)) * 2000
    file = CountingFile(text.encode(name))
    encoding = find_encoding(file, "people.csv")
    assert text.startswith(decode.open_text(file, encoding).read(1000))
    assert file.largest <= 1 << 20


POLISH = (
    "Łukasz Nowak", "Jan Wałęsa", "Ewa Gałązka", "Józef", "Michał Żak", "Piotr Dąb", "Ćwik Ewa",
    "Źrebak Adam", "Bąk", "Włodek", "Paweł", "Łucja", "Jan Kość", "Wróbel", "Śliwa", "Kuźma",
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859_2"])
@pytest.mark.parametrize("header", ["E-mail;Name;Firma", "Email;Name;Company"])
def test_one_polish_name_is_read_as_it_is_or_not_at_all(encoding: str, header: str) -> None:
    """One letter shows little: what is not sure is refused with the candidates."""
    read = 0
    for name in POLISH:
        text = f"{header}\np@example.org;{name};ABC\n"
        try:
            found = decode.find_encoding(io.BytesIO(text.encode(encoding)), "people.csv")
        except decode.UnclearEncodingError as error:
            assert f"p@example.org;{name};ABC" in error.readings.values()
            assert error.remedy == ("encoding", next(iter(error.readings)))
        else:
            assert text.encode(encoding).decode(found.name) == text
            read += 1
    assert 3 < read < len(POLISH)


GREEK = (
    "Άννα;Παπαδοπούλου;Άκμη", "Άγγελος;Νικολάου;Άλφα", "Γιώργος;Άνθης;Βήτα",
    "Έλενα;Ήλιου;Όμηρος", "Άρης;Άμαξας;Άτλας",
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["cp1253", "iso8859_7"])
@pytest.mark.parametrize("rows", range(1, 6))
def test_a_greek_capital_is_no_apostrophe(encoding: str, rows: int) -> None:
    text = "\n".join(("First;Last;Company", *GREEK[:rows], ""))
    found = decode.find_encoding(io.BytesIO(text.encode(encoding)), "people.csv")
    assert text.encode(encoding).decode(found.name) == text

"""Files made up in many languages, encodings and dialects: what is sent was in the cells."""

from __future__ import annotations

import csv
import io
import operator
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from talkvalue_cli.errors import UsageError
from tests.unit.imports.file.language_samples import LANGUAGES, Language
from tests.unit.imports.file.reading import convert

UNICODE = ("utf-8", "utf-8-sig", "utf-16")
#: each language in all that it was written in, and in one of these, of which each has its third
CASES = sorted(
    (code, encoding)
    for number, (code, language) in enumerate(LANGUAGES.items())
    for encoding in (*language.encodings, UNICODE[number % len(UNICODE)])
)
#: the same files each time, and nothing kept of them
QUICK = settings(
    max_examples=2,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LONG = settings(QUICK, max_examples=150)
each_case = pytest.mark.parametrize(("code", "encoding"), CASES)


class Written(NamedTuple):
    """A file: its header and rows, and how they are written."""

    rows: list[list[str]]
    delimiter: str
    line_end: str
    quoting: int

    def encode(self, encoding: str) -> bytes:
        out = io.StringIO()
        csv.writer(
            out,
            delimiter=self.delimiter,
            lineterminator=self.line_end,
            quoting=csv.QUOTE_ALL if self.quoting else csv.QUOTE_MINIMAL,
        ).writerows(self.rows)
        return out.getvalue().encode(encoding)


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What hypothesis writes is gone with the test."""
    set_hypothesis_home_dir(tmp_path_factory.mktemp("hypothesis"))
    yield
    set_hypothesis_home_dir(None)


def make_files(language: Language, fewest: int, most: int) -> st.SearchStrategy[Written]:
    """Return files of a language with so many people, with what makes cells hard to read.

    No two of them have the same name, so that there are letters to tell the encoding by.
    """
    spoil: tuple[Callable[[str], str], ...] = (
        str,
        str,
        str,
        str,
        "{}, 2".format,
        "{}; 3".format,
        '"{}"'.format,
        "{}\n4".format,
    )
    company = st.builds(
        lambda change, name: change(name),
        st.sampled_from(spoil),
        st.sampled_from(language.companies),
    )
    people = st.lists(
        st.tuples(
            st.sampled_from(language.people), company, st.sampled_from(("", *language.titles))
        ),
        min_size=fewest,
        max_size=most,
        unique_by=operator.itemgetter(0),
    )

    def write(found: list[tuple[str, str, str]], mark: str, end: str, quoting: int) -> Written:
        rows = [[name, f"p{n}@example.org", *rest] for n, (name, *rest) in enumerate(found)]
        return Written([list(language.headers), *rows], mark, end, quoting)

    return st.builds(
        write, people, st.sampled_from(",;\t|"), st.sampled_from(("\n", "\r\n")), st.booleans()
    )


def check_whole(data: st.DataObject, code: str, encoding: str) -> None:
    """What lands is what was in the cells."""
    language = LANGUAGES[code]
    file = data.draw(make_files(language, min(8, len(language.people)), 10))
    sent = convert(file.encode(encoding))
    assert sent.rows == file.rows[1:]
    assert sent.fields[1] == "EMAIL"


def check_short(data: st.DataObject, code: str, encoding: str) -> None:
    """Of few people the encoding may not be sure; it is then asked for, and never wrong."""
    file = data.draw(make_files(LANGUAGES[code], 1, 3))
    try:
        sent = convert(file.encode(encoding))
    except UsageError as error:
        assert encoding not in UNICODE, error.message
        assert "not UTF-8" in error.message
    else:
        assert sent.rows == file.rows[1:]


@each_case
@QUICK
@given(data=st.data())
def test_what_lands_is_what_was_in_the_cells(data: st.DataObject, code: str, encoding: str) -> None:
    check_whole(data, code, encoding)


@each_case
@QUICK
@given(data=st.data())
def test_a_short_file_is_read_as_it_is_or_not_at_all(
    data: st.DataObject, code: str, encoding: str
) -> None:
    check_short(data, code, encoding)


@pytest.mark.slow
@each_case
@LONG
@given(data=st.data())
def test_many_more_files_are_read_as_they_are(
    data: st.DataObject, code: str, encoding: str
) -> None:
    check_whole(data, code, encoding)
    check_short(data, code, encoding)

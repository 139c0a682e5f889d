"""What a caller says about the files that are imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

from talkvalue_cli.imports.file.mapping import DEFAULT_CONFIDENCE, MappingRule


class FileOptions(NamedTuple):
    """What is said about how a file is read, and what of it is imported.

    rules: columns and fields that the caller asks for.
    encoding: the file's; None finds it out. delimiter: one character; None finds it.
    header_row: the line that names the columns, from 1; None finds it.
    date_order: `dmy`, `mdy` or `ymd`, for dates that do not show it themselves.
    skip_columns: columns, by header or number from 0, of which nothing is imported.
    sheet: of a workbook; None is its first one.
    allow_ragged: send rows that are too short or too long.
    """

    rules: Sequence[MappingRule] = ()
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    date_order: str | None = None
    skip_columns: Sequence[int | str] = ()
    sheet: str | None = None
    allow_ragged: bool = False


class RunOptions(NamedTuple):
    """What is said about the files of a run, apart from waiting for their imports.

    source_id: the channel. mode: UPDATE or SKIP.
    rules: columns and fields that the caller asks for. min_confidence: from 0
        to 1; the server's suggestions count from there on.
    save_mapping: file that gets the mapping in use; force: it may exist.
    encoding to allow_ragged: as in FileOptions.
    as_is: send the file untouched, with the mapping that the server suggests.
    strict: a file of which anything is not imported, left out or changed is an error.
    file_name: what the file is called; None for its own name.
    again: import it whatever was imported before. again_after_s: what finished
        longer ago than that does not count.
    plain_name: send the file under its own name, which carries no key.
    asks_server: look whether another machine has imported it.
    settle_s: how long to look for an import whose creation was not confirmed.
    parallel: imports in flight at the most.
    keep_going: a file that cannot be imported does not stop the others.
    """

    source_id: int
    mode: str
    rules: Sequence[MappingRule] = ()
    min_confidence: float = DEFAULT_CONFIDENCE
    save_mapping: Path | None = None
    force: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    date_order: str | None = None
    skip_columns: Sequence[int | str] = ()
    sheet: str | None = None
    allow_ragged: bool = False
    as_is: bool = False
    strict: bool = False
    file_name: str | None = None
    again: bool = False
    again_after_s: float = 24 * 3600.0
    plain_name: bool = False
    asks_server: bool = True
    settle_s: float = 300.0
    parallel: int = 2
    keep_going: bool = False

    @property
    def file_options(self) -> FileOptions:
        """What of it concerns the reading of files."""
        return FileOptions(*(getattr(self, name) for name in FileOptions._fields))


class FileSettings(TypedDict, total=False):
    """Keywords of the functions that submit files: the fields of RunOptions that have a default.

    mapping: field of each column, by its header or its number from 0.
    """

    mapping: Mapping[Any, str]
    min_confidence: float
    save_mapping: Path | None
    force: bool
    encoding: str | None
    delimiter: str | None
    header_row: int | None
    date_order: str | None
    skip_columns: Sequence[int | str]
    sheet: str | None
    allow_ragged: bool
    as_is: bool
    strict: bool
    file_name: str | None
    again: bool
    again_after_s: float
    plain_name: bool
    asks_server: bool
    settle_s: float
    parallel: int
    keep_going: bool

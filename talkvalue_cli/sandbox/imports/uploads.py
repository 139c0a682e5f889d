"""Receiving a file: the multipart body goes straight into the staging folder.

Nothing is held in memory but one block, so that the size of a file does not matter.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from werkzeug.http import parse_options_header

from ..db.store import Transaction
from ..web.multipart import MultipartReader
from ..web.problems import Problem, refuse_fields
from .analysis import Analysis
from .csv_file import refuse_file

MAX_NAME_CHARACTERS = 100


@dataclass(frozen=True)
class StagedFile:
    """A received file: its name at the user's, its handle, and where it lies."""

    file_name: str
    file_key: str
    path: Path


def receive_file(
    stream: IO[bytes], content_type: str, folder: Path, now: str, rename: Callable[[str], str]
) -> StagedFile:
    """Store the only part, `file` of type text/csv, in `folder`.

    rename: returns the name to keep it under.
    Raises the 400 for any other body; nothing is left behind then.
    """
    boundary = _read_boundary(content_type)
    unique = secrets.token_hex(8)
    partial, final = folder / f"{unique}.part", folder / f"{unique}.csv"
    try:
        with open(partial, "wb") as target:
            raw_name = _copy_part(stream, boundary, target)
        partial.replace(final)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    file_name = rename(clean_name(raw_name))
    key_name = re.sub(r"[^A-Za-z0-9._-]+", "-", file_name)[-MAX_NAME_CHARACTERS:]
    return StagedFile(file_name, f"u/{now[:7].replace('-', '/')}/{unique}-{key_name}", final)


def add_upload(tx: Transaction, staged: StagedFile, analysis: Analysis) -> None:
    """Note a received file for the jobs that are to import it."""
    tx.insert(
        "uploads",
        organization_id=tx.organization_id,
        file_key=staged.file_key,
        file_name=staged.file_name,
        staged_name=staged.path.name,
        encoding=analysis.layout.encoding,
        delimiter=analysis.layout.delimiter,
        headers=json.dumps(analysis.headers),
        total_rows=analysis.total_rows,
        created_at=tx.now,
    )


def find_upload(tx: Transaction, file_key: str) -> sqlite3.Row:
    """Return a received file; raises the 400."""
    sql = "SELECT * FROM uploads WHERE organization_id = ? AND file_key = ?"
    upload = tx.find(sql, tx.organization_id, file_key)
    if upload is None:
        raise refuse_fields([("fileKey", "is unknown; analyze the file first")])
    return upload


def clean_name(raw: str) -> str:
    """Return the base name of an uploaded file for display.

    Clients percent-escape quotes and line ends in it; folders and control characters go.
    """
    name = raw.replace("%22", '"').replace("%0A", " ").replace("%0D", " ")
    name = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f]", " ", name).strip()[-255:] or "upload.csv"


def _read_boundary(content_type: str) -> bytes:
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data":
        raise Problem(400, "The content type must be multipart/form-data.")
    if not options.get("boundary"):
        raise Problem(400, "The content type has no boundary.")
    return options["boundary"].encode("utf-8", "replace")


def _copy_part(stream: IO[bytes], boundary: bytes, target: IO[bytes]) -> str:
    """Copy the content of the only part and return its file name."""
    reader = MultipartReader(stream, boundary)
    file_name: str | None = None
    while (head := reader.read_head()) is not None:
        given = _check_part(head)
        if file_name is not None:
            raise refuse_file("given more than once")
        file_name = given
        reader.copy_content(target.write)
    if file_name is None:
        raise refuse_file("is required")
    return file_name


def _check_part(head: dict[str, str]) -> str:
    """Return the file name of a part after checking its headers."""
    options = parse_options_header(head.get("content-disposition", ""))[1]
    if options.get("name") != "file":
        raise refuse_fields([(options.get("name") or "(no name)", "unknown part")])
    if not options.get("filename"):
        raise refuse_file("must have a file name")
    if parse_options_header(head.get("content-type", ""))[0] != "text/csv":
        raise refuse_file("must be of type text/csv")
    return options["filename"]

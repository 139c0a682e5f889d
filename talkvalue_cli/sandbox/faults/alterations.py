"""Faults that the application does itself: it is told of them in the environ of a request."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from ..web import timestamps
from .grammar import Fault

ENVIRON_KEY = "talkvalue.alterations"
LONGEST_NAME = 40
END_OF_TIME = "9999"


def ask_for(environ: dict[str, Any], faults: Sequence[Fault]) -> None:
    """Have the application do these while it handles the request; of two alike the later."""
    environ[ENVIRON_KEY] = {fault.name: fault for fault in faults}


def find(environ: Mapping[str, Any], name: str) -> Fault | None:
    """Return the fault of this name that a request has, if it has one."""
    faults: Mapping[str, Fault] = environ.get(ENVIRON_KEY, {})
    return faults.get(name)


def rename_file(environ: Mapping[str, Any], name: str) -> str:
    """Return the name under which an uploaded file is kept."""
    fault = find(environ, "rename")
    if fault is None:
        return name
    path = PurePath(name)
    if fault.mode == "clean":
        return re.sub(r"[^a-z0-9._-]", "", name.lower()) or "upload.csv"
    if fault.mode == "truncate":
        longest = fault.read_count("characters") or LONGEST_NAME
        return name if len(name) <= longest else name[: longest - 4] + ".csv"
    return f"upload {secrets.token_hex(2)} ({path.stem}), 1{path.suffix}"


def show_until(environ: Mapping[str, Any], now: str, *, by_id: bool) -> str:
    """Return until when an import must have been created to be shown, as the wire has times.

    by_id: it was asked for alone, and not in a list.
    """
    fault = find(environ, "list-late")
    if fault is None or (by_id and fault.keys.get("get") != "late"):
        return END_OF_TIME
    return timestamps.format_utc(timestamps.read_utc(now) - timedelta(seconds=fault.value))

"""What Python calls the engine with, looked at before anything is sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from talkvalue_cli.counts import read_count
from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.status import MODES, MaxFailed, Tolerance
from talkvalue_cli.imports.waiting.limits import WaitLimits

_Check = tuple[Callable[[Any], bool], str]


def _is_id(value: Any) -> bool:
    return bool(read_count(value))


def _is_number(value: Any) -> bool:
    # not a number is not greater than anything
    is_positive = isinstance(value, float) and value >= 0
    return is_positive or read_count(value) is not None


def _is_list(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes))


def _is_column(value: Any) -> bool:
    return isinstance(value, str) or read_count(value) is not None


def _is_job(value: Any) -> bool:
    return isinstance(value, Mapping) and _is_id(value.get("id"))


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind)


def _can(method: str) -> Callable[[Any], bool]:
    """Tell by one of its methods whether a value is what does the work, and not its class."""
    return lambda value: not isinstance(value, type) and callable(getattr(value, method, None))


def _or_none(check: _Check) -> _Check:
    return (lambda value: value is None or check[0](value)), f"{check[1]}, or None"


_ID: _Check = _is_id, "a whole number from 1"
_FLAG: _Check = (lambda value: isinstance(value, bool)), "True or False"
_SECONDS: _Check = _is_number, "a number of seconds from 0"
_TEXT: _Check = (lambda value: isinstance(value, str) and bool(value)), "a text"
#: for each argument what it has to be
CHECKS: Mapping[str, _Check] = {
    **dict.fromkeys(("source_id", "parallel"), _ID),
    "mode": ((lambda value: value in MODES), " or ".join(MODES)),
    "rules": (_is_list, "a mapping"),
    "min_confidence": (
        (lambda value: _is_number(value) and value <= 1),
        "a number from 0 to 1",
    ),
    "save_mapping": _or_none((_is(os.PathLike), "a Path")),
    **dict.fromkeys(("encoding", "sheet", "file_name"), _or_none(_TEXT)),
    "header_row": _or_none(_ID),
    "delimiter": _or_none(
        ((lambda value: isinstance(value, str) and len(value) == 1), "one character")
    ),
    "date_order": (
        (lambda value: value in (None, "dmy", "mdy", "ymd")),
        "dmy, mdy or ymd, or None",
    ),
    "skip_columns": (
        (lambda value: _is_list(value) and all(map(_is_column, value))),
        "a list of headers or numbers of columns",
    ),
    **dict.fromkeys(
        (
            *("force", "allow_ragged", "as_is", "strict", "again", "plain_name", "asks_server"),
            *("keep_going", "fail_fast", "allow_partial"),
        ),
        _FLAG,
    ),
    **dict.fromkeys(("again_after_s", "settle_s", "retry_for_s"), _SECONDS),
    **dict.fromkeys(("timeout_s", "stall_timeout_s", "interval_s"), _or_none(_SECONDS)),
    "max_failed": _or_none((_is(MaxFailed), "a MaxFailed")),
    "limits": (_is(WaitLimits), "a WaitLimits"),
    "tolerance": (_is(Tolerance), "a Tolerance"),
    "client": (_can("get"), "what connect() returns"),
    "clock": _or_none((_can("sleep"), "a Clock")),
    "listener": _or_none((_can("polled"), "a ProgressListener")),
    "journal": _or_none((_can("find_latest"), "what `with open_journal() as journal` gives")),
    "job": (_is_job, "the record of an import"),
}


def check_all(values: Mapping[str, Any]) -> None:
    """Raise UsageError for the first argument, by its name, that is not what CHECKS says."""
    for name, value in values.items():
        is_right, wanted = CHECKS[name]
        if not is_right(value):
            raise UsageError(f"{name} must be {wanted}, not {value!r}")


def check_ids(ids: Any) -> list[int]:
    """Return the ids of imports, one or several, as a list. Raises UsageError for what are none."""
    found = list(ids) if _is_list(ids) else [ids]
    for each in found:
        if not _is_id(each):
            raise UsageError(f"the id of an import must be {_ID[1]}, not {each!r}")
    return found


def check_paths(files: Any) -> list[str]:
    """Return paths, one or several, as text. Raises UsageError for what are none."""
    found = list(files) if _is_list(files) and not isinstance(files, os.PathLike) else [files]
    for each in found:
        if not isinstance(each, (str, os.PathLike)):
            raise UsageError(f"a file must be a path, not {each!r}")
    return [os.fsdecode(each) for each in found]

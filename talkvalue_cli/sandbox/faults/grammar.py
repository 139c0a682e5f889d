"""The grammar of `--fault`: NAME[=VALUE][,KEY=VALUE…].

A fault is parsed and checked here; `plan` decides when it happens, `faulty_app` does it to HTTP
answers, `alterations` to what the application does, and `pace` to import jobs.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field


class FaultSpecError(argparse.ArgumentTypeError):
    """A `--fault` that cannot be understood; the message says what was wrong."""


@dataclass(frozen=True)
class Fault:
    """One fault: its name, its value (seconds, a share, rows) and its keys.

    mode: the value of a fault that has a word there.
    """

    name: str
    value: float
    keys: dict[str, str] = field(default_factory=dict)
    mode: str = ""

    def read_seconds(self, key: str, default: float) -> float:
        """Return a key that was checked to be a number of seconds."""
        return float(self.keys.get(key, default))

    def read_count(self, key: str) -> int | None:
        """Return a key that was checked to be a whole number, or None."""
        return int(self.keys[key]) if key in self.keys else None

    @property
    def processed(self) -> bool:
        """Whether the request is carried out although the answer is lost."""
        return self.keys.get("processed") == "yes"


@dataclass(frozen=True)
class _Kind:
    """What a fault of one name accepts. default None: the value is required."""

    check: Callable[[str], float]
    default: float | None
    keys: tuple[str, ...]
    help: str


def _read_share(text: str) -> float:
    share = _read_number(text)
    if share > 1:
        raise ValueError("must be between 0 and 1")
    return share


def _read_number(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1e9:
        raise ValueError("must be a number that is not negative")
    return number


def _read_rows(text: str) -> float:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError("must be a whole number of at least 1")
    return int(text)


def _refuse_value(text: str) -> float:
    raise ValueError("takes no value")


def _read_rename(text: str) -> float:
    _check_choice(*RENAME_MODES)(text)
    return 1


RENAME_MODES = ("clean", "truncate", "replace")

_WHEN = ("method", "path", "after", "count")
_LOST = (*_WHEN, "processed")
_RETRY = (*_LOST, "retry-after", "retry-after-form")
_JOB = ("after", "count")
_OAUTH = ("after", "count", "processed")

KINDS = {
    "latency": _Kind(_read_number, None, _WHEN, "SECONDS: wait before handling"),
    "delay-answer": _Kind(_read_number, None, _WHEN, "SECONDS: handle, then wait"),
    "403": _Kind(_read_share, 1, _RETRY, "SHARE: forbidden"),
    "429": _Kind(_read_share, 1, _RETRY, "SHARE: too many requests, with Retry-After"),
    "500": _Kind(_read_share, 1, _RETRY, "SHARE: internal server error"),
    "502": _Kind(_read_share, 1, _RETRY, "SHARE: bad gateway"),
    "503": _Kind(_read_share, 1, _RETRY, "SHARE: service unavailable"),
    "cut-before": _Kind(_read_share, 1, _LOST, "SHARE: close before the answer"),
    "cut-middle": _Kind(_read_share, 1, _WHEN, "SHARE: close in the middle of the answer"),
    "html": _Kind(_read_share, 1, (*_LOST, "status"), "SHARE: an HTML page, status 200"),
    "empty": _Kind(_read_share, 1, (*_LOST, "status"), "SHARE: no body, status 200"),
    "hang": _Kind(_read_share, 1, _LOST, "SHARE: read the request, never answer"),
    "drip": _Kind(_read_share, 1, (*_WHEN, "pause"), "SHARE: one byte per second"),
    "revoke": _Kind(_refuse_value, 1, _WHEN, "refuse the token from then on"),
    "removed-member": _Kind(_refuse_value, 1, _WHEN, "the member was removed, status 403"),
    "expired-workspace": _Kind(
        _refuse_value, 1, (*_WHEN, "status"), "the plan has expired, status 403"
    ),
    "expired-key": _Kind(
        _read_share, 1, (*_JOB, "status"), "SHARE: create is told that its file key is old, 410"
    ),
    "slow_down": _Kind(_read_share, 1, _OAUTH, "SHARE: sign-in is told that it polls too often"),
    "access_denied": _Kind(_read_share, 1, _OAUTH, "SHARE: sign-in is told that it was denied"),
    "expired_token": _Kind(_read_share, 1, _OAUTH, "SHARE: sign-in is told that its code is old"),
    "invalid_grant": _Kind(_read_share, 1, _OAUTH, "SHARE: sign-in or refresh is refused"),
    "stall": _Kind(_read_share, None, (*_JOB, "seconds"), "SHARE: the job stops moving there"),
    "fail": _Kind(_read_share, None, _JOB, "SHARE: the job becomes FAILED there"),
    "finalize": _Kind(_read_number, None, _JOB, "SECONDS: between last row and end"),
    "queue": _Kind(_read_number, None, _JOB, "SECONDS: stay PENDING"),
    "batch": _Kind(_read_rows, None, _JOB, "ROWS: counters move in such steps"),
    "silent": _Kind(_refuse_value, 1, _JOB, "counters stay 0 until the end"),
    "rename": _Kind(
        _read_rename, None, (*_JOB, "characters"), "MODE: store a file under another name"
    ),
    "list-late": _Kind(
        _read_number, None, ("get",), "SECONDS: leave a new import out of the list for so long"
    ),
}
#: these are named as the error is
OAUTH_FAULTS = ("slow_down", "access_denied", "expired_token", "invalid_grant")
#: these the application does, while it handles a request
ALTERATIONS = ("rename", "list-late")
#: these concern requests that have a token
TOKEN_FAULTS = ("revoke", "removed-member", "expired-workspace")
#: the only requests that some concern: method and path
TARGETS = {
    "expired-key": ("POST", "/path/import"),
    "rename": ("POST", "/path/import/analyze"),
    "list-late": ("GET", "/path/import*"),
    **dict.fromkeys(OAUTH_FAULTS, ("POST", "/user_management/authenticate")),
}
JOB_FAULTS = ("stall", "fail", "finalize", "queue", "batch", "silent")


def _check_choice(*choices: str) -> Callable[[str], object]:
    def check(text: str) -> object:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return check


def _check_whole(least: int, most: int, what: str) -> Callable[[str], object]:
    def check(text: str) -> object:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"must be {what}")
        return text

    return check


def _check_path(text: str) -> object:
    if not text.startswith(("/", "*")):
        raise ValueError("must begin with / or *")
    return text


_COUNT = _check_whole(0, 10**9 - 1, "a whole number below 1,000,000,000")

KEY_CHECKS: dict[str, Callable[[str], object]] = {
    "method": _check_choice("GET", "POST", "PUT", "PATCH", "DELETE"),
    "path": _check_path,
    "after": _COUNT,
    "count": _COUNT,
    "processed": _check_choice("yes", "no"),
    "retry-after": _COUNT,
    "retry-after-form": _check_choice("seconds", "date"),
    "status": _check_whole(200, 599, "an HTTP status from 200 to 599"),
    "pause": _read_number,
    "seconds": _read_number,
    "characters": _check_whole(5, 255, "a whole number from 5 to 255"),
    "get": _check_choice("now", "late"),
}


def parse_fault(spec: str) -> Fault:
    """Return the fault of one `--fault`; raises FaultSpecError."""
    head, *parts = spec.split(",")
    name, has_value, text = head.partition("=")
    kind = KINDS.get(name)
    if kind is None:
        raise FaultSpecError(f"unknown fault {name!r}; there are {', '.join(KINDS)}")
    if has_value:
        value = float(_check(f"{name}={text}", kind.check, text))  # type: ignore[arg-type]
    elif kind.default is None:
        raise FaultSpecError(f"{name}: needs a value ({kind.help})")
    else:
        value = kind.default
    mode = text if kind.check is _read_rename else ""
    return Fault(name, value, _parse_keys(name, kind.keys, parts), mode)


def _parse_keys(name: str, known: tuple[str, ...], parts: list[str]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for part in parts:
        key, has_value, text = part.partition("=")
        if key not in known:
            raise FaultSpecError(f"{name}: unknown key {key!r}; it has {', '.join(known)}")
        if not has_value:
            raise FaultSpecError(f"{name}: {key} needs a value")
        if key in keys:
            raise FaultSpecError(f"{name}: {key} is given twice")
        _check(f"{name}: {key}={text}", KEY_CHECKS[key], text)
        keys[key] = text
    return keys


def _check(label: str, check: Callable[[str], object], text: str) -> object:
    try:
        return check(text)
    except ValueError as error:
        reason = str(error)
        if reason.startswith("could not convert"):
            reason = "must be a number"
        raise FaultSpecError(f"{label}: {reason}") from None


def describe_faults() -> str:
    """Return the list of faults for help and error texts, one a line."""
    lines = [
        f"  {name:13} {kind.help}; keys: {', '.join(kind.keys)}" for name, kind in KINDS.items()
    ]
    return "\n".join(["faults, NAME[=VALUE][,KEY=VALUE...]:", *lines])

"""What a caller says about waiting for imports."""

from __future__ import annotations

from typing import NamedTuple, TypedDict

from talkvalue_cli.imports.status import MaxFailed

#: waits that are told nothing else give up after this many seconds
DEFAULT_TIMEOUT_S = 24 * 3600.0


class WaitLimits(NamedTuple):
    """How long to wait, in seconds; None is for ever.

    timeout_s: for the whole wait, by the clock, uploads apart; 0 polls once.
    stall_timeout_s: for a job whose status and counters do not move.
    retry_for_s: for failed polls in a row.
    interval_s: between two polls; None follows the rate of the import.
    fail_fast: stop with the first job that is FAILED.
    """

    timeout_s: float | None = DEFAULT_TIMEOUT_S
    stall_timeout_s: float | None = None
    retry_for_s: float = 300.0
    interval_s: float | None = None
    fail_fast: bool = False


DEFAULT_LIMITS = WaitLimits()


class WaitSettings(TypedDict, total=False):
    """Keywords of the functions that wait: the fields of WaitLimits, and what is tolerated.

    allow_partial: PARTIAL_SUCCESS is a success. max_failed: so many failed rows
    are, and more are none, whatever the status.
    """

    timeout_s: float | None
    stall_timeout_s: float | None
    retry_for_s: float
    interval_s: float | None
    fail_fast: bool
    allow_partial: bool
    max_failed: MaxFailed | None

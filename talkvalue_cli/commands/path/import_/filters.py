"""The options that choose imports out of the list."""

from __future__ import annotations

from typing import Any, NamedTuple

from talkvalue_cli.commands.options.groups import flag, hand_over, option
from talkvalue_cli.commands.options.types import COUNT, PointInTime, Word
from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.listing import EVERY, ImportFilter
from talkvalue_cli.statuses import (
    COMPLETED,
    FAILED,
    PARTIAL_SUCCESS,
    PENDING,
    RUNNING,
    STATUSES,
)


class Choice(NamedTuple):
    """Which imports are shown, and how many of them at the most; None leaves that to the page."""

    wanted: ImportFilter = EVERY
    limit: int | None = None

    @property
    def is_page(self) -> bool:
        """Tell whether pages of the server are what is asked for."""
        return self == Choice()


#: what the statuses are called elsewhere
_OTHER_STATUSES = {
    **dict.fromkeys(("success", "succeeded", "done", "finished", "complete", "ok"), COMPLETED),
    **dict.fromkeys(("error", "errors", "failure"), FAILED),
    "partial": PARTIAL_SUCCESS,
    **dict.fromkeys(("queued", "waiting"), PENDING),
    **dict.fromkeys(("processing", "in_progress", "in-progress", "active"), RUNNING),
}
_OPTIONS = (
    option(
        "--status statuses",
        "Only imports with this status, in any case; repeatable.",
        multiple=True,
        type=Word("status", STATUSES, others=_OTHER_STATUSES),
    ),
    flag("--active is_active", "Only imports that are PENDING or RUNNING."),
    option(
        "--since",
        "Only imports that began since then: 2d (ago), yesterday, 2027-03-01, or a time in "
        "ISO 8601, which is local without an offset.",
        type=PointInTime(),
    ),
    option(
        "--until",
        "Only imports that began until then; a day counts to its end.",
        type=PointInTime(is_end=True),
    ),
    option("--limit", "At most so many, the newest.", type=COUNT),
    flag("--latest is_latest", "Only the newest of them."),
)


def _collect(given: dict[str, Any]) -> Choice:
    since, until, statuses = given["since"], given["until"], given["statuses"]
    if given["is_active"] and statuses:
        raise UsageError("--active and --status exclude each other")
    if given["is_latest"] and given["limit"] is not None:
        raise UsageError("--latest and --limit exclude each other")
    if since is not None and until is not None and since >= until:
        raise UsageError("--since is not before --until")
    wanted = ImportFilter(frozenset(statuses), since, until, given["is_active"])
    return Choice(wanted, 1 if given["is_latest"] else given["limit"])


#: hands a Choice to the function as `choice`
choice_options = hand_over("choice", _OPTIONS, _collect)

"""Changing something on the server: what to say when nobody knows whether it happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import (
    AuthError,
    ForbiddenError,
    Interrupted,
    NetworkError,
    NotFoundError,
    StoppedError,
    TalkValueError,
)


@contextmanager
def telling_uncertainty(
    context: AppContext, *look: str, or_look: Sequence[str] = ()
) -> Iterator[None]:
    """Add to a failure that leaves a change uncertain how to see whether it was made.

    look: the command that shows it, without the program; or_look: another that may.
    """
    commands = " or ".join(context.command_line(*words) for words in (look, or_look) if words)
    _ = context.client
    with advising(f"it may have happened all the same; {commands} shows it"):
        yield


@contextmanager
def advising(advice: str) -> Iterator[None]:
    """Add advice to a failure that leaves a change uncertain, a signal's among them."""
    try:
        yield
    except Interrupted as interrupt:
        raise StoppedError(
            f"stopped ({interrupt.name}) before the server answered",
            interrupt.signum,
            code="UNCERTAIN",
            hint=advice,
        ) from interrupt
    except TalkValueError as error:
        if not may_have_arrived(error):
            raise
        hint = f"{advice}; {error.hint}" if error.hint else advice
        raise error.evolve(hint=hint) from error.__cause__


def may_have_arrived(error: TalkValueError) -> bool:
    """Tell whether a request to change something that failed in this way may have done so."""
    if error.was_never_sent:
        return False
    if isinstance(error, NetworkError):
        return True
    if isinstance(error, (AuthError, ForbiddenError, NotFoundError)):
        return False
    # 303 says "done, look there"; 4xx is a refusal, 408 apart; after 5xx and an answer that
    # makes no sense nobody knows
    status = error.details.get("status", 500)
    return bool(status in (303, 408) or status >= 500)

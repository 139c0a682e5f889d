"""One rule for what cannot be taken back: --confirm does it, a person is asked, a script fails."""

from __future__ import annotations

import click

from talkvalue_cli.commands.options import prompts
from talkvalue_cli.commands.options.groups import hand_over
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError, UsageError

CONFIRM_OPTION = click.Option(
    ["--confirm"], is_flag=True, help="Do it without asking; required in a script."
)
#: hands --confirm to the function as `is_confirmed`
confirm_option = hand_over("is_confirmed", (CONFIRM_OPTION,), lambda given: given["confirm"])


def require(context: AppContext, is_confirmed: bool, *, missing: str, question: str) -> None:
    """Return when it is to be done.

    missing: the message when nobody can be asked.
    question: what will happen to which thing.
    Raises UsageError where nobody can be asked, and TalkValueError when the answer is no.
    """
    if is_confirmed:
        return
    if not prompts.can_ask(context):
        raise UsageError(missing)
    _ = context.client  # tells that there is no token before it asks anything
    if not prompts.confirm(context, question):
        raise TalkValueError("you did not confirm it; nothing was done", code="NOT_CONFIRMED")

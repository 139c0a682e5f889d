"""Questions about a file that nobody but a person can answer; asked on a terminal only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talkvalue_cli.commands.options import confirm
from talkvalue_cli.context import AppContext

if TYPE_CHECKING:
    from talkvalue_cli.imports.file.columns import Undecided
    from talkvalue_cli.imports.file.upload import Ask
    from talkvalue_cli.imports.options import FileOptions


def make_ask(context: AppContext, *, asks: bool) -> Ask:
    """Return what asks the user, where there is somebody to ask and it is wanted."""
    may_ask = asks and confirm.can_ask(context)

    def ask(undecided: Undecided, said: FileOptions) -> FileOptions | None:
        return None

    return ask

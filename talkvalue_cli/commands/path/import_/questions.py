"""Questions about a file that nobody but a person can answer; asked on a terminal only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talkvalue_cli.commands.options import confirm
from talkvalue_cli.context import AppContext

if TYPE_CHECKING:
    from talkvalue_cli.imports.file.checked import Ask
    from talkvalue_cli.imports.file.undecided import Question
    from talkvalue_cli.imports.options import FileOptions


def make_ask(context: AppContext, *, asks: bool) -> Ask:
    """Return what asks the user, where there is somebody to ask and it is wanted.

    A terminal for the questions is not enough: who has sent the output elsewhere
    does not look.
    """
    may_ask = asks and confirm.can_ask(context) and context.output.is_on_terminal

    def ask(question: Question) -> FileOptions | None:
        if not may_ask:
            return None
        answers = [(said, text) for text, said in question.answers]
        return confirm.choose(context, question.text, answers, lambda text: None)

    return ask

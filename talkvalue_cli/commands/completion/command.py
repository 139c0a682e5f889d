"""`talkvalue completion`: the script that makes a shell complete our commands."""

from __future__ import annotations

import click

from talkvalue_cli.commands.base import Command, pass_context
from talkvalue_cli.commands.completion.scripts import SCRIPTS
from talkvalue_cli.commands.options.types import Word
from talkvalue_cli.context import AppContext


@click.command("completion", cls=Command)
@click.argument("shell", metavar="SHELL", type=Word("shell", tuple(SCRIPTS)))
@pass_context
def completion_command(context: AppContext, shell: str) -> None:
    """Print a script that completes commands in bash, zsh or fish.

    Tab then completes commands, options, words and files, and the ids of
    channels, companies, events, imports and tags, with their names. For these
    the server is asked; when it does not answer within a second, nothing is
    offered.

    \b
    For bash, with the package bash-completion; or source the file in ~/.bashrc:
      mkdir -p ~/.local/share/bash-completion/completions
      talkvalue completion bash > ~/.local/share/bash-completion/completions/talkvalue

    \b
    For zsh, in a folder of $fpath that stands there before compinit is called:
      mkdir -p ~/.zfunc
      talkvalue completion zsh > ~/.zfunc/_talkvalue

    \b
    For fish:
      mkdir -p ~/.config/fish/completions
      talkvalue completion fish > ~/.config/fish/completions/talkvalue.fish
    """
    context.output.write(SCRIPTS[shell])

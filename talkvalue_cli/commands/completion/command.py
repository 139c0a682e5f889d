"""`talkvalue completion`: the script that makes a shell complete our commands."""

from __future__ import annotations

import click

from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.types import Word
from talkvalue_cli.context import AppContext

SHELLS = ("bash", "zsh", "fish")


def read_script(shell: str) -> str:
    """Return the script of a shell, which calls the program back as `protocol` describes."""
    from importlib import resources

    folder = resources.files("talkvalue_cli.commands.completion").joinpath("scripts")
    return folder.joinpath(f"talkvalue.{shell}").read_text("utf-8")


@new_command("completion")
@click.argument("shell", metavar="SHELL", type=Word("shell", SHELLS))
def completion_command(context: AppContext, shell: str) -> None:
    """Print a script that completes commands in bash, zsh or fish.

    Tab then completes commands, options, words and files, and the ids of
    channels, companies, events, imports and tags, with their names. For these
    the server is asked; when it does not answer within a second, nothing is
    offered.

    For bash, with the package bash-completion; or source the file in ~/.bashrc:
      mkdir -p ~/.local/share/bash-completion/completions
      talkvalue completion bash > ~/.local/share/bash-completion/completions/talkvalue

    For zsh, in a folder of $fpath that stands there before compinit is called:
      mkdir -p ~/.zfunc
      talkvalue completion zsh > ~/.zfunc/_talkvalue

    For fish:
      mkdir -p ~/.config/fish/completions
      talkvalue completion fish > ~/.config/fish/completions/talkvalue.fish
    """
    context.output.write(read_script(shell))

"""Where an import goes, and what it does to people who are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.names import CHANNEL
from talkvalue_cli.commands.options.types import Word
from talkvalue_cli.imports.status import MODES

#: what the modes are called elsewhere
_OTHER_MODES = {
    **dict.fromkeys(("upsert", "merge", "overwrite", "replace"), "UPDATE"),
    **dict.fromkeys(("insert", "create", "append", "add", "ignore", "skip-existing"), "SKIP"),
}


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --source-id and --mode."""
    add_mode = with_option(
        "--mode",
        "UPDATE overwrites people who exist already, SKIP leaves them alone.",
        required=True,
        type=Word("mode", MODES, others=_OTHER_MODES),
    )
    add_channel = with_option(
        "--channel --source-id source_id",
        "Channel that receives the people.",
        required=True,
        type=CHANNEL,
    )
    return add_channel(add_mode(command))

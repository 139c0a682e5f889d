"""`talkvalue update`: is there a newer release?"""

from __future__ import annotations

from talkvalue_cli import __version__
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.context import AppContext


@new_command("update")
def update_command(context: AppContext) -> None:
    """Look for a newer release, and say how to get it.

    Nothing is installed. The package index is asked: the one that PIP_INDEX_URL
    names, else PyPI. It never gets to see the TalkValue token. No other command
    asks for releases.

    Example:
      talkvalue update --json
    """
    from packaging.version import Version

    from talkvalue_cli import releases

    index = releases.read_index_url(context.environ.get("PIP_INDEX_URL") or releases.DEFAULT_INDEX)
    context.output.keep_secret(index.password)
    latest = releases.find_latest(index, context.make_session(None))
    is_outdated = latest > Version(__version__)
    context.output.record(
        {
            "current": __version__,
            "installCommand": releases.upgrade_command() if is_outdated else None,
            "latest": str(latest),
            "outdated": is_outdated,
        }
    )

"""`talkvalue config`: look at the config file, and change it."""

from __future__ import annotations

from typing import Any

import click

from talkvalue_cli.commands.base import Group
from talkvalue_cli.config import edit
from talkvalue_cli.config.file import AUTH_METHOD, DEFAULTS, ConfigFile
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError


@click.group("config", cls=Group)
def config_group() -> None:
    """Look at the config file, and change it.

    Options and environment variables take precedence over the file; these
    commands show and change the file alone.

    Examples:
      talkvalue config list
      talkvalue config set api_url https://api.trytalkvalue.com
    """


@config_group.command("list")
def list_command(context: AppContext) -> None:
    """Show all values, defaults included.

    Example:
      talkvalue config list --json
    """
    context.output.record(_read_values(context.config_file))


@config_group.command("get")
@click.argument("key", metavar="KEY")
def get_command(context: AppContext, key: str) -> None:
    """Show one value. A dot leads into a group of values.

    Examples:
      talkvalue config get api_url
      talkvalue config get profiles
    """
    values = _read_values(context.config_file)
    context.output.record({"key": key, "value": _find(values, key, key)})


@config_group.command("set")
@click.argument("key", metavar="KEY")
@click.argument("value", metavar="VALUE")
def set_command(context: AppContext, key: str, value: str) -> None:
    """Change api_url, client_id or active_profile.

    What else is in the file stays as it is, comments too.

    Example:
      talkvalue config set api_url https://api.trytalkvalue.com
    """
    stored = edit.set_value(context.config_file.path, key, value)
    context.output.record({"key": key, "value": stored})


@config_group.command("path")
def path_command(context: AppContext) -> None:
    """Print where the config file is, or would be.

    Example:
      talkvalue config path
    """
    path = str(context.config_file.path)
    if context.flags.named_format is not None or context.output.query is not None:
        context.output.record({"path": path})
    else:
        context.output.write_plain(f"{path}\n")


def _read_values(file: ConfigFile) -> dict[str, Any]:
    """Return what the program knows of the file, in the order in which it writes it."""
    profiles = {
        profile.name: {
            "org_id": profile.org_id,
            "org_name": profile.org_name,
            "member_email": profile.member_email,
            "auth_method": AUTH_METHOD,
        }
        for profile in file.profiles.values()
    }
    return {**{key: file.values.get(key, DEFAULTS[key]) for key in DEFAULTS}, "profiles": profiles}


def _find(values: dict[str, Any], key: str, whole: str) -> Any:
    """Return what a dotted key leads to; names of profiles may have dots of their own."""
    if key in values:
        return values[key]
    for name, value in values.items():
        rest = key.removeprefix(f"{name}.")
        if rest != key and isinstance(value, dict):
            return _find(value, rest, whole)
    raise UsageError(f"unknown config key: {whole}", hint="talkvalue config list shows all")

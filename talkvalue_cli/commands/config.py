"""`talkvalue config`: look at the config file, and change it."""

from __future__ import annotations

from typing import Any

import click

from talkvalue_cli import config_edit, config_file
from talkvalue_cli.commands.base import Group, pass_runtime
from talkvalue_cli.errors import UsageError
from talkvalue_cli.runtime import Runtime


@click.group("config", cls=Group)
def config_group() -> None:
    """Look at the config file, and change it.

    Options and environment variables go before the file; these commands show
    and change the file alone.

    \b
    Examples:
      talkvalue config list
      talkvalue config set api_url https://api.trytalkvalue.com
    """


@config_group.command("list")
@pass_runtime
def list_command(runtime: Runtime) -> None:
    """Show all values, defaults included.

    \b
    Example:
      talkvalue config list --json
    """
    runtime.output.record(_read_values(runtime.config_file))


@config_group.command("get")
@click.argument("key", metavar="KEY")
@pass_runtime
def get_command(runtime: Runtime, key: str) -> None:
    """Show one value. A dot leads into a group of values.

    \b
    Examples:
      talkvalue config get api_url
      talkvalue config get profiles
    """
    values = _read_values(runtime.config_file)
    runtime.output.record({"key": key, "value": _find(values, key, key)})


@config_group.command("set")
@click.argument("key", metavar="KEY")
@click.argument("value", metavar="VALUE")
@pass_runtime
def set_command(runtime: Runtime, key: str, value: str) -> None:
    """Change api_url, client_id or active_profile.

    What else is in the file stays as it is, comments too.

    \b
    Example:
      talkvalue config set api_url https://api.trytalkvalue.com
    """
    stored = config_edit.set_value(runtime.config_file.path, key, value)
    runtime.output.record({"key": key, "value": stored})


@config_group.command("path")
@pass_runtime
def path_command(runtime: Runtime) -> None:
    """Print where the config file is, or would be.

    \b
    Example:
      talkvalue config path
    """
    path = str(runtime.config_file.path)
    if runtime.flags.json or runtime.flags.format:
        runtime.output.record({"path": path})
    else:
        runtime.output.write(f"{path}\n")


def _read_values(file: config_file.ConfigFile) -> dict[str, Any]:
    """Return what the program knows of the file, in the order in which it writes it."""
    profiles = {
        profile.name: {
            "org_id": profile.org_id,
            "org_name": profile.org_name,
            "member_email": profile.member_email,
            "auth_method": config_file.AUTH_METHOD,
        }
        for profile in file.profiles.values()
    }
    defaults = config_file.DEFAULTS
    return {**{key: file.values.get(key, defaults[key]) for key in defaults}, "profiles": profiles}


def _find(values: dict[str, Any], key: str, whole: str) -> Any:
    """Return what a dotted key leads to; names of profiles may have dots of their own."""
    if key in values:
        return values[key]
    for name, value in values.items():
        rest = key.removeprefix(f"{name}.")
        if rest != key and isinstance(value, dict):
            return _find(value, rest, whole)
    raise UsageError(f"unknown config key: {whole}", hint="talkvalue config list shows all")

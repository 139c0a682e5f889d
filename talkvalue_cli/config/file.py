"""The config file, which this tool shares with the existing CLI: its keys, and its profiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from talkvalue_cli import yaml_text
from talkvalue_cli.errors import TalkValueError

DEFAULT_API_URL = "https://api.trytalkvalue.com"
CONFIG_FILE = "config.yml"
AUTH_METHOD = "oauth"
#: the top level of a new config file, as the existing CLI writes it
DEFAULTS: dict[str, Any] = {
    "version": 1,
    "api_url": DEFAULT_API_URL,
    "client_id": "client_01KCTNX7YWPXTWN1AAY74TQC14",
    "active_profile": "",
    "profiles": {},
}
#: the top-level key with the servers of profiles; the existing CLI ignores keys that it does not
#: know there, and drops them when it writes the file
SERVERS = "profile_servers"
#: what a profile has beside its name
_PROFILE_TEXTS = ("org_id", "org_name", "member_email")
#: what is remembered of its servers
SERVER_KEYS = ("api_url", "auth_api_url")
#: bytes; nobody writes more by hand
LARGEST_CONFIG = 1 << 20


class Profile(NamedTuple):
    """A sign-in that was stored: to which organization, and whose.

    api_url, auth_api_url: the servers that its session belongs to; empty where
        they are those of everybody, or were not remembered.
    """

    name: str
    org_id: str
    org_name: str
    member_email: str
    api_url: str = ""
    auth_api_url: str = ""


class ConfigFile:
    """The config file as it was when the first value was asked for; it may be missing.

    Every method raises TalkValueError for a file that cannot be read or holds
    something else than keys and values.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / CONFIG_FILE

    @cached_property
    def values(self) -> dict[str, Any]:
        """The top-level keys that are in the file."""
        return parse_config(read_file(self.path), self.path)

    def text(self, key: str) -> str:
        """Return a text of the top level, or its default."""
        value = self.values.get(key, DEFAULTS[key])
        if not isinstance(value, str):
            raise TalkValueError(f"{self.path}: {key} must be text, not {value!r}", code="CONFIG")
        return value

    @cached_property
    def profiles(self) -> dict[str, Profile]:
        """The profiles by name."""
        return find_profiles(self.values)

    @property
    def names(self) -> set[str]:
        """The names of all profiles, also of those that do not count."""
        found = self.values.get("profiles")
        return set(map(str, found)) if isinstance(found, dict) else set()


def find_profiles(values: Mapping[str, Any]) -> dict[str, Profile]:
    """Return the profiles of a config file by name.

    Those of another kind, or with a part missing, do not count.
    """
    found = values.get("profiles")
    entries = found.items() if isinstance(found, dict) else ()
    return {
        name: Profile(
            name, *(entry[field] for field in _PROFILE_TEXTS), **_find_servers(values, name)
        )
        for name, entry in entries
        if isinstance(name, str) and _is_profile(entry)
    }


def _find_servers(values: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return the servers of a profile, as far as they are remembered as text."""
    servers = values.get(SERVERS)
    entry = servers.get(name) if isinstance(servers, dict) else None
    found = entry if isinstance(entry, dict) else {}
    return {key: found[key] for key in SERVER_KEYS if isinstance(found.get(key), str)}


def _is_profile(entry: object) -> bool:
    """Tell whether an entry of `profiles` is a whole sign-in by OAuth."""
    return (
        isinstance(entry, dict)
        and all(isinstance(entry.get(field), str) for field in _PROFILE_TEXTS)
        and entry.get("auth_method") == AUTH_METHOD
    )


def read_file(path: Path) -> bytes:
    """Return what is in a file, nothing when there is none. Raises TalkValueError."""
    try:
        if path.exists() and not path.is_file():
            raise TalkValueError(f"{path} is not a file", code="CONFIG")
        with path.open("rb") as file:
            content = file.read(LARGEST_CONFIG + 1)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise TalkValueError(f"cannot read {path}: {error.strerror}", code="CONFIG") from error
    if len(content) > LARGEST_CONFIG:
        raise TalkValueError(f"{path} is larger than {LARGEST_CONFIG >> 20} MiB", code="CONFIG")
    return content


def parse_config(
    text: bytes, path: Path, parse: Callable[[bytes], Any] = yaml_text.read
) -> dict[str, Any]:
    """Return the top-level keys of a config file's text, nothing for an empty one.

    Raises TalkValueError when it is not a YAML mapping. The file is never
    written here, whatever is in it.
    """
    try:
        values = parse(text)
    except ValueError as error:
        raise TalkValueError(
            f"{path} is {error}",
            code="CONFIG",
            hint="fix the file or move it away; it was left as it is",
        ) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise TalkValueError(f"{path} must hold keys and values", code="CONFIG")
    return values

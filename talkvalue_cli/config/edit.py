"""Changing the config file: what is not meant stays as it is, comments and unknown keys too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from talkvalue_cli import files, yaml_text
from talkvalue_cli.config import file
from talkvalue_cli.config.file import Profile
from talkvalue_cli.config.settings import check_api_url
from talkvalue_cli.errors import TalkValueError, UsageError

#: other processes hold the lock for as long as it takes to write a small file
LOCK_WAIT_S = 10.0
#: the keys that a user may set; the others are kept by the program
SETTABLE = ("api_url", "client_id", "active_profile")
MANAGED = ("version", "profiles")


@contextmanager
def edit(path: Path) -> Iterator[Any]:
    """Yield the values of the config file, and write them back unless the block fails.

    Other processes wait meanwhile. A file that is not YAML is left alone.
    Raises LocalFileError, TalkValueError.
    """
    with files.lock(path.with_name("config.lock"), may_wait=files.for_at_most(LOCK_WAIT_S)):
        text = file.read_file(path)
        values = file.parse_config(text, path, yaml_text.edit)
        if not values:
            values = {**file.DEFAULTS, "profiles": {}}
        yield values
        head = text.rstrip(b"\n") + b"\n" if _has_only_comments(text) else b""
        files.write(path, head + yaml_text.write(values))


def _has_only_comments(text: bytes) -> bool:
    """Tell whether the parser has nothing to keep the comments at."""
    lines = [line.strip() for line in text.splitlines()]
    return bool(text.strip()) and all(not line or line.startswith(b"#") for line in lines)


def set_value(path: Path, key: str, value: str) -> str:
    """Set a key of the top level, and return the value as it is stored.

    Raises UsageError for a wrong key or value.
    """
    if key in MANAGED:
        raise UsageError(
            f"{key} is kept by the program", hint="talkvalue auth login makes profiles"
        )
    if key not in SETTABLE:
        raise UsageError(f"unknown config key {key!r}", hint=f"there are {', '.join(SETTABLE)}")
    checked = _check(key, value)
    with edit(path) as values:
        if key == "active_profile" and value:
            require_profile(file.find_profiles(values), value)
        values[key] = checked
    return checked


def _check(key: str, value: str) -> str:
    if key == "api_url":
        return check_api_url(value, key)
    if key == "client_id" and (not value.strip() or not value.isprintable()):
        raise UsageError("client_id must not be empty", hint=f"it is {file.DEFAULTS[key]!r}")
    return value


def require_profile(profiles: dict[str, Profile], name: str) -> Profile:
    """Return the profile with this name. Raises UsageError, which lists those there are."""
    if name not in profiles:
        raise UsageError(
            f"there is no profile {name!r}",
            hint=f"there are {', '.join(sorted(profiles))}" if profiles else None,
        )
    return profiles[name]


def save_profile(path: Path, profile: Profile, *, activate: bool = True) -> None:
    """Store a profile, and make it the active one unless told otherwise."""
    with edit(path) as values:
        profiles = _open_profiles(values, path)
        entry = profiles.get(profile.name)
        if not isinstance(entry, dict):
            entry = profiles[profile.name] = {}
        texts = (profile.org_id, profile.org_name, profile.member_email, file.AUTH_METHOD)
        keys = ("org_id", "org_name", "member_email", "auth_method")
        entry.update(zip(keys, map(_make_encodable, texts), strict=True))
        _save_servers(values, profile)
        if activate:
            values["active_profile"] = profile.name


def _save_servers(values: Any, profile: Profile) -> None:
    """Remember the servers of a profile; without any, forget those that there were."""
    servers = {key: getattr(profile, key) for key in file.SERVER_KEYS if getattr(profile, key)}
    if not servers:
        _forget_servers(values, profile.name)
        return
    if not isinstance(values.get(file.SERVERS), dict) or not values[file.SERVERS]:
        # `{}` would go on in one line
        values[file.SERVERS] = {}
    values[file.SERVERS][profile.name] = servers


def _forget_servers(values: Any, name: str) -> None:
    servers = values.get(file.SERVERS)
    if not isinstance(servers, dict) or name not in servers:
        return
    if len(servers) == 1:
        del values[file.SERVERS]
    else:
        yaml_text.remove(values, file.SERVERS, name)


def _make_encodable(text: str) -> str:
    """Return a text of a server without what no file can hold: half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


def forget_profiles(path: Path, names: set[str]) -> None:
    """Remove profiles; none is active any more if the active one is among them."""
    with edit(path) as values:
        profiles = _open_profiles(values, path)
        for name in names & set(profiles):
            yaml_text.remove(values, "profiles", name)
            _forget_servers(values, name)
        if values.get("active_profile") in names:
            values["active_profile"] = ""


def _open_profiles(values: Any, path: Path) -> Any:
    if values.get("profiles") in (None, {}):
        # `{}` would go on in one line
        values["profiles"] = {}
    if not isinstance(values["profiles"], dict):
        raise TalkValueError(f"{path}: profiles must hold keys and values", code="CONFIG")
    return values["profiles"]

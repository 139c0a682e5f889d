"""Settings: flag, else environment, else config file, else default."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from talkvalue_cli.config.file import DEFAULT_API_URL, ConfigFile, Profile
from talkvalue_cli.errors import UsageError

DEFAULT_AUTH_URL = "https://api.workos.com"


class Settings(NamedTuple):
    """What a command needs to know before it talks to the server.

    api_url: base URL without a slash at its end.
    profile: name of the profile in use, empty for none.
    token: bearer token of the environment, empty when that says "none"; None
        when the profile's session decides.
    """

    api_url: str
    profile: str
    token: str | None

    def __repr__(self) -> str:
        return f"Settings(api_url={self.api_url!r}, profile={self.profile!r}, token=…)"


class Setting(NamedTuple):
    """A value in force, and where it comes from: an option, a variable, the file, or nowhere."""

    value: str
    origin: str


#: origins that no option and no variable is
FILE, DEFAULT = "config file", "default"


def load(
    environ: Mapping[str, str],
    file: ConfigFile,
    *,
    api_url: str | None = None,
    profile: str | None = None,
) -> Settings:
    """Return the settings in force; `api_url` and `profile` are the flags.

    As in the existing CLI an empty string counts as set at every level. The
    config file is read only when something is not decided before.

    Raises UsageError for an unusable URL or token, TalkValueError for a config
    file that cannot be read.
    """
    chosen = find_profile(environ, file, profile)
    url = find_api_url(environ, file, api_url, chosen.value)
    token = environ.get("TALKVALUE_TOKEN")
    return Settings(url.value, chosen.value, None if token is None else check_token(token))


def find_profile(environ: Mapping[str, str], file: ConfigFile, flag: str | None) -> Setting:
    """Return the name of the profile in use, empty for none."""
    name, origin = _first(
        (flag, "--profile"), (environ.get("TALKVALUE_PROFILE"), "TALKVALUE_PROFILE")
    )
    if name is not None:
        return Setting(name, origin)
    if "TALKVALUE_TOKEN" in environ:
        # it beats every profile, so the file need not be read for one
        return Setting("", "TALKVALUE_TOKEN")
    name = file.text("active_profile")
    return Setting(name, FILE if name else DEFAULT)


def find_api_url(
    environ: Mapping[str, str], file: ConfigFile, flag: str | None, profile: str
) -> Setting:
    """Return the base URL of the API, without a slash at its end. Raises UsageError.

    A profile's URL is that of its session, so it counts where that is used.
    """
    url, origin = _first(
        (flag, "--api-url"), (environ.get("TALKVALUE_API_URL"), "TALKVALUE_API_URL")
    )
    if url is None:
        remembered = _remember(environ, file, profile)
        if remembered is not None and remembered.api_url:
            url, origin = remembered.api_url, f"profile {profile}"
    if url is not None:
        return Setting(check_api_url(url, origin), origin)
    url = check_api_url(file.text("api_url"), f"api_url in {file.path}")
    return Setting(url, FILE if "api_url" in file.values else DEFAULT)


def find_auth_url(
    environ: Mapping[str, str], file: ConfigFile, profile: str, api_url: str
) -> Setting:
    """Return the base URL of the OAuth server. Raises UsageError for an unusable one.

    api_url: the API's; a profile's OAuth server belongs to the profile's own one.
    """
    url, origin = environ.get("TALKVALUE_AUTH_API_URL"), "TALKVALUE_AUTH_API_URL"
    if url is None:
        remembered = _remember(environ, file, profile)
        is_home = remembered is not None and remembered.api_url in ("", api_url)
        if remembered is not None and is_home and remembered.auth_api_url:
            url, origin = remembered.auth_api_url, f"profile {profile}"
    if url is None:
        return Setting(DEFAULT_AUTH_URL, DEFAULT)
    return Setting(check_api_url(url, origin), origin)


def _remember(environ: Mapping[str, str], file: ConfigFile, name: str) -> Profile | None:
    """Return the profile whose session is in use, if there is one."""
    if not name or "TALKVALUE_TOKEN" in environ:
        return None
    return file.profiles.get(name)


def _first(*candidates: tuple[str | None, str]) -> tuple[str | None, str]:
    return next((pair for pair in candidates if pair[0] is not None), (None, ""))


def name_config_origin(environ: Mapping[str, str]) -> str:
    """Return what decides where the config folder is, see `config_dir`."""
    if environ.get("XDG_CONFIG_HOME"):
        return "XDG_CONFIG_HOME"
    return "HOME" if "HOME" in environ else DEFAULT


def config_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder that this tool shares with the existing CLI.

    That is `$XDG_CONFIG_HOME/talkvalue`, else `$HOME/.talkvalue`, not
    ~/.config/talkvalue; a HOME that is not set is looked up in the password
    database, as Node does.
    """
    if environ.get("XDG_CONFIG_HOME"):
        return Path(environ["XDG_CONFIG_HOME"], "talkvalue")
    home = environ.get("HOME")
    return Path(os.path.expanduser("~") if home is None else home, ".talkvalue")


def check_api_url(url: str, source: str) -> str:
    """Return a base URL without the slash at its end.

    source: where the URL comes from, for the message. Raises UsageError for
    anything but http(s)://host[:port][/path]. A URL with a password in it is
    refused without being repeated.
    """
    # looked for in the whole text: a password with a slash in it ends the host too early
    if "@" in url:
        raise UsageError(
            f"{source} must not hold a user name or password", hint="set TALKVALUE_TOKEN instead"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{source} is not a usable URL: {error}") from error
    is_plain = url.isprintable() and not any(mark in url for mark in ' \\"<>?#')
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or not is_plain:
        raise UsageError(
            f"{source} is not a usable URL: {url!r}", hint=f"write it like {DEFAULT_API_URL}"
        )
    # the same server is to be one server, however it is spelled
    return parts._replace(netloc=parts.netloc.lower()).geturl().removesuffix("/")


def is_cleartext(api_url: str) -> bool:
    """Tell whether a token sent to the URL would cross a network unencrypted."""
    parts = urlsplit(api_url)
    host = parts.hostname or ""
    is_loopback = host in ("localhost", "::1") or re.fullmatch(r"127(\.[0-9]+){3}", host)
    return parts.scheme == "http" and not is_loopback


def is_token(text: str) -> bool:
    """Tell whether a header can carry a text as a token, and output can be searched for it."""
    # quotes come along when a line of an .env file is copied, and output would escape them
    return text.isascii() and text.isprintable() and not any(mark in text for mark in ' "\\')


def check_token(token: str, source: str = "TALKVALUE_TOKEN") -> str:
    """Return the token without blanks around it.

    source: where it comes from, for the message. Raises UsageError, which does
    not repeat the token, when a header cannot carry it (RFC 6750 section 2.1
    allows less than what is let through here).
    """
    bare = token.strip()
    if not is_token(bare):
        raise UsageError(
            f"{source} holds characters that a token cannot have, such as a blank, a quote or a "
            "line break",
            hint="copy the token again; it is one word",
        )
    return bare

"""Releases of this program on a package index (the simple API of PEP 503, as JSON: PEP 691)."""

from __future__ import annotations

import importlib.util
import json
import platform
import shlex
import sys
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from talkvalue_cli.errors import RefusedError, UnexpectedAnswerError, UsageError
from talkvalue_cli.transport import deadline, responses
from talkvalue_cli.transport.failures import exchange
from talkvalue_cli.transport.session import Session

PACKAGE = "talkvalue-cli"
DEFAULT_INDEX = "https://pypi.org/simple"
ACCEPT = "application/vnd.pypi.simple.v1+json"
LIMIT_S = 10.0


class Index(NamedTuple):
    """A package index: its URL without a user in it, and the user."""

    url: str
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Index({self.url!r})"


def read_index_url(text: str) -> Index:
    """Return the index that PIP_INDEX_URL names. Raises UsageError, which does not repeat it."""
    parts = urlsplit(text.strip())
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError("PIP_INDEX_URL is not a usable URL", hint=f"write it like {DEFAULT_INDEX}")
    netloc = f"[{host}]" if ":" in host else host
    bare = parts._replace(netloc=netloc if port is None else f"{netloc}:{port}")
    return Index(
        bare._replace(query="", fragment="").geturl().rstrip("/"),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def find_latest(index: Index, session: Session) -> Version:
    """Return the newest version that pip would install here.

    A version counts with a file that is not yanked and is meant for this
    Python. As in pip, pre-releases count when there is nothing else.

    Raises TalkValueError when the index does not answer in 10 seconds, or not
    with what it should.
    """
    where = f"{index.url}/{PACKAGE}/"
    listing = exchange(session, LIMIT_S, lambda: _fetch(session, index, where), where)
    files = (file for file in listing["files"] if isinstance(file, dict))
    usable = (file for file in files if not file.get("yanked") and _is_for_this_python(file))
    versions = set(filter(None, (_version_of(str(file.get("filename", ""))) for file in usable)))
    released = {version for version in versions if not version.is_prerelease}
    if not versions:
        raise UnexpectedAnswerError(f"{where} has no release of {PACKAGE} for this Python")
    return max(released or versions)


def _fetch(session: Session, index: Index, where: str) -> Mapping[str, Any]:
    """Return the index's description of the project; the token has no part in this."""
    with session:
        response = session.get(
            where,
            headers={"Accept": ACCEPT},
            auth=(index.user, index.password) if index.user or index.password else None,
            timeout=(deadline.CONNECT_TIMEOUT_S, LIMIT_S),
            stream=True,
        )
        with response:
            if response.status_code != 200:
                is_missing = response.status_code == HTTPStatus.NOT_FOUND
                told = f"answered with HTTP {response.status_code}"
                raise RefusedError(
                    f"the package index {f'does not have {PACKAGE}' if is_missing else told}: "
                    f"{where}",
                    hint="PIP_INDEX_URL chooses the index",
                    details={"status": response.status_code},
                )
            return _read_listing(responses.read_at_most(response, responses.LARGEST_JSON), where)


def _read_listing(body: bytes, where: str) -> Mapping[str, Any]:
    try:
        listing = json.loads(body)
    except (ValueError, RecursionError):
        listing = None
    if not isinstance(listing, dict) or not isinstance(listing.get("files"), list):
        raise UnexpectedAnswerError(
            f"{where} does not answer with JSON of the simple index",
            hint="PIP_INDEX_URL chooses the index; an old one has no JSON (PEP 691)",
        )
    return listing


def _version_of(filename: str) -> Version | None:
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)[1]
        return parse_sdist_filename(filename)[1]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None


def _is_for_this_python(file: Mapping[str, Any]) -> bool:
    wanted = file.get("requires-python")
    try:
        return not wanted or SpecifierSet(str(wanted)).contains(
            platform.python_version(), prereleases=True
        )
    except InvalidSpecifier:
        return True


def upgrade_command(prefix: str = sys.prefix, python: str = sys.executable) -> str:
    """Return the command that upgrades this installation, for a shell.

    prefix: the folder of the environment. pipx and uv leave a file of theirs in
    one that they made for a tool, and name the folder after it.
    """
    folder = Path(prefix)
    if (folder / "pipx_metadata.json").exists():
        return f"pipx upgrade {shlex.quote(folder.name)}"
    if (folder / "uv-receipt.toml").exists():
        return f"uv tool upgrade {shlex.quote(folder.name)}"
    program = shlex.quote(python or "python")
    if (folder / "pyvenv.cfg").exists() and not _has_pip():
        return f"uv pip install --python {program} --upgrade {PACKAGE}"
    return f"{program} -m pip install --upgrade {PACKAGE}"


def _has_pip() -> bool:
    """Tell whether this Python has pip; uv makes environments without it."""
    return importlib.util.find_spec("pip") is not None

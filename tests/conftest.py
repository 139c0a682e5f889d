"""Fixtures that all tests share."""

from __future__ import annotations

import gc
import os
import signal
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from keyring.backend import KeyringBackend

from talkvalue_cli import crash
from tests import keyring_backends
from tests.harness import NO_KEYRING, Sandbox
from tests.quick_apps import make_apps_quickly
from tests.world import MakeWorld, World

#: where Linux keeps what is shared between processes
_MEMORY = "/dev/shm"
#: what the program looks at beside its home
_SETTINGS = (
    *("XDG_CONFIG_HOME", "XDG_STATE_HOME", "TALKVALUE_TOKEN", "TALKVALUE_PROFILE"),
    "TALKVALUE_JOURNAL",
    *("TALKVALUE_API_URL", "TALKVALUE_AUTH_API_URL", "TALKVALUE_DISABLE_BROWSER_OPEN"),
    *("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER", "SSH_CONNECTION", "SSH_TTY"),
)


def pytest_configure() -> None:
    """Make this process what all tests expect, and what costs them least."""
    _take_signals_as_usual()
    _write_into_memory()
    make_apps_quickly()
    # thousands of tests are collected, and nothing of that is garbage
    gc.disable()


def _take_signals_as_usual() -> None:
    """Let no signal be ignored, as it is in a background job of a shell, and under nohup.

    What is ignored stays so in every program that a test starts.
    """
    for name in ("SIGINT", "SIGQUIT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_IGN:
            usual = signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL
            signal.signal(number, usual)


def _write_into_memory() -> None:
    """Have temporary folders where nothing is ever written to a disk, if there is such a place.

    Thousands of databases are made, each of which waits for the disk several times.
    """
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK):
        return
    found = os.statvfs(_MEMORY)
    # scripts have to run there, and some files are large
    if not found.f_flag & os.ST_NOEXEC and found.f_bavail * found.f_frsize > 2 << 30:
        os.environ["TMPDIR"] = tempfile.tempdir = _MEMORY


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mix the modules, always alike, so that each worker has its share of those that wait."""
    items.sort(key=lambda item: zlib.crc32(item.location[0].encode()))


def pytest_collection_finish() -> None:
    """Collect garbage from now on, but never again look at the tests themselves."""
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests have recorded."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{report.nodeid}: {name}: {value}")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a home of its own, and no settings of the developer's."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in _SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYRING)
    set_zone(monkeypatch, "UTC")
    return home


def set_zone(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    """Have this machine in a time zone, as TZ names it."""
    monkeypatch.setenv("TZ", zone)
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture(autouse=True)
def bare_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what nobody foresaw come out of the program's `main()`, which else prints a sentence."""

    def raise_again(error: Exception, *arguments: object) -> NoReturn:
        raise error

    monkeypatch.setattr(crash, "describe", raise_again)


@pytest.fixture
def start_sandbox(tmp_path: Path) -> Iterator[Callable[..., Sandbox]]:
    """Return a function that starts a sandbox with options; all are stopped in the end."""
    started: list[Sandbox] = []

    def start(*options: str) -> Sandbox:
        started.append(Sandbox(tmp_path, *options))
        return started[-1]

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[MakeWorld]:
    """Return a function that makes a world, with options of its sandbox; all end with the test."""
    made: list[World] = []

    def make(*options: str) -> World:
        made.append(World(tmp_path / f"world-{len(made)}", *options))
        return made[-1]

    yield make
    for world in made:
        world.close()


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A world with sample data, whose sandbox is as fast as it can be."""
    return make_world()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox as fast as it can be, shared by the tests of a module."""
    server = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield server
    server.stop()


@pytest.fixture
def keyring_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a keyring that works, which is the one in use."""
    file = tmp_path / "test-keyring.json"
    monkeypatch.setenv(keyring_backends.FILE_VARIABLE, str(file))
    monkeypatch.setattr("keyring.core._keyring_backend", keyring_backends.FileKeyring())
    return file


@pytest.fixture
def use_keyring(
    keyring_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[KeyringBackend], None]]:
    """Return a function that puts another keyring in the place of that one, with the same file."""
    keyring_backends.RELEASE.clear()
    yield lambda backend: monkeypatch.setattr("keyring.core._keyring_backend", backend)
    keyring_backends.RELEASE.set()

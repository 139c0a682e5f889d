"""Opening a page in the user's browser, where there is one."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence


def open_page(url: str, environ: Mapping[str, str]) -> bool:
    """Start a browser with the page; tell whether there was one to start.

    BROWSER names it, as xdg-open(1) and Python's webbrowser read it. Without that
    there is none over SSH and without a display. The browser is not waited
    for, and what it prints goes nowhere. Only http and https are opened: the
    URL comes from a server.
    """
    if not url.startswith(("https://", "http://")) or not url.isprintable():
        return False
    command = _find_command(url, environ)
    if command is None:
        return False
    try:
        process = subprocess.Popen(
            command,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    # an opener that ends is not left behind as a zombie
    threading.Thread(target=process.wait, daemon=True).start()
    return True


def _find_command(url: str, environ: Mapping[str, str]) -> Sequence[str] | None:
    """Return the command that opens a page, None where nobody would see it."""
    if environ.get("TALKVALUE_DISABLE_BROWSER_OPEN") == "1":
        return None
    if environ.get("BROWSER"):
        # whoever sets it knows better than DISPLAY and SSH_CONNECTION, also to say "none"
        return _read_browser(environ["BROWSER"], url, environ)
    opener = _find_opener(environ)
    return None if opener is None else [*opener, url]


def _read_browser(commands: str, url: str, environ: Mapping[str, str]) -> Sequence[str] | None:
    """Return the first command of BROWSER that exists; `%s` in it is the URL, else that is last."""
    for command in commands.split(os.pathsep):
        try:
            words = shlex.split(command.strip().removesuffix("&"), posix=os.name != "nt")
        except ValueError:  # a quote that is not closed
            continue
        found = shutil.which(words[0], path=environ.get("PATH")) if words else None
        if found is not None:
            rest = [word.replace("%s", url) for word in words[1:]]
            return [found, *rest] if "%s" in command else [found, *rest, url]
    return None


def _find_opener(environ: Mapping[str, str]) -> Sequence[str] | None:
    """Return the program that opens pages, None where nobody would see them."""
    has_display = bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    is_remote = bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
    if is_remote and not has_display:
        return None
    if sys.platform == "win32":
        return ("rundll32", "url.dll,FileProtocolHandler")
    if sys.platform == "darwin":
        return ("open",)
    # wslview opens the browser of the Windows that a WSL shell runs in
    names = ("xdg-open",) if has_display else ()
    if environ.get("WSL_DISTRO_NAME"):
        names = ("wslview", *names)
    found = (shutil.which(name, path=environ.get("PATH")) for name in names)
    return next(((path,) for path in found if path), None)

"""Opening a page in the user's browser, where there is one."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence


def open_page(url: str, environ: Mapping[str, str]) -> bool:
    """Start a browser with the page; tell whether there was one to start.

    Over SSH and without a display there is none. The browser is not waited
    for, and what it prints goes nowhere. Only http and https are opened: the
    URL comes from a server.
    """
    opener = _find_opener(environ)
    if opener is None or not url.startswith(("https://", "http://")) or not url.isprintable():
        return False
    try:
        process = subprocess.Popen(
            [*opener, url],
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


def _find_opener(environ: Mapping[str, str]) -> Sequence[str] | None:
    """Return the command that takes a URL, None where nobody would see the page."""
    if environ.get("TALKVALUE_DISABLE_BROWSER_OPEN") == "1":
        return None
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

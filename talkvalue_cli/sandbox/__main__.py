"""`python -m talkvalue_cli.sandbox`: start the server, print its URL, run until told to stop."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Sequence

from . import arguments
from .app import create_app
from .arguments import OptionError
from .db.store import Store
from .db.workspace import Workspace, WorkspaceInUseError
from .faults.faulty_app import FaultyApp
from .faults.plan import HttpFaultPlan, JobFaultPlan
from .imports.worker import ImportWorker
from .sample import members, seed
from .sign_in import accounts
from .web import hosts, server

DEFAULT_TOKEN = "sandbox-token"


class _Stop:
    """Is told to stop at any moment, and waited for.

    threading.Event is no good for that: a signal that comes while wait() has its lock
    would wait for that lock for ever.
    """

    def __init__(self) -> None:
        self._told: queue.SimpleQueue[None] = queue.SimpleQueue()

    def tell(self, *_: object) -> None:
        """Say that it is time to stop; may be a handler of signals."""
        self._told.put(None)

    def wait(self) -> None:
        """Wait until somebody has said so."""
        while True:
            # A wait without a limit cannot be interrupted on Windows.
            with contextlib.suppress(queue.Empty):
                return self._told.get(timeout=1.0)


def _watch_signals(stop: _Stop) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop.tell)


def _watch_stdin(stop: _Stop) -> None:
    """Stop at the end of standard input, whatever is written to it before."""

    def watch() -> None:
        try:
            while os.read(0, 65536):
                pass
        except OSError:
            pass  # closed from the start counts as ended
        stop.tell()

    threading.Thread(target=watch, name="stdin", daemon=True).start()


def _open_store(options: argparse.Namespace, workspace: Workspace) -> Store:
    try:
        store = Store(workspace.database, workspace.files)
    except (ValueError, sqlite3.Error) as error:
        raise OptionError("--db", f"{workspace.database}: {error}") from None
    if store.was_empty:
        seed.add_sample_data(store, options.seed)
    else:
        members.add_members(store, options.seed)  # an older release knew of none
    return store


def _listen(options: argparse.Namespace) -> socket.socket:
    try:
        return server.open_socket(options.host, options.port)
    except socket.gaierror as error:
        raise OptionError("--host", f"{options.host!r}: {error.strerror}") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise OSError(f"cannot listen on {options.host} port {options.port}: {reason}") from None


def _run(options: argparse.Namespace, workspace: Workspace, stop: _Stop) -> None:
    """Serve until told to stop; raises OptionError, OSError, sqlite3.Error at the start."""
    store = _open_store(options, workspace)
    jobs_plan = JobFaultPlan(options.fault)
    worker = ImportWorker(store, options.rows_per_second, jobs_plan.choose)
    tokens = accounts.Tokens(
        {os.environ.get("TALKVALUE_SANDBOX_TOKEN") or DEFAULT_TOKEN: seed.ORGANIZATION_ID}
    )
    app = create_app(store, tokens, worker.wake, jobs_plan.is_silent, options.rules)
    stopping = threading.Event()
    faulty = FaultyApp(
        app, HttpFaultPlan(options.fault, options.seed), stopping, server.ClientDisconnected
    )
    listener = _listen(options)
    address = listener.getsockname()[0]
    server.serve(hosts.HostGuard(faulty, options.host, address), listener)
    worker.start()
    facts = {"url": server.format_base_url(options.host, listener)}
    if not hosts.is_local(address):
        facts["warning"] = f"the sandbox listens on {options.host}: other machines may reach it"
    _report(facts, as_json=options.json)
    stop.wait()
    stopping.set()
    worker.stop()
    store.close()


def _report(facts: dict[str, str], *, as_json: bool) -> None:
    """Say where the server is, or why it is nowhere: url, warning, or error and option."""
    if as_json:
        sys.stdout.write(json.dumps(facts) + "\n")
    else:
        said = [facts[name] for name in ("option", "error", "warning") if facts.get(name)]
        if said:
            sys.stderr.write(f"sandbox: {': '.join(said)}\n")
        if "url" in facts:
            sys.stdout.write(facts["url"] + "\n")
    sys.stdout.flush()


def main(argv: Sequence[str] = sys.argv[1:]) -> int:
    """Run the server; return 0 after a signal or the end of input.

    If it cannot start it returns 2 for an option that is wrong, and 1 for anything else.
    """
    stop = _Stop()
    _watch_signals(stop)
    workspace: Workspace | None = None
    try:
        options = arguments.parse_arguments(argv)
        if options.exit_with_stdin:
            _watch_stdin(stop)
        try:
            workspace = Workspace(options.db)
        except OSError as error:
            reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            if options.db is None:
                raise OSError(reason) from None
            raise OptionError("--db", reason) from None
        _run(options, workspace, stop)
    except OptionError as error:
        _report({"option": error.option, "error": error.reason}, as_json="--json" in argv)
        return 2
    except (OSError, sqlite3.Error, WorkspaceInUseError) as error:
        _report({"error": str(error)}, as_json="--json" in argv)
        return 1
    finally:
        if workspace is not None:
            workspace.close()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that hang on purpose must not delay the end.
    os._exit(code)

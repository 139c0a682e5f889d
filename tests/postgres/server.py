"""A real PostgreSQL, and PgBouncer before it, each in a temporary folder and on a port of its own.

Neither wants to be run by root; where root runs the tests, they are the user's `postgres`.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

#: the owner of all databases; the password has what a URL must quote
USER, PASSWORD = "keeper", "s3cret:p@ss/word"
QUOTED_PASSWORD = "s3cret%3Ap%40ss%2Fword"
_UNPRIVILEGED = "postgres"
_HINT = "`make services` says what to install"
START_LIMIT_S = 30


def find_program(name: str) -> str:
    """Return the path of a program of PostgreSQL, of the newest that is installed."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name)
    )
    found = [str(path / name) for path in folders if (path / name).exists()]
    path = found[-1] if found else shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if path is None:
        raise FileNotFoundError(f"{name} is not installed; {_HINT}")
    return path


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_unprivileged() -> dict[str, Any]:
    """Return how a process of another user is started, if this one is root's."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(_UNPRIVILEGED)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class _Service:
    """A program in a folder of its own, which belongs to whoever runs it."""

    process: subprocess.Popen[bytes]
    #: ends it at once, whatever becomes of its data
    quick = signal.SIGTERM

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="talkvalue-test-"))
        self.port = free_port()
        self._give(self.folder)

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            user = pwd.getpwnam(_UNPRIVILEGED)
            os.chown(path, user.pw_uid, user.pw_gid)

    def write(self, name: str, text: str) -> Path:
        """Write a file that the program alone can read."""
        path = self.folder / name
        path.touch(0o600)
        path.write_text(text)
        self._give(path)
        return path

    def run(self, *command: str) -> None:
        """Run a program to its end, which has to be a good one."""
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, check=False, **_as_unprivileged()
        )
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()

    def start(self, *command: str) -> None:
        """Start the program, and wait until it listens."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, **_as_unprivileged()
            )
        end = time.monotonic() + START_LIMIT_S
        while not self.is_ready():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Tell whether somebody answers."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def end(self, signum: signal.Signals = signal.SIGINT) -> None:
        """Stop the program; SIGINT lets both end in order."""
        self.process.send_signal(signum)
        self.process.wait(30)

    def remove(self) -> None:
        """Stop the program, and leave nothing of it."""
        self.end(self.quick)
        shutil.rmtree(self.folder)


class Server(_Service):
    """PostgreSQL with a database for each test. A standby goes on from a copy of another's data."""

    quick = signal.SIGQUIT

    def __init__(self, copy_of: Server | None = None) -> None:
        super().__init__()
        self._number = 0
        data = self.folder / "data"
        if copy_of is None:
            password = self.write("password", PASSWORD)
            self.run(
                *(find_program("initdb"), "--no-sync", "--no-locale", "--encoding=UTF8"),
                *(f"--pgdata={data}", f"--username={USER}", f"--pwfile={password}"),
                "--auth=scram-sha-256",
            )
        else:
            self.run("cp", "-a", str(copy_of.folder / "data"), str(data))
            self.write("data/standby.signal", "")
        self.restart()

    def restart(self) -> None:
        """Start the server; no test takes its power away, and so nothing is synced."""
        self.start(
            *(find_program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)),
            *("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"),
            *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=16MB"),
        )

    def is_ready(self) -> bool:
        """Tell whether it takes connections."""
        import psycopg

        with contextlib.suppress(psycopg.OperationalError), self.connect():
            return True
        return False

    def url(self, database: str = "postgres", *, port: int | None = None) -> str:
        """Return the URL of a database."""
        place = f"127.0.0.1:{port or self.port}"
        return f"postgresql://{USER}:{QUOTED_PASSWORD}@{place}/{database}"

    def make_database(self) -> str:
        """Make an empty database, and return its URL."""
        self._number += 1
        name = f"journal_{self._number}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def empty_database(self, url: str) -> None:
        """End all sessions of a database, and leave nothing in it; sooner done than a new one."""
        with self.connect(url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            made = connection.execute("SELECT nspname FROM pg_namespace WHERE oid >= 16384")
            for name in ["public", *(name for (name,) in made.fetchall() if name != "public")]:
                connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE".encode())
            connection.execute("CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO public")
            connection.execute(f"ALTER DATABASE {url.rpartition('/')[2]} RESET ALL".encode())

    @contextlib.contextmanager
    def connect(self, url: str | None = None) -> Iterator[psycopg.Connection[Any]]:
        """Connect as whoever looks after the database."""
        import psycopg

        with psycopg.connect(url or self.url(), autocommit=True, connect_timeout=5) as connection:
            yield connection


class Pooler(_Service):
    """PgBouncer before a server, which lends its connections for a time."""

    def __init__(self, server: Server, mode: str, size: int = 5) -> None:
        super().__init__()
        self._server = server
        target = f"host=127.0.0.1 port={server.port} user={USER} password='{PASSWORD}'"
        self._config = self.write(
            "pgbouncer.ini",
            f"[databases]\n* = {target}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\n"
            f"auth_type = any\npool_mode = {mode}\ndefault_pool_size = {size}\n"
            f"unix_socket_dir =\nlogfile = {self.folder}/pooler.log\n",
        )
        self.start(find_program("pgbouncer"), str(self._config))

    def url_of(self, url: str) -> str:
        """Return the URL of a database of the server, by way of the pooler."""
        return url.replace(f":{self._server.port}/", f":{self.port}/")

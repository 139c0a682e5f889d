"""Memory and first bytes of large uploads and downloads, and the pace of the sandbox."""

from __future__ import annotations

import io
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tests.bench import many
from tests.bench.processes import TALKVALUE, Row, finish, measure
from tests.csv_texts import people
from tests.harness import Sandbox, wait_for

MB = 1 << 20
LARGEST_PEAK_MB = 80


def run_upload(sandbox: Sandbox, folder: Path, megabytes: int) -> Iterator[Row]:
    """Analyze a large file, and import it in one go."""
    path = folder / "large.csv"
    _write_rows(path, megabytes, address="person{}@example.org")
    size = path.stat().st_size / MB
    cost = measure([TALKVALUE, "path", "import", "analyze", "--file", str(path)], sandbox.environ())
    assert cost.code == 0, cost
    yield Row(
        f"analyze of {size:.0f} MB: peak memory",
        f"{cost.peak_mb:.0f} MB in {cost.wall_s:.1f} s",
        f"< {LARGEST_PEAK_MB} MB",
        cost.peak_mb < LARGEST_PEAK_MB,
    )
    yield from many.run_file(sandbox, path)
    path.unlink()


def run_download(sandbox: Sandbox, folder: Path, megabytes: int) -> Iterator[Row]:
    """Export as many failed rows, to standard output and to a file."""
    path = folder / "rejected.csv"
    _write_rows(path, megabytes, address="not-an-address-{}")
    # not by requests from here: it would hold the file in memory, and wait4 counts the memory of
    # the process that starts another as that one's own
    key = sandbox.run("path", "import", "analyze", "--file", path, timeout_s=600).json
    path.unlink()
    body = {
        "fileKey": key["data"]["fileKey"],
        "sourceId": 1,
        "mode": "SKIP",
        "columnMappings": [{"csvIndex": 0, "targetField": "EMAIL"}],
    }
    job_id = sandbox.ask("POST", "/path/import", json=body).json()["importJobId"]
    job = f"/path/import/{job_id}"
    wait_for(lambda: sandbox.ask("GET", job).json()["completedAt"], "the end of the import", 1800)
    yield from _download_to_stdout(sandbox, job_id)
    target = folder / "out.csv"
    command = [TALKVALUE, "path", "import", "failed-export", str(job_id), "-o", str(target)]
    cost = measure(command, sandbox.environ())
    assert cost.code == 0, cost
    yield Row(
        f"failed-export -o of {target.stat().st_size / MB:.0f} MB: peak memory",
        f"{cost.peak_mb:.0f} MB in {cost.wall_s:.1f} s",
        f"< {LARGEST_PEAK_MB} MB",
        cost.peak_mb < LARGEST_PEAK_MB,
    )
    target.unlink()


def _download_to_stdout(sandbox: Sandbox, job_id: int) -> Iterator[Row]:
    began_at = time.perf_counter()
    process = subprocess.Popen(
        [TALKVALUE, "path", "import", "failed-export", str(job_id)],
        env=sandbox.environ(),
        stdout=subprocess.PIPE,
    )
    assert isinstance(process.stdout, io.BufferedReader)
    size, first_s = 0, 0.0
    while chunk := process.stdout.read1(MB):
        first_s = first_s or time.perf_counter() - began_at
        size += len(chunk)
    cost = finish(process, began_at)
    assert cost.code == 0, cost
    yield Row(
        f"failed-export of {size / MB:.0f} MB to a pipe: peak memory",
        f"{cost.peak_mb:.0f} MB",
        f"< {LARGEST_PEAK_MB} MB",
        cost.peak_mb < LARGEST_PEAK_MB,
    )
    yield Row(
        "its first byte after",
        f"{first_s:.2f} s of {cost.wall_s:.1f} s",
        "while the rest still arrives",
        first_s < cost.wall_s / 2,
    )


def run_pace(sandbox: Sandbox, rows: int) -> Iterator[Row]:
    """Import as fast as the sandbox can, by the server's own times."""
    job_id = sandbox.create_import(people(rows), fields=("EMAIL", "NAME"))
    job = f"/path/import/{job_id}"
    wait_for(lambda: sandbox.ask("GET", job).json()["completedAt"], "the end of the import", 600)
    table = sandbox.run("path", "import", "get", str(job_id)).json["data"]
    seconds = _seconds(table["processStartedAt"], table["completedAt"])
    pace = rows / seconds
    yield Row(
        f"sandbox: import of {rows:,} new people",
        f"{pace:,.0f} rows/s",
        ">= 20,000 rows/s",
        pace >= 20_000,
    )


def _seconds(began: str, ended: str) -> float:
    moments = [datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (began, ended)]
    return (moments[1] - moments[0]).total_seconds()


def _write_rows(path: Path, megabytes: int, *, address: str) -> None:
    """Write rows of about 10 kB, so that parsing them is not what is measured."""
    note = "lorem ipsum " * 850
    with path.open("w") as file:
        file.write("Email,Note\n")
        number = 0
        while file.tell() < megabytes * MB:
            for _ in range(100):
                file.write(f"{address.format(number)},{note}\n")
                number += 1

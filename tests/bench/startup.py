"""How long a short command takes, beside the Python and the requests that it is made of."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence

from tests.bench.processes import PYTHON, TALKVALUE, Row, measure
from tests.csv_texts import people
from tests.harness import TOKEN, Sandbox


def run(sandbox: Sandbox, repeats: int) -> Iterator[Row]:
    """Measure in turns, so that a busy moment of the machine hits all alike."""
    job_id = sandbox.create_import(people(10))
    done = sandbox.run("path", "import", "wait", str(job_id))
    assert done.code == 0, done.err
    url = f"{sandbox.url}/path/import/{job_id}"
    get = f"import requests; requests.get({url!r}, headers={{'Authorization': 'Bearer {TOKEN}'}})"
    times = _medians(
        {
            "pass": [PYTHON, "-c", "pass"],
            "requests": [PYTHON, "-c", get],
            "get": [TALKVALUE, "path", "import", "get", str(job_id), "--json"],
            "help": [TALKVALUE, "--help"],
            "usage": [TALKVALUE, "path", "import", "get", "abc"],
            "libraries": [PYTHON, "-c", "import requests, sqlite3"],
            # all of it: a plain import loads a name when it is used
            "engine": [PYTHON, "-c", "from talkvalue_cli.imports import *"],
        },
        sandbox.environ(),
        repeats,
    )
    ratio = times["get"] / times["requests"]
    yield Row("python -c pass", f"{1000 * times['pass']:.0f} ms")
    yield Row(
        "python -c 'import requests; requests.get(URL)'", f"{1000 * times['requests']:.0f} ms"
    )
    yield Row(
        "talkvalue path import get ID --json",
        f"{1000 * times['get']:.0f} ms, {ratio:.2f} x the line above",
        "<= 1.08 x",
        ratio <= 1.08,
    )
    for name, label in (("help", "talkvalue --help"), ("usage", "a usage error")):
        share = times[name] / times["pass"]
        yield Row(
            label,
            f"{1000 * times[name]:.0f} ms, {share:.1f} x python -c pass",
            "<= 5 x",
            share <= 5,
        )
    ratio = times["engine"] / times["libraries"]
    yield Row(
        "from talkvalue_cli.imports import *",
        f"{1000 * times['engine']:.0f} ms, {ratio:.2f} x import requests, sqlite3",
        "<= 1.15 x",
        ratio <= 1.15,
    )


def _medians(
    commands: Mapping[str, Sequence[str]], environ: Mapping[str, str], repeats: int
) -> dict[str, float]:
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            seconds[name].append(measure(command, environ).wall_s)
    return {name: statistics.median(values) for name, values in seconds.items()}

"""How imports ended, as a text file that Prometheus can read: `--metrics`.

The format is that of https://prometheus.io/docs/instrumenting/exposition_formats/,
for the textfile collector of node_exporter.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from talkvalue_cli import files
from talkvalue_cli.commands.options.places import check_place, refusing
from talkvalue_cli.commands.path.import_ import shared_journal
from talkvalue_cli.context import AppContext
from talkvalue_cli.counts import read_count
from talkvalue_cli.errors import Interrupted, LocalFileError, TalkValueError, UsageError
from talkvalue_cli.exit_codes import SEVERITY, code_of
from talkvalue_cli.imports.result import ImportResult, Outcome, WaitStats
from talkvalue_cli.imports.submitting.tags import hide_tag

PREFIX = "talkvalue_import_"
LAST_SUCCESS = f"{PREFIX}last_success_timestamp_seconds"
#: what each metric means; all are gauges
_HELP = {
    "exit_code": "Exit code of the import; 0 is a success.",
    "outcome": "1 for the outcome that the import had.",
    "rows": "Rows of the file by what became of them.",
    "total_rows": "Rows of the file.",
    "seconds": "How long the command took, uploads apart.",
    "requests": "How often the command asked the server about its imports.",
    "last_run_timestamp_seconds": "When the command ended.",
    "last_success_timestamp_seconds": "When an import of the file last was a success.",
}
#: buckets, and the counts of a record that they are
_BUCKETS = {
    "new": "newCount",
    "updated": "updatedCount",
    "duplicated": "duplicatedCount",
    "skipped": "skipCount",
    "failed": "failedCount",
}
#: a file that is larger than this was not written by this program, in characters
LARGEST_FILE = 1 << 20
_SUCCESS = re.compile(rf"^{LAST_SUCCESS}(\{{.*\}}) ([0-9.]+)$", re.M)
#: others, such as node_exporter, are to read it; it names files and counts rows
_READABLE = 0o644

Labels = tuple[tuple[str, str], ...]


class Recorder:
    """What is known of a command's imports when it ends.

    channel: the one that they go to, None where the journal may know it.
    """

    def __init__(self, paths: Sequence[str], channel: int | None) -> None:
        self._paths, self._channel = paths, channel
        self._results: Sequence[ImportResult] = ()
        self._stats = WaitStats()
        #: of what ended the command without a result
        self._code: int | None = None

    def ended(self, results: Sequence[ImportResult], stats: WaitStats) -> None:
        """Take in how the imports ended."""
        self._results, self._stats = results, stats

    def fail(self, error: BaseException) -> None:
        """Take in what ended the command before there was an import."""
        failure = error if isinstance(error, TalkValueError) else None
        self._results = self._results or [
            ImportResult(Outcome.ERROR, None, error=failure, file=path) for path in self._paths
        ]
        self._code = code_of(error)

    def render(self, context: AppContext, before: str) -> str:
        """Return the text of the file; before: the one that is there, for past successes."""
        now = context.wall_clock()
        successes = {labels: float(value) for labels, value in _SUCCESS.findall(before)}
        samples: dict[str, list[str]] = {name: [] for name in _HELP}
        with shared_journal.finding_channels(context, for_tables=False) as find_channel:
            by_labels = self._sort(find_channel)
        for labels, (result, code) in by_labels.items():
            shown = _render_labels(labels)
            if code == 0:
                successes[shown] = now
            values = {
                "exit_code": code,
                "seconds": round(self._stats.elapsed_s, 3),
                "requests": self._stats.requests,
                "last_run_timestamp_seconds": round(now, 3),
                "last_success_timestamp_seconds": successes.get(shown),
                "total_rows": read_count((result.job or {}).get("totalRows")),
            }
            for name, value in values.items():
                if value is not None:
                    samples[name].append(f"{PREFIX}{name}{shown} {value}")
            outcome = _render_labels((*labels, ("outcome", result.outcome.value)))
            samples["outcome"].append(f"{PREFIX}outcome{outcome} 1")
            samples["rows"] += _render_rows(labels, result.job or {})
        lines = []
        for name, found in samples.items():
            if found:
                help = f"# HELP {PREFIX}{name} {_HELP[name]}"
                lines += [help, f"# TYPE {PREFIX}{name} gauge", *found]
        return "".join(f"{line}\n" for line in lines)

    def _sort(
        self, find_channel: shared_journal.FindChannel | None
    ) -> dict[Labels, tuple[ImportResult, int]]:
        """Return results and exit codes by labels; of several with the same the worst."""
        found: dict[Labels, tuple[ImportResult, int]] = {}
        for result in self._results:
            job = result.job or {}
            channel = self._channel
            if channel is None and find_channel is not None:
                channel = find_channel(job)
            name = result.file or hide_tag(str(job.get("fileName") or f"import-{result.job_id}"))
            stem = "stdin" if name == files.STDIO else Path(name).stem
            labels = (("file", stem), ("channel", "" if channel is None else str(channel)))
            code = code_of(result.error) if result.error or self._code is None else self._code
            if labels not in found or SEVERITY.index(code) < SEVERITY.index(found[labels][1]):
                found[labels] = (result, code)
        return found


def check(path: Path | None, paths: Sequence[str] = ()) -> None:
    """Raise UsageError when no metrics could be written there. paths: the files that are read."""
    if path == Path(files.STDIO):
        raise UsageError("--metrics: a file is needed, standard output has the answer")
    if path is not None:
        check_place("--metrics", path, apart_from=paths)
        with refusing("--metrics"):
            files.check_plain(path)


@contextlib.contextmanager
def recording(
    context: AppContext, path: Path | None, paths: Sequence[str] = (), channel: int | None = None
) -> Iterator[Recorder]:
    """Give what takes in how the imports of the block end, and write it in the end.

    path: the file for it, None for none. paths: the files that are imported.
    Also an error that leaves the block is written. A file that cannot be is a warning.
    """
    recorder = Recorder(paths, channel)
    try:
        yield recorder
    except (TalkValueError, Interrupted) as error:
        recorder.fail(error)
        raise
    finally:
        if path is not None:
            try:
                text = recorder.render(context, _read(path))
                files.write(path, text.encode(), mode=_READABLE)
            except LocalFileError as error:
                context.output.warn(f"metrics were not written: {error.text}")


def _read(path: Path) -> str:
    """Return the file that is there, nothing where there is none that this program wrote."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return files.read_whole(file, LARGEST_FILE)
    except (OSError, ValueError):
        return ""


def _render_rows(labels: Labels, job: Mapping[str, Any]) -> list[str]:
    counts = {bucket: read_count(job.get(key)) for bucket, key in _BUCKETS.items()}
    return [
        f"{PREFIX}rows{_render_labels((*labels, ('bucket', bucket)))} {count}"
        for bucket, count in counts.items()
        if count is not None
    ]


def _render_labels(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{_escape(value)}"' for name, value in labels) + "}"


def _escape(value: str) -> str:
    text = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    # half a surrogate pair, of a file's name that is no UTF-8
    return text.encode("utf-8", "backslashreplace").decode()

"""What options are called by other programs: looked at when a command line is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: options for the newest of a list
NEWEST = ("--latest", "--last", "--newest")
#: what prints parts of the data
PARTS = "--query prints parts of the data: --query id, --query '[].id'"
#: options for columns, for an order, for a number of rows, and for the name of a file
COLUMNS = ("--columns", "--column", "--fields", "--field", "--pick")
HEADERS = ("--no-headers", "--no-header", "--headers")
ORDERS = ("--sort", "--sort-by", "--order", "--order-by", "--reverse", "--desc", "--asc")
LIMITS = ("--limit", "--max-items", "--max", "--top", "-L", "-l", "-n", "--page-size", "--head")
NAMES = ("--name", "--search", "--find", "--keyword", "--contains")
FILES = ("--file", "--file-name", "--filename", "--name")
#: what an option is called elsewhere → what it is called here, with a value where that is meant
OPTIONS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("--upsert", "--update", "--overwrite"), ("--mode UPDATE",)),
    **dict.fromkeys(("--skip", "--skip-existing", "--insert"), ("--mode SKIP",)),
    **dict.fromkeys(("--dryrun", "--check", "--preview", "--plan"), ("--dry-run",)),
    **dict.fromkeys(
        ("--no-confirm", "--assume-yes", "--no-prompt", "--no-input", "--non-interactive", "-y"),
        ("--yes",),
    ),
    **dict.fromkeys(("--async", "--background", "--detach"), ("--no-wait",)),
    **dict.fromkeys(("--debug", "--trace"), ("--verbose",)),
    **dict.fromkeys(("--search", "--find"), ("--keyword",)),
    **dict.fromkeys(("--filter",), ("--keyword", "--status")),
    **dict.fromkeys(("--jq", "--jmespath", "--select"), ("--query",)),
    **dict.fromkeys(("--errors", "--failed"), ("--failed-rows", "--status FAILED")),
    **dict.fromkeys(("--running", "--pending", "--unfinished"), ("--active",)),
    **dict.fromkeys(("--completed", "--done"), ("--status COMPLETED",)),
    **dict.fromkeys(NEWEST, ("--latest", "--limit 1")),
    **dict.fromkeys(("--out", "--output-file", "--out-file", "--dest", "-O"), ("--output",)),
    **dict.fromkeys(("--output", "--output-format"), ("--format",)),
    **dict.fromkeys(("--url", "--endpoint", "--endpoint-url", "--server"), ("--api-url",)),
    **dict.fromkeys(
        ("-c", "--list", "--source", "--source-name", "--into", "--target"), ("--channel",)
    ),
    **dict.fromkeys(("--on-conflict", "--strategy", "--duplicates", "--if-exists"), ("--mode",)),
    **dict.fromkeys(("--max-errors", "--max-failures", "--error-limit"), ("--max-failed",)),
    **dict.fromkeys(("--skip-rows", "--skip-lines", "--header-line"), ("--header-row",)),
    **dict.fromkeys(("--poll", "--poll-interval", "--every", "--delay"), ("--interval",)),
    **dict.fromkeys(("--strict-mode", "--fail-on-warning"), ("--strict",)),
    **dict.fromkeys(("-k", "--term"), ("--keyword",)),
    **dict.fromkeys(("--timeout-seconds", "--max-wait"), ("--timeout",)),
    **dict.fromkeys(("--per-page", "--size"), ("--page-size",)),
    **dict.fromkeys(
        ("--limit", "--max-items", "--max", "--top", "-L", "-l", "-n"), ("--limit", "--page-size")
    ),
    **dict.fromkeys(("--order", "--order-by", "--sort-by"), ("--sort",)),
    **dict.fromkeys(("--map", "--field", "--column"), ("--mapping",)),
    "--sort": ("--sort",),
    **dict.fromkeys(("--after", "--from", "--start", "--begin"), ("--since",)),
    **dict.fromkeys(("--before", "--end"), ("--until",)),
    "--to": ("--output", "--until", "--channel"),
    **dict.fromkeys(("--sep", "--separator"), ("--delimiter",)),
    "-d": ("--delimiter", "--input -", "--field"),
    **dict.fromkeys(("--charset", "--codepage"), ("--encoding",)),
    **dict.fromkeys(("--no-header", "--headers"), ("--header-row",)),
    **dict.fromkeys(("--concurrency", "--jobs", "--workers", "--threads", "-j"), ("--parallel",)),
    **dict.fromkeys(("--ignore-errors", "--allow-errors"), ("--allow-partial",)),
    **dict.fromkeys(("--continue-on-error", "--keep-on"), ("--keep-going",)),
    **dict.fromkeys(("--no-progress", "--no-bar"), ("--progress none",)),
    "--follow": ("--wait",),
    **dict.fromkeys(("--count", "--reason", "--reasons", "--group-by"), ("--summary",)),
    **dict.fromkeys(("--retries", "--max-retries"), ("--retry-for",)),
    **dict.fromkeys(("--log-level", "--loglevel", "-vv"), ("--verbose",)),
    "--today": ("--since today",),
    "--yesterday": ("--since yesterday",),
    **dict.fromkeys(("-A", "-a", "--all-pages"), ("--all", "--paginate")),
    **dict.fromkeys(("--data", "--body", "--raw-field"), ("--input -", "--field")),
    "--name": ("--keyword", "--first-name"),
    **dict.fromkeys(("--email", "--text", "--contains"), ("--keyword",)),
    "--title": ("--name", "--job-title"),
    **dict.fromkeys(("--job", "--role", "--position"), ("--job-title",)),
    **dict.fromkeys(("--date", "--starts-at", "--begins-at"), ("--start-at",)),
    **dict.fromkeys(("--tz", "--zone"), ("--time-zone", "--timezone")),
    **dict.fromkeys(("--show-origin", "--show-origins"), ("--origins",)),
    **dict.fromkeys(("--silent", "-s"), ("--quiet",)),
    "-p": ("--port", "--page", "--profile"),
    "--force": ("--yes",),
    **dict.fromkeys(("--h", "-?"), ("--help",)),
    **dict.fromkeys(("-q",), ("--quiet", "--query")),
    **dict.fromkeys(("-m",), ("--mode",)),
    **dict.fromkeys(("-v",), ("--verbose", "--version")),
    **dict.fromkeys(("--retry", "--force-again", "--rerun"), ("--again",)),
}
#: options for what is an argument here
ARGUMENTS = (
    "-f",
    "--id",
    "--file",
    "--email",
    "--name",
    "--path",
    "--job",
    "--job-id",
    "--import-job-id",
    "--import-id",
    "--person-id",
    "--shell",
)
_ENDS_ALONE = "leave it out: this command waits for the end, and its exit code says how it was"
_NO_CHANNELS = (
    "the list has no channels; talkvalue path import history has those of the imports that were "
    "made on this machine"
)
#: options that there are not → which commands the advice is for, by a name or an option that they
#: have, and the advice
ADVICE: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        (
            *COLUMNS,
            *HEADERS,
            "--ids-only",
            "--template",
            "--jsonpath",
            "--raw",
            "--raw-output",
            "-r",
            "-t",
        ),
        ("--query", PARTS),
    ),
    **dict.fromkeys(("--channel", "--channel-id", "--source-id"), ("--until", _NO_CHANNELS)),
    **dict.fromkeys(
        ("--quiet", "--silent", "-s"),
        ("--query", "leave it out: only the answer goes to standard output"),
    ),
    **dict.fromkeys(
        ("--for", "--until", "--condition", "--follow", "--exit-code", "--exit-status"),
        ("--stall-timeout", _ENDS_ALONE),
    ),
    **dict.fromkeys(
        ("--event", "--event-id", "--company", "--tag"),
        ("--mapping", "an import goes to a channel, which --channel names"),
    ),
    "-f": ("--confirm", "did you mean --yes?"),
    "--all": ("--stall-timeout", "leave it out: all the imports that are named are waited for"),
    **dict.fromkeys(
        ("--wait", "--watch", "-w"),
        ("--no-wait", "leave it out: this command waits unless --no-wait is given"),
    ),
    **dict.fromkeys(
        ("--resume", "--continue"),
        ("--again", "leave it out: the same line run again goes on with its import"),
    ),
}
#: options for what is in the environment here → the variable
VARIABLES: Mapping[str, str] = {
    **dict.fromkeys(("--token", "--api-key", "--api-token", "--with-token"), "TALKVALUE_TOKEN"),
}

"""What things are called by other programs: looked at when a command line is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: words for the newest of a list, and options
NEWEST = ("latest", "last", "newest")
NEWEST_OPTIONS = ("--latest", "--last", "--newest")
#: what prints parts of the data
PARTS = "--query prints parts of the data: --query id, --query '[].id'"
#: options for columns, for an order, for a number of rows, and for the name of a file
COLUMNS = ("--columns", "--column", "--fields", "--field", "--pick")
HEADERS = ("--no-headers", "--no-header", "--headers")
ORDERS = ("--sort", "--sort-by", "--order", "--order-by", "--reverse", "--desc", "--asc")
LIMITS = ("--limit", "--max-items", "--max", "--top", "-L", "-l", "-n", "--page-size", "--head")
NAMES = ("--name", "--search", "--find", "--keyword", "--contains")
FILES = ("--file", "--file-name", "--filename", "--name")
#: words for a list
LISTS = ("ls", "index", "all")
#: what a verb is called elsewhere → what it is called here
VERBS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(LISTS, ("list",)),
    **dict.fromkeys(
        ("show", "describe", "view", "info", "read", "inspect", "cat"), ("get", "status")
    ),
    **dict.fromkeys(("rm", "del", "destroy"), ("delete",)),
    "remove": ("delete", "detach"),
    "add-person": ("add",),
    **dict.fromkeys(("add", "new", "make"), ("create", "add-person", "attach")),
    **dict.fromkeys(("register", "invite", "subscribe", "enroll", "join"), ("add-person", "add")),
    **dict.fromkeys(("edit", "set", "modify", "change", "patch"), ("update", "set")),
    "rename": ("update",),
    **dict.fromkeys(("watch", "follow", "tail", "poll"), ("wait", "list --watch")),
    **dict.fromkeys(("status", "state", "progress"), ("get", "status")),
    **dict.fromkeys(("search", "find", "grep"), ("list --keyword TEXT", "list --name TEXT")),
    **dict.fromkeys(("start", "up"), ("serve", "run")),
    **dict.fromkeys(("upload", "load", "submit", "retry", "rerun", "redo"), ("run",)),
    **dict.fromkeys(
        ("errors", "failures", "failed", "failed-rows", "export-failed", "rejected", "rejects"),
        ("failed-export",),
    ),
    **dict.fromkeys(("download", "dump", "save"), ("export", "failed-export")),
    **dict.fromkeys(("signin", "sign-in", "init", "setup", "configure", "refresh"), ("login",)),
    **dict.fromkeys(("signout", "sign-out"), ("logout",)),
    **dict.fromkeys(
        ("whoami", "who", "me", "account", "context", "env", "doctor", "ping"), ("status",)
    ),
    **dict.fromkeys(NEWEST, ("get --latest",)),
    **dict.fromkeys(("log", "logs", "runs", "history", "timeline"), ("history", "activity")),
    **dict.fromkeys(("continue", "restart"), ("resume",)),
    **dict.fromkeys(
        ("check", "validate", "preview", "verify", "test"), ("analyze", "run --dry-run", "status")
    ),
    **dict.fromkeys(("tagged", "label", "link", "apply", "assign"), ("attach",)),
    **dict.fromkeys(("untag", "unlabel", "unlink", "unassign"), ("detach",)),
    **dict.fromkeys(("upgrade", "self-update"), ("update",)),
    **dict.fromkeys(("undo", "unmerge"), ("merge-undo",)),
    **dict.fromkeys(("access-token", "print-access-token", "print"), ("token",)),
}
#: what a thing is called elsewhere → its group
NOUNS: Mapping[str, str] = {
    **dict.fromkeys(("channels", "lists", "audience", "audiences", "segment"), "channel"),
    **dict.fromkeys(
        (
            "people",
            "persons",
            "contact",
            "contacts",
            "users",
            "members",
            "customers",
            "subscribers",
            "attendees",
            "participants",
            "guests",
            "registrants",
        ),
        "person",
    ),
    **dict.fromkeys(("imports", "jobs", "job", "csv", "file", "files"), "import"),
    **dict.fromkeys(("events",), "event"),
    **dict.fromkeys(("companies", "accounts"), "company"),
    **dict.fromkeys(("tags", "labels", "label"), "tag"),
    **dict.fromkeys(("stats", "figures", "dashboard", "summary"), "overview"),
    **dict.fromkeys(("analytics", "insights", "report", "reports"), "analysis"),
    **dict.fromkeys(("settings", "configuration"), "config"),
    **dict.fromkeys(("completions", "autocomplete"), "completion"),
    **dict.fromkeys(
        ("docs", "man", "topics", "manual", "explain", "commands", "examples", "tutorial"), "help"
    ),
    **dict.fromkeys(("raw", "request", "curl", "http"), "api"),
    **dict.fromkeys(("profile", "profiles", "session"), "auth"),
}
#: what is typed without a thing → the commands that it is for
TOP: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("status", "state", "progress"), ("path import get", "auth status")),
    **dict.fromkeys(("upload", "load", "submit", "retry", "rerun", "redo"), ("path import run",)),
    **dict.fromkeys(
        ("org", "orgs", "organization", "organizations", "workspace", "workspaces", "tenant"),
        ("auth status", "auth switch"),
    ),
    "demo": ("sandbox serve",),
}
#: words for giving a tag
_TAG = ("tag", "add-tag", "label")
#: what is typed behind a group → the command that it is for, elsewhere
OWN: Mapping[tuple[str, str], str] = {
    **{("person", word): "path person get" for word in ("events", "channels")},
    **{("channel", word): "path channel get" for word in ("count", "size", "tags")},
    **{
        ("channel", word): "path analysis channel attribution"
        for word in ("stats", "analytics", "analysis", "attribution", "report", "events")
    },
    **{
        ("event", word): "path analysis event insights"
        for word in ("stats", "analytics", "analysis", "insights", "report")
    },
    ("event", "trend"): "path analysis event trend",
    **{(group, word): "path tag attach" for group in ("channel", "event") for word in _TAG},
    **{(group, "untag"): "path tag detach" for group in ("channel", "event")},
    **{(group, "use-context"): "auth use" for group in ("talkvalue", "config")},
    **{(group, "current-context"): "auth status" for group in ("talkvalue", "config")},
}
#: what cannot be done, and what can: the message and the hint, by group and word
_NO_CANCEL = (
    "an import cannot be cancelled",
    "it keeps running on the server, and people that it has imported stay; "
    "talkvalue path import wait ID waits for its end, and talkvalue path channel people ID "
    "shows who is there",
)
_NO_COMPANY = (
    "companies are made by the server, of the domains of e-mail addresses",
    "talkvalue path channel add-person CHANNEL EMAIL adds a person and so the company",
)
_NO_PERSON = (
    "a person is added to a channel or an event",
    "talkvalue path channel add-person CHANNEL EMAIL adds one, and "
    "talkvalue path import run FILE adds many",
)
_NO_LEAVING = (
    "a person cannot be taken out of a channel or an event",
    "talkvalue path person delete EMAIL-OR-ID deletes a person everywhere",
)
_NO_PERSON_TAG = (
    "channels and events have tags, people have none",
    "talkvalue path tag attach CHANNEL-OR-EVENT TAG tags one of them",
)
_NO_UNSET = (
    "a setting is changed with `config set`, and taken away in the file",
    "talkvalue config path prints where the file is",
)
_ENDS_WITH_ITS_SHELL = (
    "a sandbox ends with Ctrl-C in the shell where it serves",
    "without --db it forgets what it has; talkvalue sandbox serve starts a new one",
)
_NO_REPEAT = (
    "an import is run again from its file",
    "talkvalue path import run FILE --channel NAME-OR-ID --mode UPDATE --again imports it again, "
    "and talkvalue path import failed-export ID -o FILE saves the rows that failed",
)
#: words for doing something again, which are for the number of an import
REPEATS = ("retry", "rerun", "redo", "restart", "repeat")
#: what a file is done to that is imported
UPLOADS = ("import", "imports", "upload", "load", "submit")
#: words for the end of something that runs
ENDS = ("cancel", "stop", "abort", "kill")
IMPOSSIBLE: Mapping[tuple[str, str], tuple[str, str]] = {
    **{("import", word): _NO_CANCEL for word in (*ENDS, "delete", "rm", "remove", "undo")},
    **{("import", word): _NO_REPEAT for word in REPEATS},
    **{("person", word): _NO_PERSON for word in ("create", "add", "new", "invite")},
    **{("company", word): _NO_COMPANY for word in ("create", "add", "new", "delete", "rm")},
    **{("person", word): _NO_PERSON_TAG for word in ("tag", "tags", "untag", "attach", "label")},
    **{("tag", word): _NO_PERSON_TAG for word in ("people", "person", "contacts", "members")},
    **{
        (group, word): _NO_LEAVING
        for group in ("channel", "event")
        for word in ("remove-person", "delete-person", "unsubscribe", "kick")
    },
    **{("event person", word): _NO_LEAVING for word in ("remove", "delete", "rm", "kick")},
    **{("config", word): _NO_UNSET for word in ("unset", "edit", "delete", "rm", "reset")},
    **{("sandbox", word): _ENDS_WITH_ITS_SHELL for word in (*ENDS, "reset", "down", "restart")},
}
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
    **dict.fromkeys(NEWEST_OPTIONS, ("--latest", "--limit 1")),
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
#: what a topic is looked for under → the topic
TOPICS: Mapping[str, str] = {
    **dict.fromkeys(
        ("json", "csv", "table", "tables", "query", "jmespath", "output"), "formatting"
    ),
    **dict.fromkeys(("exit", "codes", "exitcodes", "status"), "exit-codes"),
    **dict.fromkeys(("env", "variables", "proxy"), "environment"),
    **dict.fromkeys(("crontab", "systemd", "ci"), "cron"),
    **dict.fromkeys(("errors", "problems", "faq", "debug"), "troubleshooting"),
    **dict.fromkeys(("fields", "columns"), "mapping"),
    **dict.fromkeys(("all", "commands", "options"), "reference"),
    **dict.fromkeys(("postgres", "postgresql", "journal", "kubernetes", "docker"), "scaling"),
    **dict.fromkeys(("excel", "xlsx", "encoding", "encodings"), "files"),
    **dict.fromkeys(("timeout", "polling", "progress", "metrics", "prometheus"), "waiting"),
    **dict.fromkeys(("token", "tokens", "oauth", "keyring", "profiles"), "signing-in"),
}

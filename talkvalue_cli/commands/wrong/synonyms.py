"""What things are called by other programs: looked at when a command line is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: words for the newest of a list
NEWEST = ("latest", "last", "newest")
#: words for a list
LISTS = ("ls", "index", "all")
#: words for running a command, or a shell, with a server
SHELLS = ("exec", "shell", "bash", "sh", "--")
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
    **dict.fromkeys(
        ("register", "invite", "subscribe", "enroll", "join", "checkin", "check-in", "rsvp"),
        ("add-person", "add"),
    ),
    "cancel": ("delete",),
    **dict.fromkeys(("running", "active", "unfinished", "queue", "ps", "top"), ("list --active",)),
    **dict.fromkeys(("pending", "queued"), ("list --status PENDING",)),
    **dict.fromkeys(("completed", "done", "finished"), ("list --status COMPLETED",)),
    **dict.fromkeys(("dry-run", "dryrun", "plan", "simulate"), ("run --dry-run",)),
    **dict.fromkeys(("convert", "clean", "normalize", "lint", "fix"), ("prepare",)),
    "columns": ("analyze",),
    **dict.fromkeys(("edit", "set", "modify", "change", "patch"), ("update", "set")),
    "rename": ("update",),
    **dict.fromkeys(("watch", "follow", "tail", "poll"), ("wait", "list --watch")),
    **dict.fromkeys(("status", "state", "progress"), ("get", "status")),
    **dict.fromkeys(("search", "find", "grep"), ("list --keyword TEXT", "list --name TEXT")),
    **dict.fromkeys(("start", "up"), ("serve", "run")),
    **dict.fromkeys(("upload", "load", "submit", "retry", "rerun", "redo"), ("run",)),
    **dict.fromkeys(
        (
            "errors",
            "error",
            "failures",
            "failed",
            "failed-rows",
            "export-failed",
        ),
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
    **dict.fromkeys(("demo", "mock", "fake"), ("sandbox serve",)),
    **dict.fromkeys(("changelog", "about", "release"), ("version",)),
    **dict.fromkeys(("quickstart", "getting-started"), ("help imports",)),
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
    **{("event", word): "path event list" for word in ("upcoming", "next")},
    ("event", "trend"): "path analysis event trend",
    **{
        ("import", word): "path import get"
        for word in ("stats", "summary", "report", "result", "results", "rows", "count")
    },
    **{("import", word): "help mapping" for word in ("mapping", "mappings", "fields", "template")},
    **{("tag", word): "path tag attach" for word in ("channel", "event")},
    **{("auth", word): "auth logout" for word in ("remove", "rm", "delete", "revoke")},
    **{("auth", word): "auth switch" for word in ("org", "orgs", "organization", "organizations")},
    **{("config", word): "config list" for word in ("show", "view", "cat", "dump", "print")},
    ("config", "get-contexts"): "auth list",
    ("config", "set-context"): "auth use",
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
UPLOADS = (
    *("import", "imports", "upload", "load", "submit", "push", "sync", "apply"),
    *("add", "new", "begin", "start", "execute", "now"),
)
#: words for the end of something that runs
ENDS = ("cancel", "stop", "abort", "kill", "pause", "rollback", "revert")
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

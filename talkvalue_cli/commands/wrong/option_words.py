"""What options are called by other programs: looked at when a command line is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from talkvalue_cli.commands.wrong.tables import read_table

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
OPTIONS: Mapping[str, Sequence[str]] = read_table("""
    --upsert --update --overwrite = --mode UPDATE
    --skip --skip-existing --insert = --mode SKIP
    --dryrun --check --preview --plan = --dry-run
    --no-confirm --assume-yes --no-prompt --no-input --non-interactive -y = --yes
    --async --background --detach = --no-wait
    --debug --trace = --verbose
    --search --find = --keyword
    --filter = --keyword | --status
    --jq --jmespath --select = --query
    --errors --failed = --failed-rows | --status FAILED
    --running --pending --unfinished = --active
    --completed --done = --status COMPLETED
    --latest --last --newest = --latest | --limit 1
    --out --output-file --out-file --dest -O = --output
    --output --output-format = --format
    --url --endpoint --endpoint-url --server = --api-url
    -c --list --source --source-name --into --target = --channel
    --on-conflict --strategy --duplicates --if-exists = --mode
    --max-errors --max-failures --error-limit = --max-failed
    --skip-rows --skip-lines --header-line = --header-row
    --poll --poll-interval --every --delay = --interval
    --strict-mode --fail-on-warning = --strict
    -k --term = --keyword
    --timeout-seconds --max-wait = --timeout
    --per-page --size = --page-size
    --limit --max-items --max --top -L -l -n = --limit | --page-size
    --order --order-by --sort-by = --sort
    --map --field --column = --mapping
    --sort = --sort
    --after --from --start --begin = --since
    --before --end = --until
    --to = --output | --until | --channel
    --sep --separator = --delimiter
    -d = --delimiter | --input - | --field
    --charset --codepage = --encoding
    --no-header --headers = --header-row
    --concurrency --jobs --workers --threads -j = --parallel
    --ignore-errors --allow-errors = --allow-partial
    --continue-on-error --keep-on = --keep-going
    --no-progress --no-bar = --progress none
    --follow = --wait
    --count --reason --reasons --group-by = --summary
    --retries --max-retries = --retry-for
    --log-level --loglevel -vv = --verbose
    --today = --since today
    --yesterday = --since yesterday
    -A -a --all-pages = --all | --paginate
    --data --body --raw-field = --input - | --field
    --name = --keyword | --first-name
    --email --text --contains = --keyword
    --title = --name | --job-title
    --job --role --position = --job-title
    --date --starts-at --begins-at = --start-at
    --tz --zone = --time-zone | --timezone
    --show-origin --show-origins = --origins
    --silent -s = --quiet
    -p = --port | --page | --profile
    --force = --yes
    --h -? = --help
    -q = --quiet | --query
    -m = --mode
    -v = --verbose | --version
    --retry --force-again --rerun = --again
""")
#: options for what is an argument here
ARGUMENTS = (
    *("-f", "--id", "--file", "--email", "--name", "--path", "--job", "--job-id"),
    *("--import-job-id", "--import-id", "--person-id", "--shell"),
)
_PARTS_ELSEWHERE = ("--ids-only", "--template", "--jsonpath", "--raw", "--raw-output", "-r", "-t")
_ENDS_ALONE = "leave it out: this command waits for the end, and its exit code says how it was"
_NO_CHANNELS = (
    "the list has no channels; talkvalue path import history has those of the imports that were "
    "made on this machine"
)
#: options that there are not → which commands the advice is for, by a name or an option that they
#: have, and the advice
ADVICE: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys((*COLUMNS, *HEADERS, *_PARTS_ELSEWHERE), ("--query", PARTS)),
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
VARIABLES: Mapping[str, str] = dict.fromkeys(
    ("--token", "--api-key", "--api-token", "--with-token"), "TALKVALUE_TOKEN"
)

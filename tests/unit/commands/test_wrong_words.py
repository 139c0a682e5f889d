"""What a wrong word of a command line is answered with; of this and of other programs."""

from __future__ import annotations

import pytest

from tests.unit.commands.command_line import refuse

#: what is typed → the commands that are meant, between |
COMMANDS = """
    channels → path channel list
    contacts → path person list
    contacts export → path person export
    people ls → path person list
    people show 1 → path person get 1
    imports → path import list
    jobs watch 3 → path import wait 3
    path channels → path channel list
    path contacts rm 7 → path person delete 7
    analytics → path analysis
    stats → path overview
    settings → config list
    profiles → auth list
    wait 7 → path import wait 7
    waits → path import wait
    errors → path import failed-export
    run x.csv → path import run x.csv
    retry → path import run
    signin → login
    chanel list → path channel list
    compeltion bash → completion bash
    path import ls → path import list
    import ls → import list
    import show 7 → import get 7
    import describe 7 → import get 7
    import status 7 → import get 7
    import follow → import wait | import list --watch
    import errors 7 → import failed-export 7
    import retry x → import run
    import check x.csv → import analyze x.csv | import run --dry-run x.csv
    import lsit → import list
    channel rm 7 → channel delete 7
    channel remove 7 → channel delete 7
    channel new VIP → channel create VIP | channel add-person VIP
    channel add VIP → channel create VIP | channel add-person VIP
    channel show 7 → channel get 7
    tag find x → tag list --name x
    person search ada → person list --keyword ada
    auth whoami → auth status
    config ls → config list
    help channels → path channel list
    exit-codes → help exit-codes
    mapping → help mapping
    get import 7 → path import get 7
    get imports → path import list
    get channels → path channel list
    describe import 7 → path import get 7
    path list people → path person list
    edit channel 7 → path channel update 7
    delete tag online → path tag delete online
    create channel VIP → path channel create VIP
    watch import 7 → path import wait 7
    import help → help import
    import help run → help import run
    path import help zzz → help path import
    sandbox start → sandbox serve | sandbox run
    init → login
    tag get 4 → tag list
    customers → path person list
    auth refresh → auth login
    explain import → help import
    tag show 4 → tag list
    configure → login
    status → path import get | auth status
    status import 7 → path import get 7
    import latest → import get --latest
    import last → import get --latest
    latest → path import get --latest
    doctor → auth status
    person 7 → person get 7
    person ada@x.org → person get ada@x.org
    path import 4218 → path import get 4218
    channel 1 --json → channel get 1 --json
    import get latest → import get --latest
    person get Ada → path person list --keyword Ada
    person delete O'Neil → path person list --keyword 'O'"'"'Neil'
    import/7 → path import get 7
    import/7 --json → path import get 7 --json
    get import/7 → path import get 7
    imports 7 → path import get 7
    contacts ada@x.org → path person get ada@x.org
    people search ada okafor → path person list --keyword 'ada okafor'
    contacts export -o c.csv → path person export -o c.csv
    person edit 7 --phone 123 → person update 7 --phone 123
    person rm 7 -f → person delete 7
    rerun x.csv → path import run x.csv
    channel add-people 7 a@x.org → channel add-person 7 a@x.org
    tag remove 7 online → tag detach 7 online
    import follow 7 → import wait 7
    import 7 wait → import wait 7
    import 7 errors → import failed-export 7
    channel 7 people → channel people 7
    channel Newsletter people → channel people Newsletter
    person 7 delete → person delete 7
    event 7 people → event person list 7
    event 7 attendees → event person list 7
    tag 7 online → tag attach 7 online
    tag channel 7 online → path tag attach 7 online
    config:set api_url http://x.org → config set api_url http://x.org
    import:list → import list
    imports:ls → path import list
    config api_url → config get api_url
    config api_url http://x.org → config set api_url http://x.org
    config view → config list
    sandbox talkvalue channel list → sandbox run -- talkvalue channel list
    sandbox exec -- talkvalue tag list → sandbox run -- talkvalue tag list
    import running → import list --active
    import pending → import list --status PENDING
    import summary 7 → path import get 7
    import fields → help mapping
    import dry-run x.csv → import run --dry-run x.csv
    import columns x.csv → import analyze x.csv
    import convert x.csv → import prepare x.csv
    user info 7 → path person get 7
    segments → path channel list
    event rsvp 7 a@x.org → event person add 7 a@x.org
    event cancel 7 → event delete 7
    event upcoming → path event list
    auth orgs → auth switch
    import people 7 → path person list
    changelog → version
    channel rename 7 Fair → channel update 7 --name Fair
    tag rename online offline → tag update online offline
    failures 7 → path import failed-export 7
    channel members 7 → channel people 7
    event attendees 7 → event person list 7
    event person 7 → event person list 7
    event export 7 → event person export 7
    event register 7 a@x.org → event person add 7 a@x.org
    event add 7 a@x.org → event person add 7 a@x.org
    channel subscribe 7 a@x.org → channel add-person 7 a@x.org
    company people 7 → company person list 7
    channel Newsletter → channel get Newsletter
    channel Show 7 → channel get 7
    channel stats 7 → path analysis channel attribution 7
    person events 7 → path person get 7
    person history 7 → person activity 7
    auth show → auth status
    org list → auth status | auth switch
    use-context x → auth use x
    event add-person 7 a@x.org → event person add 7 a@x.org
    channel person list 7 → channel people 7
    channel person add 7 a@x.org → channel add-person 7 a@x.org
    commands → help
    path import waits 7 → path import wait 7
    waits --timeout 5 7 → path import wait --timeout 5 7
    wait --token secret 7 → path import wait
    channel tag VIP online → path tag attach VIP online
    event untag 7 online → path tag detach 7 online
    import export-failed 7 → import failed-export 7
"""
#: what is typed → the words that are meant
WORDS = """
    import run x.csv --chanel 1 → --channel
    import run x.csv --soruce-id 1 → --source-id
    import run x.csv --upsert → --mode UPDATE
    import run x.csv --skip-existing → --mode SKIP
    import run x.csv --dryrun → --dry-run
    import run x.csv --background → --no-wait
    import run x.csv --source Newsletter → --channel
    import wait 7 --time-out 5 → --timeout
    person list --search ada → --keyword
    person list --per-page 5 → --page-size
    person delete 7 --no-prompt → --yes
    person export --out x.csv → --output
    channel list --debug → --verbose
    channel list --output json → --format json
    channel list --output=CSV → --format CSV
    channel list --output yaml → --format
    channel list --endpoint-url x → --api-url
    person delete 7 --force → --yes
    person list --limit 5 → --page-size
    import run x.csv --h → --help
    import list -L 3 → --limit or --page-size
    person list -L 3 → --page-size
    import run x.csv -m SKIP → --mode
    import run x.csv -c 1 → --channel
    channel list -v → --verbose or --version
    import list -n 3 → --limit or --page-size
    import list --failed → --status FAILED
    import list --running → --active
    import list --filter status=FAILED → --status
    import get --newest → --latest
    import get #7 → 7
    import wait https://app.example.org/imports/7 → 7
    import list --status failed,COMPLETED → --status failed --status COMPLETED
    import list --status=FAILED,COMPLETED → --status FAILED --status COMPLETED
    import list -A → --all
    import list --columns id,status → --query '[].{id: id, status: status}'
    import list --fields=ID,fileName → --query '[].{id: id, fileName: fileName}'
    import get 7 --columns status → --query '{status: status}'
    import run x.csv -y → --yes
    import run x.csv --into VIP → --channel
    import run x.csv --on-conflict skip → --mode
    import run x.csv --max-errors 5 → --max-failed
    import run x.csv --skip-rows 2 → --header-row
    import wait 7 --poll 5 → --interval
    import run x.csv --strict-mode → --strict
    person list -k ada → --keyword
    event list --limit 5 → --query '[:5]'
    import run x.csv --sep ; → --delimiter
    import run x.csv --charset utf-8 → --encoding
    import run x.csv --no-header → --header-row
    import run x.csv -j 2 → --parallel
    import run x.csv --continue-on-error → --keep-going
    import run x.csv --no-progress → --progress none
    import run x.csv --to VIP → --channel
    import get 7 --follow → --wait
    import failed-export 7 --count → --summary
    channel list --name News → --query "[?contains(name, 'News')]"
    person update 7 --name Ada → --first-name
    person list --title CEO → --job-title
    event create --title Fair → --name
    event create --date 2027-01-01 → --start-at
    import list --sort createdAt → --query 'sort_by(@, &createdAt)'
    channel list --sort=-name → --query 'reverse(sort_by(@, &name))'
    channel list --reverse → --query 'reverse(@)'
    person list --sort-by name → --sort
    import list --after yesterday → --since
    import list --to yesterday → --until
    import list --today → --since today
    import history --latest → --limit 1
    import failed-export 7 --output-file x.csv → --output
    person list --email a@x.org → --keyword
    person delete 7 -f → --yes
    sandbox serve -p 8000 → --port or --profile
    api /path/channel -d {} → --input - or --field
    import list -help → --help
    import list -json → --json
    import list --file a/x.csv.gz → --query "[?starts_with(fileName, 'x.')]"
    import list failed → --status FAILED
    import list all → --all
    import list json → --json
    skills install → --install
    person export people.csv → --output people.csv
    import failed-export 7 failed.csv → --output failed.csv
    person update 7 phone=123 → --phone 123
    person update 7 jobTitle=Boss → --job-title Boss
    help json → formatting
    help exit → exit-codes
    help crontab → cron
"""
#: what is typed → the hint
HINTS = """
    import get 1.5 → talkvalue import get --help shows how it is used
    import get zzz → talkvalue import get --help shows how it is used
    person get --email a@x.org → give it as an argument: talkvalue person get [OPTIONS] EMAIL-OR-ID
    import run -f x.csv → give it as an argument: talkvalue import run [OPTIONS] FILE...
    import run --file x.csv → give it as an argument: talkvalue import run [OPTIONS] FILE...
    completion --shell zsh → give it as an argument: talkvalue completion [OPTIONS] SHELL
    import get 7 8 → it takes one at a time: talkvalue import get 7; talkvalue import get 8
    import get 7,8 → it takes one at a time: talkvalue import get 7; talkvalue import get 8
    person delete 7 8 → it takes one at a time: talkvalue person delete 7; talkvalue person delete 8
    import run x.csv --watch → leave it out: this command waits unless --no-wait is given
    import --exit-status 7 → it is an option of talkvalue import get
    import get - → each of standard input: xargs -n1 talkvalue import get
    import list --columns → --query prints parts of the data: --query id, --query '[].id'
    import list --no-headers → --query prints parts of the data: --query id, --query '[].id'
    import run x.csv --wait → leave it out: this command waits unless --no-wait is given
    import run x.csv --resume → leave it out: the same line run again goes on with its import
    channel list --output out.json → > out.json saves what is printed
    import run x.csv --event 7 → an import goes to a channel, which --channel names
    channel list --sort → talkvalue channel list --help shows how it is used
    import wait 7 8 --all → leave it out: all the imports that are named are waited for
    import get --job-id 7 → give it as an argument: talkvalue import get [OPTIONS] ID
    channel get --channel-id 7 → give it as an argument: talkvalue channel get [OPTIONS] NAME-OR-ID
    completion bash --install → talkvalue completion --help shows how it is used
    person get --channel-id 7 → talkvalue person get --help shows how it is used
"""
PARTS = "--query prints parts of the data: --query id, --query '[].id'"
ENDS = "leave it out: this command waits for the end, and its exit code says how it was"
LONG_HINTS = [
    ("import list --json id", f"--json has no value; {PARTS}"),
    ("import list --json id,name", f"--json has no value; {PARTS}"),
    ("import list --json=id", f"--json has no value; {PARTS}"),
    ("import list --json id -o csv", f"--json has no value; {PARTS}"),
    ("import wait 7 --exit-status", ENDS),
    ("import wait 7 --for=completed", ENDS),
    (
        "sandbox serve --token x",
        "TALKVALUE_SANDBOX_TOKEN in the environment is the token that it accepts",
    ),
    (
        "import failed-export --latest",
        "talkvalue import failed-export $(talkvalue path import get --latest --query id)",
    ),
]


def read_table(text: str) -> list[tuple[str, str]]:
    rows = (line.strip().partition(" → ") for line in text.strip().splitlines())
    return [(typed, meant) for typed, _, meant in rows]


@pytest.mark.parametrize(("line", "meant"), read_table(COMMANDS))
def test_a_wrong_command_is_answered_with_what_is_meant(line: str, meant: str) -> None:
    first, *others = [f"talkvalue {each}" for each in meant.split(" | ")]
    lead = "did you mean one of these?"
    wanted = "\n".join([lead, first, *others]) if others else f"did you mean {first}?"
    assert refuse(line)[1] == wanted


@pytest.mark.parametrize(("line", "meant"), read_table(WORDS))
def test_a_wrong_word_is_answered_with_the_one_that_is_meant(line: str, meant: str) -> None:
    assert refuse(line)[1] == f"did you mean {meant}?"


@pytest.mark.parametrize(("line", "hint"), [*read_table(HINTS), *LONG_HINTS])
def test_what_is_to_be_done_otherwise_is_said(line: str, hint: str) -> None:
    assert refuse(line)[1] == hint

"""What things are called by other programs: looked at when a command line is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from talkvalue_cli.commands.wrong.tables import read_groups, read_table

#: words for running a command, or a shell, with a server
SHELLS = ("exec", "shell", "bash", "sh", "--")
#: what a verb is called elsewhere → what it is called here
VERBS: Mapping[str, Sequence[str]] = read_table("""
    ls index all = list
    show describe view info read inspect cat = get | status
    rm del destroy = delete
    remove = delete | detach
    add-person = add
    add new make = create | add-person | attach
    register invite subscribe enroll join checkin check-in rsvp = add-person | add
    cancel = delete
    running active unfinished queue ps top = list --active
    pending queued = list --status PENDING
    completed done finished = list --status COMPLETED
    dry-run dryrun plan simulate = run --dry-run
    convert clean normalize lint fix = prepare
    columns = analyze
    edit set modify change patch = update | set
    rename = update
    watch follow tail poll = wait | list --watch
    status state progress = get | status
    search find grep = list --keyword TEXT | list --name TEXT
    start up = serve | run
    upload load submit retry rerun redo = run
    errors error failures failed failed-rows export-failed = failed-export
    download dump save = export | failed-export
    signin sign-in init setup configure refresh = login
    signout sign-out = logout
    whoami who me account context env doctor ping = status
    latest last newest = get --latest
    log logs runs history timeline = history | activity
    continue restart = resume
    check validate preview verify test = analyze | run --dry-run | status
    tagged label link apply assign = attach
    untag unlabel unlink unassign = detach
    upgrade self-update = update
    undo unmerge = merge-undo
    access-token print-access-token print = token
""")
#: words for a list, and for the newest of one
LISTS = tuple(word for word, verbs in VERBS.items() if verbs == ("list",))
NEWEST = tuple(word for word, verbs in VERBS.items() if verbs == ("get --latest",))
#: what a thing is called elsewhere → its group
NOUNS: Mapping[str, str] = {
    word: things[0]
    for word, things in read_table("""
        channels lists audience audiences segment = channel
        people persons contact contacts users members customers subscribers = person
        attendees participants guests registrants = person
        imports jobs job csv file files = import
        events = event
        companies accounts = company
        tags labels label = tag
        stats figures dashboard summary = overview
        analytics insights report reports = analysis
        settings configuration = config
        completions autocomplete = completion
        docs man topics manual explain commands examples tutorial = help
        raw request curl http = api
        profile profiles session = auth
    """).items()
}
#: what is typed without a thing → the commands that it is for
TOP: Mapping[str, Sequence[str]] = read_table("""
    status state progress = path import get | auth status
    upload load submit retry rerun redo = path import run
    org orgs organization organizations workspace workspaces tenant = auth status | auth switch
    demo mock fake = sandbox serve
    changelog about release = version
    quickstart getting-started = help imports
""")
#: what is typed behind a group → the command that it is for, elsewhere
OWN: Mapping[tuple[str, str], str] = read_groups("""
    person: events channels = path person get
    channel: count size tags = path channel get
    channel: stats analytics analysis attribution report events = path analysis channel attribution
    event: stats analytics analysis insights report = path analysis event insights
    event: upcoming next = path event list
    event: trend = path analysis event trend
    import: stats summary report result results rows count = path import get
    import: mapping mappings fields template = help mapping
    tag: channel event = path tag attach
    auth: remove rm delete revoke = auth logout
    auth: org orgs organization organizations = auth switch
    config: show view cat dump print = config list
    config: get-contexts = auth list
    config: set-context = auth use
    channel: tag add-tag label = path tag attach
    event: tag add-tag label = path tag attach
    channel: untag = path tag detach
    event: untag = path tag detach
    talkvalue: use-context = auth use
    config: use-context = auth use
    talkvalue: current-context = auth status
    config: current-context = auth status
""")
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
    word: topics[0]
    for word, topics in read_table("""
        json csv table tables query jmespath output = formatting
        exit codes exitcodes status = exit-codes
        env variables proxy = environment
        crontab systemd ci = cron
        errors problems faq debug = troubleshooting
        fields columns = mapping
        all commands options = reference
        postgres postgresql journal kubernetes docker = scaling
        excel xlsx encoding encodings = files
        timeout polling progress metrics prometheus = waiting
        token tokens oauth keyring profiles = signing-in
    """).items()
}

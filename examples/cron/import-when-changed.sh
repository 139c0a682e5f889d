#!/bin/sh
# Import a file that somebody replaces from time to time, for cron and for systemd timers.
#
#   import-when-changed.sh FILE CHANNEL-ID MAPPING...
#   import-when-changed.sh /srv/exports/registrants.csv 7 0:EMAIL 1:FIRST_NAME 2:LAST_NAME
#
# Silent when all is well, as cron mails whatever is printed. The same contents are
# imported once, however often this runs and wherever it was interrupted:
#
# - only one run at a time has the lock;
# - the contents give the upload its name, so an import of them can be found on the server,
#   also by a run that follows one which died in the middle;
# - the id of the import is noted, and the next run waits for that import instead of
#   creating another.
#
# Settings are environment variables, or lines like TALKVALUE_TOKEN=... in the file that
# TALKVALUE_ENV_FILE names (~/.talkvalue/import.env). Nobody else should be able to read it.
set -eu
umask 077

if [ $# -lt 3 ]; then
    echo "usage: $0 FILE CHANNEL-ID MAPPING..." >&2
    exit 2
fi
file=$1
channel_id=$2
shift 2

env_file=${TALKVALUE_ENV_FILE:-$HOME/.talkvalue/import.env}
if [ -r "$env_file" ]; then
    set -a
    # shellcheck source=/dev/null
    . "$env_file"
    set +a
fi

# systemd sets STATE_DIRECTORY
state=${STATE_DIRECTORY:-${XDG_STATE_HOME:-$HOME/.local/state}/talkvalue-import}
mkdir -p "$state"

base=$(basename "$file" .csv)
slot=$state/$base.$channel_id.$(printf '%s' "$file" | cksum | cut -d ' ' -f 1)
pending=$slot.pending
finished=$slot.finished

# The lock belongs to every process that has descriptor 9 open, so also to a talkvalue
# that outlives this script.
exec 9>"$slot.lock"
flock -n 9 || exit 0

# what the upload is called: file.CHANNEL.CRC-SIZE.csv
name=$base.$channel_id.$(cksum <"$file" | tr ' ' -).csv

note() { # note FILE TEXT: the file has either the old text or the new one, never half of it
    printf '%s\n' "$2" >"$1.new"
    mv "$1.new" "$1"
}

field() { # print one field of the JSON on standard input
    python3 -c 'import json, sys; print(json.load(sys.stdin.buffer)["data"][sys.argv[1]])' "$1"
}

if [ -s "$pending" ]; then
    # an earlier run did not see the end; perhaps the file had other contents then
    read -r id name <"$pending"
elif [ -s "$finished" ] && [ "$(cat "$finished")" = "$name" ]; then
    exit 0
else
    # an earlier run may have died between creating the import and noting its id
    list=$(talkvalue path import list --page-size 100 --json)
    id=$(printf '%s' "$list" | python3 -c '
import json, sys
jobs = json.load(sys.stdin.buffer)["data"]
print(*[job["id"] for job in jobs if job["fileName"] == sys.argv[1]][:1])
' "$name")
    if [ -z "$id" ]; then
        analysis=$(talkvalue path import analyze --file "$file" --file-name "$name" --json)
        for mapping in "$@"; do
            set -- "$@" --mapping "$mapping"
            shift
        done
        created=$(talkvalue path import create --json --mode UPDATE --source-id "$channel_id" \
            --file-key "$(printf '%s' "$analysis" | field fileKey)" "$@")
        id=$(printf '%s' "$created" | field importJobId)
    fi
    note "$pending" "$id $name"
fi

code=0
talkvalue path import wait "$id" --quiet --format table \
    --timeout "${TALKVALUE_WAIT_TIMEOUT:-50m}" \
    --failed-rows="$state/$base.rejected-in-$id.csv" --force || code=$?

case $code in
    0 | 6 | 7)
        # It has come to its end. After 6 and 7 the mail tells people what to correct;
        # the corrected file has other contents, and so is imported.
        note "$finished" "$name"
        rm -f "$pending"
        ;;
    4)
        # The server does not know it: the next run looks for it by name.
        rm -f "$pending"
        ;;
    *)
        echo "The next run goes on waiting for import $id." >&2
        ;;
esac
exit "$code"

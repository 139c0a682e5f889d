#!/bin/sh
# Import a CSV file into a channel, wait until it is in, and say what became of it.
#
#   import-and-wait.sh FILE [CHANNEL-NAME]
#
# The channel is made if there is none of that name. Columns are mapped as the server
# suggests. Somebody has to be signed in, or TALKVALUE_TOKEN to be set. The failed rows
# go to standard output as CSV; everything else that is said goes to standard error. The
# exit code is that of the import: see the end of this file.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: $0 FILE [CHANNEL-NAME]" >&2
    exit 2
fi
file=$1
channel=${2:-Registrants}

say() {
    printf '%s\n' "$*" >&2
}

say "== The channel $channel"
channel_id=
channels=$(talkvalue path channel list --query "[].join(' ', [to_string(id), name])")
while read -r id name; do
    if [ "$name" = "$channel" ]; then
        channel_id=$id
        break
    fi
done <<EOF
$channels
EOF
if [ -z "$channel_id" ]; then
    channel_id=$(talkvalue path channel create --name "$channel" --query id)
fi
say "channel $channel_id"

say "== What is in $file"
summary=$(talkvalue path import analyze --file "$file" --query "[
    join(' ', missingRequired),
    join(' ', columnMappings[?suggestedField].join(':', [to_string(csvIndex), suggestedField])),
    to_string(totalRows),
    fileKey
]")
{
    read -r missing
    read -r mappings
    read -r rows
    read -r key
} <<EOF
$summary
EOF
say "$rows rows; columns: $mappings"
if [ -n "$missing" ]; then
    say "No column of $file looks like $missing."
    exit 2
fi

say "== The import"
set --
for mapping in $mappings; do
    set -- "$@" --mapping "$mapping"
done
# Not one command with --wait: the id is known before the waiting begins, whatever happens then.
id=$(talkvalue path import create --file-key "$key" --source-id "$channel_id" \
    --mode UPDATE "$@" --query id)

trap : INT # Ctrl-C ends the wait, and this script then says what that means
code=0
talkvalue path import wait "$id" --format table >&2 || code=$?

case $code in
    0)
        say "== Every row of $file is in."
        ;;
    6)
        say "== Some rows failed. Correct them and import them as a file of their own:"
        talkvalue path import failed-export "$id"
        ;;
    7)
        say "== The import failed; correct the file before it is imported again."
        ;;
    8 | 124 | 129 | 130 | 143)
        say "== The import may still be running. Do NOT create it again; resume waiting with"
        say "talkvalue path import wait $id"
        ;;
    3)
        say "== The token is not accepted. The import $id keeps running."
        ;;
    4 | 5)
        say "== The server does not show import $id to this token."
        ;;
    *)
        say "== Something else went wrong (see above). See: talkvalue path import get $id"
        ;;
esac
exit "$code"

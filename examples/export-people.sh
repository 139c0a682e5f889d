#!/bin/sh
# Save the people of every organization that you belong to, as FOLDER/ORGANIZATION-ID.csv.
#
#   export-people.sh FOLDER
#
# Needs a sign-in (`talkvalue auth login`), for an API token belongs to one organization.
# While it runs, its profile works in one organization after the other; then it is back in
# the one it was in. Where other programs use the same profile, give this one its own:
# `talkvalue auth login --profile export`, and TALKVALUE_PROFILE=export for this script.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 FOLDER" >&2
    exit 2
fi
folder=$1

code=0
before=$(talkvalue auth status --exit-status --query orgId) || code=$?
if [ "$code" -eq 3 ]; then
    echo "Nobody is signed in. First: talkvalue auth login" >&2
fi
if [ "$code" -ne 0 ]; then
    exit "$code"
fi

# no command lists organizations; `api` calls what has none
ids=$(talkvalue api /auth/organization --query 'data[].id')

umask 077
mkdir -p "$folder"
go_back() {
    talkvalue auth switch "$before" >/dev/null
}
trap go_back EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

for id in $ids; do
    talkvalue auth switch "$id" >/dev/null
    # an export is there as a whole or not at all, so yesterday's stays when this one fails
    talkvalue path person export -o "$folder/$id.csv" --force
done

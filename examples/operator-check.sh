#!/bin/sh
# The state of an import, and what to do next, for the person on duty.
#
#   operator-check.sh ID
#
# The exit code is that of `talkvalue path import get ID --exit-status`.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 ID" >&2
    exit 2
fi
id=$1

code=0
talkvalue path import get "$id" --exit-status --format table || code=$?

echo
case $code in
    0)
        echo "Nothing to do."
        ;;
    6 | 7)
        echo "All failed rows by reason:"
        talkvalue path import failed-export "$id" --summary --format table
        ;;
    8)
        echo "Still running. To watch it:"
        echo "  talkvalue path import wait $id"
        ;;
    3)
        echo "Sign in with talkvalue auth login; or, if TALKVALUE_TOKEN is set, replace it."
        ;;
    4)
        echo "Check the number; these are the latest imports:"
        talkvalue path import list --page-size 5 --format table
        ;;
    *)
        echo "This says nothing about the import itself; try again in a minute."
        ;;
esac
exit "$code"

#!/bin/sh
# `talkvalue path import run` for cron: silent when all is well, with the token from a file.
#
#   import-quietly.sh FILE... --source-id ID --mode MODE [OPTION...]
#
# `run` itself sees to it that nothing is imported twice, wherever it was interrupted. The
# lock is for the mail: a run that overlaps would wait for the same import, and report it
# again. Failed rows are saved beside the journal of `run`.
#
# Settings are environment variables, or lines like TALKVALUE_TOKEN=... in the file that
# TALKVALUE_ENV_FILE names (~/.talkvalue/import.env). Nobody else should be able to read it.
set -eu
umask 077

env_file=${TALKVALUE_ENV_FILE:-$HOME/.talkvalue/import.env}
if [ -r "$env_file" ]; then
    set -a
    # shellcheck source=/dev/null
    . "$env_file"
    set +a
fi

state=${XDG_STATE_HOME:-$HOME/.local/state}/talkvalue
mkdir -p "$state/failed-rows"

# one lock for each command line; talkvalue keeps it open until it ends, however that happens
sum=$(printf '%s\n' "$@" | cksum)
exec 9>"$state/cron-${sum%% *}.lock"
flock -n 9 || exit 0
exec talkvalue path import run "$@" --quiet --format table --failed-rows="$state/failed-rows"

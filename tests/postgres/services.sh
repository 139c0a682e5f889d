#!/bin/sh
# The programs that the tests of the shared journal start: PostgreSQL and PgBouncer, as the system
# packages them. The tests run servers of their own, with data in a temporary folder and on a free
# port, as the user `postgres` where root runs the tests, and stop them in the end.
set -eu

has_postgres() {
    command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1
}

has_pgbouncer() {
    PATH="$PATH:/usr/sbin" command -v pgbouncer >/dev/null
}

missing=''
has_postgres || missing=' postgresql'
has_pgbouncer || missing="$missing pgbouncer"
if [ -z "$missing" ]; then
    echo 'PostgreSQL and PgBouncer are installed.'
    exit 0
fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "The tests of the shared journal need$missing. Install that:" >&2
    echo '  Debian, Ubuntu  sudo apt-get install postgresql pgbouncer' >&2
    echo '  Fedora          sudo dnf install postgresql-server pgbouncer' >&2
    echo '  macOS           brew install postgresql pgbouncer' >&2
    exit 1
fi
echo "Installing$missing ..."
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
# shellcheck disable=SC2086 # names of packages
apt-get -qq install --no-install-recommends -y $missing >/dev/null

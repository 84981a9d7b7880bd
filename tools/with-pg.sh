#!/usr/bin/env bash
# Run a command with a throw-away PostgreSQL, its address in TEST_PG_URL: with-pg.sh pytest
set -euo pipefail
bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ ! -x "$bin/initdb" ]; then
    echo "with-pg.sh: no PostgreSQL server here (apt install postgresql)" >&2
    exit 1
fi

# In memory, where there are 2 GB of it: every test gets a database of its own, ten times as fast as on a disk.
free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1 || true)
if [ -w /dev/shm ] && [ "${free:-0}" -ge 2097152 ]; then folder=$(mktemp -d -p /dev/shm); else folder=$(mktemp -d); fi
as_owner=()
if [ "$(id -u)" = 0 ]; then
    # The server refuses to run as root.
    chown postgres "$folder"
    as_owner=(runuser -u postgres --)
fi
pg_ctl() { (cd "$folder" && "${as_owner[@]}" "$bin/pg_ctl" --silent --pgdata "$folder/data" "$@"); }
cleanup() {
    pg_ctl --mode immediate stop 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
start() {
    port=$(free_port)
    # Nothing here outlives the run, so nothing needs to reach the disk.
    pg_ctl --wait --log "$folder/log" --options "-p $port -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=256MB" start
}

(cd "$folder" && "${as_owner[@]}" "$bin/initdb" --pgdata "$folder/data" --username postgres --auth trust \
    --encoding UTF8 --locale C.UTF-8 --no-sync >/dev/null)
# Somebody else can take the free port in between.
start || start || { cat "$folder/log" >&2; exit 1; }

# What the command puts away for the moment lies there, too: SQLite waits for the disk at each commit.
mkdir "$folder/tmp"
export TMPDIR="$folder/tmp"
export TEST_PG_URL="postgresql+psycopg://postgres@127.0.0.1:$port/postgres"
"$@"

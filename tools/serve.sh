#!/usr/bin/env bash
# Start the program on 127.0.0.1; "serve.sh demo" starts it with invented data in a database of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PORT:-5000}
instance=${KIKZ_INSTANCE:-instance}
flask=(.venv/bin/flask --app wsgi)

if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "Auf Port $port läuft schon ein Programm. Anderer Port: PORT=5001 make ${1:-run}" >&2
    exit 1
fi

.venv/bin/python tools/prepare.py
options=()
fill=
if [ "${1:-}" = demo ]; then
    demo=$(cd "$instance" && pwd)/demo.sqlite3
    export DATABASE_URL="sqlite:///$demo"
    # Invented people get no mails.
    unset MAIL_SERVER
    options=(--no-account)
    if [ ! -e "$demo" ]; then
        fill=yes
        # Half a demo is none.
        trap 'rm -f "$demo" "$demo-wal" "$demo-shm"' EXIT
    fi
fi
"${flask[@]}" setup "${options[@]}"
if [ -n "$fill" ]; then
    "${flask[@]}" demo fill
    trap - EXIT
fi

# The worker sends mails and does what is due; when one of the two ends, so does the other.
worker= server=
stop() {
    trap - EXIT INT TERM
    # A program that is gone already need not be stopped.
    kill -TERM $worker $server 2>/dev/null || true
    wait $worker $server 2>/dev/null || true
    # A server that was killed leaves its processes behind; they hold the port.
    pkill -KILL -g "$(ps -o pgid= $$ | tr -d ' ')" -f -- "granian .*--port $port " 2>/dev/null || true
}
trap stop EXIT
trap 'stop; exit 0' INT
trap 'stop; exit 0' TERM
"${flask[@]}" worker &
worker=$!

echo "IKZ-Beratung läuft unter http://127.0.0.1:$port – beenden mit Strg+C."
# One blocking thread per worker is fastest; Granian holds slow and idle connections itself.
# Its access log stays off: search words stand in the addresses.
# A worker that is still loading does not hear the signal to stop, hence the time limit.
.venv/bin/granian --interface wsgi --host 127.0.0.1 --port "$port" --workers "${WORKERS:-2}" \
    --blocking-threads 1 --no-ws --no-access-log --log-level warning \
    --respawn-failed-workers --workers-kill-timeout 5 wsgi:app &
server=$!
wait -n "$worker" "$server" || true
echo "Ein Teil des Programms hat sich beendet, der andere endet mit ihm." >&2
exit 1

#!/usr/bin/env bash
# All measurements, one after the other, each beside its yardstick of the same run, on both databases.
# Nothing else should run on the machine. A name measures only that: "bench.sh pages".
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${TEST_PG_URL:-}" ]; then
    tools/setup.sh dev
    exec tools/with-pg.sh "$0" "$@"
fi

both=(--database both)
measure() {
    [ -z "$wanted" ] || [ "$wanted" = "$1" ] || return 0
    printf '\n== %s\n' "$*"
    .venv/bin/python -m "benchmarks.$1" "${@:2}"
}

wanted=${1:-}
measure start
measure pages "${both[@]}" --tenfold
measure reports "${both[@]}" --tenfold
measure register "${both[@]}"
measure lists "${both[@]}"
measure duplicates "${both[@]}"
measure update "${both[@]}"
measure load "${both[@]}"

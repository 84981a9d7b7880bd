#!/usr/bin/env bash
# Check style, templates and types; prints the seconds of each step.
set -euo pipefail
cd "$(dirname "$0")/.."

step() {
    local name=$1 begin=${EPOCHREALTIME//[.,]/} out
    shift
    out=$("$@" 2>&1) || { printf '%s\n%s: failed\n' "$out" "$name"; exit 1; }
    printf '%-12s %6d ms\n' "$name" $(((${EPOCHREALTIME//[.,]/} - begin) / 1000))
}

step "ruff check" .venv/bin/ruff check .
step "ruff format" .venv/bin/ruff format --check .
step djlint .venv/bin/djlint --lint --quiet templates
step mypy .venv/bin/mypy crm

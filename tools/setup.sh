#!/usr/bin/env bash
# Make ready what the program needs: .venv with the pinned packages, compiled translations.
# "setup.sh dev" adds the packages of the tests. Does nothing twice. WHEELHOUSE=folder installs without a network.
set -euo pipefail
[ -z "${WHEELHOUSE:-}" ] || WHEELHOUSE=$(realpath "$WHEELHOUSE")
cd "$(dirname "$0")/.."
kind=${1:-run}

usable() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The interpreter of the system before one that somebody built: it is what services run on, and faster by a fifth.
python=/usr/bin/python3
usable "$python" || python=python3

# A system upgrade can take the interpreter of an older .venv away.
if ! .venv/bin/python -c '' 2>/dev/null; then
    if ! usable "$python"; then
        echo "Es fehlt Python 3.11 oder neuer mit dem Modul venv. Als Administrator: apt install python3 python3-venv" >&2
        exit 1
    fi
    echo "Richte die Python-Umgebung ein (.venv) …"
    rm -rf .venv
    "$python" -m venv .venv
fi

packages=requirements.txt
[ "$kind" = dev ] && packages=requirements-dev.txt
pins=$(cat requirements.txt requirements-dev.txt | sha256sum | cut -d ' ' -f 1)
# The packages of the tests contain those of the program.
if ! grep -qsx -e "$kind $pins" -e "dev $pins" .venv/installed; then
    echo "Installiere die Pakete aus $packages …"
    # WHEELHOUSE is a folder made by wheelhouse.sh: then nothing comes from the network.
    source=()
    [ -z "${WHEELHOUSE:-}" ] || source=(--no-index --find-links "$WHEELHOUSE")
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes "${source[@]}" -r "$packages"
    echo "$kind $pins" >.venv/installed
fi

for po in crm/translations/*/LC_MESSAGES/*.po; do
    if [ -e "$po" ] && [ ! "${po%.po}.mo" -nt "$po" ]; then
        .venv/bin/pybabel --quiet compile --input-file "$po" --output-file "${po%.po}.mo"
    fi
done

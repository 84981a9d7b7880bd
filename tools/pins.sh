#!/usr/bin/env bash
# Pin what requirements.in and requirements-dev.in ask for, with hashes; "pins.sh --upgrade" takes newer versions.
set -euo pipefail
cd "$(dirname "$0")/.."

.venv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
for name in requirements requirements-dev; do
    .venv/bin/uv --quiet pip compile --universal --python-version 3.11 --generate-hashes --no-header \
        --annotation-style line --output-file "$name.txt" "$@" "$name.in"
done

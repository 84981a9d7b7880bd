#!/usr/bin/env bash
# Collect the texts of code and templates into the catalogues, then compile them.
set -euo pipefail
cd "$(dirname "$0")/.."
pot=crm/translations/messages.pot

.venv/bin/pybabel --quiet extract --mapping-file pyproject.toml --keywords _l --sort-output \
    --no-location --omit-header --output-file "$pot" crm templates
for folder in crm/translations/*/; do
    language=$(basename "$folder")
    .venv/bin/pybabel --quiet update --input-file "$pot" --output-dir crm/translations --locale "$language" \
        --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 110
done
tools/setup.sh

#!/usr/bin/env bash
# Fetch every package of the program into one folder, for machines without internet: wheelhouse.sh FOLDER [dev]
# On a machine with the same Debian and processor; every file is checked against the hash in requirements.txt.
set -euo pipefail
folder=$(realpath "${1:?Welcher Ordner? tools/wheelhouse.sh ORDNER [dev]}")
cd "$(dirname "$0")/.."
packages=requirements.txt
[ "${2:-run}" = dev ] && packages=requirements-dev.txt

python=.venv/bin/python
[ -x "$python" ] || python=python3
mkdir -p "$folder"
"$python" -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    --dest "$folder" -r "$packages"
(cd "$folder" && sha512sum -- *.whl >SHA512SUMS)
echo "$(find "$folder" -name '*.whl' | wc -l) Pakete in $folder, dazu SHA512SUMS. Weiter auf dem anderen Rechner:"
echo "  WHEELHOUSE=$folder tools/install.sh"

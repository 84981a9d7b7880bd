#!/usr/bin/env bash
# Lint, types and the whole suite: "test.sh" or "test.sh stress". The last line is pytest's own.
# TEST_WORKERS=1 runs the suite in one process instead of two.
set -euo pipefail
cd "$(dirname "$0")/.."

postgres_there() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
# The shell without windows draws the same pages as the whole browser with a third of the work.
chromium_there() { command -v chromium-headless-shell || command -v chromium; } >/dev/null
# The program that drives the browser is linked against it; a bare Debian has it only with a compiler.
libatomic_there() { compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null; }
missing() {
    postgres_there || echo postgresql
    chromium_there || echo chromium-headless-shell
    libatomic_there || echo libatomic1
}

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
may_install() { command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; }
install() {
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

wanted=$(missing)
if [ -n "$wanted" ] && may_install; then
    echo "Installiere für die Tests:" $wanted
    install $wanted >/dev/null || true
    wanted=$(missing)
fi
if [ -n "$wanted" ]; then
    echo "Es fehlt:" $wanted "(apt install" $wanted"). Deshalb laufen diese Tests nicht:" \
        $(postgres_there || echo PostgreSQL) $(chromium_there && libatomic_there || echo Browser)
    [ "${CI:-}" != true ] || exit 1
fi

tools/setup.sh dev
options=()
if [ "${1:-}" = stress ]; then
    # The controls belong to it: a promise counts only beside a run that breaks it.
    options=(-m "stress or control")
else
    tools/lint.sh
fi
# Each process builds its databases and its browser once; one that is idle takes over what another has not begun.
[ "${TEST_WORKERS:-2}" = 1 ] || options+=(-n "${TEST_WORKERS:-2}" --dist worksteal)

with_pg=()
! postgres_there || with_pg=(tools/with-pg.sh)
"${with_pg[@]}" .venv/bin/python -m pytest "${options[@]}"

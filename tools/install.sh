#!/usr/bin/env bash
# Install the program in whose folder this lies, as root: account, folders, packages, settings, units of systemd,
# examples for nginx. Run again after an update; what was changed by hand under /etc stays.
# PREFIX puts everything below another folder and leaves accounts and systemd alone (for packagers and for trying).
set -euo pipefail
cd "$(dirname "$0")/.."
root=${PREFIX:-}
# Debian's own Python, not one in somebody's home that the account of the program may not enter.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin

if [ "$(id -u)" != 0 ]; then
    echo "install.sh legt ein Konto und Dienste an: bitte als root aufrufen." >&2
    exit 1
fi
if [ -z "$root" ] && [ "$(pwd -P)" != /srv/kikz ]; then
    echo "Das Programm gehört nach /srv/kikz, denn diesen Ordner nennen die Dienste. Hier ist $(pwd -P)." >&2
    exit 1
fi

id kikz >/dev/null 2>&1 || adduser --quiet --system --group --home /var/lib/kikz --no-create-home kikz
# The program belongs to root and is written by nobody else; styles and scripts are packed now for that reason.
# However it was unpacked, the account kikz has to be able to read it.
if [ -z "$root" ]; then
    umask 022
    chown -hR root:root .
    chmod -R u=rwX,go=rX .
fi
tools/setup.sh
if ! runuser -u kikz -- .venv/bin/python -c ''; then
    echo "Das Konto kikz darf $(readlink -f .venv/bin/python) nicht ausführen. Nötig ist das Python von Debian:" \
        "apt install python3 python3-venv, dann rm -r .venv und noch einmal tools/install.sh" >&2
    exit 1
fi
.venv/bin/python -c "from crm import assets; assets.pack()"
.venv/bin/python -m compileall -q crm config.py wsgi.py migrations

install -d -m 750 -o root -g kikz "$root/etc/kikz"
install -d -m 700 -o kikz -g kikz "$root/var/lib/kikz"
install -d -m 750 -o www-data -g adm "$root/var/log/kikz"

# new FILE TARGET MODE GROUP: copy an example that people change, once.
new() {
    [ -e "$root$2" ] || install -D -m "$3" -o root -g "$4" "tools/system/$1" "$root$2"
}
# ours FILE TARGET: copy what an update may replace.
ours() { install -D -m 644 "tools/system/$1" "$root$2"; }
new kikz.env /etc/kikz/kikz.env 640 kikz
new nginx.conf /etc/nginx/sites-available/kikz 644 root
ours nginx-proxy.conf /etc/nginx/snippets/kikz-proxy.conf
ours nginx-log.conf /etc/nginx/conf.d/kikz-log.conf
ours logrotate /etc/logrotate.d/kikz
ours journald.conf /etc/systemd/journald.conf.d/kikz.conf
for unit in tools/system/*.service tools/system/*.timer; do ours "${unit##*/}" "/etc/systemd/system/${unit##*/}"; done
install -d "$root/usr/local/sbin"
ln -sfn "$(pwd -P)/tools/kikz" "$root/usr/local/sbin/kikz"

if [ -z "$root" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    # Only a new start of the journal keeps it for the 90 days from now on.
    systemctl try-restart systemd-journald
fi
echo "Eingerichtet. Als Nächstes: Einstellungen in $root/etc/kikz/kikz.env, weiter mit docs/betrieb/einrichten.md."

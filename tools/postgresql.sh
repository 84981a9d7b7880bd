#!/usr/bin/env bash
# Make database and roles on the PostgreSQL of this machine and write their addresses to the settings: as root, twice
# does no harm. KIKZ_ETC and KIKZ_DATABASE name another folder and database; PGPORT another cluster.
set -euo pipefail
cd "$(dirname "$0")/.."
etc=${KIKZ_ETC:-/etc/kikz}
database=${KIKZ_DATABASE:-kikz}
port=${PGPORT:-5432}

if [ "$(id -u)" != 0 ]; then
    echo "postgresql.sh richtet Rollen ein und schreibt nach $etc: bitte als root aufrufen." >&2
    exit 1
fi
if ! command -v psql >/dev/null || ! id postgres >/dev/null 2>&1; then
    echo "Es fehlt PostgreSQL. Abhilfe: apt install postgresql" >&2
    exit 1
fi
if [ ! -f "$etc/kikz.env" ]; then
    echo "$etc/kikz.env fehlt. Richten Sie zuerst das Programm ein: tools/install.sh" >&2
    exit 1
fi

random() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
daily_password=$(random)
owner_password=$(random)

# By standard input: what stands in arguments can be read by everybody on the machine.
{
    printf '\\set daily %s\n\\set owner %s_owner\n\\set database %s\n' "$database" "$database" "$database"
    printf '\\set daily_password %s\n\\set owner_password %s\n' "$daily_password" "$owner_password"
    cat tools/postgresql.sql
} | (cd / && runuser -u postgres -- psql --no-psqlrc --quiet --port "$port" --dbname postgres --file - >/dev/null)

# write FILE NAME VALUE: put one setting in place of an earlier one, keeping owner and mode of the file.
write() {
    local rest
    rest=$(grep -v "^$2=" "$1" || true)
    printf '%s\n%s=%s\n' "$rest" "$2" "$3" >"$1"
}
write "$etc/kikz.env" DATABASE_URL "postgresql://$database:$daily_password@127.0.0.1:$port/$database"
[ -e "$etc/migration.env" ] || install -m 600 /dev/null "$etc/migration.env"
write "$etc/migration.env" MIGRATION_DATABASE_URL "postgresql://${database}_owner:$owner_password@127.0.0.1:$port/$database"
echo "Datenbank „$database“ ist bereit. Rollen: $database (täglich), ${database}_owner (nur zum Einrichten)."
echo "Geschrieben: DATABASE_URL in $etc/kikz.env, MIGRATION_DATABASE_URL in $etc/migration.env."

"""One file holds a backup: an archive of the dump, its description and the checksums of both.

SHA256SUMS is written the way `sha256sum` does, so that a backup can be checked without this program.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from config import instance_folder
from crm.db import BERLIN, db, now
from crm.operations import migrating, postgresql_dump, sqlite_dump
from crm.operations.dumps import BackupError

KINDS = {"sqlite": sqlite_dump, "postgresql": postgresql_dump}
FORMAT, MANIFEST, DUMP, SUMS = 1, "manifest.json", "dump", "SHA256SUMS"
__all__ = ["BackupError", "create", "own_name", "restore"]


def create(path: Path | None) -> tuple[Path, dict[str, Any]]:
    """Write a backup of the running database, whole or not at all; give its path and manifest."""
    target = _target(path)
    with _workplace(target.parent) as folder:
        dump = folder / DUMP
        schema, rows = KINDS[db.engine.dialect.name].write(dump)
        manifest = {
            "format": FORMAT,
            "database": db.engine.dialect.name,
            "schema": schema,
            "created_at": now().isoformat(timespec="seconds"),
            "size": dump.stat().st_size,
            "rows": rows,
        }
        draft = folder / "draft"
        _pack(draft, dump, manifest)
        draft.replace(target)
    return target, manifest


def verify(path: Path) -> dict[str, Any]:
    """Check a backup from the first to the last byte; give its manifest."""
    with _workplace(instance_folder()) as folder:
        return _checked(path, folder / DUMP)


def restore(path: Path, replace: bool) -> tuple[Path | None, dict[str, Any]]:
    """Check a backup, then put its data in place of those that are here.

    Give the file that keeps the replaced data (none if there were none) and the manifest.
    """
    kind, kept = KINDS[db.engine.dialect.name], None
    with _workplace(instance_folder()) as folder:
        manifest = _checked(path, folder / DUMP)
        if kind.filled():
            if not replace:
                raise BackupError("Hier sind schon Daten. Mit --yes werden sie gesichert und ersetzt.")
            kept, _old = create(own_name("before-restore"))
        kind.put_back(folder / DUMP, manifest["rows"])
    return kept, manifest


def _checked(path: Path, dump: Path) -> dict[str, Any]:
    manifest = _unpack(path, dump)
    _check_origin(manifest)
    KINDS[db.engine.dialect.name].check(dump, manifest["rows"])
    return manifest


def _target(path: Path | None) -> Path:
    target = (own_name("kikz") if path is None else path).absolute()
    if not target.parent.is_dir():
        raise BackupError(f"Den Ordner {target.parent} gibt es nicht.")
    if target.exists():
        raise BackupError(f"{target} gibt es schon. Nennen Sie einen anderen Namen.")
    return target


def own_name(word: str) -> Path:
    """Give a name with day and time that is still free in the folder of backups."""
    folder = instance_folder() / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = f"{word}-{datetime.now(BERLIN):%Y-%m-%d-%H%M%S}"
    names = (folder / f"{stem}{ending}.kikz" for ending in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(name for name in names if not name.exists())


@contextmanager
def _workplace(parent: Path) -> Iterator[Path]:
    """Give a folder on the same disk that nobody else can read and that goes away again."""
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".kikz-", dir=parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise BackupError(f"Das ging nicht: {error.strerror} ({error.filename}).") from error


def _pack(draft: Path, dump: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
    sums = f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n{_sum_of(dump)}  {DUMP}\n".encode()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name, content in ((SUMS, sums), (MANIFEST, text)):
                archive.addfile(_member(name, len(content)), io.BytesIO(content))
            with dump.open("rb") as source:
                archive.addfile(_member(DUMP, dump.stat().st_size), source)
        file.flush()
        os.fsync(file.fileno())


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(datetime.now(UTC).timestamp())
    return member


def _sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(path: Path, dump: Path) -> dict[str, Any]:
    """Take the three members out, by name, and compare the checksums."""
    try:
        with tarfile.open(path, "r:") as archive:
            sums, text = _read(archive, SUMS), _read(archive, MANIFEST)
            with dump.open("wb") as target, _opened(archive, DUMP) as source:
                while block := source.read(1_048_576):
                    target.write(block)
        found = f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n{_sum_of(dump)}  {DUMP}\n"
        if sums.decode("ascii") != found:
            raise ValueError
        manifest: dict[str, Any] = json.loads(text)
    except (tarfile.TarError, KeyError, ValueError, EOFError):
        raise BackupError(f"{path.name} ist beschädigt oder keine Sicherung. Nichts ist verändert.") from None
    return manifest


def _opened(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    with _opened(archive, name) as file:
        return file.read(1_048_576)


def _check_origin(manifest: dict[str, Any]) -> None:
    here = db.engine.dialect.name
    if manifest["database"] != here:
        raise BackupError(f"Die Sicherung stammt aus {manifest['database']}, eingestellt ist {here}.")
    if manifest["format"] > FORMAT or manifest["schema"] not in migrating.known():
        raise BackupError(
            f"Die Sicherung (Stand {manifest['schema']}) ist neuer als dieses Programm. "
            "Aktualisieren Sie zuerst das Programm."
        )

"""Style sheets, scripts and icons: packed under a name that changes with their content, served gzipped."""

import functools
import gzip
import hashlib
import importlib.util
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request

from crm.access import open_to_all

PACKAGE = Path(__file__).resolve().parent
SOURCE = PACKAGE / "static" / "src"
TARGET = PACKAGE / "static" / "dist"
Places = tuple[tuple[Path, str], ...]
ICONS_NAMED_IN: Places = ((PACKAGE.parent / "templates", "*.html"), (PACKAGE, "*.py"), (SOURCE, "*.js"))
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
}
ZIPPED = {".css", ".js", ".svg"}
KEPT_FOLDERS = 3
_NAMES = re.compile(r"[\"'`#]([a-z0-9-]+)(?=[\"'`])")

assets = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Packed:
    """The files of one packing; the digest over all of them is the folder in every address."""

    digest: str
    paths: dict[str, Path]


def init_app(app: Flask) -> None:
    """Pack what changed, give templates `asset()` and serve the packed files."""
    app.extensions["assets"] = _packed_once()
    app.jinja_env.globals["asset"] = asset
    app.register_blueprint(assets, url_prefix=app.config["PREFIX"])


def asset(name: str) -> str:
    """Give the address of a packed file; an unknown name is a mistake in the template."""
    packed: Packed = current_app.extensions["assets"]
    if name not in packed.paths:
        raise LookupError(f"no asset named {name}")
    return f"{current_app.config['PREFIX']}/static/{packed.digest}/{name}"


@assets.get("/static/<string:digest>/<path:name>")
@open_to_all
def file(digest: str, name: str) -> Response:
    """Serve a packed file; whatever the packer did not write does not exist."""
    packed: Packed = current_app.extensions["assets"]
    if digest != packed.digest or name not in packed.paths:
        abort(404)
    path = packed.paths[name]
    response = Response(content_type=KINDS[path.suffix])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if path.suffix in ZIPPED:
        response.headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings.quality("gzip") > 0:
            response.headers["Content-Encoding"] = "gzip"
            path = _zipped(path)
    response.set_data(path.read_bytes())
    return response


@functools.cache
def _packed_once() -> Packed:
    # Sources do not change under a running program; a suite that makes many apps packs once.
    return pack()


def pack(source: Path = SOURCE, target: Path = TARGET, icons_named_in: Places = ICONS_NAMED_IN) -> Packed:
    """Write the files of the moment to a folder named after their content, unless it is there already."""
    contents = _contents(source, icons_named_in)
    digest = _digest(contents)
    folder = target / digest
    if not folder.is_dir():
        _write(contents, folder)
        _forget_old(folder)
    return Packed(digest, {name: folder / name for name in contents})


def _contents(source: Path, icons_named_in: Places) -> dict[str, bytes]:
    contents = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in sorted(source.rglob("*"))
        if path.suffix in KINDS
    }
    bootstrap = _bootstrap()
    sheet = (bootstrap / "icons" / "bootstrap-icons.svg").read_text(encoding="utf-8")
    contents["icons.svg"] = _icons(sheet, icons_named_in).encode()
    contents["bootstrap.css"] = _bare((bootstrap / "css" / "bootstrap.min.css").read_bytes())
    return _joined(contents)


def _bare(style: bytes) -> bytes:
    """Leave out what has no place inside a layer or names a file that is not served."""
    return re.sub(rb'@charset "[^"]*";|/\*# sourceMappingURL=.*?\*/', b"", style)


def _joined(contents: dict[str, bytes]) -> dict[str, bytes]:
    """Put every imported sheet where it is imported: one request instead of a chain of them."""
    imported = set()

    def layer(found: re.Match[bytes]) -> bytes:
        imported.add(name := found[1].decode())
        return b"@layer %b {\n%b\n}" % (found[2], contents[name])

    style = re.sub(rb'@import url\("([^"]+)"\) layer\(([a-z-]+)\);', layer, contents["app.css"])
    kept = {name: data for name, data in contents.items() if name not in imported}
    return kept | {"app.css": style}


def _bootstrap() -> Path:
    # Only files of the wheel are used; importing it would run an extension nobody needs.
    spec = importlib.util.find_spec("flask_bootstrap")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("Bootstrap-Flask is not installed")
    return Path(spec.origin).parent / "static" / "bootstrap5"


def _icons(sheet: str, named_in: Places) -> str:
    """Keep the icons whose name stands in quotes somewhere; a few too many do no harm."""
    named: set[str] = set()
    # File by file: all of them at once are the most memory the program ever needs.
    for path in (path for place, files in named_in for path in place.rglob(files)):
        named.update(_NAMES.findall(path.read_text(encoding="utf-8")))
    symbols = re.finditer(r'<symbol[^>]*\bid="([^"]+)".*?</symbol>', sheet, re.DOTALL)
    kept = [symbol[0] for symbol in symbols if symbol[1] in named]
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(kept) + "</svg>\n"


def _digest(contents: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in sorted(contents.items()):
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()[:16]


def _write(contents: dict[str, bytes], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    draft.chmod(0o755)
    for name, data in contents.items():
        path = draft / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if path.suffix in ZIPPED:
            _zipped(path).write_bytes(gzip.compress(data, compresslevel=9, mtime=0))
    try:
        draft.rename(folder)
    except OSError:
        # Another process packed the same files in the meantime.
        shutil.rmtree(draft)
        if not folder.is_dir():
            raise


def _zipped(path: Path) -> Path:
    return path.with_name(path.name + ".gz")


def _forget_old(folder: Path) -> None:
    """Keep a few earlier folders for processes that still run with them."""
    others = [path for path in folder.parent.iterdir() if path.is_dir() and path != folder]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[KEPT_FOLDERS:]:
        shutil.rmtree(path, ignore_errors=True)

"""Packing and serving of style sheets, scripts and icons."""

import gzip
import re

import pytest
from flask import Flask

from crm import assets

BUDGET = 150_000


@pytest.fixture
def source(tmp_path):
    source = tmp_path / "src"
    (source / "js").mkdir(parents=True)
    (source / "app.css").write_text('@import url("bootstrap.css") layer(bootstrap);\n')
    (source / "js" / "app.js").write_text('const mark = "check-lg";\n')
    return source


@pytest.fixture
def pack(source, tmp_path):
    return lambda: assets.pack(source, tmp_path / "dist", ((source, "*.js"),))


@pytest.fixture
def client():
    app = Flask("tiny", static_folder=None)
    app.config["PREFIX"] = ""
    assets.init_app(app)
    app.add_url_rule("/address/<path:name>", view_func=assets.asset)
    return app.test_client()


@pytest.fixture
def address(client):
    return lambda name: client.get(f"/address/{name}").text


def test_address_changes_with_any_content(pack, source):
    before = pack()
    (source / "js" / "app.js").write_text("const mark = 1;\n")
    assert pack().digest != before.digest


def test_packing_again_writes_nothing(pack):
    times = [path.stat().st_mtime_ns for path in pack().paths.values()]
    assert [path.stat().st_mtime_ns for path in pack().paths.values()] == times


def test_every_text_file_has_its_gzip_beside_it(pack):
    for path in pack().paths.values():
        assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()


def test_only_icons_named_in_the_sources_are_packed(pack):
    icons = pack().paths["icons.svg"].read_text()
    assert re.findall(r'<symbol[^>]* id="([^"]+)"', icons) == ["check-lg"]


def test_imported_sheets_lie_in_one_file_each_in_its_layer(pack):
    packed = pack()
    style = packed.paths["app.css"].read_text(encoding="utf-8")
    assert style.startswith("@layer bootstrap {")
    assert ".btn-primary" in style
    assert "sourceMappingURL" not in style
    assert "@import" not in style
    assert set(packed.paths) == {"app.css", "js/app.js", "icons.svg"}


def test_folders_of_long_ago_are_forgotten(pack, source):
    for number in range(assets.KEPT_FOLDERS + 3):
        (source / "js" / "app.js").write_text(f"const number = {number};\n")
        newest = pack()
    folders = {path.name for path in newest.paths["app.css"].parent.parent.iterdir()}
    assert newest.digest in folders
    assert len(folders) == assets.KEPT_FOLDERS + 1


def test_a_browser_gets_gzip_and_keeps_it_for_a_year(client, address):
    answer = client.get(address("app.css"), headers={"Accept-Encoding": "gzip, br"})
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert gzip.decompress(answer.data) == assets.pack().paths["app.css"].read_bytes()


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0"])
def test_who_does_not_take_gzip_gets_it_plain(client, address, accepted):
    answer = client.get(address("app.css"), headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.data == assets.pack().paths["app.css"].read_bytes()


@pytest.mark.parametrize(
    ("name", "mimetype"), [("js/app.js", "text/javascript"), ("icons.svg", "image/svg+xml")]
)
def test_types_are_what_browsers_insist_on(client, address, name, mimetype):
    assert client.get(address(name)).mimetype == mimetype


@pytest.mark.parametrize(
    "name",
    ["app.css.gz", "nothing.css", "../app.css", "..%2f..%2f..%2fassets.py", "js/../../../src/app.css", "js"],
)
def test_nothing_but_packed_files_is_served(client, address, name):
    folder = address("app.css").removesuffix("app.css")
    assert client.get(folder + name).status_code == 404


def test_a_foreign_digest_is_not_served(client):
    assert client.get("/static/0123456789abcdef/app.css").status_code == 404


def test_an_unknown_name_is_a_mistake_in_the_template(client):
    client.application.testing = True
    with pytest.raises(LookupError, match="no asset named absent.css"):
        client.get("/address/absent.css")


def test_addresses_follow_the_configured_prefix(client, address):
    client.application.config["PREFIX"] = "/crm"
    assert address("app.css").startswith("/crm/static/")


def test_all_that_styles_and_scripts_name_is_packed():
    paths = assets.pack().paths
    for path in paths.values():
        if path.suffix in {".css", ".js"}:
            text = path.read_text(encoding="utf-8")
            for name in re.findall(r"""(?:url\(|from |import )["']([^"':]+)["']""", text):
                assert (path.parent / name).is_file(), f"{path.name} names {name}"


def test_every_icon_the_templates_ask_for_exists():
    icons = assets.pack().paths["icons.svg"].read_text(encoding="utf-8")
    templates = assets.PACKAGE.parent / "templates"
    for path in templates.rglob("*.html"):
        for name in re.findall(r"""\bicon\(["']([^"']+)["']""", path.read_text(encoding="utf-8")):
            assert f'id="{name}"' in icons, f"{path.name} asks for {name}"


def test_the_first_page_loads_within_its_budget():
    sizes = {
        name: path.with_name(path.name + ".gz").stat().st_size
        for name, path in assets.pack().paths.items()
        if path.suffix in assets.ZIPPED
    }
    assert sum(sizes.values()) <= BUDGET, sizes

"""The bill of materials: valid, complete, with checksums and licences."""

import hashlib
import json
import subprocess
import sys
from importlib.metadata import metadata, version

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config import ROOT
from crm import assets

TOOL = ROOT / "tools" / "sbom.py"


def installed():
    """Every package the program needs here, found by asking the installed ones; nothing from the pins."""
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").split("\n")
    waiting, found = [Requirement(line) for line in lines if line], {}
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        extras = one.extras or {""}
        if name in found and not one.extras:
            continue
        found[name] = version(name)
        for text in metadata(name).get_all("Requires-Dist") or []:
            need = Requirement(text)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(need)
    return found


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """A folder as wheelhouse.sh fills it; what is in the wheels does not matter here."""
    folder = tmp_path_factory.mktemp("wheels")
    for name, number in installed().items():
        (folder / f"{name.replace('-', '_')}-{number}-py3-none-any.whl").write_text(name)
    return folder


def make(folder, target):
    return subprocess.run(
        [sys.executable, TOOL, folder, target], text=True, capture_output=True, check=False, cwd=ROOT
    )


@pytest.fixture(scope="module")
def bill(wheels, tmp_path_factory):
    target = tmp_path_factory.mktemp("sbom") / "sbom.json"
    done = make(wheels, target)
    assert done.returncode == 0, done.stderr
    return target.read_text(encoding="utf-8")


def test_it_follows_the_schema_of_cyclonedx(bill):
    told = json.loads(bill)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(bill) is None
    # The control: a component without a name.
    del told["components"][0]["name"]
    assert validator.validate_str(json.dumps(told)) is not None


def test_it_lists_all_that_is_installed_and_all_that_browsers_get(bill):
    parts = json.loads(bill)["components"]
    libraries = {one["name"]: one["version"] for one in parts if "purl" in one}
    assert libraries == installed()
    files = {one["bom-ref"].removeprefix("static/") for one in parts if "purl" not in one}
    assert files == {*assets.pack().paths, "bootstrap.css"}


def test_every_part_has_its_checksum_and_licence(bill, wheels):
    packed = assets.pack().paths
    for part in json.loads(bill)["components"]:
        assert [one["alg"] for one in part["hashes"]] == ["SHA-512"]
        assert part["licenses"][0]["expression"], part["name"]
        name = part["bom-ref"].removeprefix("static/")
        if "purl" in part:
            content = part["name"].encode()
        elif name in packed:
            content = packed[name].read_bytes()
        else:
            continue
        assert part["hashes"][0]["content"] == hashlib.sha512(content).hexdigest()


def test_a_missing_wheel_is_said(wheels, tmp_path):
    for path in list(wheels.iterdir())[1:]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    done = make(tmp_path, tmp_path / "sbom.json")
    assert done.returncode == 1
    assert "fehlt in" in done.stderr
    assert not (tmp_path / "sbom.json").exists()


def test_packages_of_the_tests_are_no_part_of_it(bill):
    assert '"name": "pytest"' not in bill

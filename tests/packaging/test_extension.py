"""The extension's zip: what it holds, and wheels that every Blender takes. No network."""

import hashlib
import tomllib
import zipfile
from pathlib import Path

import pytest
from greybox.backend.packaging import extension

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def wheel(tmp_path):
    """A wheel of the stable ABI."""
    path = tmp_path / "pyzmq-27.3.0-cp312-abi3-manylinux_2_26_x86_64.manylinux_2_28_x86_64.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("zmq/_zmq.abi3.so", b"\x7fELF")
        archive.writestr(
            "pyzmq-27.3.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: false\n"
            "Tag: cp312-abi3-manylinux_2_26_x86_64\nTag: cp312-abi3-manylinux_2_28_x86_64\n",
        )
        archive.writestr("pyzmq-27.3.0.dist-info/RECORD", "old")
    return path


@pytest.fixture
def wheels(tmp_path):
    """Empty wheels for every Python of one platform, where `collect_wheels` looks for them."""
    folder = tmp_path / "out" / "wheels" / "linux-x64"
    folder.mkdir(parents=True)
    pins = extension.pinned(ROOT / "pyproject.toml")
    for name in extension.REQUIREMENTS:
        for tag in ("cp311", "cp313", "cp314"):
            (folder / f"{name}-{pins[name]}-{tag}-{tag}-manylinux_2_28_x86_64.whl").write_bytes(b"wheel")
    return tmp_path / "out"


def test_a_stable_wheel_gets_the_tag_of_one_python(wheel, tmp_path):
    made = extension.retag(wheel, "cp313", tmp_path)
    assert made.name == "pyzmq-27.3.0-cp313-cp313-manylinux_2_26_x86_64.manylinux_2_28_x86_64.whl"
    with zipfile.ZipFile(made) as archive:
        text = archive.read("pyzmq-27.3.0.dist-info/WHEEL").decode()
        record = archive.read("pyzmq-27.3.0.dist-info/RECORD").decode()
        code = archive.read("zmq/_zmq.abi3.so")
    assert text.count("Tag: cp313-cp313-manylinux") == 2 and "abi3" not in text
    assert code == b"\x7fELF" and "zmq/_zmq.abi3.so,sha256=" in record and record.endswith("RECORD,,\n")


def test_a_wheel_that_is_right_already_is_only_copied(tmp_path):
    (tmp_path / "in").mkdir()
    source = tmp_path / "in" / "msgspec-0.22.0-cp311-cp311-win_amd64.whl"
    source.write_bytes(b"as it is")
    assert extension.retag(source, "cp311", tmp_path).read_bytes() == b"as it is"


def test_the_zip_is_an_extension(wheels):
    (path,) = extension.build(ROOT, wheels, "linux-x64")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        manifest = tomllib.loads(archive.read("blender_manifest.toml").decode())
        assert archive.read("__init__.py").decode() == "from .blender_addon import register, unregister\n"
    assert manifest["platforms"] == ["linux-x64"] and len(manifest["wheels"]) == 6
    assert all(wheel.removeprefix("./") in names for wheel in manifest["wheels"])
    assert {tag.split("-")[2] for tag in manifest["wheels"]} == {"cp311", "cp313", "cp314"}
    assert "blender_addon/examples/living_room.json" in names and "backend/server/__main__.py" in names
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]


def test_the_same_source_gives_the_same_zip(wheels):
    first, second = (
        hashlib.sha256(extension.build(ROOT, wheels, "linux-x64")[0].read_bytes()).hexdigest() for _ in range(2)
    )
    assert first == second


def test_the_manifest_keeps_to_blenders_rules():
    manifest = tomllib.loads((ROOT / "blender_manifest.toml").read_text())
    assert manifest["id"] == "greybox" and manifest["schema_version"] == "1.0.0"
    for text in (manifest["tagline"], *manifest["permissions"].values()):
        assert len(text) <= 64 and text[-1].isalnum(), text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert manifest["version"] == project["version"]


def test_an_unknown_platform_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(extension.BuildError, match="macos-arm64"):
        extension.build(ROOT, tmp_path, "amiga")

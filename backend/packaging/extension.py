"""The Blender extension as zip files, one a platform. Standard library only; needs pip for the wheels.

A zip holds blender_manifest.toml, blender_addon/, backend/ (the source that the backend's own Python runs), the
wheels, and a generated `__init__.py`: Blender wants the package beside the manifest.

Why wheels are renamed. Blender takes the Python versions of an extension from the tags of its wheels. It reads
`abi3` as "3", and drops "3" as soon as any wheel says "3.x". pyzmq ships cp311-cp311 and cp312-abi3, which Blender
then takes to be for 3.11 alone, and 5.1+ (Python 3.13) refuses the extension. A wheel of the stable ABI runs in every
later Python, so it is handed out once per Python under that Python's own tag.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

PYTHONS = ("3.11", "3.13", "3.14")  # Blender 4.2-5.0, 5.1-5.2, and Debian's own build
PLATFORMS = {  # Blender's name -> the tags that pip may choose from, newest first
    "linux-x64": ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "windows-x64": ("win_amd64",),
    "macos-arm64": ("macosx_11_0_arm64", "macosx_10_15_universal2"),
    "macos-x64": ("macosx_10_15_x86_64", "macosx_10_15_universal2", "macosx_10_9_x86_64"),
}
REQUIREMENTS = ("pyzmq", "msgspec")  # versions as pinned in pyproject.toml
FOLDERS = ("blender_addon", "backend")
FILES = ("pyproject.toml", "install.py", "README.md", "LICENSE")  # the backend's set-up; taken where they exist
INIT = "from .blender_addon import register, unregister\n"
EPOCH = (2026, 1, 1, 0, 0, 0)  # the same source gives the same zip


class BuildError(RuntimeError):
    """The zip could not be built; the text says which step and what pip or the file system said."""


def build(source: Path, out: Path, platform: str | None = None) -> list[Path]:
    """Builds greybox-<version>-<platform>.zip in `out` for one platform or for all. Returns the files.

    Wheels are downloaded once into `out`/wheels and found there the next time.
    """
    if platform is not None and platform not in PLATFORMS:
        raise BuildError(f"No platform '{platform}': choose from {', '.join(PLATFORMS)}")
    out.mkdir(parents=True, exist_ok=True)
    version = tomllib.loads((source / "blender_manifest.toml").read_text())["version"]
    made = []
    for name in [platform] if platform else PLATFORMS:
        wheels = collect_wheels(source, out / "wheels" / name, name)
        path = out / f"greybox-{version}-{name.replace('-', '_')}.zip"
        write_zip(source, path, name, wheels)
        made.append(path)
    return made


def this_platform() -> str:
    """Blender's name for the computer that this runs on."""
    if sys.platform == "win32":
        return "windows-x64"
    if sys.platform == "darwin":
        import platform

        return "macos-arm64" if platform.machine() == "arm64" else "macos-x64"
    return "linux-x64"


def collect_wheels(source: Path, folder: Path, platform: str) -> list[Path]:
    """The wheels of one platform, each tagged for exactly one Python. Downloads what `folder` does not hold."""
    pins = pinned(source / "pyproject.toml")
    folder.mkdir(parents=True, exist_ok=True)
    wheels = []
    for name in REQUIREMENTS:
        for python in PYTHONS:
            tag = "cp" + python.replace(".", "")
            pattern = f"{name}-{pins[name]}-{tag}-{tag}-*.whl"
            if not list(folder.glob(pattern)):
                _download(f"{name}=={pins[name]}", python, platform, folder)
            wheels += sorted(folder.glob(pattern))[:1]
    return wheels


def pinned(pyproject: Path) -> dict[str, str]:
    """Versions of the add-on's requirements as the project pins them: {"pyzmq": "27.3.0", ...}."""
    dependencies = tomllib.loads(pyproject.read_text())["project"]["dependencies"]
    exact = (re.fullmatch(r"([\w.-]+)==([\w.]+)", dependency) for dependency in dependencies)
    found: dict[str, str] = {match[1]: match[2] for match in exact if match}
    missing = [name for name in REQUIREMENTS if name not in found]
    if missing:
        raise BuildError(f"{pyproject} does not pin {', '.join(missing)} with ==")
    return {name: found[name] for name in REQUIREMENTS}


def _download(requirement: str, python: str, platform: str, folder: Path) -> None:
    """One wheel for one Python into `folder`, under that Python's own tag."""
    tags = [part for tag in PLATFORMS[platform] for part in ("--platform", tag)]
    with tempfile.TemporaryDirectory() as scratch:
        wanted = ["--implementation", "cp", "--python-version", python, *tags, requirement]
        options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--dest", scratch]
        command = [sys.executable, "-m", "pip", "download", *options, *wanted]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise BuildError(f"pip found no {requirement} for Python {python} on {platform}:\n{done.stderr.strip()}")
        wheel = next(Path(scratch).glob("*.whl"))
        retag(wheel, "cp" + python.replace(".", ""), folder)


def retag(wheel: Path, python: str, folder: Path) -> Path:
    """A copy of `wheel` in `folder` whose name and WHEEL file say `python` ("cp313") for interpreter and ABI."""
    name, version, old_python, old_abi, platforms = wheel.stem.split("-")
    target = folder / f"{name}-{version}-{python}-{python}-{platforms}.whl"
    if (old_python, old_abi) == (python, python):
        shutil.copyfile(wheel, target)
        return target
    with zipfile.ZipFile(wheel) as archive:
        contents = {item.filename: archive.read(item) for item in archive.infolist() if not item.is_dir()}
    info = next(path for path in contents if path.endswith(".dist-info/WHEEL"))
    lines = [line for line in contents[info].decode().splitlines() if line and not line.startswith("Tag:")]
    lines += [f"Tag: {python}-{python}-{platform}" for platform in platforms.split(".")]
    contents[info] = ("\n".join(lines) + "\n").encode()
    record = info.replace("WHEEL", "RECORD")
    contents[record] = _record(contents, record)
    _write(target, contents)
    return target


def _record(contents: dict[str, bytes], record: str) -> bytes:
    rows = []
    for path, data in contents.items():
        if path == record:
            continue
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(data)}")
    return ("\n".join([*rows, f"{record},,"]) + "\n").encode()


def manifest(text: str, platform: str, wheels: list[Path]) -> str:
    """The manifest of one zip: the project's own, with its platform and its wheels before the first table."""
    quoted = "".join(f'  "./wheels/{wheel.name}",\n' for wheel in wheels)
    added = f'platforms = ["{platform}"]\nwheels = [\n{quoted}]\n\n'
    head, bracket, tables = text.partition("\n[permissions]")
    result = f"{head}\n{added}{bracket.lstrip()}{tables}"
    tomllib.loads(result)
    return result


def staged_files(source: Path) -> Iterator[Path]:
    """What goes into the zip, relative to the source, in a stable order."""
    for folder in FOLDERS:
        for path in sorted((source / folder).rglob("*")):
            hidden = any(part == "__pycache__" or part.startswith(".") for part in path.relative_to(source).parts)
            if path.is_file() and not hidden:
                yield path.relative_to(source)
    for name in FILES:
        if (source / name).is_file():
            yield Path(name)


def write_zip(source: Path, path: Path, platform: str, wheels: list[Path]) -> None:
    """Writes one extension zip; an unfinished one never has the final name."""
    text = (source / "blender_manifest.toml").read_text()
    contents = {"blender_manifest.toml": manifest(text, platform, wheels).encode(), "__init__.py": INIT.encode()}
    contents |= {file.as_posix(): (source / file).read_bytes() for file in staged_files(source)}
    contents |= {f"wheels/{wheel.name}": wheel.read_bytes() for wheel in wheels}
    _write(path, contents)


def _write(path: Path, contents: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    partial = path.with_suffix(".part")
    partial.write_bytes(buffer.getvalue())
    partial.replace(path)

"""Greybox in one file: sets itself up, shows what it does, tests and packages itself. Standard library only.

    python install.py demo       furnish the bundled rooms: demo/ gets the .blend, pictures, assets and a report
    python install.py test       run the tests
    python install.py gui-test   play the add-on's scenes in a real Blender window
    python install.py setup      only the set-up (--dev: with what tests and linters need)
    python install.py zip        build the Blender extension, one zip a platform, into dist/
    python install.py addon      set up, and install the extension into a Blender (found, or named with --blender)
    python install.py weights    list the weights of the generators, or download those that are named
    python install.py doctor     what this machine can run, and the remedy for what it cannot
    python install.py backend    run the backend by hand (arguments after -- go to it)

Everything is installed into .venv beside this file. Outside the folder, `setup` and `addon` leave one note in the
user's data folder: where the add-on finds that Python. An interrupted command is repeated safely.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before anything below fails to import
    sys.exit(f"Greybox needs Python 3.11; this is {sys.version.split()[0]}. Run: python3.11 install.py ...")

import argparse
import contextlib
import ctypes
import ctypes.util
import hashlib
import importlib.machinery
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import tomllib
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = "greybox-setup.json"
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
DISK_NEEDED_GB = 6.0
DOWNLOAD_GB = {"cpu": 0.9, "cuda": 3.6}  # about, by what torch computes on
DEFAULT_BPY = "4.5"
BPY = {  # Blender version -> (bpy wheel, Python it is built for)
    "4.2": ("4.2.23", "3.11"),
    "4.5": ("4.5.15", "3.11"),
    "5.0": ("5.0.1", "3.11"),
    "5.2": ("5.2.3", "3.13"),
}
NETWORKS = ("torch", "diffusers", "transformers", "accelerate")
LIBRARIES = {  # what bpy loads at run time -> Debian's package of it
    "libX11.so.6": "libx11-6",
    "libXrender.so.1": "libxrender1",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
}


class Problem(Exception):
    """Something a person has to know: what went wrong, and what to do."""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="install.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="furnish the bundled rooms; writes demo/")
    demo.add_argument("--output", type=Path, default=ROOT / "demo", help="folder for the results (demo)")
    test = commands.add_parser("test", help="run the tests")
    test.add_argument(
        "--blender", default=DEFAULT_BPY, help=f"Blender version: {', '.join(BPY)} or all ({DEFAULT_BPY})"
    )
    test.add_argument("paths", nargs="*", help="only these tests (passed on to pytest, as are options after --)")
    gui = commands.add_parser("gui-test", help="play the add-on's scenes in a real Blender window")
    gui.add_argument(
        "--blender", help="a Blender program or command line, or a runner script (default: the Blender that is found)"
    )
    gui.add_argument("--scenes", nargs="*", default=[], metavar="N", help="only these of the scenes, by number")
    gui.add_argument("--output", type=Path, default=ROOT / "gui", help="folder for pictures and logs (gui)")
    gui.add_argument("--accept", action="store_true", help="what the pictures show is right: keep it as golden")
    gui.add_argument("--readme", action="store_true", help="take the README's first steps and its pictures instead")
    setup = commands.add_parser("setup", help="only the set-up")
    setup.add_argument("--dev", action="store_true", help="with what tests and linters need")
    setup.add_argument("--into", type=Path, metavar="FOLDER", help="as the add-on does it: into this data folder")
    extension = commands.add_parser("zip", help="build the Blender extension into dist/")
    extension.add_argument("--platform", help="only this one: linux-x64, windows-x64, macos-arm64, macos-x64")
    addon = commands.add_parser("addon", help="install the extension into a Blender")
    addon.add_argument("--blender", help="the Blender program (default: the one that is found)")
    weights = commands.add_parser("weights", help="list or download weights")
    weights.add_argument("names", nargs="*", help="generators or single sets (none: list them)")
    commands.add_parser("doctor", help="what this machine can run")
    backend = commands.add_parser("backend", help="run the backend by hand")
    backend.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on to python -m backend.server")
    options, rest = parser.parse_known_args()
    if rest and options.command != "test":
        parser.error(f"unknown option {rest[0]}")
    try:
        return run_command(options, rest)
    except Problem as problem:
        print(f"\nerror: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again to go on.", file=sys.stderr)
        return 130


def run_command(options: argparse.Namespace, rest: list[str]) -> int:
    if options.command == "setup" and options.into:
        set_up_for_addon(options.into.expanduser().absolute())
        return 0
    if options.command == "setup":
        leave_word(set_up(("render", "dev") if options.dev else ("render",)))
        return 0
    if options.command == "demo":
        return demo(options.output.resolve())
    if options.command == "test":
        return test(options.blender, [*options.paths, *(a for a in rest if a != "--")])
    if options.command == "gui-test":
        return gui_test(options)
    if options.command == "zip":
        return build_zip(options.platform)
    if options.command == "addon":
        return install_addon(options.blender)
    if options.command == "doctor":
        return doctor()
    if options.command == "weights":
        return run_module("backend.weights", options.names)
    return run_module("backend.server", [a for a in options.arguments if a != "--"])


# ---- set-up


def set_up(extras: tuple[str, ...], venv: Path = VENV, bpy: str = DEFAULT_BPY) -> Path:
    """Makes `venv` hold the pinned dependencies and returns its Python. Does nothing when it already does.

    Environments of other Blenders, which serve the tests of what uses bpy, go without the networks' libraries.
    """
    wheel, python = BPY[bpy]
    wanted = requirements(extras, wheel)
    if bpy != DEFAULT_BPY:
        wanted = [r for r in wanted if not r.startswith(NETWORKS)]
    digest = hashlib.sha256(json.dumps(wanted).encode()).hexdigest()
    stamp = venv / STAMP
    installed = json.loads(stamp.read_text()) if stamp.exists() else {}
    if installed.get(digest):
        return Path(venv_python(venv))
    check_disk(venv.parent)
    make_venv(venv, python)
    print(f"Installing {len(wanted)} packages into {venv.name} (a few minutes the first time)")
    for requirement in (r for r in wanted if r.startswith("torch==")):
        install_torch(venv, requirement)
    pip(venv, "install", "--quiet", *wanted)
    stamp.write_text(json.dumps({**installed, digest: True}))  # only now: an interrupted set-up is repeated
    return Path(venv_python(venv))


def set_up_for_addon(folder: Path) -> None:
    """The backend's environment in a data folder, by the Python that runs this; says how far it is, for a bar.

    Without a bpy for this Python, layouts are drawn by the raster renderer, which needs none.
    """
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    wheel = next((wheel for wheel, python in BPY.values() if python == running and not wheel.startswith("4.2")), None)
    wanted = requirements(("render",) if wheel else (), wheel or "")
    venv = folder / "python"
    tell(0.0, "Looking at what is there")
    digest = hashlib.sha256(json.dumps(wanted).encode()).hexdigest()
    stamp = venv / STAMP
    if not (stamp.exists() and json.loads(stamp.read_text()).get(digest)):
        folder.mkdir(parents=True, exist_ok=True)
        check_disk(folder)
        tell(0.01, "Making a Python environment")
        make_venv(venv, running)
        pip(venv, "install", "--quiet", "--upgrade", "pip")  # the one that comes along cannot say how far it is
        torch = [r for r in wanted if r.startswith("torch==")]
        index = torch_index(venv, torch[0]) if torch else []
        expected = DOWNLOAD_GB["cuda" if nvidia_gpus() and not index else "cpu"] * 1e9
        told_pip(venv, expected, ["install", *index, *wanted])
        stamp.write_text(json.dumps({digest: True}))
    leave_word(Path(venv_python(venv)), folder)
    tell(1.0, "Done")


def told_pip(venv: Path, expected: float, arguments: list[str]) -> None:
    """Runs pip and turns what it says into progress; `expected` bytes are most of the way."""
    command = [venv_python(venv), "-m", "pip", "--disable-pip-version-check", *arguments, "--progress-bar", "raw"]
    lines: list[str] = []
    before = now = 0.0
    name = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        assert running.stdout
        for line in map(str.strip, running.stdout):
            if line.startswith("Progress "):
                now = float(line.split()[1])
            else:
                lines.append(line)
                before, now = before + now, 0.0
                if line.startswith(("Downloading ", "Using cached ")):
                    name = line.split()[1 if line.startswith("D") else 2].split("-")[0]
            installing = line.startswith("Installing collected")
            share = 0.92 if installing else 0.04 + 0.86 * min((before + now) / expected, 1.0)
            tell(share, "Installing" if installing else f"Downloading {name}".strip())
    if running.returncode:
        (venv / "greybox-pip.log").write_text("\n".join(lines))
        raise Problem("pip failed: " + "; ".join(line for line in lines[-3:] if line))


def tell(share: float, text: str) -> None:
    """One line for the program that watches: how far it is, and at what."""
    print(f"@progress {share:.3f} {text}", flush=True)


def leave_word(python: Path, folder: Path | None = None) -> None:
    """Tells the add-on, through the user's data folder, which Python runs the backend."""
    code = "from backend.protocol.endpoint import remember_python; remember_python()"
    environment = {**os.environ, **({"GREYBOX_FOLDER": str(folder)} if folder else {})}
    subprocess.run([str(python), "-c", code], cwd=ROOT, check=True, env=environment)


def requirements(extras: tuple[str, ...], bpy_wheel: str) -> list[str]:
    """The pinned requirements of pyproject.toml, with the bpy of the Blender that is wanted."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    chosen = list(project["dependencies"])
    for extra in extras:
        chosen += project["optional-dependencies"][extra]
    return [f"bpy=={bpy_wheel}" if r.startswith("bpy==") else r for r in chosen]


def make_venv(venv: Path, python: str) -> None:
    if Path(venv_python(venv)).exists():
        return
    interpreter = find_python(python)
    made = subprocess.run([interpreter, "-m", "venv", str(venv)], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(venv, ignore_errors=True)
        remedy = f"On Debian and Ubuntu: sudo apt-get install python{python}-venv" if sys.platform == "linux" else ""
        raise Problem(
            f"Python could not make a virtual environment: {made.stdout.strip() or made.stderr.strip()}\n{remedy}"
        )


def find_python(version: str) -> str:
    """A Python of exactly this version: this one, or one on the PATH."""
    if version == f"{sys.version_info[0]}.{sys.version_info[1]}":
        return sys.executable
    candidates = [
        shutil.which(f"python{version}"),
        *map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python")),
    ]
    for candidate in filter(None, candidates):
        probe = subprocess.run(
            [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True
        )
        if probe.stdout.strip() == version:
            return candidate
    raise Problem(
        f"Python {version} was not found.\nInstall it (from python.org, or the package python{version}) and run again."
    )


def install_torch(venv: Path, requirement: str) -> None:
    """The CPU build where there is no NVIDIA GPU: the default one for Linux brings gigabytes of CUDA."""
    if has_module(venv, "torch"):
        return
    pip(venv, "install", "--quiet", *torch_index(venv, requirement), requirement)


def torch_index(venv: Path, requirement: str) -> list[str]:
    """The options of pip that choose the CPU build, where that is the one that is wanted."""
    if sys.platform == "linux" and not nvidia_gpus() and default_torch_needs_cuda(venv, requirement):
        return ["--index-url", TORCH_CPU_INDEX, "--extra-index-url", "https://pypi.org/simple"]
    return []


def default_torch_needs_cuda(venv: Path, requirement: str) -> bool:
    """Asks pip what it would install, without downloading it."""
    arguments = ["install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet", "--report", "-", requirement]
    asked = subprocess.run([venv_python(venv), "-m", "pip", *arguments], capture_output=True, text=True)
    if asked.returncode:
        raise Problem(f"pip could not look up {requirement}:\n{asked.stderr.strip()[-800:]}\nIs the network reachable?")
    needs = json.loads(asked.stdout)["install"][0]["metadata"].get("requires_dist", [])
    return any(need.startswith(("nvidia-", "cuda-")) for need in needs)


def pip(venv: Path, *arguments: str) -> None:
    command = [venv_python(venv), "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        log = venv / "greybox-pip.log"
        log.write_text(done.stdout)
        raise Problem(
            f"pip failed:\n{done.stdout.strip()[-1500:]}\nThe whole log is in {log}. Run the command again to go on."
        )


def has_module(venv: Path, name: str) -> bool:
    return subprocess.run([venv_python(venv), "-c", f"import {name}"], capture_output=True).returncode == 0


def venv_python(venv: Path) -> str:
    return str(venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def check_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free / 1e9
    if free < DISK_NEEDED_GB:
        raise Problem(
            f"{free:.1f} GB are free in {folder}, the set-up needs {DISK_NEEDED_GB:g} GB. Make room and run again."
        )


# ---- demo, tests, backend


def run_module(name: str, arguments: list[str]) -> int:
    python = set_up(("render",))
    return subprocess.run([str(python), "-m", name, *arguments], cwd=ROOT).returncode


def demo(output: Path) -> int:
    """Runs the main job through the add-on's own code, in the virtual environment's bpy."""
    python = set_up(("render",))
    require_libraries()
    if Path(sys.prefix).resolve() != VENV.resolve():
        return subprocess.run(
            [str(python), str(ROOT / "install.py"), "demo", "--output", str(output)], cwd=ROOT
        ).returncode
    with greybox_package():
        from greybox.blender_addon import demo as run  # type: ignore[import-not-found]

        return run.main(output)


@contextlib.contextmanager
def greybox_package() -> Iterator[None]:
    """Lets this checkout be imported as the package that Blender makes of it: greybox.blender_addon ..."""
    package = types.ModuleType("greybox")
    package.__path__ = [str(ROOT)]
    package.__spec__ = importlib.machinery.ModuleSpec("greybox", None, is_package=True)
    sys.modules["greybox"] = package
    yield
    del sys.modules["greybox"]


def test(blender: str, arguments: list[str]) -> int:
    """Everything on the default Blender; with --blender another one or all, what needs bpy on those too."""
    if blender not in (*BPY, "all"):
        raise Problem(f"Unknown Blender version '{blender}': choose from {', '.join(BPY)} or all.")
    require_libraries()
    failures = 0
    for version in BPY if blender == "all" else [blender]:
        venv = VENV if version == DEFAULT_BPY else ROOT / f".venv-{version}"
        python = set_up(("render", "dev"), venv, version)
        only = [] if version == DEFAULT_BPY or arguments else ["tests/blender_addon", "tests/render"]
        print(f"Blender {version}: {python.parent.parent.name}", flush=True)
        failures += subprocess.run([str(python), "-m", "pytest", *only, *arguments], cwd=ROOT).returncode != 0
    return int(failures > 0)


def gui_test(options: argparse.Namespace) -> int:
    """Builds the extension as it is here and plays the scenes with it; tests/journeys/gui_test.py says how."""
    blender = options.blender or find_blender()
    if blender is None:
        raise Problem("Blender was not found. Name it: install.py gui-test --blender PATH")
    python = set_up(("render", "dev"))
    (extension,) = extension_module().build(ROOT, ROOT / "dist", this_platform())
    arguments = ["--blender", blender, "--zip", str(extension), "--output", str(options.output.resolve())]
    arguments += ["--accept"] * options.accept + ["--readme"] * options.readme + ["--scenes", *options.scenes]
    return subprocess.run([str(python), "-m", "tests.journeys.gui_test", *arguments], cwd=ROOT).returncode


# ---- extension


def build_zip(system: str | None) -> int:
    for path in extension_module().build(ROOT, ROOT / "dist", system):
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")
    return 0


def install_addon(named: str | None) -> int:
    """Sets the backend up, and installs the extension, which will find it, into a Blender."""
    blender = named or find_blender()
    if blender is None or shutil.which(blender) is None:
        raise Problem(
            f"Blender was not found{f' at {named}' if named else ''}. Name the program: install.py addon --blender PATH"
        )
    leave_word(set_up(("render",)))
    (path,) = extension_module().build(ROOT, ROOT / "dist", this_platform())
    command = [blender, "--command", "extension", "install-file", "--repo", "user_default", "--enable", str(path)]
    done = subprocess.run(command)
    if done.returncode == 0:
        print(f"Greybox is installed in {blender}. Open the sidebar of the 3D viewport (N) and choose Greybox.")
    return done.returncode


def extension_module() -> types.ModuleType:
    """The builder of the extension, which is standard library only too, loaded without its package."""
    path = ROOT / "backend" / "packaging" / "extension.py"
    spec = importlib.util.spec_from_file_location("greybox_extension", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def this_platform() -> str:
    system = {"linux": "linux", "win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
    return f"{system}-{'arm64' if platform.machine().lower() in ('arm64', 'aarch64') else 'x64'}"


def find_blender() -> str | None:
    found = find_blenders()
    return found[0][0] if found else None


def find_blenders() -> list[tuple[str, str]]:
    """(program, version) of each Blender on the PATH and in the usual places."""
    places: list[Path] = [Path(p) for p in filter(None, [shutil.which("blender")])]
    if sys.platform == "darwin":
        places += Path("/Applications").glob("Blender*.app/Contents/MacOS/Blender")
    elif os.name == "nt":
        places += Path(os.environ.get("PROGRAMFILES", "C:/Program Files")).glob(
            "Blender Foundation/Blender */blender.exe"
        )
    else:
        for folder in (Path("/opt"), Path.home(), Path.home() / "Downloads", Path.home() / ".local"):
            places += folder.glob("blender-*/blender")
        places += [Path("/snap/bin/blender")]
    found = []
    for place in places:
        if not place.exists():
            continue
        try:
            shown = subprocess.run([str(place), "--version"], capture_output=True, text=True, timeout=60).stdout
        except (OSError, subprocess.TimeoutExpired):
            shown = ""
        found.append((str(place), (shown.splitlines() or ["does not start"])[0].removeprefix("Blender ").strip()))
    return found


# ---- doctor


@dataclass(frozen=True)
class Finding:
    what: str
    fact: str
    good: bool = True
    remedy: str = ""


def doctor() -> int:
    """Prints what is there, what will run, and the remedy for each thing that is missing."""
    findings = [
        look_at_python(),
        look_at_gpu(),
        look_at_memory(),
        look_at_disk(),
        look_at_setup(),
        look_at_libraries(),
        *look_at_blender(),
    ]
    width = max(len(f.what) for f in findings)
    for finding in findings:
        print(f"{'ok  ' if finding.good else 'FIX '} {finding.what:<{width}}  {finding.fact}")
        if finding.remedy:
            print(f"     {'':<{width}}  -> {finding.remedy}")
    print("\nWhat will run here:")
    for name, verdict in verdicts():
        print(f"     {name:<{width}}  {verdict}")
    return int(any(not finding.good for finding in findings))


def look_at_python() -> Finding:
    version = sys.version.split()[0]
    if sys.version_info[:2] == (3, 11):
        return Finding("Python", version)
    return Finding("Python", version, False, "The backend runs on Python 3.11: install it and use it for install.py.")


def look_at_gpu() -> Finding:
    gpus = nvidia_gpus()
    if not gpus:
        return Finding("GPU", "no NVIDIA GPU", remedy="Draft runs on any CPU; the large generators want an NVIDIA GPU.")
    return Finding("GPU", "; ".join(f"{name}, {free:.1f} of {total:.1f} GB free" for name, total, free in gpus))


def look_at_memory() -> Finding:
    total = memory_gb()
    return Finding("Memory", f"{total:.0f} GB", total >= 4, "" if total >= 4 else "4 GB are needed for Draft.")


def look_at_disk() -> Finding:
    free = shutil.disk_usage(ROOT).free / 1e9
    enough = free >= DISK_NEEDED_GB or VENV.exists()
    return Finding("Disk", f"{free:.0f} GB free", enough, "" if enough else f"The set-up needs {DISK_NEEDED_GB:g} GB.")


def look_at_setup() -> Finding:
    if not (VENV / STAMP).exists():
        return Finding("Set-up", "not yet done", remedy="python install.py setup")
    probe = "import torch, zmq, bpy; print(f'torch {torch.__version__}, bpy {bpy.app.version_string}')"
    done = subprocess.run([venv_python(VENV), "-c", probe], capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return Finding("Set-up", f"broken: {last}", False, "Delete .venv and run: python install.py setup")
    return Finding("Set-up", done.stdout.strip().splitlines()[-1])


def look_at_libraries() -> Finding:
    missing = missing_libraries()
    if not missing:
        return Finding("OpenGL/EGL", "found")
    return Finding("OpenGL/EGL", f"missing: {', '.join(missing)}", False, apt_line(missing))


def look_at_blender() -> list[Finding]:
    found = find_blenders()
    if not found:
        return [Finding("Blender", "none found", remedy="Blender 4.2 or newer from blender.org; the demo needs none.")]
    return [Finding("Blender", f"{version} ({path})", *blender_verdict(version)) for path, version in found]


def blender_verdict(version: str) -> tuple[bool, str]:
    digits = version.split()[0].split(".") if version[:1].isdigit() else []
    if len(digits) < 2:
        return False, "It does not start: try it in a terminal."
    if (int(digits[0]), int(digits[1])) < (4, 2):
        return False, "Too old: Greybox needs Blender 4.2 or newer."
    return True, ""


def verdicts() -> list[tuple[str, str]]:
    """What each part of Greybox will do on this machine."""
    gl = "yes" if not missing_libraries() else "no: see OpenGL/EGL; the raster renderer takes over"
    rows = [("EEVEE condition", gl)]
    if not (VENV / STAMP).exists():
        return [*rows, ("Draft", "yes, on the CPU, after the set-up")]
    largest = max((total for _, total, _ in nvidia_gpus()), default=0.0)
    return rows + [(g["label"], generator_verdict(g, largest)) for g in listed_generators()]


def listed_generators() -> list[dict]:
    """Every generator as the backend lists it: label, available, missing, remedy, memory_gb."""
    code = (
        "import msgspec; from backend.generators.catalogue import on_this_machine; "
        "from backend.weights.catalogue import weights_folder; "
        "print(msgspec.json.encode(on_this_machine(weights_folder())).decode())"
    )
    done = subprocess.run([venv_python(VENV), "-c", code], cwd=ROOT, capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else []


def generator_verdict(info: dict, largest_gpu: float) -> str:
    least = min((gigabytes for _, gigabytes in info["memory_gb"]), default=0.0)
    if largest_gpu < least:
        return f"no: wants a GPU with {least:g} GB, the largest here has {largest_gpu:.0f} GB"
    if not info["available"]:
        return f"not yet: {info['missing']} -> {info['remedy']}"
    fitting = ", ".join(f"{mode} ({needed:g} GB)" for mode, needed in info["memory_gb"] if needed <= largest_gpu)
    return f"yes: {fitting}" if least else "yes, on the CPU"


def nvidia_gpus() -> list[tuple[str, float, float]]:
    """(name, total GB, free GB) of each NVIDIA GPU that its driver reports."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = [program, "--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(query, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return []
    rows = [line.split(", ") for line in done.stdout.splitlines()] if done.returncode == 0 else []
    return [(row[0], float(row[1]) / 1024, float(row[2]) / 1024) for row in rows if len(row) == 3]


def memory_gb() -> float:
    if sys.platform == "win32":
        kilobytes = ctypes.c_ulonglong(0)
        ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))  # type: ignore[attr-defined]
        return kilobytes.value / 2**20
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def missing_libraries() -> list[str]:
    if sys.platform != "linux":
        return []
    missing = []
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def require_libraries() -> None:
    missing = missing_libraries()
    if missing:
        raise Problem(f"EEVEE needs libraries that this system lacks: {', '.join(missing)}\n{apt_line(missing)}")


def apt_line(missing: list[str]) -> str:
    packages = " ".join(LIBRARIES[name] for name in missing)
    return f"On Debian and Ubuntu: sudo apt-get install {packages} libgl1-mesa-dri"


if __name__ == "__main__":
    raise SystemExit(main())

"""Plays the scenes in a real Blender window and prints what they showed: `python install.py gui-test`.

A scene (scenes/) drives Blender with simulated mouse and keys, so no hand on the desk can disturb it. Blender itself
comes from one of two kinds of command:

* a Blender program, or a command line that ends in one (`flatpak run org.blender.Blender`). It gets a profile of its
  own, and a virtual screen where there is none (xvfb-run);
* a runner: a shell script, `bash RUNNER.sh ARGUMENT...`. It is called with DRIVER OUT ZIP... -- FILE..., starts Blender
  on DRIVER in a folder that holds the FILEs, and copies pictures, *.json and *.blend from there to OUT. FRESH=1 asks it
  for an empty profile, EV=1 for --enable-event-simulate, T is the limit in seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from .compare import Comparison, accept, compare, publish

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent
GOLDENS = HERE / "goldens"
PICTURES = TESTS.parent / ".pictures"  # of the README
INSTALL = "--command extension install-file -r user_default --enable"
PLAY = "--enable-event-simulate --window-geometry 0 0 1600 1000 --python"
SCREEN = "-screen 0 1600x1000x24 +extension GLX"
LIMIT = 1800  # seconds a window may take
WINDOWS = {  # window -> scenes; the second one begins with the file that the first one left
    "1": ("s01_fresh", "s02_boxes", "s03_generate", "s04_cancel", "s05_large", "s06_undo", "s07_killed", "s08_reopen"),
    "2": (
        "s08_reopen:reopened",
        "s09_greyed",
        "s10_leftovers",
        "s11_german",
        "s12_narrow",
        "s13_drawn",
        "s14_panorama",
    ),
}
README = {"readme": ("readme",)}
CARRIED = ("s08.blend", "s08_folder.json")
BAD = re.compile(  # the last one is all that Blender says of a button whose operator or property it does not know
    r"Traceback \(most recent|DeprecationWarning|SyntaxWarning|Segmentation fault|/blender_addon/.*\.py:\d+$"
)


class Unplayable(Exception):
    """Blender could not be started; the text says why and what to do."""


@dataclass(frozen=True)
class Stage:
    """A folder with what a window needs: the driver, `tests/` and the plan."""

    folder: Path

    def set(self, window: str, scenes: tuple[str, ...], out: Path) -> list[Path]:
        """Lays everything out anew; returns the files beside the driver."""
        shutil.rmtree(self.folder, ignore_errors=True)
        kit = self.folder / "tests"
        ignored = shutil.ignore_patterns("__pycache__", "goldens", "test_*")
        for name in ("journeys", "fakes"):
            shutil.copytree(TESTS / name, kit / name, ignore=ignored)
        for name in ("__init__.py", "fake_backend.py"):
            shutil.copy(TESTS / name, kit / name)
        shutil.copy(HERE / "play.py", self.folder / "driver.py")
        (self.folder / "plan.json").write_text(json.dumps({"window": window, "scenes": scenes}))
        carried = [shutil.copy(out / name, self.folder / name) for name in CARRIED if (out / name).exists()]
        return [kit, self.folder / "plan.json", *map(Path, carried)]


def main() -> int:
    options = arguments()
    options.output.mkdir(parents=True, exist_ok=True)
    try:
        played, words = play(options)
    except Unplayable as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    wrong = report(played, options)
    if options.readme and options.accept and not wrong:
        for path in sorted(options.output.glob("readme_?_*.png")):
            publish(path, PICTURES / f"{path.stem[len('readme_') :]}.jpg")
    for line in words:
        print(f"BAD   {line}")
    print(f"\npictures and logs: {options.output}")
    return int(bool(wrong or words))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="gui-test", description=__doc__)
    parser.add_argument("--blender", required=True, help="a Blender program or command line, or a runner script")
    parser.add_argument("--zip", type=Path, required=True, help="the extension that is tested")
    parser.add_argument("--scenes", nargs="*", default=[], help="only these numbers")
    parser.add_argument("--output", type=Path, default=Path("gui"), help="folder for pictures and logs (gui)")
    parser.add_argument("--readme", action="store_true", help="take the README's first steps and its pictures instead")
    parser.add_argument("--accept", action="store_true", help="the pictures are right: keep their parts as goldens")
    options = parser.parse_args()
    options.output = options.output.resolve()
    return options


def play(options: argparse.Namespace) -> tuple[list[dict], list[str]]:
    """Plays the windows; returns the scenes' records, each with its "build", and lines of output that are wrong."""
    for old in [*options.output.glob("*.png"), *options.output.glob("*.json"), *options.output.glob("*.blend")]:
        old.unlink()
    records, words = [], []
    for window, scenes in (README if options.readme else WINDOWS).items():
        wanted = tuple(s for s in scenes if not options.scenes or number(s) in options.scenes)
        if not wanted:
            continue
        stage = Stage(options.output / "stage")
        files = stage.set(window, wanted, options.output)
        run = through_runner if is_runner(options.blender) else natively
        log = options.output / f"window_{window}.log"
        print(f"window {window}: {', '.join(wanted)}", flush=True)
        fresh = wanted[0] in ("s01_fresh", "readme")
        code = run(options, stage, files, log, fresh, install=not records)
        shutil.rmtree(stage.folder, ignore_errors=True)
        words += bad_lines(log)
        result = options.output / f"result_{window}.json"
        found = json.loads(result.read_text()) if result.exists() else {"build": "", "scenes": []}
        told = {"build": found["build"], "busy": found.get("busy", 1.0)}
        records += [record | told for record in found["scenes"]]
        missing = wanted[len(found["scenes"]) :]
        reason = f"Blender ended with code {code}, see {log.name}"
        records += [{"name": name, "error": reason, "build": found["build"]} for name in missing]
    return records, words


def number(scene: str) -> str:
    """ "s08_reopen:reopened" -> "8"."""
    return scene[1:3].lstrip("0")


def bad_lines(log: Path) -> list[str]:
    """Each kind once, with how often it came."""
    lines = log.read_text(errors="replace").splitlines()
    found = Counter(line.strip() for line in lines if BAD.search(line))
    return [f"{count} x {line}" for line, count in found.items()]


# ---- Blender


def is_runner(command: str) -> bool:
    return any(word.endswith(".sh") for word in shlex.split(command))


def through_runner(
    options: argparse.Namespace, stage: Stage, files: list[Path], log: Path, fresh: bool, install: bool
) -> int:
    command = shlex.split(options.blender)
    lend_python(command)
    environment = os.environ | {"EV": "1", "T": str(LIMIT)} | ({"FRESH": "1"} if fresh else {})
    zips = [options.zip.resolve()] if install else []  # a backend that still works would lose its source
    arguments = [stage.folder / "driver.py", options.output, *zips, "--", *files]
    return logged([*command, *map(str, arguments)], log, environment)


def lend_python(command: list[str]) -> None:
    """Where the runner's Blender lives in a chroot ($GREYBOX_GUI_ROOT/<suite>): lets it see the backend's Python, read
    only, and leaves the note that `install.py setup` would leave. Mounts stay until they are unmounted."""
    suite = command[-1]
    root = Path(os.environ.get("GREYBOX_GUI_ROOT", Path.home() / ".cache" / "greybox-gui")) / suite
    if not (root / "root" / "profile").is_dir():
        return
    for folder in (Path(sys.prefix), Path(sys.base_prefix)):
        inside = root / folder.relative_to("/")
        inside.mkdir(parents=True, exist_ok=True)
        if not os.path.ismount(inside) and not (inside / "bin").exists():
            subprocess.run(["mount", "--bind", str(folder), str(inside)], check=True)
            subprocess.run(["mount", "-o", "remount,ro,bind", str(inside)], check=True)
    if not (root / Path(sys.executable).resolve().relative_to("/")).exists():
        raise Unplayable(f"{root} cannot be lent the Python of {sys.prefix}: its base is {sys.base_prefix}")
    note = root / "root" / "profile" / ".local" / "share" / "greybox" / "backend.json"
    note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note.write_text(json.dumps({"python": sys.executable}))


def natively(
    options: argparse.Namespace, stage: Stage, files: list[Path], log: Path, fresh: bool, install: bool
) -> int:
    command = shlex.split(options.blender)
    profile = options.output / "profile"
    if fresh:
        shutil.rmtree(profile, ignore_errors=True)
    profile.mkdir(exist_ok=True)
    environment = os.environ | {"BLENDER_USER_RESOURCES": str(profile), "GREYBOX_PYTHON": sys.executable}
    if install and (code := logged([*command, *INSTALL.split(), str(options.zip.resolve())], log, environment)):
        raise Unplayable(f"{options.blender} could not install the extension (code {code}): see {log}")
    driver = str(stage.folder / "driver.py")
    code = logged([*screen(options.blender), *command, *PLAY.split(), driver], log, environment, stage.folder, "ab")
    for path in stage.folder.iterdir():
        if path.suffix in (".png", ".json", ".blend") and path.name != "plan.json":
            shutil.copy(path, options.output / path.name)
    return code


def screen(command: str) -> list[str]:
    """What gives Blender a screen; nothing where there is one."""
    if sys.platform != "linux" or os.environ.get("DISPLAY") or "xvfb-run" in command:
        return []
    if shutil.which("xvfb-run") is None:
        raise Unplayable("There is no screen and no xvfb-run. On Debian and Ubuntu: sudo apt-get install xvfb x11-apps")
    return ["env", "LIBGL_ALWAYS_SOFTWARE=1", "xvfb-run", "-a", "-s", SCREEN]


def logged(
    command: list[str], log: Path, environment: dict[str, str], folder: Path | None = None, mode: str = "wb"
) -> int:
    try:
        with log.open(mode) as file:
            done = subprocess.run(
                command, stdout=file, stderr=subprocess.STDOUT, env=environment, cwd=folder, timeout=LIMIT + 120
            )
    except FileNotFoundError:
        raise Unplayable(f"There is no program '{command[0]}'. Name Blender: gui-test --blender PATH") from None
    except subprocess.TimeoutExpired:
        return 124
    return done.returncode


# ---- what came of it


def report(records: list[dict], options: argparse.Namespace) -> int:
    """Prints the table; returns how many scenes are wrong."""
    busy = max((record.get("busy", 1.0) for record in records), default=1.0)
    slower = f", {busy:.1f} times more work than processors: so much longer may things take" if busy > 1 else ""
    print(f"\n{records[0]['build'] if records else ''}{slower}")
    print(f"{'':5} {'scene':22} {'time':>7} {'tick':>7} {'import':>7}  figures")
    wrong = 0
    for record in records:
        problems = problems_of(record, options)
        wrong += bool(problems)
        times = [record.get("held_up", {}).get(what, (0.0, 0.0))[0] * 1000 for what in ("tick", "import slice")]
        shown = "".join(f"{t:5.0f}ms " if t else f"{'-':>7} " for t in times)
        figures = "; ".join(f"{name} {value}" for name, value in record.get("figures", {}).items())
        verdict = "FAIL" if problems else "ok"
        print(f"{verdict:5} {record['name']:22} {record.get('seconds', 0):6.1f}s {shown} {figures}")
        for problem in problems:
            print(f"      -> {problem}")
    return wrong


def problems_of(record: dict, options: argparse.Namespace) -> list[str]:
    problems = [record["error"]] if record.get("error") else []
    for what, (longest, limit) in record.get("held_up", {}).items():
        if longest > limit * record.get("busy", 1.0):
            problems.append(f"{what} held Blender up for {longest * 1000:.0f} ms, at most {limit * 1000:.0f}")
    for picture, part in record.get("crops", {}).items():
        problems += looks(options, record, picture, tuple(part))
    return problems


def looks(options: argparse.Namespace, record: dict, picture: str, part: tuple[int, int, int, int]) -> list[str]:
    """Holds one part of one picture against its golden; with --accept it becomes the golden."""
    path, golden = options.output / f"{picture}.png", GOLDENS / record["build"] / f"{picture}.png"
    if options.accept:
        accept(path, part, golden)
    if not golden.exists():
        record.setdefault("figures", {})[picture] = "has no golden for this build"
        return []
    found: Comparison = compare(path, part, golden)
    record.setdefault("figures", {})["looks"] = f"{found.different:.1%} different"
    if found.same:
        return []
    shown = options.output / f"{picture}_different.png"
    found.picture.save(shown)
    return [f"{picture} looks different ({found.words}): see {shown.name}, or accept it with --accept"]


if __name__ == "__main__":
    sys.exit(main())

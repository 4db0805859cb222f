"""The main job without a window: the bundled rooms are opened, generated, placed, saved and rendered.

One is made by Draft, one by TAR3D's starter weights. Everything goes through what the buttons call. Run by
`python install.py demo`.
"""

from __future__ import annotations

import html
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import bpy

from ..backend.protocol import artifacts
from ..backend.protocol.endpoint import FOLDER_VARIABLE
from ..backend.protocol.errors import GreyboxError, StageFailed, Unavailable
from . import boxes, examples, jobs, register, scene_writer, showcase, unregister
from .job_book import Job
from .launcher import PYTHON_VARIABLE

EXAMPLES = (("living_room", "", "Made by Draft"), ("reading_corner", "learned", "Made by TAR3D's starter weights"))
TIME_LIMIT = 900.0  # seconds for a job
DATA = "backend"  # the demo's own data folder: keys, journal, results


@dataclass(frozen=True)
class Page:
    """One furnished example in the report."""

    heading: str
    folder: str  # inside the output; "" is the output itself
    rows: str
    condition: str
    count: int


@dataclass
class Times:
    """Seconds of each step, in the order in which they were done."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        print(f"{name} ...", flush=True)
        begin = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begin
        print(f"{name}: {self.seconds[name]:.1f} s", flush=True)


def main(output: Path) -> int:
    """Writes everything to `output`; 0 when every box was furnished."""
    output.mkdir(parents=True, exist_ok=True)
    os.environ[FOLDER_VARIABLE] = str(output / DATA)
    os.environ[PYTHON_VARIABLE] = sys.executable
    times = Times()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    register()
    pages = []
    try:
        for example, folder, heading in EXAMPLES:
            (output / folder).mkdir(exist_ok=True)
            job = _furnish(example, times)
            made = _save(output / folder, job, times)
            pages.append(_page(output, folder, heading, job, made))
        _report(output, pages, times)
    except GreyboxError as error:
        print(f"error: {error.message}\n{error.remedy}", file=sys.stderr)
        return 1
    finally:
        jobs.stop_backend()
        unregister()
    print(f"\n{sum(page.count for page in pages)} assets stand in their boxes.")
    for name in (*(f"{page.folder}/furnished.blend".lstrip("/") for page in pages), "report.html"):
        print(f"  {output / name}")
    return 0


def _furnish(example: str, times: Times) -> Job:
    """Opens the example and generates all its boxes. Raises StageFailed when one could not be made."""
    context, title = bpy.context, examples.title(example)
    with times.of(f"Open {title}"):
        bpy.data.batch_remove([*bpy.data.objects, *bpy.data.collections])
        scene_writer.write_scene(context, examples.read(example))
        context.scene.greybox.condition = True
    with times.of(f"Generate {title}"):
        job = jobs.generate(context, boxes.all_boxes(context.scene), title)
        _follow(context, job)
    failed = [f"{name}: {row.error} {row.remedy}" for name, row in job.boxes.items() if row.error]
    if job.state != "done" or failed:
        raise StageFailed("; ".join(failed) or job.message or f"The job is {job.state}", job.remedy)
    return job


def _follow(context: bpy.types.Context, job: Job) -> None:
    """Does the timer's work and says what is going on, once for every stage."""
    deadline, told = time.monotonic() + TIME_LIMIT, ""
    while (session := jobs.session()) is not None and session.busy:
        jobs.tick(context)
        state = f"{job.done}/{job.of or '?'} {job.stage}" if job.stage else session.link.state
        if state != told:
            left = f", {job.seconds_left:.0f} s left" if job.seconds_left else ""
            print(f"  {state}{left}", flush=True)
            told = state
        if time.monotonic() > deadline or session.stopped or session.link.state == "refused":
            raise Unavailable(session.message or f"Not done after {TIME_LIMIT:g} s", session.remedy)
        time.sleep(0.02)


def _save(output: Path, job: Job, times: Times) -> list[str]:
    """The assets as GLB, the pictures, the .blend. Returns the ids of the boxes that were furnished."""
    context = bpy.context
    made = [uid for uid in job.boxes if job.ready(uid)]
    with times.of(f"Save the assets of {job.title}"):
        assets = output / "assets"
        shutil.rmtree(assets, ignore_errors=True)
        assets.mkdir()
        for uid in made:
            (assets / f"{uid}.glb").write_bytes(_fetch(context, job, uid, artifacts.GLB))
        if ("", artifacts.CONDITION) in job.artifacts:
            (output / artifacts.CONDITION).write_bytes(_fetch(context, job, "", artifacts.CONDITION))
    showcase.build_room(context)
    with times.of(f"Save {job.title}"):
        bpy.ops.wm.save_as_mainfile(filepath=str(output / "furnished.blend"), compress=True)
    with times.of(f"Render the boxes of {job.title}"), _quiet():
        showcase.render(context, output / "boxes.png", "BOXES")
    with times.of(f"Render {job.title}"), _quiet():
        showcase.render(context, output / "result.png", "RESULTS")
    showcase.side_by_side(output / "boxes.png", output / "result.png", output / "side_by_side.png")
    return made


@contextmanager
def _quiet() -> Iterator[None]:
    """Blender writes a line for every sample to the process's own output; it goes nowhere meanwhile."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _fetch(context: bpy.types.Context, job: Job, box: str, name: str) -> bytes:
    """One file of the job, through the connection like every other."""
    session, info = jobs.session(), job.artifacts[box, name]
    assert session is not None
    session.connection.fetch(info)
    deadline = time.monotonic() + 60
    while info.sha256 not in session.files:
        jobs.tick(context)
        if time.monotonic() > deadline:
            raise Unavailable(f"{name} of '{box}' did not arrive", "Run the demo again.")
        time.sleep(0.01)
    return session.files.pop(info.sha256)


def _page(output: Path, folder: str, heading: str, job: Job, made: list[str]) -> Page:
    """What was made of each box, as rows of a table."""
    scene = bpy.context.scene
    rows = []
    for uid in made:
        box = boxes.by_uid(scene, uid)
        result = boxes.result_of(box) if box else None
        triangles = len(result.data.polygons) if result else 0
        size = (output / folder / "assets" / f"{uid}.glb").stat().st_size / 1e6
        seconds = sum(s for (_, of), s in job.finished_stages.items() if of == uid)
        notes = "; ".join(job.notes.get(uid, ()))
        cells = (box.greybox.prompt if box else uid, f"{triangles:,}", f"{size:.1f} MB", f"{seconds:.1f} s", notes)
        rows.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
    condition = Path(folder, artifacts.CONDITION)
    shown = f'<img src="{condition.as_posix()}" width="512">' if (output / condition).exists() else ""
    return Page(heading, folder, "\n".join(rows), shown, len(made))


def _report(output: Path, pages: list[Page], times: Times) -> None:
    """report.html: the pictures, what was made of each box, and where the time went."""
    steps = "".join(f"<tr><td>{html.escape(name)}</td><td>{s:.1f} s</td></tr>" for name, s in times.seconds.items())
    rooms = "".join(
        ROOM.format(at=f"{page.folder}/".lstrip("/"), heading=page.heading, rows=page.rows, condition=page.condition)
        for page in pages
    )
    text = PAGE.format(rooms=rooms, steps=steps, blender=bpy.app.version_string)
    (output / "report.html").write_text(text, encoding="utf-8")


ROOM = """<h2>{heading}</h2>
<p><img src="{at}side_by_side.png" alt="the boxes and the furnished room"></p>
<p><img src="{at}result.png" alt="the furnished room"></p>
<table><tr><th>prompt</th><th>triangles</th><th>GLB</th><th>time</th><th></th></tr>
{rows}
</table>
<p>The layout as an image model sees it:</p>
<p>{condition}</p>
"""

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Greybox demo</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em; color: #222; }}
img {{ max-width: 100%; border-radius: 6px; }} td, th {{ text-align: left; padding: 2px 16px 2px 0; }}
</style>
<h1>Boxes, and what stands in them</h1>
{rooms}
<h2>Time</h2>
<table>{steps}</table>
<p>Blender {blender}</p>
</html>
"""

"""Draw a data set for SeeThrough3D's LoRA: boxes filled with Draft assets, in the published format.

    python -m backend.training.data.draft_scenes --tokenizer weights/flux1-dev/tokenizer_2 --out data --scenes 2000

Each scene is a random layout in the model's own frame: its condition picture, a silhouette and a description per box,
and a target picture in which the assets stand in the boxes. A seed gives the same scene everywhere.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy import ndarray
from PIL import Image

from ...generators.draft.asset import Kind
from ...generators.draft.kinds.table import KINDS
from ...generators.draft.pipeline import draw_materials, draw_mesh
from ...generators.seethrough3d import text
from ...protocol.seethrough3d import frame, lights
from ...protocol.seethrough3d.frame import CanonicalBox, CanonicalLayout
from ...render import masks, raster
from ...render.boxes import Layout, View
from ...stages.condition import SIDE as CONDITION_SIDE
from ...stages.condition import drawable
from .draft_pictures import Light, Thing, draw, linear, placed
from .seethrough3d_scenes import SYNTHETIC

HOW_MANY = (0.08, 0.16, 0.22, 0.22, 0.18, 0.14)  # shares of scenes with 1, 2 ... boxes, if all find a place
MOST_BOXES = len(HOW_MANY)
ATTEMPTS = 60  # places tried for a box
LARGEST = (1.4, 2.8)  # longest side of the largest box of a scene, scene units
LEVELLED = 0.5  # how far small things are enlarged: 0 not at all, 1 to the size of the largest
BORDER = 0.06  # of the picture's side, by which a corner may leave it
GAP = 0.05  # between footprints, scene units
LEAST_SEEN = 0.12  # share of its silhouette that a box must show
TEXTURE = 256  # texels a side
LOOK_SIDE = 128  # pixels at which the layout is judged
COLOURS = (
    "white", "beige", "brown", "black", "grey", "red", "orange", "yellow", "green", "olive", "teal", "blue", "navy",
    "purple", "pink",
)  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """Kinds that belong together, and the places where they are seen."""

    kinds: tuple[str, ...]
    places: tuple[str, ...]
    floors: tuple[tuple[int, int, int], ...]  # sRGB
    sky: tuple[int, int, int]  # sRGB


THEMES = (
    Theme(
        ("sofa", "armchair", "chair", "rocking chair", "office chair", "stool", "ottoman", "table", "coffee table",
         "side table", "desk", "nightstand", "bookshelf", "cabinet", "sideboard", "dresser", "floor lamp", "bed",
         "potted plant", "piano", "guitar", "trash can", "basket", "suitcase", "cat", "dog", "man", "woman", "child"),
        ("in a living room", "in a bright studio apartment", "in an empty gallery", "in a hotel lobby"),
        ((150, 120, 90), (110, 80, 55), (170, 165, 158), (90, 92, 96)),
        (214, 210, 204),
    ),
    Theme(
        ("mug", "bowl", "plate", "bottle", "vase", "teapot", "jug", "cooking pot", "cutting board", "bread", "cake",
         "apples", "laptop", "monitor", "printer", "speaker", "radio", "table lamp", "desk lamp", "toaster", "kettle",
         "microwave", "coffee machine", "blender", "clock", "book stack", "teddy", "lantern", "flower pot"),
        ("on a table", "on a kitchen counter", "on a modern work desk", "on a wooden board"),
        ((160, 125, 90), (205, 200, 192), (85, 70, 58), (60, 62, 66)),
        (222, 218, 210),
    ),
    Theme(
        ("sedan", "coupe", "suv", "vw beetle", "jeep", "pickup truck", "van", "ferrari", "bicycle", "motorbike",
         "scooter", "bus", "truck", "tractor", "fire hydrant", "mailbox", "litter bin", "road sign", "traffic light",
         "barrier", "bench", "man", "woman", "dog", "tree"),
        ("on a street", "on a parking lot", "on a wide square", "in front of a warehouse"),
        ((95, 96, 98), (120, 116, 110), (140, 135, 126)),
        (178, 200, 224),
    ),
    Theme(
        ("bear", "fox", "lion", "tiger", "wolf", "cow", "deer", "giraffe", "goat", "horse", "pig", "sheep", "zebra",
         "elephant", "hen", "flamingo", "kangaroo", "rabbit", "duck", "dog", "cat", "bush", "tree", "pine tree", "rock",
         "tree stump", "log bench", "mushroom", "fence", "astronaut", "robot"),
        ("on a meadow", "in a park", "in the desert", "on a farm"),
        ((96, 120, 62), (128, 132, 70), (190, 160, 110), (120, 100, 70)),
        (168, 198, 228),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class DraftScene:
    """A layout and the things in it."""

    layout: CanonicalLayout
    kinds: tuple[Kind, ...]
    subjects: tuple[str, ...]  # descriptions
    place: str
    scale: float  # scene units per metre
    light: Light
    seed: int


def scene_of(seed: int) -> DraftScene:
    """The scene of a seed. It has at least one box."""
    rng = np.random.default_rng([seed, 12])
    theme = THEMES[int(rng.integers(len(THEMES)))]
    known = {kind.name: kind for kind in KINDS}
    wanted = int(rng.choice(MOST_BOXES, p=HOW_MANY)) + 1
    chosen = [known[name] for name in rng.choice([k for k in theme.kinds if k in known], wanted)]
    sizes = [np.asarray(kind.size) * np.exp(rng.uniform(-0.12, 0.12, 3)) for kind in chosen]
    largest = max(size.max() for size in sizes)
    sizes = [size * (largest / size.max()) ** LEVELLED for size in sizes]
    scale = float(rng.uniform(*LARGEST) / largest)
    elevation, lens = float(rng.uniform(4, 40)), float(rng.uniform(32, 60))
    boxes: list[CanonicalBox] = []
    stand: list[Kind] = []
    order = sorted(range(wanted), key=lambda i: -sizes[i][0] * sizes[i][1])  # large ones find a place first
    for index in order:
        size = np.maximum(sizes[index] * scale, 0.02)
        box = _placed_box(size, boxes, elevation, lens, rng)
        if box is not None and _all_seen([*boxes, box], elevation, lens):
            boxes.append(box)
            stand.append(chosen[index])
    if not boxes:
        return scene_of(seed + 1_000_000_007)
    subjects = tuple(_described(kind, rng) for kind in stand)
    place = theme.places[int(rng.integers(len(theme.places)))]
    return DraftScene(
        CanonicalLayout(tuple(boxes), elevation, lens), tuple(stand), subjects, place, scale, _light(theme, rng), seed
    )


def picture(scene: DraftScene, side: int) -> ndarray:
    """The target: (side,side,3) uint8 sRGB."""
    things = [_thing(scene, index) for index in range(len(scene.kinds))]
    return draw(things, _view(scene.layout.elevation, scene.layout.lens), scene.light, side)


def write(scene: DraftScene, folder: Path, words: text.T5Words, side: int) -> dict:
    """Draws the scene's files into the folder; returns its line of the .jsonl file."""
    name = f"{scene.seed:08d}"
    layout = drawable(scene.layout, lights.fixed())
    target, condition = Path("main_imgs") / name / SYNTHETIC, Path("oscr") / f"{name}.jpg"
    outlines = Path("cuboids_segmasks") / name
    for path in (target.parent, condition.parent, outlines):
        (folder / path).mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture(scene, side)).save(folder / target, quality=95)
    Image.fromarray(raster.render(layout, CONDITION_SIDE)).save(folder / condition, quality=95)
    segments = []
    distances = layout.view.to_camera(np.array([cuboid.centre for cuboid in layout.cuboids]))[:, 2]
    for index, distance in enumerate(distances):  # one silhouette at a time, they are large
        silhouette = masks.amodal(Layout((layout.cuboids[index],), layout.view, layout.lights))[0]
        segments.append(str(outlines / f"{index:03d}_segmask__{distance:.3f}.png"))
        Image.fromarray(silhouette.astype(np.uint8) * 255).save(folder / segments[-1])
    return {
        "target": str(target),
        "oscr": str(condition),
        "cuboids_segmasks": segments,
        "PLACEHOLDER_prompts": text.template(scene.place),
        "subjects": list(scene.subjects),
        "call_ids": [list(call) for call in words.bind(scene.subjects, scene.place).call_ids],
    }


# ---- where things stand


def _placed_box(
    size: ndarray, others: list[CanonicalBox], elevation: float, lens: float, rng: np.random.Generator
) -> CanonicalBox | None:
    """A place on the floor inside the picture that no other box takes; None when none was found."""
    view = _view(elevation, lens)
    for _ in range(ATTEMPTS):
        x = float(rng.uniform(-3.5, 1.8))
        distance = float(view.to_camera(np.array([x + frame.CENTRE_X, 0.0, 0.0]))[2])
        y = float(rng.uniform(-0.75, 0.75) * view.half * distance)
        azimuth = float(rng.choice([-90.0, 0.0, 90.0, 180.0]) + rng.normal(0, 25))
        width, depth, height = (float(side) for side in size)
        box = CanonicalBox((x, y, 0.0), (width, depth, height), (azimuth + 180) % 360 - 180)
        if _in_picture(box, view) and not any(_meet(box, other) for other in others):
            return box
    return None


def _in_picture(box: CanonicalBox, view: View) -> bool:
    corners = _layout([box], view).cuboids[0].corners
    camera = view.to_camera(corners)
    if (camera[:, 2] < 1.0).any():
        return False
    place = view.to_pixels(camera, 1)
    return bool((place > -BORDER).all() and (place < 1 + BORDER).all())


def _meet(one: CanonicalBox, other: CanonicalBox) -> bool:
    """Whether footprints, with half the gap around each, overlap: no side of either separates them."""
    a, b = _footprint(one), _footprint(other)
    for corners in (a, b):
        for edge in (corners[1] - corners[0], corners[3] - corners[0]):
            along_a, along_b = a @ edge, b @ edge
            if along_a.max() < along_b.min() or along_b.max() < along_a.min():
                return False
    return True


def _footprint(box: CanonicalBox) -> ndarray:
    """(4,2) corners, around."""
    half = (np.array(box.size[:2]) + GAP) / 2
    c, s = math.cos(math.radians(box.azimuth)), math.sin(math.radians(box.azimuth))
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    return corners @ np.array([[c, s], [-s, c]]) + np.array(box.position[:2])


def _all_seen(boxes: list[CanonicalBox], elevation: float, lens: float) -> bool:
    """Whether each box shows enough of itself."""
    layout = _layout(boxes, _view(elevation, lens))
    whole, depth = masks.amodal(layout, LOOK_SIDE), masks.depth(layout, LOOK_SIDE)
    seen = masks.visible(depth).sum((1, 2)) / np.maximum(whole.sum((1, 2)), 1)
    return bool((seen >= LEAST_SEEN).all())


def _layout(boxes: list[CanonicalBox], view: View) -> Layout:
    """For measuring only: its own camera is replaced."""
    drawn = drawable(CanonicalLayout(tuple(boxes), 0.0, 50.0), lights.fixed())
    return Layout(drawn.cuboids, view, drawn.lights)


def _view(elevation: float, lens: float) -> View:
    return View(frame.camera_matrix(CanonicalLayout((), elevation, lens)), frame.SENSOR / 2 / lens)


# ---- how they look


def _thing(scene: DraftScene, index: int) -> Thing:
    box, kind, subject = scene.layout.boxes[index], scene.kinds[index], scene.subjects[index]
    size = tuple(side / scene.scale for side in box.size)
    seed = scene.seed * MOST_BOXES + index
    mesh = draw_mesh(subject, size, seed, kind.name, TEXTURE)  # type: ignore[arg-type]
    maps = draw_materials(mesh, subject, seed, TEXTURE)
    location = np.array([box.position[0] + frame.CENTRE_X, box.position[1], box.position[2]])
    return placed(mesh, maps, scene.scale, math.radians(box.azimuth) + math.pi, location)  # Draft's front is -Y


def _described(kind: Kind, rng: np.random.Generator) -> str:
    names = (kind.name, kind.name, *kind.words)
    name = names[int(rng.integers(len(names)))]
    return name if rng.random() < 0.3 else f"{COLOURS[int(rng.integers(len(COLOURS)))]} {name}"


def _light(theme: Theme, rng: np.random.Generator) -> Light:
    heading, height = rng.uniform(-1.3, 1.3), rng.uniform(0.5, 1.1)  # on the camera's side (+X)
    towards = np.array([math.cos(height) * math.cos(heading), math.cos(height) * math.sin(heading), math.sin(height)])
    warm = rng.uniform(0, 0.25)
    sky = linear(np.array(theme.sky, np.uint8)) * rng.uniform(0.7, 1.0)
    floor = linear(np.array(theme.floors[int(rng.integers(len(theme.floors)))], np.uint8))
    return Light(towards, rng.uniform(1.4, 2.4) * np.array([1, 1 - warm / 2, 1 - warm]), sky, floor)


# ---- the data set


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Draw a data set for SeeThrough3D's LoRA from Draft assets.")
    parser.add_argument("--out", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--tokenizer", type=Path, required=True, help="FLUX.1-dev's folder tokenizer_2")
    parser.add_argument("--scenes", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1, help="seed of the first scene")
    parser.add_argument("--side", type=int, default=512, help="pixels of the target pictures")
    parser.add_argument("--copies", type=int, default=2, help="shuffled copies of the list: epochs in different orders")
    parser.add_argument("--processes", type=int, default=0, help="0: none but this one")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    make(options.out, options.tokenizer, range(options.first, options.first + options.scenes), options)


def make(folder: Path, tokenizer: Path, seeds: range, options: argparse.Namespace) -> None:
    """Writes all scenes, and the lists of them at the end."""
    text.T5Words(tokenizer)  # says at once when it is missing
    lines = []
    one = partial(_make_one, folder=folder, tokenizer=tokenizer, side=options.side)
    for line in _mapped(one, seeds, options.processes):
        lines.append(json.dumps(line))
        if len(lines) % 100 == 0:
            print(f"{len(lines)} of {len(seeds)} scenes", flush=True)  # noqa: T201
    (folder / "draft.jsonl").write_text("\n".join(lines) + "\n")
    for copy in range(options.copies):
        order = np.random.default_rng([seeds.start, copy]).permutation(len(lines))
        (folder / f"draft_shuffled_{copy}.jsonl").write_text("\n".join(lines[i] for i in order) + "\n")


def _make_one(seed: int, folder: Path, tokenizer: Path, side: int) -> dict:
    return write(scene_of(seed), folder, text.T5Words(tokenizer), side)


def _mapped(function: partial, seeds: range, processes: int) -> Iterator[dict]:
    if processes == 0:
        yield from map(function, seeds)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(function, seeds, chunksize=4)


if __name__ == "__main__":
    main()

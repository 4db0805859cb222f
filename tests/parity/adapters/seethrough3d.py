"""Adapters of SeeThrough3D's layout side: frame, tables, colours, saved scenes, masks, condition renders."""

from __future__ import annotations

import functools
import importlib.util
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from backend.protocol.seethrough3d import colours, frame, saved_scene, tables
from backend.render import agx, masks, preprocess, raster
from backend.render.boxes import Layout
from backend.stages import condition

from ..compare import Check, compare
from ..golden import Golden

# Mean error and 99th percentile over all pixels and channels, in levels of 255.
ALLOWED = {"raster": (1.0, 9.0), "cycles": (1.0, 9.0), "eevee": (3.0, 14.0)}
CLOSE = {"atol": 1e-6, "rtol": 0.0}
EXACT = {"exact": True}


# ---- components


def _z_pass(golden: Golden) -> dict[str, Any]:
    return {"masks": masks.z_pass(golden.inputs["masks"].numpy(), golden.inputs["dist"].numpy())}


def _agx_lut(golden: Golden) -> dict[str, Any]:
    grid = golden.inputs["grid"].numpy()
    return {"rgb": agx.display(np.stack(np.meshgrid(grid, grid, grid, indexing="ij"), -1))}


def _token_masks(golden: Golden) -> dict[str, Any]:
    folder = golden.path.parent
    silhouettes = np.stack([_grey(folder / name) for name in golden.config["segmasks"]])
    ready = preprocess.model_input(_rgb(folder / golden.config["condition"]))
    return {
        "token_masks": masks.tokens(silhouettes),
        "mask_pixel_counts": (silhouettes > 128).sum((1, 2)),
        "cond_preprocessed_fp32_from_512": ready[:, ::32, ::32],
    }


# ---- files


def _harmonise(path: Path) -> list[Check]:
    checks = []
    for i, case in enumerate(json.loads(path.read_text())):
        subjects = [tables.subject(f"thing {k}", name) for k, name in enumerate(case["types"])]
        for k, (x, y, z, azimuth, *size) in (case["edits"] or {}).items():
            edited = tables.replace(subjects[int(k)], position=(x, y, z), azimuth=azimuth, size=tuple(size))
            subjects[int(k)] = edited
        after, message = tables.harmonise(tuple(subjects))
        checks.append(_same(f"{i}.message", message, case["message"]))
        for k, (ours, golden) in enumerate(zip(after, case["after"], strict=True)):
            checks.append(_same(f"{i}.{k}.type", ours.type, golden["type"]))
            checks += _numbers(f"{i}.{k}", ours, golden, {"size": "size", "position": "position", "azimuth": "azimuth"})
    return checks


def _asset_tables(path: Path) -> list[Check]:
    golden = json.loads(path.read_text())
    sizes, scales = golden["asset_dimensions_width_depth_height"], golden["scales"]
    return [
        _same("names with a size", sorted(tables.SIZES), sorted(sizes)),
        _same("names with a scale", sorted(tables.SCALES), sorted(scales)),
        *(compare(f"size {name}", tables.SIZES.get(name, ()), size, CLOSE) for name, size in sizes.items()),
        *(compare(f"scale {name}", tables.SCALES.get(name, ()), scale, CLOSE) for name, scale in scales.items()),
    ]


def _colours(path: Path) -> list[Check]:
    golden = json.loads(path.read_text())
    checks = []
    for point in golden["points"]:
        at = point["xyz_world"]
        checks.append(compare(f"rgb {at}", colours.position(*at), point["rgb"], CLOSE))
        checks.append(compare(f"edge {at}", colours.edge(*at), point["edge_rgba"], CLOSE))
        checks.append(compare(f"faces {at}", colours.position_faces(*at), point["faces_segmask"], CLOSE))
    for entry in golden["cv_palette"]:
        checks.append(compare(f"preview {entry['i']}", colours.preview_faces(entry["i"]), entry["faces"], CLOSE))
    return checks


def _saved_scene(path: Path) -> list[Check]:
    """The .pkl beside the .json: the state after loading, and the request that follows from it."""
    golden = json.loads(path.read_text())
    saved = saved_scene.read(path.with_suffix(".pkl").read_bytes())
    return _state(saved, golden["after_load"]) + _request(saved, golden["request"])


def _pickle(path: Path) -> list[Check]:
    subjects = saved_scene.read(path.read_bytes()).subjects
    return [Check("subjects", bool(subjects), allowed="readable", note=f"{len(subjects)} boxes")]


def _state(saved: saved_scene.SavedScene, golden: dict, rule: dict = EXACT) -> list[Check]:
    checks = [
        compare("camera_elevation", saved.elevation, golden["camera_elevation"], rule),
        compare("camera_lens", saved.lens, golden["camera_lens"], rule),
        _same("surrounding_prompt", saved.surroundings, golden["surrounding_prompt"]),
        _same("inference_params", saved.inference, golden["inference_params"]),
        _same("count", len(saved.subjects), len(golden["objects"])),
    ]
    for i, (ours, theirs) in enumerate(zip(saved.subjects, golden["objects"], strict=False)):
        checks += [
            _same(f"{i}.id", i, theirs["id"]),
            _same(f"{i}.description", ours.description, theirs["description"]),
            _same(f"{i}.type", ours.type, theirs["type"]),
            compare(f"{i}.position", ours.position, theirs["position"], rule),
            compare(f"{i}.size", ours.size, theirs["size"], rule),
            compare(f"{i}.azimuth", ours.azimuth, theirs["azimuth"], rule),
            _same(f"{i}.original", _listed(ours.original_size), theirs["original_asset_size"]),
            compare(f"{i}.color", colours.SWATCHES[i % len(colours.SWATCHES)], theirs["color"], rule),
        ]
    return checks


def _request(saved: saved_scene.SavedScene, golden: dict, rule: dict = EXACT) -> list[Check]:
    camera = golden["camera_data"]
    checks = [
        compare("elevation", math.radians(saved.elevation), camera["camera_elevation"], CLOSE),
        compare("lens", saved.lens, camera["lens"], rule),
        _same("global_scale", 1.0, camera["global_scale"]),
    ]
    for i, (ours, theirs) in enumerate(zip(saved.subjects, golden["subjects_data"], strict=True)):
        values = [theirs[key] for key in ("x", "y", "z", "width", "depth", "height", "azimuth")]
        checks += [
            _same(f"request {i}", ours.description, theirs["subject_name"]),
            compare(f"request {i} numbers", [*ours.position, *ours.size, ours.azimuth], values, rule),
            compare(f"request {i} colour", colours.SWATCHES[i % len(colours.SWATCHES)], theirs["base_color"], rule),
        ]
    return checks


def _projection(path: Path) -> list[Check]:
    golden = json.loads(path.read_text())
    layout = _layout(path.parent)
    camera = golden["camera"]
    matrix = layout.view.matrix
    euler = (math.acos(min(max(matrix[2, 2], -1), 1)), 0.0, math.atan2(matrix[1, 0], matrix[0, 0]))
    rule = {"atol": 1e-4, "rtol": 0.0}
    checks = [
        compare("camera matrix", matrix, camera["matrix_world"], rule),
        compare("camera euler", euler, camera["euler"], rule),
        compare("lens", frame.SENSOR / 2 / layout.view.half, camera["lens"], rule),
        compare("sensor", frame.SENSOR, camera["sensor_width"], rule),
        compare("angle", 2 * math.atan(layout.view.half), camera["angle"], rule),
    ]
    for box, theirs in zip(layout.cuboids, golden["boxes"], strict=True):
        seen = layout.view.to_camera(box.corners)
        flat, pixels = layout.view.to_pixels(seen, 1), layout.view.to_pixels(seen, 1024)
        corners = theirs["corners"]
        name = theirs["name"]
        upward = np.stack([flat[:, 0], 1 - flat[:, 1]], -1)
        checks += [
            compare(f"{name} world", box.corners, [c["world"] for c in corners], rule),
            compare(f"{name} ndc", upward, [[c["ndc_x"], c["ndc_y"]] for c in corners], rule),
            compare(f"{name} depth", seen[:, 2], [c["depth"] for c in corners], rule),
            compare(f"{name} pixels", pixels, [c["pixel_1024"] for c in corners], {"atol": 1e-2, "rtol": 0.0}),
        ]
    return checks


def _scene(path: Path) -> list[Check]:
    """A folder with scene.json: its state, its silhouettes, and its picture by every renderer that is here."""
    golden = json.loads(path.read_text())
    saved = saved_scene.interpret(golden["saved"])
    checks = _state(saved, golden["gui"], CLOSE) + _request(saved, golden["request"], CLOSE)
    checks += _silhouettes(path.parent)
    for picture in sorted(path.parent.glob("final_*.png")):
        layout = _layout(path.parent, picture.with_name(f"{picture.stem}_meta.json"))
        expected = _rgb(picture)
        for renderer in ("raster", "eevee", "cycles") if _has_blender() else ("raster",):
            checks += _close_pictures(renderer, picture.stem, _render(renderer, layout, len(expected)), expected)
    return checks


def _silhouettes(folder: Path) -> list[Check]:
    """Ours against the stored ones: nearly every pixel, and their tokens."""
    stored = [_grey(path) for path in sorted(folder.glob("segmask_1024_*.png"))]
    if not stored:
        return []
    ours = masks.amodal(_layout(folder), stored[0].shape[0])
    nearly = {"fraction": 0.999, "atol": 0.0}
    return [
        compare("silhouettes", ours, np.stack(stored) > 128, nearly),
        compare("tokens", masks.tokens(ours), masks.tokens(np.stack(stored)), {"fraction": 0.995, "atol": 0.0}),
    ]


def _condition_picture(path: Path) -> list[Check]:
    """condition_from_final<size>.png follows from final_<size>_blender.jpg through both JPEG passes."""
    side = path.stem.removeprefix("condition_from_final")
    again = preprocess.recompressed((path.parent / f"final_{side}_blender.jpg").read_bytes())
    checks = [compare("condition", preprocess.shrunk(again), _rgb(path), EXACT)]
    between = path.parent / f"cv_render_{side}_recompressed.jpg"
    if between.exists():
        checks.append(compare("recompressed", np.asarray(again), _rgb(between), EXACT))
    return checks


# ---- shared


def _layout(folder: Path, meta: Path | None = None) -> Layout:
    """The layout of scene.json, lit by the lights of the picture's meta file."""
    request = json.loads((folder / "scene.json").read_text())["request"]
    boxes = tuple(
        frame.CanonicalBox((s["x"], s["y"], s["z"]), (s["width"], s["depth"], s["height"]), s["azimuth"])
        for s in request["subjects_data"]
    )
    camera = request["camera_data"]
    layout = frame.CanonicalLayout(boxes, math.degrees(camera["camera_elevation"]), camera["lens"])
    lights = json.loads(meta.read_text())["lights"]["p"] if meta else []
    return condition.drawable(layout, np.array(lights).reshape(-1, 3))


def _render(renderer: str, layout: Layout, size: int) -> np.ndarray:
    return raster.render(layout, size) if renderer == "raster" else _blender().render(layout, renderer, size)


def _has_blender() -> bool:
    return importlib.util.find_spec("bpy") is not None


@functools.cache
def _blender() -> Any:
    return condition.blender_scene()


def _close_pictures(renderer: str, name: str, ours: np.ndarray, golden: np.ndarray) -> list[Check]:
    error = np.abs(ours.astype(np.float64) - golden)
    mean, worst = float(error.mean()), float(np.percentile(error, 99))
    allowed_mean, allowed_worst = ALLOWED[renderer]
    return [
        Check(f"{name} {renderer} mean", mean <= allowed_mean, mean, allowed=f"mean {allowed_mean:g}/255"),
        Check(f"{name} {renderer} p99", worst <= allowed_worst, worst, allowed=f"p99 {allowed_worst:g}/255"),
    ]


def _same(name: str, ours: Any, golden: Any) -> Check:
    return Check(name, ours == golden, allowed="exact", note="" if ours == golden else f"{ours!r}, not {golden!r}")


def _numbers(name: str, ours: Any, golden: dict, fields: dict[str, str]) -> list[Check]:
    return [compare(f"{name}.{key}", getattr(ours, key), golden[theirs], CLOSE) for key, theirs in fields.items()]


def _listed(size: tuple[float, ...] | None) -> list[float] | None:
    return None if size is None else list(size)


def _rgb(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.array(picture.convert("RGB"))


def _grey(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.array(picture.convert("L"))


ADAPTERS = {
    "seethrough3d.z_pass": _z_pass,
    "seethrough3d.agx_lut": _agx_lut,
    "seethrough3d.token_masks": _token_masks,
}

FILES = {
    "harmonise.json": _harmonise,
    "asset_tables.json": _asset_tables,
    "colours.json": _colours,
    "saved_scene*.json": _saved_scene,
    "saved_scene*.pkl": _pickle,
    "scene.json": _scene,
    "projection.json": _projection,
    "condition_from_final*.png": _condition_picture,
}

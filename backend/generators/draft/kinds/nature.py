"""Things that lie in the open: rock, tree stump, log bench, mushroom.

Default material words: stone "stone"; bark "bark"; wood "oak"; moss "moss"; cap "red ceramic", stem "cream ceramic".
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.spatial import ConvexHull

from ..asset import Choice, Kind, Part, Range, Size, Style, flatten
from ..bodies import Cover, chain, skin, unwrap
from ..leaves import leaves, scattered, upright
from ..solids import cylinder, ellipsoid, lathe, merge, move, sweep, turn
from .proportions import Build, fitted, steady


def rock(style: Style, size: Size) -> list[Part]:
    """A boulder with broken faces, or a group of three."""
    width, depth, height = size
    places = (
        [(0.0, 0.0, 1.0)]
        if style["form"] == "boulder"
        else [(-0.13, 0.06, 0.72), (0.27, -0.14, 0.45), (0.16, 0.3, 0.38)]
    )
    parts = []
    for k, (x, y, share) in enumerate(places):
        rng = style.random(f"rock {k}")
        radii = 0.5 * share * np.array([width, depth, 1.05 * height * (1 if k == 0 else 1.3)]) * (1, style["squat"], 1)
        ways = scattered(rng, int(style["points"]), -1.0)
        points = radii * ways * rng.uniform(style["rough"], 1.0, (len(ways), 1)) + (
            x * width,
            y * depth,
            0.84 * radii[2],
        )
        points[:, 2] = np.maximum(points[:, 2] + style["tilt"] * 0.2 * (points[:, 0] - x * width), 0.0)
        parts.append(broken(f"rock {k + 1}", "stone", points, style["worn"]))
        if style["moss"] == "mossy" and k < 2:
            middle = points.mean(0)
            cover = middle + (points - middle) * (0.96, 0.96, 1.03)
            top = cover[cover[:, 2] > np.quantile(cover[:, 2], 1 - 0.36 * style["moss_share"])]
            parts.append(broken(f"moss {k + 1}", "moss", np.concatenate([top, top - (0, 0, 0.03 * height)]), 0.2))
    return parts


def broken(name: str, slot: str, points: np.ndarray, worn: float) -> Part:
    """The convex hull of points (N,3) with its corners knocked off."""
    faces = points[ConvexHull(points).simplices]  # (F,3,3)
    after = np.roll(faces, -1, axis=1)
    chipped = np.concatenate([faces + worn * (after - faces), after + worn * (faces - after)]).reshape(-1, 3)
    hull = ConvexHull(chipped)
    kept, index = np.unique(hull.simplices, return_inverse=True)
    triangles = index.reshape(-1, 3)
    vertices = chipped[kept]
    corner = vertices[triangles]
    inward = (
        np.einsum("fk,fk->f", np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), hull.equations[:, :3])
        < 0
    )
    triangles[inward] = triangles[inward][:, ::-1]
    uvs, charts = unwrap(vertices, triangles)
    return Part(name, vertices, triangles.astype(np.int32), uvs, charts, slot, 20.0, 2)


def stump(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    rng = style.random("stump")
    r = 0.32 * min(width, depth) * style["girth"]
    count = 40
    angle = np.linspace(0, 2 * np.pi, count + 1)[:-1]
    lobes = 1 + style["lobes"] * 0.12 * np.cos(5 * angle + rng.uniform(0, 6)) + 0.03 * np.cos(11 * angle)
    section = lobes[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1)
    share = np.array([0.0, 0.06, 0.16, 0.35, 0.65, 0.97])
    spread = 1 + (np.array([1.45, 1.3, 1.13, 1.03, 1.0, 0.97]) - 1) * style["flare"]
    path = np.stack([0 * share, 0 * share, share * height], -1)
    trunk = sweep("trunk", "bark", path, section, scale=r * spread, up=(0.0, 1.0, 0.0), smooth=60.0)
    top = sweep(
        "cut",
        "wood",
        np.array([(0, 0, 0.96 * height), (0, 0, 0.985 * height), (0, 0, height)]),
        section,
        scale=r * np.array([0.9, 0.9, 0.87]),
        up=(0.0, 1.0, 0.0),
    )
    if style["top"] == "slanted":
        trunk, top = (slanted(part, style["slant"], height) for part in (trunk, top))
    roots = []
    for k in range(int(style["roots"])):
        turn_ = 2 * np.pi * k / int(style["roots"]) + rng.uniform(-0.3, 0.3)
        out = np.array([np.cos(turn_), np.sin(turn_), 0.0])
        reach = np.array([0.5 * width, 0.5 * depth, 1.0])
        points = [
            tuple(0.6 * r * out + [0, 0, 0.22 * height]),
            tuple(1.25 * r * out + [0, 0, 0.08 * height]),
            tuple(out * reach * 0.94 + [0, 0, 0.012 * height]),
        ]
        roots += chain(points, [0.3 * r, 0.2 * r, 0.07 * r], 0.05 * r)
    parts = [trunk, top, skin(Cover("roots", "bark", roots, 2500))]
    if style["growth"] == "mushrooms":
        for k in range(3):
            a = rng.uniform(0, 2 * np.pi)
            at = (1.02 * r * np.cos(a), 1.02 * r * np.sin(a), (0.35 + 0.18 * k) * height)
            parts.append(ellipsoid(f"fungus {k + 1}", "fungus", at, (0.28 * r, 0.28 * r, 0.06 * height), 6))
    if style["growth"] == "sprout":
        ways = scattered(rng, 9, 0.2)
        at = np.tile([0.85 * r, 0.0, 0.9 * height], (9, 1))
        parts.append(
            leaves("sprout", "leaf", at, ways, upright(ways), 0.5 * r * style["sprout"], 0.24 * r, "oval", 0.3)
        )
    return parts


def slanted(part: Part, slope: float, height: float) -> Part:
    """The upper end tilts to one side."""
    lift = slope * part.vertices[:, 0] * np.clip(part.vertices[:, 2] / height, 0, 1) ** 2
    return flatten(replace(part, vertices=part.vertices + np.column_stack([0 * lift, 0 * lift, lift])))


def log_bench(style: Style, size: Size) -> list[Part]:
    """Half a trunk on two stumps, or on crossed logs."""
    width, depth, height = size
    thick = style["thickness"] * height
    r = 0.49 * depth
    angle = np.radians(np.linspace(180, 360, 19))
    half = np.stack([r * np.cos(angle), thick * np.sin(angle)], -1)
    rough = 1 + style["rough"] * 0.03 * np.cos(7 * angle)
    outline = half * rough[:, None]
    seat = sweep(
        "seat",
        "bark",
        np.array(
            [
                (-0.5 * width * (1 - style["overhang"]), 0, 0.98 * height),
                (0.5 * width * (1 - style["overhang"]), 0, 0.98 * height),
            ]
        ),
        outline,
        up=(0.0, 0.0, 1.0),
    )
    board = sweep(
        "board",
        "wood",
        np.array([(-0.5 * width, 0, height - 0.02 * height), (0.5 * width, 0, height - 0.02 * height)]),
        np.array(
            [
                (-0.94 * r, -0.03 * height),
                (0.94 * r, -0.03 * height),
                (0.94 * r, 0.02 * height),
                (-0.94 * r, 0.02 * height),
            ]
        ),
        up=(0.0, 0.0, 1.0),
    )
    legs, faces = [], []
    for x in (-style["legs"] * width, style["legs"] * width):
        if style["base"] == "stumps":
            legs.append(
                cylinder(
                    "leg",
                    "bark",
                    (x, 0, 0),
                    (x, 0, height - 0.55 * thick),
                    0.5 * depth * style["leg_girth"] * 0.8,
                    0.5 * depth * style["leg_girth"] * 0.72,
                    bevel=0.01,
                    sides=20,
                )
            )
        else:
            log = cylinder(
                "leg",
                "bark",
                (x, -0.5 * depth, 0.5 * (height - thick)),
                (x, 0.5 * depth, 0.5 * (height - thick)),
                0.5 * (height - 0.8 * thick) * 1.0,
                bevel=0.01,
                sides=24,
            )
            legs.append(log)
            faces += [
                cylinder(
                    "end",
                    "wood",
                    (x, s * 0.497 * depth, 0.5 * (height - thick)),
                    (x, s * 0.505 * depth, 0.5 * (height - thick)),
                    0.42 * (height - 0.8 * thick) * style["leg_girth"],
                    bevel=0.001,
                    sides=24,
                )
                for s in (1, -1)
            ]
    parts = [seat, board, merge("legs", legs)]
    if faces:
        parts.append(merge("log ends", faces))
    if style["back"] == "back":
        rail = cylinder(
            "back rail",
            "bark",
            (-0.5 * width, 0.42 * depth, 1.75 * height),
            (0.5 * width, 0.42 * depth, 1.75 * height),
            0.1 * height * style["rail"],
            bevel=0.01,
            sides=16,
        )
        posts = [
            cylinder(
                "post",
                "bark",
                (x, 0.42 * depth, 0.8 * height),
                (x, 0.42 * depth, 1.75 * height),
                0.08 * height * style["rail"],
                sides=14,
            )
            for x in (-0.36 * width, 0.36 * width)
        ]
        parts += [rail, merge("back posts", posts)]
    return parts


def mushroom(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    parts: dict[str, list[Part]] = {}
    places = (
        [(0.0, 0.0, 1.0)]
        if style["group"] == "single"
        else [(-0.12, 0.05, 1.0), (0.27, -0.12, 0.62), (0.1, 0.26, 0.45)]
    )
    for x, y, share in places:
        for part in one_mushroom(
            style, (0.5 if len(places) == 1 else 0.36) * min(width, depth) * share, height * share
        ):
            parts.setdefault(part.name, []).append(
                move(turn(part, "y", style["lean"] + 30.0 * x), x * width, y * depth, 0)
            )
    return [merge(name, pieces) for name, pieces in parts.items()]


def one_mushroom(style: Style, r: float, height: float) -> list[Part]:
    thick, brim = 0.34 * r * style["stem"], style["brim"] * height
    stem = lathe(
        "stem",
        "stem",
        np.array([(0, 0), (1.25, 0), (1.4, 0.08), (1.0, 0.3), (0.85, 0.8), (0.9, 1.0), (0, 1.0)])
        * (thick, brim + 0.05 * height),
        sides=24,
    )
    dome = {
        "round": [(1.0, 0.0), (1.02, 0.12), (0.85, 0.55), (0.5, 0.88), (0, 1.0)],
        "pointed": [(1.0, 0.0), (1.0, 0.08), (0.62, 0.45), (0.25, 0.85), (0, 1.0)],
    }[style["cap"]]
    under = [(0, 0.12), (0.3, 0.1), (0.9, -style["curl"] * 0.1), (1.0, 0.0)]
    cap = lathe(
        "cap", "cap", np.array([*under[:-1], *dome]) * (r, height - brim) + np.array([0, brim]), sides=36, smooth=60.0
    )
    ring = lathe(
        "ring",
        "stem",
        np.array([(0.8, 0.0), (1.9, -0.35), (1.95, -0.3), (0.8, 0.25)]) * thick + np.array([0, style["ring"] * brim]),
        sides=24,
    )
    spots = []
    for i, way in enumerate(scattered(style.random("spots"), int(style["spots"]), 0.25)):
        side, up = float(np.hypot(way[0], way[1])), float(way[2])
        shape = np.array(dome)
        x = min(side, 0.95)
        z = float(np.interp(x, shape[::-1, 0], shape[::-1, 1]))
        if up > 0:
            spots.append(
                ellipsoid(
                    "spot",
                    "spot",
                    (way[0] / max(side, 1e-6) * x * r, way[1] / max(side, 1e-6) * x * r, brim + z * (height - brim)),
                    (0.1 * r * (1 + 0.4 * (i % 2)), 0.1 * r * (1 + 0.4 * (i % 2)), 0.05 * height),
                    2,
                )
            )
    return [stem, cap, ring, merge("spots", spots)]


def outdoor(name: str, words: tuple[str, ...], size: Size, slots: dict[str, str], knobs: dict, build: Build) -> Kind:
    return Kind(name, "nature", words, size, slots, knobs, steady(fitted(build), size, 2.0))


KINDS = [
    outdoor(
        "rock",
        ("stone", "boulder", "rocks", "stones", "pebble"),
        (1.0, 0.9, 0.65),
        {"stone": "stone", "moss": "moss"},
        {
            "points": Range(26.0, 60.0),
            "rough": Range(0.72, 0.95),
            "worn": Range(0.06, 0.24),
            "tilt": Range(-1.0, 1.0),
            "moss_share": Range(0.6, 1.2),
            "squat": Range(0.7, 1.0),
            "form": Choice(("boulder", "group")),
            "moss": Choice(("bare", "mossy")),
        },
        rock,
    ),
    outdoor(
        "tree stump",
        ("stump", "tree trunk", "wooden stump"),
        (0.9, 0.9, 0.5),
        {"bark": "bark", "wood": "oak", "fungus": "orange ceramic", "leaf": "leaf"},
        {
            "girth": Range(0.88, 1.12),
            "lobes": Range(0.3, 1.3),
            "roots": Range(5.0, 8.0),
            "sprout": Range(0.8, 1.3),
            "flare": Range(0.7, 1.4),
            "slant": Range(0.1, 0.35),
            "growth": Choice(("none", "mushrooms", "sprout")),
            "top": Choice(("even", "slanted")),
        },
        stump,
    ),
    outdoor(
        "log bench",
        ("tree trunk bench", "wooden log", "log", "log seat"),
        (1.6, 0.45, 0.48),
        {"wood": "pine", "bark": "bark"},
        {
            "thickness": Range(0.3, 0.45),
            "rough": Range(0.3, 1.5),
            "legs": Range(0.26, 0.38),
            "leg_girth": Range(0.8, 1.05),
            "rail": Range(0.85, 1.2),
            "overhang": Range(0.0, 0.03),
            "base": Choice(("stumps", "logs")),
            "back": Choice(("none", "none", "back")),
        },
        log_bench,
    ),
    outdoor(
        "mushroom",
        ("toadstool", "mushrooms", "fungus"),
        (0.24, 0.24, 0.26),
        {"cap": "red ceramic", "stem": "cream ceramic", "spot": "white ceramic"},
        {
            "stem": Range(0.8, 1.3),
            "brim": Range(0.5, 0.66),
            "curl": Range(0.0, 1.5),
            "spots": Range(12.0, 26.0),
            "lean": Range(-6.0, 6.0),
            "ring": Range(0.6, 0.82),
            "cap": Choice(("round", "pointed")),
            "group": Choice(("single", "group")),
        },
        mushroom,
    ),
]

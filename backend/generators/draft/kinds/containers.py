"""Things to put things in: crates, baskets, boxes, trunks, barrels, bins, suitcases."""

from dataclasses import replace

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import unit, wheel
from ..outlines import Span, around, ellipse, fillet, inset, length, middle, rounded_rectangle, split
from ..solids import box, cylinder, lathe, merge, move, plate, prism, stretch, sweep, torus, tube, turn


def _crate(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    t = style["board"] * 0.035 * u
    post = style["post"] * 0.1 * u
    wear, floor = style["wear"] * t, style["floor"] * h
    inner_x, inner_y = inset(x, t), inset(y, t)
    rows = split((0.02 * h, h), style["rows"], style["gap"] * h)
    parts: list[Part] = []
    for row in rows:
        parts += [box("board", "wood", x, s, row, wear, grain=0) for s in ((y[0], y[0] + t), (y[1] - t, y[1]))]
        parts += [box("board", "wood", s, inner_y, row, wear, grain=1) for s in ((x[0], x[0] + t), (x[1] - t, x[1]))]
    for px in inset(inner_x, post / 2):
        for py in inset(inner_y, style["post_depth"] * post / 2):
            parts.append(
                box(
                    "post",
                    "wood",
                    around(px, post),
                    around(py, style["post_depth"] * post),
                    (0, 0.98 * h),
                    wear,
                    grain=2,
                )
            )
    parts += [
        box("floor", "wood", s, inset(inner_y, 0.01 * d), (floor, floor + t), wear, grain=1)
        for s in split(inner_x, style["slats"], 0.01 * w)
    ]
    if style["lid"] == "lid":
        top = h - 0.5 * t
        parts += [
            box("lid", "wood", inset(x, 0.002 * w), s, (top - t, top), wear, grain=0)
            for s in split(inset(y, t), style["slats"], 0.01 * d)
        ]
    if style["braces"] == "braces":
        for side in inset(y, -0.45 * t):
            for px in inset(x, 0.6 * post):
                parts.append(
                    box("brace", "wood", around(px, post), around(side, 0.9 * t), (0.02 * h, h), wear, grain=2)
                )
    return parts


def _basket(style: Style, size: Size) -> list[Part]:
    """Woven strands that wave around upright stakes."""
    w, d, h = size
    r = min(w, d) / 2
    body = h * (1 - 0.24 * style["handle_height"] if style["handles"] == "arch" else 1.0)
    count = style["strands"]
    strand = body / count
    thick = min(strand, 0.25 * r)  # across the wall; a tall basket has broad strands
    stakes = style["stakes"] * 2
    parts: list[Part] = []
    rings = []
    weave = style["weave"] * 0.35 * thick
    foot, mouth, belly = style["foot"], 1.0 - 0.8 * thick / r, style["belly"]
    angle = np.arange(stakes * 6) * (2 * np.pi / (stakes * 6))
    for k in range(count):
        t = (k + 0.5) / count
        around_r = r * (foot + (mouth - foot) * t + belly * 0.2 * np.sin(np.pi * t)) - 0.6 * thick
        wave = around_r + weave * np.cos(angle * stakes / 2 + np.pi * (k % 2))
        path = np.stack([wave * np.cos(angle), wave * np.sin(angle), np.full_like(angle, t * body)], axis=1)
        rings.append(sweep("strand", "wicker", path, ellipse(0.53 * thick, 0.53 * strand, 6), closed=True, smooth=80))
    parts.append(merge("strands", rings))
    floor_r = r * foot - thick
    parts.append(cylinder("floor", "wicker", (0, 0, 0), (0, 0, 0.6 * thick), floor_r, bevel=0.2 * thick, sides=32))
    rim_r = r - 0.75 * thick
    parts.append(torus("rim", "wicker", (0, 0, body - 0.75 * thick), rim_r, 1.5 * thick * style["rim"]))
    parts = [stretch(part, w / (2 * r), d / (2 * r)) for part in parts]
    return parts + _basket_handles(style, size, body, thick)


def _basket_handles(style: Style, size: Size, body: float, strand: float) -> list[Part]:
    w, d, h = size
    t = np.linspace(0, np.pi, 21)
    bar = 0.6 * strand * style["handle_width"]
    if style["handles"] == "arch":
        rise = h - body
        path = np.stack(
            [-np.cos(t) * (0.49 * w - 1.2 * strand), np.zeros(21), body - strand + (rise + strand - bar) * np.sin(t)],
            axis=1,
        )
        return [tube("handle", "wicker", path, bar)]
    if style["handles"] == "ears":
        path = np.stack(
            [-np.cos(t) * 0.14 * d * style["handle_width"], np.sin(t) * 0.1 * h * style["handle_height"], np.zeros(21)],
            axis=1,
        )
        ears = []
        for side in (-1, 1):
            ear = tube(
                "ear",
                "wicker",
                np.stack([np.full(21, side * 0.455 * w), path[:, 0], body - 3 * strand + path[:, 1]], axis=1),
                0.8 * bar,
            )
            ears.append(ear)
        return [merge("ears", ears)]
    return []


def _cardboard_box(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    t, face = style["wall"] * 0.012 * u, y[0]
    if style["state"] == "closed":
        gap = style["seam"] * 0.004 * u
        lids = [
            box("flap", "card", inset(x, 0.002 * w), s, (h - 1.6 * t, h - 0.4 * t), 0.2 * t) for s in split(y, 2, gap)
        ]
        body = box("body", "card", x, y, (0, h - 1.5 * t), style["edge"] * 0.01 * u, grain=0)
        tape = box(
            "tape", "tape", inset(x, -0.0005 * w), around(0, style["tape"] * 0.14 * d), (h - 0.5 * t, h), 0.1 * t
        )
        ends = [
            box("tape", "tape", s, around(0, style["tape"] * 0.14 * d), (0.75 * h, h - 0.1 * t), 0.1 * t)
            for s in ((x[0] - 0.3 * t, x[0] + t), (x[1] - t, x[1] + 0.3 * t))
        ]
        parts = [body, *lids, tape, *ends]
    else:
        flap = style["flap_size"] * 0.28 * min(w, d, h)
        parts = _open_box(style, inset(x, 0.7 * flap), inset(y, 0.7 * flap), h, t, flap)
        face += 0.7 * flap
    if style["label"] == "label":
        parts.append(
            box(
                "label",
                "label",
                around(0.2 * w, 0.3 * w),
                (face - 0.15 * t, face + 0.1 * t),
                around(0.5 * h, 0.22 * h),
                0.04 * t,
            )
        )
    return parts


def _open_box(style: Style, inner_x: Span, inner_y: Span, h: float, t: float, flap: float) -> list[Part]:
    """Walls, a floor and four flaps folded outward."""
    lean = style["flaps"]
    top = h - flap * np.sin(np.radians(lean)) if lean > 0 else h
    parts = [box("floor", "card", inner_x, inner_y, (0, t), 0.2 * t)]
    parts += [
        box("wall", "card", inner_x, s, (0, top), 0.2 * t, grain=0)
        for s in ((inner_y[0], inner_y[0] + t), (inner_y[1] - t, inner_y[1]))
    ]
    parts += [
        box("wall", "card", s, inset(inner_y, 0.9 * t), (0, top), 0.2 * t, grain=1)
        for s in ((inner_x[0], inner_x[0] + t), (inner_x[1] - t, inner_x[1]))
    ]
    front = box("flap", "card", inset(inner_x, 0.01 * length(inner_x)), (-flap, 0), (-t / 2, t / 2), 0.2 * t)
    side = box("flap", "card", (-flap, 0), inset(inner_y, 0.01 * length(inner_y)), (-t / 2, t / 2), 0.2 * t)
    parts.append(move(turn(front, "x", -lean), 0, inner_y[0] + t, top))
    parts.append(move(turn(turn(front, "x", -lean), "z", 180), 0, inner_y[1] - t, top))
    parts.append(move(turn(side, "y", lean), inner_x[0] + t, 0, top))
    parts.append(move(turn(turn(side, "y", lean), "z", 180), inner_x[1] - t, 0, top))
    return parts


def _trunk(style: Style, size: Size) -> list[Part]:
    """A chest with a flat or vaulted lid, straps and a lock."""
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    cut = style["lid"] * h
    strap = style["strap"] * 0.09 * u
    t = 0.014 * u
    gap = 0.004 * u
    body_x, body_y = inset(x, t), inset(y, t)
    parts = [box("body", "wood", body_x, body_y, (0.7 * style["foot"] * h, cut), style["edge"] * 0.015 * u, grain=0)]
    if style["form"] == "vaulted":
        s = np.linspace(0, np.pi, 19)
        vault = np.stack(
            [
                np.cos(s) * length(body_y) / 2,
                cut + gap + (h - t - cut - gap) * (style["rise"] + (1 - style["rise"]) * np.sin(s)),
            ],
            axis=1,
        )
        profile = np.concatenate([[(body_y[0], cut + gap)], vault[::-1], [(body_y[1], cut + gap)]])
    else:
        profile = rounded_rectangle(body_y, (cut + gap, h - t), 0.03 * u, 3)
    parts.append(prism("lid", "wood", profile, "x", body_x, 0.01 * u, smooth=60, grain=0))
    middle_y = np.array([middle(body_y), cut])
    grown = (profile - middle_y) * (1 + 2 * t / np.ptp(profile, axis=0)) + middle_y
    for px in np.linspace(x[0] + strap, x[1] - strap, style["straps"]):
        parts.append(prism("strap", "metal", grown, "x", around(px, strap), 0.15 * t, smooth=60))
        parts.append(box("strap", "metal", around(px, strap), y, (0.0, cut), 0.3 * t))
    parts.append(
        box(
            "lock",
            "metal",
            around(0, 1.4 * style["lock"] * strap),
            (y[0] - 0.4 * t, y[0] + t),
            (cut - 0.15 * style["lock"] * h, cut + 0.05 * h),
            0.4 * t,
        )
    )
    feet = [
        box("foot", "wood", around(px, strap), inset(y, 0.05 * d), (0, style["foot"] * h), 0.1 * t)
        for px in inset(x, 0.12 * w)
    ]
    return [*parts, merge("feet", feet)]


def _barrel(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    z = np.linspace(0, 1, 17)
    bulge = 1 - style["belly"] * (2 * z - 1) ** 2
    staves = style["staves"]
    profile = np.stack([0.965 * r * bulge, z * h], axis=1)
    rim, depth = style["wall"] * r, style["rim"] * h
    inner = profile[0, 0] - rim
    outline = np.concatenate(
        [[(0, depth), (inner, depth), (inner, 0)], profile, [(inner, h), (inner, h - depth), (0, h - depth)]]
    )
    wood = lathe("staves", "wood", outline, sides=staves * 2)
    p = wood.vertices
    phase = np.arctan2(p[:, 1], p[:, 0]) * staves
    groove = 1 - 0.006 * (np.cos(phase) > 0.99)
    wood = replace(wood, vertices=p * np.stack([groove, groove, np.ones(len(p))], axis=1))
    hoops = []
    places = (0.04, 0.25, 0.75, 0.96) if style["hoops"] == 4 else (0.04, 0.2, 0.35, 0.65, 0.8, 0.96)
    wide = style["hoop_width"] * 0.05 * h
    for at in places:
        at = min(max(at * h, wide / 2), h - wide / 2)
        low, high = (0.965 * r * (1 - style["belly"] * (2 * (at + s * wide / 2) / h - 1) ** 2) for s in (-1, 1))
        ring = [
            (low - 0.01 * r, at - wide / 2),
            (low + 0.025 * style["hoop_depth"] * r, at - wide / 2),
            (high + 0.025 * style["hoop_depth"] * r, at + wide / 2),
            (high - 0.01 * r, at + wide / 2),
        ]
        hoops.append(lathe("hoop", "metal", ring, sides=48))
    parts = [wood, *hoops]
    if style["bung"] == "bung":
        parts.append(
            cylinder(
                "bung",
                "wood",
                (0, -0.9 * r, h / 2),
                (0, -r, h / 2),
                style["bung_size"] * r,
                0.9 * style["bung_size"] * r,
                bevel=0.01 * r,
            )
        )
    return [stretch(part, w / (2 * r), d / (2 * r)) for part in parts]


def _bin(style: Style, size: Size) -> list[Part]:
    """A waste bin: open, with a swing lid or with a pedal."""
    w, d, h = size
    r = min(w, d) / 2
    wall = style["wall"] * 0.03 * r
    foot = style["foot"] * r
    body = h * (1.0 if style["lid"] == "open" else style["body"])
    if style["form"] == "round":
        profile = [(0, 0), (foot, 0), (0.97 * r, body), (0.97 * r - wall, body), (foot - wall, wall), (0, wall)]
        parts = [
            lathe("body", "body", fillet(profile, 0.05 * r, 3), sides=40),
            torus("rim", "rim", (0, 0, body - 0.02 * h), 0.965 * r, 0.07 * r * style["rim"]),
        ]
    else:
        lower = rounded_rectangle(around(0, 2 * foot), around(0, 2 * foot), style["corner"] * r, 5)
        ratio = 0.97 * r / foot
        parts = [sweep("body", "body", [(0, 0, 0), (0, 0, body)], lower, scale=np.array([1.0, ratio]), up=(0, 1, 0))]
        ring = np.concatenate([lower * ratio * 0.985, np.full((len(lower), 1), body - 0.015 * h)], axis=1)
        parts.append(
            sweep(
                "rim",
                "rim",
                ring,
                rounded_rectangle(around(0, 0.06 * r), around(0, 0.03 * h), 0.01 * r, 2),
                closed=True,
            )
        )
    if style["lid"] != "open":
        dome = np.array(
            [(0, body), (0.97, body), (0.95, body + 0.3 * (h - body)), (style["dome"], body + 0.9 * (h - body)), (0, h)]
        ) * (r, 1)
        parts.append(lathe("lid", "rim", fillet(dome, 0.15 * r, 4), sides=40))
    if style["lid"] == "pedal":
        parts.append(box("pedal", "rim", around(0, 0.4 * r), (-1.12 * r, -0.7 * foot), (0.02 * h, 0.05 * h), 0.01 * h))
    parts = [stretch(part, w / (2 * r), d / (2 * r)) for part in parts]
    return parts


def _suitcase(style: Style, size: Size) -> list[Part]:
    """A wheeled case standing upright, with ribs and a telescopic handle."""
    w, d, h = size
    u = unit(size)
    caster = 0.045 * h * style["wheel"]
    top = h * (1 - style["pull"]) if style["handle"] == "out" else 0.96 * h
    x, y, z = (-w / 2, w / 2), (-d / 2, d / 2), (2 * caster, top)
    corner = style["corner"] * 0.35 * min(w, length(z))
    parts = [
        plate(
            "shell",
            "shell",
            x,
            inset(y, 0.06 * d),
            z,
            axis="y",
            corner=corner,
            bevel=style["edge"] * 0.3 * d,
            segments=6,
        )
    ]
    ribs = split(inset(x, corner), style["ribs"], 0.5 * length(inset(x, corner)) / style["ribs"])
    for face in inset(y, 0.05 * d):
        bars = [
            plate(
                "rib",
                "shell",
                s,
                around(face, 0.1 * d),
                inset(z, 0.35 * corner + style["rib_height"] * length(z)),
                axis="y",
                corner=0.4 * length(s),
                bevel=0.03 * d,
            )
            for s in ribs
        ]
        parts.append(merge("ribs", bars))
    zip_path = rounded_rectangle(x, z, corner, 8)
    path = np.stack([zip_path[:, 0], np.zeros(len(zip_path)), zip_path[:, 1]], axis=1)
    parts.append(
        sweep(
            "zip",
            "trim",
            path,
            rounded_rectangle(around(0, 0.012 * u), around(0, 0.02 * u), 0.003 * u, 2),
            closed=True,
            up=(0, 1, 0),
        )
    )
    parts += _suitcase_wheels(size, x, y, caster)
    return parts + _suitcase_handles(style, size, top)


def _suitcase_wheels(size: Size, x: Span, y: Span, caster: float) -> list[Part]:
    """Four wheels in their forks."""
    w, d, _ = size
    parts: list[Part] = []
    for sx in inset(x, 0.13 * w):
        for sy in inset(y, 0.2 * d):
            parts.append(wheel("wheel", "trim", (sx, sy, caster), caster, 0.8 * caster))
            parts.append(
                box(
                    "fork",
                    "trim",
                    around(sx, 1.4 * caster),
                    around(sy, 1.2 * caster),
                    (1.5 * caster, 2.3 * caster),
                    0.2 * caster,
                )
            )
    return parts


def _suitcase_handles(style: Style, size: Size, top: float) -> list[Part]:
    """The pull handle and the grip."""
    w, d, h = size
    u = unit(size)
    parts: list[Part] = []
    grip = fillet(
        [
            (-0.2 * w, 0.3 * d, top - 0.1 * h),
            (-0.2 * w, 0.3 * d, h - 0.02 * u),
            (0.2 * w, 0.3 * d, h - 0.02 * u),
            (0.2 * w, 0.3 * d, top - 0.1 * h),
        ],
        0.03 * w,
        4,
    )
    parts.append(tube("pull handle", "metal", grip, 0.012 * u, sides=8))
    carry = fillet(
        [
            (-0.12 * w, -0.05 * d, top - 0.02 * h),
            (-0.12 * w, -0.05 * d, top + 0.03 * h),
            (0.12 * w, -0.05 * d, top + 0.03 * h),
            (0.12 * w, -0.05 * d, top - 0.02 * h),
        ],
        0.02 * w,
        4,
    )
    return [*parts, tube("grip", "trim", carry, style["grip"] * 0.014 * u, sides=8)]


def _bucket(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    body = h * (style["body"] if style["bail"] == "up" else 0.97)
    wall, foot = style["wall"] * 0.03 * r, style["foot"] * r
    profile = [
        (0, 0.02 * h),
        (foot - 2 * wall, 0.02 * h),
        (foot - wall, 0),
        (foot, 0),
        (0.94 * r, body),
        (0.94 * r - wall, body),
        (foot - wall, 0.05 * h),
        (0, 0.05 * h),
    ]
    parts = [
        lathe("body", "body", profile, sides=40),
        torus("rim", "body", (0, 0, body - style["rim"] * 0.02 * r), 0.94 * r, style["rim"] * 0.07 * r),
    ]
    for k in range(style["bands"]):
        at = body * (0.3 + 0.35 * k)
        radius = foot + (0.94 * r - foot) * at / body
        parts.append(torus("band", "body", (0, 0, at), radius, style["band"] * 0.05 * r))
    t = np.linspace(0, np.pi, 25)
    tilt = 0.0 if style["bail"] == "up" else np.radians(86)
    rise = (h - body + 0.06 * h - 0.03 * r) if style["bail"] == "up" else 0.93 * r
    path = np.stack(
        [-np.cos(t) * 0.97 * r, -np.sin(t) * rise * np.sin(tilt), body - 0.06 * h + np.sin(t) * rise * np.cos(tilt)],
        axis=1,
    )
    parts.append(tube("bail", "bail", path, style["wire"] * 0.02 * r, sides=8))
    return [stretch(part, w / (2 * r), d / (2 * r)) for part in parts]


KINDS = (
    Kind(
        "crate",
        "containers",
        ("wooden box", "fruit crate", "wooden crate", "shipping crate"),
        (0.6, 0.4, 0.36),
        {"wood": "pine wood"},
        {
            "board": Range(0.7, 1.3),
            "post": Range(0.7, 1.2),
            "post_depth": Range(0.4, 0.8),
            "gap": Range(0.02, 0.08),
            "wear": Range(0.05, 0.25),
            "floor": Range(0.01, 0.08),
            "rows": Choice((2, 3, 4)),
            "slats": Choice((4, 5, 6)),
            "lid": Choice(("open", "lid")),
            "braces": Choice(("braces", "none")),
        },
        _crate,
    ),
    Kind(
        "basket",
        "containers",
        ("wicker basket", "laundry basket", "hamper", "woven basket"),
        (0.42, 0.42, 0.4),
        {"wicker": "wicker"},
        {
            "foot": Range(0.65, 0.9),
            "belly": Range(0.0, 0.6),
            "weave": Range(0.6, 1.2),
            "rim": Range(0.9, 1.4),
            "handle_width": Range(0.8, 1.3),
            "handle_height": Range(0.8, 1.3),
            "strands": Choice((9, 11, 13)),
            "stakes": Choice((8, 10, 12)),
            "handles": Choice(("ears", "arch", "none")),
        },
        _basket,
    ),
    Kind(
        "cardboard box",
        "containers",
        ("carton", "parcel", "package", "moving box", "box", "present"),
        (0.45, 0.35, 0.35),
        {"card": "cardboard", "tape": "beige plastic", "label": "white paper"},
        {
            "wall": Range(0.7, 1.4),
            "seam": Range(0.6, 2.0),
            "edge": Range(0.4, 1.2),
            "tape": Range(0.8, 1.4),
            "flaps": Range(-20.0, 55.0),
            "flap_size": Range(0.8, 1.2),
            "state": Choice(("closed", "open")),
            "label": Choice(("label", "none")),
        },
        _cardboard_box,
    ),
    Kind(
        "trunk",
        "containers",
        ("treasure chest", "chest", "storage trunk", "toy box", "blanket box"),
        (0.9, 0.5, 0.55),
        {"wood": "dark oak wood", "metal": "brass"},
        {
            "lid": Range(0.55, 0.68),
            "strap": Range(0.7, 1.2),
            "edge": Range(0.6, 1.6),
            "foot": Range(0.02, 0.06),
            "rise": Range(0.2, 0.5),
            "lock": Range(0.8, 1.3),
            "straps": Choice((2, 3, 4)),
            "form": Choice(("vaulted", "flat")),
        },
        _trunk,
    ),
    Kind(
        "barrel",
        "containers",
        ("cask", "keg", "wine barrel", "wooden barrel"),
        (0.62, 0.62, 0.88),
        {"wood": "oak wood", "metal": "black iron"},
        {
            "belly": Range(0.08, 0.2),
            "rim": Range(0.02, 0.05),
            "hoop_width": Range(0.7, 1.2),
            "hoop_depth": Range(0.8, 1.4),
            "wall": Range(0.05, 0.09),
            "bung_size": Range(0.06, 0.1),
            "staves": Choice((14, 18, 22)),
            "hoops": Choice((4, 6)),
            "bung": Choice(("bung", "none")),
        },
        _barrel,
    ),
    Kind(
        "trash can",
        "containers",
        ("waste bin", "bin", "garbage can", "rubbish bin", "dustbin", "trash bin", "wastebasket"),
        (0.36, 0.36, 0.6),
        {"body": "brushed steel", "rim": "black plastic"},
        {
            "wall": Range(0.8, 1.4),
            "foot": Range(0.72, 0.95),
            "rim": Range(0.8, 1.3),
            "corner": Range(0.15, 0.45),
            "body": Range(0.78, 0.88),
            "dome": Range(0.3, 0.9),
            "form": Choice(("round", "square")),
            "lid": Choice(("open", "dome", "pedal")),
        },
        _bin,
    ),
    Kind(
        "suitcase",
        "containers",
        ("luggage", "trolley case", "travel bag", "cabin bag"),
        (0.45, 0.27, 0.75),
        {"shell": "blue plastic", "trim": "black plastic", "metal": "aluminium"},
        {
            "wheel": Range(0.8, 1.2),
            "corner": Range(0.3, 0.7),
            "edge": Range(0.5, 0.95),
            "pull": Range(0.12, 0.25),
            "rib_height": Range(0.04, 0.12),
            "grip": Range(0.8, 1.3),
            "ribs": Choice((3, 4, 5, 6)),
            "handle": Choice(("out", "in")),
        },
        _suitcase,
    ),
    Kind(
        "bucket",
        "containers",
        ("pail", "mop bucket", "watering bucket"),
        (0.32, 0.32, 0.4),
        {"body": "galvanized steel", "bail": "brushed steel"},
        {
            "wall": Range(0.8, 1.4),
            "foot": Range(0.6, 0.8),
            "rim": Range(0.8, 1.3),
            "band": Range(0.6, 1.2),
            "wire": Range(0.8, 1.5),
            "body": Range(0.66, 0.76),
            "bands": Choice((0, 1, 2)),
            "bail": Choice(("up", "down")),
        },
        _bucket,
    ),
)

"""Cups, bowls, plates, bottles, glasses, vases and pots: things turned on a wheel."""

from dataclasses import replace

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import oval
from ..outlines import curve, ellipse, fillet, resample
from ..solids import cylinder, lathe, move, sweep, torus, tube


def _shell(name: str, slot: str, outer: np.ndarray, wall: float, floor: float, sides: int = 48) -> Part:
    """A vessel from its outer profile (bottom rim to top rim), hollow with this wall and floor thickness."""
    inner = outer[::-1].copy()
    inner[:, 0] = np.maximum(inner[:, 0] - wall, 0.15 * wall)
    inner = inner[inner[:, 1] > floor + 1e-9]
    bottom = np.interp(floor, outer[:, 1], outer[:, 0]) - wall
    lip = np.array([(outer[-1, 0] - wall / 2, outer[-1, 1] + 0.35 * wall)])
    inside = np.array([(max(bottom, 0.2 * wall), floor), (0.0, floor)])
    profile = np.concatenate([np.zeros((1, 2)), outer, lip, inner, inside])
    return lathe(name, slot, profile, sides=sides)


def _handle(slot: str, x: float, z: tuple[float, float], reach: float, thickness: float, form: str) -> Part:
    """An ear on the right side of a cup or jug, from the wall at x."""
    low, high = z
    if form == "square":
        path = fillet([(x, 0, low), (x + reach, 0, low), (x + reach, 0, high), (x, 0, high)], 0.3 * reach, 5)
    elif form == "ear":
        drop = 0.35 * (high - low)
        path = [
            (x, 0, low),
            (x + 0.55 * reach, 0, low + 0.1 * drop),
            (x + reach, 0, high - drop),
            (x + 0.8 * reach, 0, high),
            (x, 0, high),
        ]
        path = fillet(path, 0.6 * reach, 6)
    else:
        t = np.linspace(-np.pi / 2, np.pi / 2, 17)
        path = np.stack([x + reach * np.cos(t), 0 * t, (low + high) / 2 + (high - low) / 2 * np.sin(t)], axis=1)
    return sweep("handle", slot, resample(path, 24), ellipse(0.75 * thickness, 0.5 * thickness, 12), smooth=80)


def _liquid(slot: str, radius: float, z: float, depth: float) -> Part:
    return lathe("liquid", slot, [(0, z - depth), (0.9 * radius, z - depth), (radius, z), (0, z)], sides=40)


def _mug(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    body_w = w / (1 + style["handle_reach"])
    r = d / 2
    foot, belly = style["foot"], style["belly"]
    shape = {
        "straight": [(0.96 * foot, 0), (0.99, 0.05), (1, 0.5), (1, 1)],
        "tapered": [(0.8 * foot, 0), (0.86 * foot, 0.05), (0.92, 0.5), (1, 1)],
        "round": [(0.72 * foot, 0), (0.86, 0.1), (1 - 0.02, 0.4 * belly + 0.2), (0.96, 0.8), (0.97, 1)],
        "cup": [(0.5 * foot, 0), (0.52 * foot, 0.05), (0.78, 0.25), (0.94, 0.6 * belly + 0.2), (1, 1)],
    }[style["form"]]
    wall = style["wall"] * 0.07 * r
    outer = curve(np.array(shape) * (r, h - 0.35 * wall), 20)
    parts = [_shell("body", "body", outer, wall, 0.07 * h)]
    if style["filled"] == "filled":
        level = style["level"] * h
        parts.append(_liquid("liquid", np.interp(level, outer[:, 1], outer[:, 0]) - 0.9 * wall, level, 0.1 * h))
    parts = [move(part, (body_w - w) / 2) for part in oval(parts, r, body_w, d)]
    thick = style["handle"] * 0.14 * min(d, w - body_w + 0.1 * w)
    edge = body_w - w / 2
    reach = w - body_w - 0.5 * thick
    z = (0.22 * h, style["handle_top"] * h)
    at = [np.interp(q, outer[:, 1], outer[:, 0]) / r * body_w / 2 for q in z]
    start = (body_w - w) / 2 + min(at) - 0.3 * thick
    return [*parts, _handle("body", start, z, edge - start + reach, thick, style["ear"])]


def _bowl(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    wall = style["wall"] * 0.045 * r
    t = np.linspace(0, 1, 10)
    foot = style["foot"]
    curve = {
        "round": np.sin(t * np.pi / 2) ** style["curve"],
        "conical": t ** (0.6 + 0.3 * style["curve"]),
        "flared": t ** (0.5 * style["curve"]) * (0.8 + 0.2 * t**3),
    }[style["form"]]
    base = style["base"] * 0.1 * h
    radius = r * (foot + (1 - foot) * curve)
    outer = np.stack([radius, base + (h - base - 0.35 * wall) * t], axis=1)
    ring = [(0.9 * foot * r, 0), (0.96 * foot * r, 0)]
    body = _shell("body", "body", np.concatenate([ring, outer]), wall, base + 0.6 * style["depth"] * wall, 56)
    parts = [body]
    if style["rim"] == "band":
        parts.append(
            torus(
                "rim",
                "rim",
                (0, 0, h - 1.2 * wall),
                r - 0.7 * style["band"] * wall,
                1.35 * style["band"] * wall,
                sides=56,
            )
        )
    return oval(parts, r, w, d)


def _plate(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    wall = min(style["wall"] * 0.03 * r, 0.4 * h)
    well, foot = style["well"] * r, style["foot"] * style["well"] * r
    rise = h - wall
    top = [(well, 0.25 * rise), (well + 0.06 * r, 0.45 * rise + style["rim_rise"] * 0.2 * rise), (r - 0.3 * wall, rise)]
    if style["form"] == "coupe":
        t = np.linspace(0, 1, 8)
        top = np.stack([well + (r - well) * t, rise * (0.12 + 0.88 * t ** (1 + style["curve"]))], axis=1).tolist()
    under = np.array([(foot, 0), (foot + wall, 0), (foot + wall, 0.2 * rise), *top])
    upper = np.array(top[::-1]) + np.array([0.0, wall])
    profile = np.concatenate(
        [
            [(0, 0.1 * rise), (foot - wall, 0.1 * rise)],
            under,
            upper,
            [(0.9 * well, 0.2 * rise + wall), (0, 0.2 * rise + wall)],
        ]
    )
    parts = [lathe("plate", "body", profile, sides=64, smooth=60)]
    if style["band"] == "band":
        at = well + style["band_at"] * (r - well)
        z = np.interp(at, upper[::-1, 0], upper[::-1, 1])
        parts.append(torus("band", "rim", (0, 0, z - 0.1 * wall), at, 0.6 * wall, sides=56))
    return oval(parts, r, w, d)


def _bottle(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    neck = style["neck"] * r
    shoulder, cap = style["shoulder"] * h, style["cap"] * h
    top = h - 0.4 * cap
    form = {
        "wine": [(r, shoulder), (neck, shoulder + 0.6 * (top - shoulder) * 0.5), (neck, top)],
        "water": [
            (r, shoulder),
            (0.85 * r, shoulder + 0.35 * (top - shoulder)),
            (neck, 0.8 * top + 0.2 * shoulder),
            (neck, top),
        ],
        "flask": [(r, shoulder), (r, 0.9 * top), (neck * 1.4, 0.97 * top), (neck * 1.3, top)],
    }[style["form"]]
    outer = fillet([(0.88 * r, 0), (r, 0.04 * h), *form], style["softness"] * 0.5 * r, 6)
    if style["form"] == "water":
        outer = resample(outer, 60)
        grooves = np.exp(-(((outer[:, 1:] / h - np.array([0.2, 0.32, 0.44])) / 0.012) ** 2)).sum(axis=1)
        outer[:, 0] -= style["groove"] * 0.035 * r * grooves
    profile = np.concatenate([[(0, 0.02 * h), (0.6 * r, 0)], outer, [(0, top)]])
    parts = [lathe("bottle", "body", profile, sides=40)]
    ridge = cylinder(
        "cap", "cap", (0, 0, h - cap), (0, 0, h), 1.14 * max(neck, outer[-1, 0]), bevel=0.08 * cap, sides=32
    )
    parts.append(ridge)
    if style["label"] == "label":
        low, high = 0.2 * shoulder, (0.2 + 0.7 * style["label_height"]) * shoulder
        parts.append(
            lathe("label", "label", [(0.9 * r, low), (1.012 * r, low), (1.012 * r, high), (0.9 * r, high)], sides=40)
        )
    if style["ring"] == "ring":
        parts.append(torus("collar", "cap", (0, 0, h - 1.25 * cap), 1.05 * max(neck, outer[-1, 0]), 0.12 * neck))
    return oval(parts, 1.012 * r, w, d)


def _wine_glass(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    stem_r, foot = style["stem"] * 0.06 * r, style["foot"] * r
    cup = style["cup"] * h
    wall = style["wall"] * 0.03 * r
    t = np.linspace(0, 1, 14)
    shapes = {
        "tulip": np.sin(np.pi * (0.05 + 0.78 * t**0.7)) ** 0.7,
        "flute": 0.62 * (0.25 + 0.75 * t**0.4) * (1 - 0.1 * t),
        "balloon": np.sin(np.pi * (0.04 + 0.68 * t**0.75)) ** 0.6,
        "martini": 0.04 + 0.96 * t,
    }[style["form"]]
    bowl = shapes / shapes.max() * r * (0.62 if style["form"] == "flute" else 1.0) * style["width"]
    outer = np.stack([np.maximum(bowl, 1.2 * stem_r), h - cup + (cup - 0.3 * wall) * t], axis=1)
    inner = np.stack([np.maximum(outer[::-1, 0] - wall, 0.3 * stem_r), outer[::-1, 1]], axis=1)
    inner = inner[inner[:, 1] > h - cup + 0.08 * cup]
    low = np.array(
        [(0, 0), (foot, 0), (foot, 0.01 * h), (0.3 * foot, 0.03 * h), (stem_r, 0.1 * h), (stem_r, h - 1.08 * cup)]
    )
    profile = np.concatenate(
        [fillet(low, 0.1 * foot, 3), outer, [(outer[-1, 0] - wall / 2, h)], inner, [(0, h - 0.93 * cup)]]
    )
    parts = [lathe("glass", "glass", profile, sides=40)]
    if style["filled"] == "filled":
        level = style["level"]
        fill = inner[(inner[:, 1] < h - cup + level * cup)][::-1] - (0.1 * wall, 0)
        fill = np.concatenate([[(0, h - 0.925 * cup)], fill, [(0, fill[-1, 1])]])
        parts.append(lathe("wine", "liquid", fill, sides=40))
    return oval(parts, max(r * style["width"] * (0.62 if style["form"] == "flute" else 1), foot), w, d)


def _tumbler(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    wall = style["wall"] * 0.05 * r
    outer = np.array(
        [(style["foot"] * r, 0), (style["foot"] * r + style["belly"] * 0.1 * r, 0.45 * h), (r, h - 0.35 * wall)]
    )
    outer = resample(fillet(outer, 0.5 * h, 6), 14)
    body = _shell("glass", "glass", outer, wall, style["floor"] * h, 48)
    if style["cut"] != "plain":
        p = body.vertices.copy()
        phase = np.arctan2(p[:, 1], p[:, 0]) * (12 if style["cut"] == "facets" else 24)
        band = np.clip((0.75 * h - p[:, 2]) / (0.1 * h), 0, 1) * (p[:, 2] > 0.02 * h)
        p[:, :2] *= 1 - (style["depth"] * 0.02 * band * np.abs(np.sin(phase / 2)))[:, None]
        body = replace(body, vertices=p)
    parts = [body]
    if style["filled"] == "filled":
        level = style["level"] * h
        parts.append(_liquid("liquid", np.interp(level, outer[:, 1], outer[:, 0]) - 1.3 * wall, level, 0.45 * h))
    return oval(parts, r, w, d)


def _vase(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    neck, foot = style["neck"], style["foot"]
    belly, lip = style["belly"], style["lip"]
    forms = {
        "amphora": [(foot, 0), (0.7, 0.12), (1, belly), (neck, 0.84), (neck + lip, 1)],
        "cylinder": [(0.85, 0), (0.92, 0.1), (0.95, belly), (0.95, 0.85), (1, 1)],
        "flared": [(foot + 0.1, 0), (0.4 + 0.3 * neck, belly), (0.7, 0.75), (1, 1)],
        "gourd": [(foot, 0), (1, 0.26), (neck, 0.55), (neck + 0.22, 0.72), (neck, 0.92), (neck + lip, 1)],
    }[style["form"]]
    wall = style["wall"] * 0.06 * r
    outer = curve(np.array(forms) * (r, h - 0.35 * wall), 44)
    outer[:, 0] *= r / outer[:, 0].max()
    body = _shell("vase", "body", outer, wall, 0.06 * h, 64)
    if style["ribs"] > 0:
        p = body.vertices.copy()
        phase = np.arctan2(p[:, 1], p[:, 0]) * style["ribs"]
        p[:, :2] *= (1 - style["rib_depth"] * 0.06 * (0.5 + 0.5 * np.cos(phase)) * np.clip(p[:, 2] / (0.1 * h), 0, 1))[
            :, None
        ]
        body = replace(body, vertices=p)
    return oval([body], r, w, d)


def _pot(style: Style, size: Size) -> list[Part]:
    """A plant pot on a saucer, filled with soil."""
    w, d, h = size
    r = min(w, d) / 2
    rim, wall = style["rim"] * 0.16 * h, style["wall"] * 0.08 * r
    foot, over = style["foot"] * r, style["overhang"] * 0.08 * r
    saucer = style["saucer"] == "saucer"
    base = 0.05 * h if saucer else 0.0
    if style["form"] == "classic":
        outer = [(foot, base), (r - over, h - rim), (r, h - rim), (r, h)]
    elif style["form"] == "round":
        outer = curve([(foot, base), (r, 0.5 * h), (0.9 * r, h)], 16)
    else:
        outer = [(0.94 * r, base), (r, base + 0.04 * h), (r, h)]
    outer = np.asarray(outer, dtype=float)
    inner = [(outer[-1, 0] - wall, h), (outer[-1, 0] - wall, 0.6 * h), (0, 0.6 * h)]
    profile = np.concatenate([[(0, base)], fillet(outer, 0.1 * wall, 2), fillet(inner, 0.1 * wall, 2)])
    parts = [lathe("pot", "body", profile, sides=48)]
    soil = outer[-1, 0] - 0.9 * wall
    top = h - style["soil"] * 0.12 * h
    parts.append(
        lathe(
            "soil",
            "soil",
            [
                (0, 0.62 * h),
                (soil, 0.62 * h),
                (soil, top),
                (0.6 * soil, top + 0.8 * style["mound"] * h + 1e-4 * h),
                (0, top + (style["mound"] + 2e-4) * h),
            ],
            sides=40,
        )
    )
    if saucer:
        dish = [
            (0, 0),
            (0.8 * r, 0),
            (min(1.1 * foot + 0.1 * r, r), 0.08 * h),
            (min(1.1 * foot + 0.1 * r, r) - wall, 0.08 * h),
            (0.7 * r, 1.2 * base),
            (0, 1.2 * base),
        ]
        parts.append(lathe("saucer", "body", dish, sides=48))
    return oval(parts, r, w, d)


def _teapot(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(d, 0.58 * w) / 2
    lid_h = style["lid"] * 0.22 * h
    body_h = h - lid_h
    t = np.linspace(0, np.pi, 17)
    belly = np.stack([r * (0.35 + 0.65 * np.sin(t) ** style["belly"]), body_h * (0.5 - 0.5 * np.cos(t))], axis=1)
    belly[:, 0] *= np.where(belly[:, 1] < 0.5 * body_h, 1.0, style["top"])
    belly[:, 0] *= r / belly[:, 0].max()
    foot = [(0, 0.02 * h), (0.36 * r, 0.02 * h), (0.4 * r, 0)] if style["foot"] == "ring" else [(0, 0)]
    belly[0, 0] = max(belly[0, 0], 0.45 * r)
    parts = [lathe("body", "body", [*foot, *belly, (0, body_h)], sides=48)]
    mouth = belly[-1, 0]
    lid = np.array(
        [
            (0, body_h),
            (1.06 * mouth, body_h),
            (1.02 * mouth, body_h + 0.12 * lid_h),
            (0.5 * mouth, body_h + 0.5 * lid_h),
            (0.12 * mouth, body_h + 0.58 * lid_h),
        ]
    )
    button = style["button"] * 0.3 * mouth
    top = np.array([(button, body_h + 0.75 * lid_h), (0.9 * button, h - 0.02 * h), (0, h)])
    parts.append(lathe("lid", "body", fillet(np.concatenate([lid, top]), 0.15 * mouth, 4), sides=40))
    scale = (0.58 * w / 2) / r
    parts = oval(parts, r, 0.58 * w, d)
    rx = r * scale
    spout = [
        (-0.8 * rx, 0, 0.3 * body_h),
        (-1.25 * rx, 0, 0.42 * body_h),
        (-1.4 * rx, 0, 0.75 * body_h),
        (-0.5 * w + 0.02 * w, 0, style["spout"] * body_h),
    ]
    thick = np.linspace(0.24, 0.1, 24) * min(r, 0.5 * body_h)
    parts.append(tube("spout", "body", resample(fillet(spout, 0.5 * rx, 6), 24), thick, 14))
    parts.append(
        _handle(
            "body",
            0.86 * rx,
            (0.24 * body_h, 0.82 * body_h),
            0.5 * w - 0.9 * rx,
            style["handle"] * 0.12 * r,
            style["ear"],
        )
    )
    return parts


def _jug(style: Style, size: Size) -> list[Part]:
    """A pitcher: an open body with a lip to the left and an ear to the right."""
    w, d, h = size
    body_w = w / (1 + style["handle_reach"])
    r = d / 2
    wall = style["wall"] * 0.06 * r
    forms = {
        "belly": [(style["foot"], 0), (1, 0.32), (style["neck"], 0.78), (style["neck"] + 0.1, 1)],
        "straight": [(0.98, 0), (1, 0.1), (0.9, 0.7), (0.92, 1)],
        "cone": [(1, 0), (0.98, 0.05), (style["neck"], 0.85), (style["neck"] + 0.06, 1)],
    }[style["form"]]
    outer = curve(np.array(forms) * (r, h - 0.35 * wall), 28)
    outer[:, 0] *= r / outer[:, 0].max()
    body = _shell("jug", "body", outer, wall, 0.06 * h, 56)
    p = body.vertices.copy()
    lift = np.clip((p[:, 2] - 0.8 * h) / (0.2 * h), 0, 1) ** 2
    angle = np.arctan2(p[:, 1], -p[:, 0])
    beak = np.exp(-((angle / 0.42) ** 2)) * lift * style["lip"] * 0.3 * r
    p[:, 0] -= beak
    body = replace(body, vertices=p)
    (jug,) = oval([body], r, body_w, d)
    jug = move(jug, (body_w - w) / 2)
    thick = style["handle"] * 0.15 * r
    z = (0.3 * h, 0.86 * h)
    at = min(np.interp(q, outer[:, 1], outer[:, 0]) for q in z) / r * body_w / 2
    start = (body_w - w) / 2 + at - 0.3 * thick
    return [jug, _handle("body", start, z, 0.5 * w - 0.5 * thick - start, thick, style["ear"])]


EARS = Choice(("round", "ear", "square"))

KINDS = (
    Kind(
        "mug",
        "tableware",
        ("coffee mug", "cup", "coffee cup", "tea cup", "teacup", "coffee"),
        (0.12, 0.085, 0.1),
        {"body": "white ceramic", "liquid": "brown coffee liquid"},
        {
            "handle_reach": Range(0.28, 0.42),
            "foot": Range(0.9, 1.0),
            "belly": Range(0.3, 0.7),
            "wall": Range(0.8, 1.4),
            "level": Range(0.7, 0.88),
            "handle": Range(0.8, 1.3),
            "handle_top": Range(0.72, 0.88),
            "form": Choice(("straight", "tapered", "round", "cup")),
            "filled": Choice(("filled", "empty")),
            "ear": EARS,
        },
        _mug,
    ),
    Kind(
        "bowl",
        "tableware",
        ("glass bowl", "soup bowl", "salad bowl", "cereal bowl", "fruit bowl", "dish"),
        (0.26, 0.26, 0.11),
        {"body": "white ceramic", "rim": "gold"},
        {
            "wall": Range(0.8, 1.5),
            "foot": Range(0.35, 0.55),
            "curve": Range(0.7, 1.1),
            "base": Range(0.6, 1.4),
            "depth": Range(0.5, 1.5),
            "band": Range(0.8, 1.4),
            "form": Choice(("round", "conical", "flared")),
            "rim": Choice(("plain", "band")),
        },
        _bowl,
    ),
    Kind(
        "plate",
        "tableware",
        ("dinner plate", "saucer", "dish plate"),
        (0.27, 0.27, 0.028),
        {"body": "white porcelain", "rim": "blue ceramic"},
        {
            "wall": Range(0.8, 1.4),
            "well": Range(0.55, 0.7),
            "foot": Range(0.75, 0.95),
            "rim_rise": Range(0.0, 1.0),
            "curve": Range(0.5, 1.5),
            "band_at": Range(0.3, 0.8),
            "form": Choice(("rimmed", "coupe")),
            "band": Choice(("plain", "band")),
        },
        _plate,
    ),
    Kind(
        "bottle",
        "tableware",
        ("water bottle", "wine bottle", "transparent water bottle", "glass bottle", "beer bottle", "flask"),
        (0.075, 0.075, 0.27),
        {"body": "clear glass", "cap": "blue plastic", "label": "white paper"},
        {
            "neck": Range(0.34, 0.5),
            "shoulder": Range(0.5, 0.66),
            "cap": Range(0.07, 0.12),
            "softness": Range(0.6, 1.2),
            "groove": Range(0.4, 1.2),
            "label_height": Range(0.5, 0.9),
            "form": Choice(("wine", "water", "flask")),
            "label": Choice(("label", "none")),
            "ring": Choice(("ring", "none")),
        },
        _bottle,
    ),
    Kind(
        "wine glass",
        "tableware",
        ("goblet", "champagne glass", "stemware", "cocktail glass"),
        (0.085, 0.085, 0.21),
        {"glass": "clear glass", "liquid": "red wine liquid"},
        {
            "stem": Range(0.8, 1.4),
            "foot": Range(0.72, 0.95),
            "cup": Range(0.42, 0.55),
            "width": Range(0.85, 1.0),
            "level": Range(0.3, 0.6),
            "wall": Range(0.7, 1.3),
            "form": Choice(("tulip", "flute", "balloon", "martini")),
            "filled": Choice(("filled", "empty")),
        },
        _wine_glass,
    ),
    Kind(
        "drinking glass",
        "tableware",
        ("glass", "tumbler", "water glass", "whiskey glass", "juice glass"),
        (0.08, 0.08, 0.11),
        {"glass": "clear glass", "liquid": "orange juice liquid"},
        {
            "wall": Range(0.8, 1.5),
            "foot": Range(0.7, 0.95),
            "belly": Range(-0.5, 1.0),
            "floor": Range(0.06, 0.16),
            "depth": Range(0.6, 1.5),
            "level": Range(0.5, 0.85),
            "cut": Choice(("plain", "facets", "flutes")),
            "filled": Choice(("filled", "empty")),
        },
        _tumbler,
    ),
    Kind(
        "vase",
        "tableware",
        ("flower vase", "urn", "amphora"),
        (0.18, 0.18, 0.3),
        {"body": "blue ceramic"},
        {
            "neck": Range(0.28, 0.5),
            "foot": Range(0.4, 0.6),
            "belly": Range(0.35, 0.6),
            "lip": Range(0.03, 0.2),
            "wall": Range(0.8, 1.4),
            "rib_depth": Range(0.5, 1.5),
            "ribs": Choice((0, 0, 8, 16)),
            "form": Choice(("amphora", "cylinder", "flared", "gourd")),
        },
        _vase,
    ),
    Kind(
        "plant pot",
        "tableware",
        ("planter", "empty pot"),
        (0.28, 0.28, 0.26),
        {"body": "terracotta", "soil": "dark soil"},
        {
            "rim": Range(0.8, 1.4),
            "wall": Range(0.8, 1.4),
            "foot": Range(0.62, 0.8),
            "overhang": Range(0.6, 1.4),
            "soil": Range(0.6, 1.4),
            "mound": Range(0.0, 0.06),
            "form": Choice(("classic", "round", "cylinder")),
            "saucer": Choice(("saucer", "none")),
        },
        _pot,
    ),
    Kind(
        "teapot",
        "tableware",
        ("tea pot",),
        (0.26, 0.16, 0.16),
        {"body": "white porcelain"},
        {
            "lid": Range(0.8, 1.3),
            "belly": Range(0.5, 1.0),
            "top": Range(0.85, 1.0),
            "button": Range(0.8, 1.3),
            "spout": Range(0.85, 1.0),
            "handle": Range(0.8, 1.3),
            "ear": EARS,
            "foot": Choice(("flat", "ring")),
        },
        _teapot,
    ),
    Kind(
        "jug",
        "tableware",
        ("pitcher", "carafe", "milk jug", "water jug"),
        (0.2, 0.14, 0.24),
        {"body": "white ceramic"},
        {
            "handle_reach": Range(0.22, 0.36),
            "wall": Range(0.8, 1.4),
            "foot": Range(0.6, 0.8),
            "neck": Range(0.5, 0.72),
            "lip": Range(0.6, 1.3),
            "handle": Range(0.8, 1.3),
            "form": Choice(("belly", "straight", "cone")),
            "ear": EARS,
        },
        _jug,
    ),
)

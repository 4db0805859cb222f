"""Televisions, monitors, laptops, phones, tablets."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..outlines import Span, around, fillet, inset, length
from ..solids import box, cylinder, merge, move, plate, prism, tube, turn


def _panel(style: Style, x: Span, y: Span, z: Span, rim: float, chin: float) -> list[Part]:
    """A screen that looks to -Y: shell, bezel and the dark glass in it."""
    deep = length(y)
    glass_y = (y[0] + 0.05 * deep, y[0] + 0.3 * deep)
    corner = style["corner"] * 0.05 * min(length(x), length(z))
    shell = plate("shell", "case", x, (y[0] + 0.22 * deep, y[1]), z, axis="y", corner=corner, bevel=0.3 * deep)
    glass = box("screen", "screen", inset(x, 0.9 * rim), glass_y, (z[0] + 0.9 * chin, z[1] - 0.9 * rim), 0.03 * deep)
    bars = [
        box("bezel", "bezel", x, (y[0], y[0] + 0.4 * deep), (z[1] - rim, z[1]), 0.1 * rim),
        box("bezel", "bezel", x, (y[0], y[0] + 0.4 * deep), (z[0], z[0] + chin), 0.1 * rim),
        *[
            box("bezel", "bezel", s, (y[0], y[0] + 0.4 * deep), (z[0] + 0.98 * chin, z[1] - 0.98 * rim), 0.1 * rim)
            for s in ((x[0], x[0] + rim), (x[1] - rim, x[1]))
        ],
    ]
    return [shell, glass, *bars]


def _tv(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    foot = style["foot_height"] * h
    deep = min(style["depth"] * 0.2 * min(w, h) * 0.3, 0.6 * d)
    rim = style["rim"] * 0.018 * min(w, h)
    mid = around(0.1 * d, deep)
    parts = _panel(style, x, mid, (foot, h), rim, rim * style["chin"])
    parts.append(
        box(
            "back",
            "case",
            inset(x, 0.2 * w),
            (mid[1] - 0.2 * deep, mid[1] + 0.5 * deep),
            (foot + 0.12 * h, foot + (0.55 if style["back_form"] == "stepped" else 0.8) * h),
            0.2 * deep,
            2,
        )
    )
    thick = style["foot"] * 0.02 * h
    parts += _tv_stand(style, size, y, thick, deep, foot)
    return parts


def _tv_stand(style: Style, size: Size, y: Span, thick: float, deep: float, foot: float) -> list[Part]:
    """Feet, a plate with a neck, or a bar with two posts."""
    w, d, h = size
    parts: list[Part] = []
    if style["stand"] == "feet":
        for side in (-1, 1):
            at = side * style["spread"] * w / 2
            for end in y:
                near = end - np.sign(end) * thick
                parts.append(
                    tube(
                        "foot",
                        "stand",
                        fillet(
                            [
                                (at, 0.1 * d, foot + 0.03 * h),
                                (at, 0.1 * d + 0.15 * (near - 0.1 * d), 0.7 * foot),
                                (at, near, thick / 2),
                            ],
                            0.4 * foot,
                            4,
                        ),
                        thick / 2,
                        10,
                    )
                )
    elif style["stand"] == "plate":
        parts.append(
            plate(
                "foot",
                "stand",
                around(0, style["spread"] * 0.6 * w),
                y,
                (0, 0.18 * foot + thick),
                corner=0.2 * d,
                bevel=0.3 * thick,
            )
        )
        parts.append(
            box(
                "neck",
                "stand",
                around(0, 0.14 * w),
                around(0.1 * d, 0.7 * deep),
                (0.1 * foot, foot + 0.1 * h),
                0.2 * deep,
                2,
            )
        )
    else:
        parts.append(box("bar", "stand", around(0, style["spread"] * w), y, (0, thick), 0.3 * thick))
        parts += [
            box(
                "post",
                "stand",
                around(s * 0.3 * style["spread"] * w, 2 * thick),
                around(0.1 * d, 0.6 * deep),
                (0.5 * thick, foot + 0.08 * h),
                0.3 * thick,
            )
            for s in (-1, 1)
        ]
    return parts


def _monitor(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    low = style["raise"] * h
    deep = min(style["depth"] * 0.05 * h, 0.35 * d)
    rim = style["rim"] * 0.02 * min(w, h)
    front = -0.1 * d
    panel = _panel(style, x, (front - deep / 2, front + deep / 2), (low, h), rim, rim * style["chin"])
    base_h = style["base"] * 0.03 * h
    wide = style["base_width"] * w
    if style["stand"] == "round":
        base = plate(
            "base",
            "stand",
            around(0, wide),
            y,
            (0, base_h),
            corner=0.49 * min(wide, d),
            bevel=0.4 * base_h,
            segments=10,
        )
    elif style["stand"] == "vee":
        outline = [
            (-wide / 2, y[0]),
            (-wide / 2 + 0.14 * wide, y[0]),
            (0, 0.12 * d),
            (wide / 2 - 0.14 * wide, y[0]),
            (wide / 2, y[0]),
            (0.1 * wide, y[1]),
            (-0.1 * wide, y[1]),
        ]
        base = prism("base", "stand", fillet(outline, 0.1 * d, 4, closed=True), "z", (0, base_h), 0.3 * base_h)
    else:
        base = plate("base", "stand", around(0, wide), y, (0, base_h), corner=0.06 * wide, bevel=0.4 * base_h)
    neck_d = 0.1 * d
    post = (front + deep / 2 + 0.12 * d, front + deep / 2 + 0.12 * d + neck_d)
    neck = box(
        "neck",
        "stand",
        around(0, style["neck"] * 0.1 * w),
        post,
        (0.5 * base_h, low + 0.45 * (h - low)),
        0.25 * neck_d,
        2,
    )
    arm_z = low + 0.36 * (h - low)
    arm = box(
        "arm",
        "stand",
        around(0, (0.3 if style["arm"] == "wide" else 0.14) * w),
        (front + 0.3 * deep, post[0] + 0.2 * neck_d),
        around(arm_z, 0.2 * (h - low)),
        0.15 * neck_d,
        2,
    )
    return [*panel, base, neck, arm]


def _laptop(style: Style, size: Size) -> list[Part]:
    """Open: the keyboard lies to the front, the lid leans back."""
    w, d, h = size
    x = (-w / 2, w / 2)
    open_angle = style["angle"]
    lean = np.radians(open_angle - 90)
    thick = min(style["thickness"] * 0.06 * h, 0.2 * d)
    lid_len = (h - thick) / np.cos(lean)
    back = max(d / 2 - lid_len * np.sin(lean), -d / 2 + 0.45 * d)
    y = (-d / 2, back)
    corner = style["corner"] * 0.05 * w
    parts = [plate("base", "case", x, y, (0, thick), corner=corner, bevel=0.35 * thick, grain=0)]
    deep = length(y)
    key_y = (y[0] + 0.42 * deep, y[1] - 0.1 * deep)
    parts.append(
        box(
            "key bed",
            "bezel",
            inset(x, 0.06 * w),
            inset(key_y, -0.02 * deep),
            (0.5 * thick, 1.01 * thick),
            0.02 * thick,
        )
    )
    blocks = [inset(x, 0.075 * w)]
    if style["keyboard"] == "numbers":
        blocks = [(x[0] + 0.06 * w, x[0] + 0.72 * w), (x[0] + 0.745 * w, x[1] - 0.06 * w)]
    for block, columns in zip(blocks, (14, 4), strict=False):
        parts.append(_keys(block, key_y, (0.95 * thick, 1.12 * thick), style["rows"], columns))
    pad = style["pad"] * w
    parts.append(
        plate(
            "trackpad",
            "pad",
            around(0, pad),
            (y[0] + 0.06 * deep, y[0] + 0.36 * deep),
            (0.8 * thick, 1.02 * thick),
            corner=0.02 * w,
            bevel=0.02 * thick,
        )
    )
    parts += _laptop_lid(style, thick, w, x, back, lid_len, corner, lean)
    hinge = style["hinge"] * 0.5 * w
    parts.append(
        cylinder(
            "hinge", "bezel", (-hinge / 2, back, 0.9 * thick), (hinge / 2, back, 0.9 * thick), 0.55 * thick, sides=16
        )
    )
    return parts


def _laptop_lid(
    style: Style, thick: float, w: float, x: Span, back: float, lid_len: float, corner: float, lean: float
) -> list[Part]:
    """The leaning lid with its screen."""
    parts: list[Part] = []
    lid_t = 0.7 * thick
    rim = style["rim"] * 0.03 * w
    lid = [
        plate("lid", "case", x, (-0.7 * lid_t, 0), (0, lid_len), axis="y", corner=corner, bevel=0.3 * lid_t, grain=0),
        box(
            "bezel",
            "bezel",
            inset(x, 0.25 * rim),
            (-0.85 * lid_t, -0.5 * lid_t),
            inset((0, lid_len), 0.25 * rim),
            0.02 * lid_t,
        ),
        box(
            "screen", "screen", inset(x, rim), (-lid_t, -0.6 * lid_t), inset((0, lid_len), 1.4 * rim, rim), 0.02 * lid_t
        ),
    ]
    parts += [move(turn(part, "x", -np.degrees(lean)), 0, back, 0.9 * thick) for part in lid]
    return parts


def _keys(x: Span, y: Span, z: Span, rows: int, columns: int) -> Part:
    """Rows of keys with staggered widths and a space bar in the front row."""
    keys = []
    gap = min(0.12 * length(x) / columns, 0.2 * length(y) / rows)
    for k in range(rows):
        row = (y[0] + (length(y) + gap) * k / rows, y[0] + (length(y) + gap) * (k + 1) / rows - gap)
        weights = np.ones(columns)
        if k == 0 and columns > 9:
            weights = np.array([1.2, 1, 1, 6, 1, 1, 1.2, 1, 1])
        elif k < rows - 1 and columns > 9:
            weights = np.concatenate([[1.0 + 0.35 * (rows - k)], np.ones(columns - 2), [1.5 + 0.3 * k % 1.3]])
        total = length(x) - gap * (len(weights) - 1)
        at = x[0]
        for wide in weights / weights.sum() * total:
            keys.append(box("key", "keys", (at, at + wide), row, z, 0.3 * length(z)))
            at += wide + gap
    return merge("keys", keys)


def _phone(style: Style, size: Size) -> list[Part]:
    """Standing on its lower edge, or lying with its top to the back when its box lies."""
    w, d, h = size
    if d <= h:
        return _slab(style, size)
    return [move(turn(part, "x", -90.0), 0, -d / 2, h / 2) for part in _slab(style, (w, h, d))]


def _slab(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y, z = (-w / 2, w / 2), (-d / 2, d / 2), (0, h)
    bump = 0.14 * d if style["lenses"] else 0.0
    body = (y[0] + 0.04 * d, y[1] - bump)
    corner = style["corner"] * 0.14 * w
    rim = style["rim"] * 0.03 * w
    case = plate(
        "case", "case", x, body, z, axis="y", corner=corner, bevel=style["edge"] * 0.4 * length(body), segments=8
    )
    screen = plate(
        "screen",
        "screen",
        inset(x, rim),
        (y[0], y[0] + 0.2 * d),
        inset(z, rim * style["chin"], rim),
        axis="y",
        corner=max(corner - rim, 0.02 * w),
        bevel=0.04 * d,
        segments=8,
    )
    parts = [case, screen]
    side = [
        box(
            "button",
            "metal",
            (x[1] - 0.01 * w, x[1] + style["button"] * 0.012 * w),
            around(0, 0.3 * length(body)),
            around(f * h, g * h),
            0.004 * w,
        )
        for f, g in ((0.7, 0.09), (0.56, 0.06))
    ]
    parts.append(merge("buttons", side))
    parts += _phone_cameras(style, size, x, y, rim)
    return parts


def _phone_cameras(style: Style, size: Size, x: Span, y: Span, rim: float) -> list[Part]:
    """Lenses behind, the front camera before."""
    w, d, h = size
    parts: list[Part] = []
    for k in range(style["lenses"]):
        at = (x[0] + 0.2 * w, h - (0.12 + 0.13 * k) * w / h * h)
        parts.append(
            cylinder(
                "lens",
                "metal",
                (at[0], y[1] - 0.3 * d, at[1]),
                (at[0], y[1], at[1]),
                style["lens_size"] * 0.055 * w,
                bevel=0.02 * d,
                sides=20,
            )
        )
    if style["camera"] == "notch":
        parts.append(
            box(
                "notch",
                "case",
                around(0, 0.28 * w),
                (y[0] - 0.005 * d, y[0] + 0.1 * d),
                (h - rim - 0.03 * w, h - rim),
                0.01 * d,
            )
        )
    else:
        parts.append(
            cylinder(
                "camera",
                "case",
                (0, y[0] + 0.1 * d, h - rim - 0.045 * w),
                (0, y[0] - 0.005 * d, h - rim - 0.045 * w),
                0.018 * w,
                bevel=0.002 * w,
                sides=16,
            )
        )
    return parts


SCREEN_SLOTS = {"case": "black plastic", "bezel": "black plastic", "screen": "screen", "stand": "dark grey metal"}
SCREEN_KNOBS = {"depth": Range(0.8, 1.3), "rim": Range(0.6, 1.4), "chin": Range(1.0, 2.2), "corner": Range(0.2, 1.0)}
PHONE_KNOBS = {
    "corner": Range(0.6, 1.3),
    "rim": Range(0.8, 1.5),
    "edge": Range(0.4, 0.9),
    "chin": Range(1.0, 2.0),
    "button": Range(0.6, 1.4),
    "lens_size": Range(0.8, 1.3),
    "lenses": Choice((1, 2, 3)),
    "camera": Choice(("notch", "hole")),
}

KINDS = (
    Kind(
        "tv",
        "electronics",
        ("television", "flat screen", "tv screen", "smart tv"),
        (1.3, 0.28, 0.8),
        SCREEN_SLOTS,
        SCREEN_KNOBS
        | {"foot_height": Range(0.07, 0.12), "foot": Range(0.8, 1.3), "spread": Range(0.5, 0.75)}
        | {"stand": Choice(("feet", "plate", "bar")), "back_form": Choice(("flat", "stepped"))},
        _tv,
    ),
    Kind(
        "monitor",
        "electronics",
        ("computer monitor", "display", "computer screen", "screen", "desktop computer"),
        (0.6, 0.2, 0.45),
        SCREEN_SLOTS,
        SCREEN_KNOBS
        | {"raise": Range(0.2, 0.3), "base": Range(0.7, 1.3), "base_width": Range(0.34, 0.5), "neck": Range(0.8, 1.5)}
        | {"stand": Choice(("round", "square", "vee")), "arm": Choice(("wide", "narrow"))},
        _monitor,
    ),
    Kind(
        "laptop",
        "electronics",
        ("notebook", "macbook", "notebook computer", "portable computer"),
        (0.34, 0.3, 0.23),
        {
            "case": "aluminium",
            "bezel": "black plastic",
            "screen": "screen",
            "keys": "black plastic",
            "pad": "grey metal",
        },
        {
            "angle": Range(100.0, 118.0),
            "thickness": Range(0.8, 1.3),
            "corner": Range(0.5, 1.2),
            "pad": Range(0.3, 0.42),
            "rim": Range(0.6, 1.4),
            "hinge": Range(0.5, 1.4),
            "rows": Choice((4, 5)),
            "keyboard": Choice(("plain", "numbers")),
        },
        _laptop,
    ),
    Kind(
        "phone",
        "electronics",
        ("smartphone", "mobile phone", "cell phone", "iphone"),
        (0.075, 0.01, 0.155),
        {"case": "black plastic", "screen": "screen", "metal": "chrome"},
        PHONE_KNOBS,
        _phone,
    ),
    Kind(
        "tablet",
        "electronics",
        ("ipad", "e-reader", "tablet computer"),
        (0.18, 0.01, 0.25),
        {"case": "aluminium", "screen": "screen", "metal": "chrome"},
        PHONE_KNOBS | {"corner": Range(0.3, 0.7), "lenses": Choice((1, 2))},
        _phone,
    ),
)

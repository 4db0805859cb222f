"""Large kitchen and laundry appliances."""

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import bar_handle, front, knob, rubber_feet, unit
from ..outlines import Span, around, fillet, inset, length, middle, split
from ..solids import box, cylinder, lathe, merge, move, plate, torus, turn

METAL = {"body": "white painted metal", "handles": "brushed steel", "dark": "black plastic", "glass": "dark glass"}


def _long_handle(style: Style, slot: str, x: float, y: float, z: Span, thickness: float) -> Part:
    """An upright bar handle on two posts."""
    if style["handle"] == "recessed":
        return box(
            "grip", slot, around(x, 2.2 * thickness), (y - 0.25 * thickness, y + 0.5 * thickness), z, 0.2 * thickness
        )
    return move(turn(bar_handle("handle", slot, (0, 0, 0), length(z), thickness), "y", 90.0), x, y, middle(z))


def _fridge(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x = (-w / 2, w / 2)
    thick = style["door"] * 0.09 * d
    bar = 0.016 * u * style["bar"]
    grip = 2.6 * bar
    door_y = (-d / 2 + grip, -d / 2 + grip + thick)
    body_y = (door_y[1] + 0.012 * d, d / 2)
    feet = style["feet"] * 0.03 * h
    edge = style["edge"] * 0.02 * u
    gap = 0.006 * u
    parts = [
        box("body", "body", x, body_y, (feet, h), 0.5 * edge, 2, grain=2),
        box(
            "seal",
            "trim",
            inset(x, 0.02 * w),
            (door_y[1] - 0.2 * thick, body_y[0] + 0.01 * d),
            (feet + 0.01 * h, h * 0.99),
            0.001 * u,
        ),
    ]
    parts.append(rubber_feet("trim", x, body_y, feet, 0.08 * w))
    cut = feet + style["split"] * (h - feet)
    low, high = (feet, cut - gap / 2), (cut + gap / 2, h)
    if style["doors"] == "side by side":
        spans = split(x, 2, gap)
        panels = [(spans[0], (feet, h), 1), (spans[1], (feet, h), -1)]
    elif style["doors"] == "french":
        panels = [(s, high, k) for s, k in zip(split(x, 2, gap), (1, -1), strict=True)] + [(x, low, 0)]
    else:
        side = 1 if style["hinge"] == "left" else -1
        panels = [(x, low, side), (x, high, side)]
    for span, z, side in panels:
        parts.append(plate("door", "body", span, door_y, z, axis="y", corner=edge, bevel=0.4 * edge, grain=2))
        if side == 0:
            parts.append(bar_handle("handle", "handles", (0, door_y[0], z[1] - 4 * bar), 0.7 * length(span), bar))
            continue
        at = span[1] - 3 * bar if side > 0 else span[0] + 3 * bar
        near_cut = (
            around(middle(z), 0.7 * length(z))
            if len(panels) == 2 and style["doors"] == "side by side"
            else _towards(z, cut, style["grip"])
        )
        parts.append(_long_handle(style, "handles", at, door_y[0], near_cut, bar))
    if style["panel"] == "panel":
        span, z, _ = panels[0] if style["doors"] != "two" else panels[1]
        parts.append(
            plate(
                "display",
                "trim",
                around(middle(span), 0.3 * length(span)),
                (door_y[0] - 0.06 * thick, door_y[0] + 0.1 * thick),
                around(z[0] + 0.62 * length(z), 0.14 * length(z)),
                axis="y",
                corner=0.01 * u,
                bevel=0.02 * thick,
            )
        )
    return parts


def _towards(z: Span, cut: float, share: float) -> Span:
    """The part of a door's height, near its neighbour, where the handle sits."""
    if abs(z[0] - cut) < abs(z[1] - cut):
        return z[0] + 0.06 * length(z), z[0] + share * length(z)
    return z[1] - share * length(z), z[1] - 0.06 * length(z)


def _oven(style: Style, size: Size) -> list[Part]:
    """A stove: hob with burners or glass, knobs, an oven door with a window, a drawer."""
    w, d, h = size
    u = unit(size)
    x, bar = (-w / 2, w / 2), 0.018 * u * style["bar"]
    grip = 2.8 * bar
    y = (-d / 2 + grip, d / 2)
    back = style["back_height"] * h if style["back"] == "panel" else 0.0
    top = h - back - (0.0 if back else 0.03 * h)
    feet = 0.03 * h
    panel = (top - style["panel"] * h, top)
    thick = 0.05 * d
    face = y[0] + thick
    parts = [
        box("body", "body", x, (face, y[1]), (feet, top), 0.006 * u, grain=2),
        box("plinth", "dark", inset(x, 0.03 * w), inset((face, y[1]), 0.04 * d, 0.0), (0, feet + 0.01 * h), 0.002 * u),
        plate(
            "control panel",
            "body",
            x,
            (y[0], face + 0.01 * d),
            panel,
            axis="y",
            corner=0.008 * u,
            bevel=0.006 * u,
            grain=0,
        ),
        box(
            "hob",
            "dark",
            inset(x, 0.012 * w),
            inset((face, y[1]), 0.01 * d),
            (top - 0.01 * h, top + 0.012 * h),
            0.004 * h,
        ),
    ]
    parts += _oven_door(style, size, x, bar, feet, panel, y, face)
    for cell in split(inset(x, 0.08 * w), style["knobs"], 0.04 * w):
        r = min(0.32 * length(panel), 0.3 * length(cell))
        parts.append(knob("knob", "handles", (middle(cell), y[0], middle(panel)), 0.8 * r))
    parts += _burners(style, inset(x, 0.06 * w), inset((face, y[1]), 0.07 * d), top + 0.012 * h, h)
    if back:
        parts += _back_panel(size, x, y, top, back)
    return parts


def _oven_door(
    style: Style, size: Size, x: Span, bar: float, feet: float, panel: Span, y: Span, face: float
) -> list[Part]:
    """Door with window and handle, and the drawer under it."""
    w, d, h = size
    u = unit(size)
    parts: list[Part] = []
    door_z = (feet + style["drawer"] * h + 0.01 * h, panel[0] - 0.008 * h)
    parts.append(
        plate(
            "door",
            "body",
            inset(x, 0.004 * w),
            (y[0], face + 0.005 * d),
            door_z,
            axis="y",
            corner=0.01 * u,
            bevel=0.006 * u,
            grain=0,
        )
    )
    window = inset(x, 0.16 * w), inset(door_z, style["window"] * length(door_z), 0.26 * length(door_z))
    parts.append(
        plate(
            "window",
            "glass",
            window[0],
            (y[0] - 0.004 * d, y[0] + 0.02 * d),
            window[1],
            axis="y",
            corner=0.02 * u,
            bevel=0.002 * d,
        )
    )
    parts.append(bar_handle("handle", "handles", (0, y[0], door_z[1] - 0.09 * length(door_z)), 0.8 * w, bar))
    parts.append(
        plate(
            "drawer",
            "body",
            inset(x, 0.004 * w),
            (y[0], face + 0.005 * d),
            (feet, feet + style["drawer"] * h),
            axis="y",
            corner=0.01 * u,
            bevel=0.006 * u,
            grain=0,
        )
    )
    return parts


def _back_panel(size: Size, x: Span, y: Span, top: float, back: float) -> list[Part]:
    """A panel at the back with a clock in it."""
    w, d, h = size
    u = unit(size)
    parts: list[Part] = []
    parts.append(
        plate(
            "back panel",
            "body",
            x,
            (y[1] - 0.06 * d, y[1]),
            (top - 0.01 * h, h),
            axis="y",
            corner=0.02 * u,
            bevel=0.008 * u,
            grain=0,
        )
    )
    parts.append(
        box(
            "clock",
            "glass",
            around(0, 0.22 * w),
            (y[1] - 0.065 * d, y[1] - 0.03 * d),
            around(top + 0.55 * back, 0.4 * back),
            0.002 * u,
        )
    )
    return parts


def _burners(style: Style, x: Span, y: Span, z: float, h: float) -> list[Part]:
    parts: list[Part] = []
    tall = style["hob_height"] * 0.02 * h
    for i, xs in enumerate(split(x, 2, 0.06 * length(x))):
        for j, ys in enumerate(split(y, 2, 0.06 * length(y))):
            r = 0.42 * min(length(xs), length(ys)) * (1.0 if (i + j) % 2 else 0.78)
            at = (middle(xs), middle(ys))
            if style["hob"] == "glass":
                parts.append(torus("zone", "handles", (*at, z), r, 0.004 * h))
                continue
            parts.append(
                cylinder(
                    "burner", "dark", (*at, z - 0.002 * h), (*at, z + 0.55 * tall), 0.45 * r, 0.4 * r, bevel=0.1 * tall
                )
            )
            bars = [
                box(
                    "grate",
                    "dark",
                    around(at[0], 2 * r),
                    around(at[1], 0.12 * r),
                    (z + 0.6 * tall, z + tall),
                    0.1 * tall,
                )
            ]
            bars.append(
                box(
                    "grate",
                    "dark",
                    around(at[0], 0.12 * r),
                    around(at[1], 2 * r),
                    (z + 0.55 * tall, z + 0.98 * tall),
                    0.1 * tall,
                )
            )
            parts += bars
            parts.append(
                merge(
                    "legs",
                    [
                        box(
                            "leg",
                            "dark",
                            around(at[0] + s * 0.93 * r, 0.1 * r),
                            around(at[1], 0.1 * r),
                            (z - 0.002 * h, z + 0.7 * tall),
                            0.02 * r,
                        )
                        for s in (-1, 1)
                    ],
                )
            )
    return parts


def _washing_machine(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x = (-w / 2, w / 2)
    out = style["bulge"] * 0.08 * d
    y = (-d / 2 + out, d / 2)
    feet = style["feet"] * 0.02 * h
    edge = style["edge"] * 0.02 * u
    panel = (h - style["panel"] * h, h)
    r = min(style["door"] * 0.36 * w, 0.42 * (panel[0] - feet))
    at = (0.0, y[0], feet + 0.5 * (panel[0] - feet))
    parts = [
        box("body", "body", x, y, (feet, h), edge, 2, grain=2),
        rubber_feet("dark", x, y, feet, 0.08 * w),
        box(
            "panel",
            "panel",
            inset(x, 0.01 * w),
            (y[0] - 0.006 * d, y[0] + 0.02 * d),
            inset(panel, 0.004 * h, 0.02 * h),
            0.004 * u,
        ),
        front(
            lathe(
                "door ring",
                "rings",
                fillet(
                    [(0.72 * r, 0), (r, 0), (0.97 * r, 0.5 * out), (0.8 * r, 0.6 * out), (0.7 * r, 0.3 * out)],
                    0.1 * out,
                    3,
                ),
                sides=48,
            ),
            *at,
        ),
        front(
            lathe(
                "door glass",
                "glass",
                fillet(
                    [(0, -0.1 * out), (0.76 * r, -0.1 * out), (0.74 * r, 0.4 * out), (0.5 * r, out), (0, out)],
                    0.4 * out,
                    5,
                ),
                sides=40,
            ),
            *at,
        ),
    ]
    if style["grip"] == "grip":
        parts.append(
            box(
                "grip",
                "rings",
                around(0.9 * r, 0.12 * r),
                (y[0] - 0.7 * out, y[0] - 0.3 * out),
                around(at[2], 0.4 * r),
                0.03 * r,
                2,
            )
        )
    parts += _washing_panel(style, size, panel, y, x)
    return parts


def _washing_panel(style: Style, size: Size, panel: Span, y: Span, x: Span) -> list[Part]:
    """Dial, soap drawer, display, buttons."""
    w, d, _ = size
    parts: list[Part] = []
    z = middle(panel)
    tall = length(panel)
    dial = style["dial"] * 0.32 * tall
    dial_x = 0.0 if style["layout"] == "middle" else 0.3 * w
    parts.append(
        cylinder(
            "dial",
            "rings",
            (dial_x, y[0], z),
            (dial_x, y[0] - 0.03 * d, z),
            dial,
            0.9 * dial,
            bevel=0.005 * d,
            sides=32,
        )
    )
    parts.append(
        plate(
            "drawer",
            "body",
            (x[0] + 0.04 * w, x[0] + 0.3 * w),
            (y[0] - 0.014 * d, y[0]),
            inset(panel, 0.2 * tall),
            axis="y",
            corner=0.1 * tall,
            bevel=0.003 * d,
        )
    )
    shift = 0.0 if style["layout"] == "middle" else -0.14 * w
    parts.append(
        box(
            "display",
            "glass",
            around(shift + 0.24 * w, 0.16 * w),
            (y[0] - 0.01 * d, y[0]),
            around(z + 0.1 * tall, 0.4 * tall),
            0.002 * d,
        )
    )
    parts += [
        cylinder(
            "button",
            "rings",
            (shift + (0.18 + 0.04 * k) * w, y[0], z - 0.28 * tall),
            (shift + (0.18 + 0.04 * k) * w, y[0] - 0.016 * d, z - 0.28 * tall),
            0.08 * tall,
            bevel=0.003 * d,
            sides=12,
        )
        for k in range(style["buttons"])
    ]
    return parts


def _dishwasher(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x, bar = (-w / 2, w / 2), 0.018 * u * style["bar"]
    y = (-d / 2 + 2.6 * bar, d / 2)
    plinth = style["plinth"] * h
    panel = (h - style["top"] * h - style["panel"] * h, h - style["top"] * h)
    thick = style["door"] * 0.05 * d
    edge = style["edge"] * 0.01 * u
    parts = [
        box("body", "body", x, (y[0] + 0.9 * thick, y[1]), (0.9 * plinth, h - 0.9 * style["top"] * h), edge, grain=2),
        box("top", "top", x, y, (h - style["top"] * h, h), edge, 2, grain=0),
        box("plinth", "dark", inset(x, 0.02 * w), inset(y, 3 * thick, 0.02 * d), (0, plinth), edge),
        plate(
            "door",
            "body",
            inset(x, 0.004 * w),
            (y[0], y[0] + thick),
            (plinth, panel[0] - 0.004 * h),
            axis="y",
            corner=edge,
            bevel=0.4 * edge,
            grain=0,
        ),
        plate(
            "panel",
            "body",
            inset(x, 0.004 * w),
            (y[0], y[0] + thick),
            panel,
            axis="y",
            corner=edge,
            bevel=0.4 * edge,
            grain=0,
        ),
    ]
    if style["handle"] == "bar":
        parts.append(bar_handle("handle", "handles", (0, y[0], panel[0] - 0.08 * h), 0.75 * w, bar))
    else:
        parts.append(
            box(
                "handle",
                "handles",
                around(0, 0.4 * w),
                (y[0] - 1.2 * bar, y[0] + 0.2 * thick),
                (panel[0] - 0.06 * h, panel[0] - 0.03 * h),
                0.4 * bar,
                2,
            )
        )
    parts += _dishwasher_panel(style, thick, w, panel, y)
    return parts


def _dishwasher_panel(style: Style, thick: float, w: float, panel: Span, y: Span) -> list[Part]:
    """Display and buttons."""
    parts: list[Part] = []
    parts.append(
        box(
            "display",
            "glass",
            around(0, 0.16 * w),
            (y[0] - 0.1 * thick, y[0] + 0.1 * thick),
            around(middle(panel), 0.4 * length(panel)),
            0.02 * thick,
        )
    )
    for k in range(style["buttons"]):
        at = -0.4 * w + 0.07 * w * k
        parts.append(
            cylinder(
                "button",
                "handles",
                (at, y[0], middle(panel)),
                (at, y[0] - 0.2 * thick, middle(panel)),
                0.12 * length(panel),
                bevel=0.02 * thick,
                sides=12,
            )
        )
    return parts


KINDS = (
    Kind(
        "fridge",
        "kitchen",
        ("refrigerator", "freezer", "icebox", "fridge freezer"),
        (0.7, 0.7, 1.8),
        {"body": "brushed steel", "handles": "chrome", "trim": "black plastic"},
        {
            "door": Range(0.8, 1.4),
            "bar": Range(0.8, 1.4),
            "feet": Range(0.5, 1.3),
            "edge": Range(0.5, 2.0),
            "split": Range(0.32, 0.45),
            "grip": Range(0.4, 0.6),
            "doors": Choice(("two", "side by side", "french")),
            "hinge": Choice(("left", "right")),
            "handle": Choice(("bar", "recessed")),
            "panel": Choice(("panel", "none")),
        },
        _fridge,
    ),
    Kind(
        "oven",
        "kitchen",
        ("stove", "cooker", "range", "kitchen stove", "gas stove"),
        (0.6, 0.62, 0.92),
        METAL,
        {
            "bar": Range(0.8, 1.3),
            "panel": Range(0.1, 0.15),
            "back_height": Range(0.1, 0.17),
            "drawer": Range(0.12, 0.2),
            "window": Range(0.12, 0.22),
            "hob_height": Range(0.8, 1.4),
            "hob": Choice(("burners", "burners", "glass")),
            "knobs": Choice((4, 5, 6)),
            "back": Choice(("panel", "none")),
        },
        _oven,
    ),
    Kind(
        "washing machine",
        "kitchen",
        ("washer", "dryer", "laundry machine", "tumble dryer"),
        (0.6, 0.6, 0.85),
        METAL | {"rings": "chrome", "panel": "grey plastic"},
        {
            "bulge": Range(0.8, 1.5),
            "feet": Range(0.6, 1.4),
            "edge": Range(0.5, 1.8),
            "panel": Range(0.12, 0.17),
            "door": Range(0.85, 1.05),
            "dial": Range(0.8, 1.2),
            "grip": Choice(("grip", "none")),
            "layout": Choice(("middle", "right")),
            "buttons": Choice((3, 4, 5)),
        },
        _washing_machine,
    ),
    Kind(
        "dishwasher",
        "kitchen",
        ("dish washer",),
        (0.6, 0.62, 0.85),
        METAL | {"body": "brushed steel", "top": "grey stone"},
        {
            "bar": Range(0.8, 1.3),
            "plinth": Range(0.08, 0.13),
            "panel": Range(0.12, 0.17),
            "top": Range(0.03, 0.05),
            "door": Range(0.8, 1.4),
            "edge": Range(0.5, 1.5),
            "handle": Choice(("bar", "block")),
            "buttons": Choice((2, 3, 4)),
        },
        _dishwasher,
    ),
)

"""Boxes by the name of the thing: real sizes in metres and words to start from; true relative sizes. No bpy."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..backend.protocol.seethrough3d import tables

METRES = 2.25  # of one unit of SeeThrough3D's scales, in which a sedan is 2 long: 4.5 m


class Preset(NamedTuple):
    name: str
    prompt: str
    size: tuple[float, float, float]  # width, depth, height in metres


PRESETS: dict[str, tuple[Preset, ...]] = {
    "Seating": (
        Preset("Sofa", "green velvet sofa with walnut legs", (2.1, 0.95, 0.82)),
        Preset("Armchair", "mustard fabric armchair", (0.85, 0.85, 0.88)),
        Preset("Chair", "oak dining chair", (0.46, 0.52, 0.85)),
        Preset("Office Chair", "black leather office chair", (0.65, 0.65, 1.15)),
        Preset("Stool", "oak bar stool", (0.4, 0.4, 0.75)),
        Preset("Bench", "pine bench", (1.4, 0.4, 0.46)),
    ),
    "Tables and Beds": (
        Preset("Coffee Table", "walnut coffee table", (1.1, 0.6, 0.42)),
        Preset("Dining Table", "oak dining table", (1.8, 0.9, 0.75)),
        Preset("Desk", "white desk with steel legs", (1.4, 0.7, 0.74)),
        Preset("Side Table", "round brass side table", (0.45, 0.45, 0.55)),
        Preset("Nightstand", "oak nightstand", (0.45, 0.4, 0.55)),
        Preset("Bed", "double bed with grey linen", (1.7, 2.1, 1.0)),
    ),
    "Storage": (
        Preset("Bookshelf", "oak bookshelf with books", (1.0, 0.32, 1.95)),
        Preset("Wardrobe", "white wardrobe", (1.5, 0.6, 2.1)),
        Preset("Cabinet", "walnut cabinet", (1.2, 0.45, 0.85)),
        Preset("Drawers", "pine chest of drawers", (0.9, 0.48, 0.95)),
        Preset("TV Stand", "walnut tv stand", (1.6, 0.42, 0.5)),
    ),
    "Lighting and Decoration": (
        Preset("Floor Lamp", "brass floor lamp with a linen shade", (0.45, 0.45, 1.6)),
        Preset("Table Lamp", "white ceramic table lamp", (0.3, 0.3, 0.5)),
        Preset("Rug", "cream wool rug", (2.6, 1.8, 0.02)),
        Preset("Vase", "blue ceramic vase", (0.2, 0.2, 0.38)),
        Preset("Potted Plant", "potted monstera plant in a terracotta pot", (0.7, 0.7, 1.15)),
        Preset("Mirror", "standing mirror with a brass frame", (0.6, 0.35, 1.7)),
    ),
    "Kitchen": (
        Preset("Fridge", "stainless steel fridge", (0.7, 0.7, 1.85)),
        Preset("Oven", "black oven", (0.6, 0.6, 0.85)),
        Preset("Microwave", "steel microwave", (0.5, 0.38, 0.3)),
        Preset("Kettle", "steel kettle", (0.24, 0.18, 0.26)),
        Preset("Mug", "red ceramic mug", (0.12, 0.09, 0.1)),
        Preset("Bowl", "white ceramic bowl", (0.28, 0.28, 0.11)),
    ),
    "Electronics": (
        Preset("TV", "flat screen tv", (1.25, 0.24, 0.76)),
        Preset("Laptop", "silver laptop", (0.33, 0.26, 0.23)),
        Preset("Monitor", "black computer monitor", (0.62, 0.2, 0.5)),
        Preset("Speaker", "walnut loudspeaker", (0.25, 0.3, 0.95)),
    ),
    "Vehicles and Street": (
        Preset("Car", "red car", (1.8, 4.3, 1.45)),
        Preset("Bus", "yellow bus", (2.55, 11.0, 3.1)),
        Preset("Truck", "blue truck", (2.4, 6.5, 2.9)),
        Preset("Bicycle", "green bicycle", (0.6, 1.75, 1.05)),
        Preset("Motorbike", "black motorbike", (0.8, 2.1, 1.15)),
        Preset("Street Lamp", "dark iron street lamp", (0.6, 0.6, 4.5)),
        Preset("Park Bench", "wooden park bench with iron legs", (1.6, 0.6, 0.85)),
        Preset("Tree", "oak tree", (3.5, 3.5, 5.5)),
    ),
    "Animals and People": (
        Preset("Man", "man in a blue shirt", (0.55, 0.35, 1.78)),
        Preset("Woman", "woman in a red dress", (0.5, 0.35, 1.66)),
        Preset("Dog", "brown dog", (0.3, 0.85, 0.65)),
        Preset("Cat", "grey cat", (0.18, 0.5, 0.32)),
        Preset("Horse", "brown horse", (0.65, 2.3, 1.7)),
        Preset("Cow", "white cow with black spots", (0.75, 2.4, 1.5)),
        Preset("Sheep", "white sheep", (0.45, 1.2, 0.9)),
        Preset("Elephant", "grey elephant", (1.9, 5.0, 3.1)),
    ),
}


def _true_size(asset: str) -> tuple[float, float, float]:
    """Width, depth, height in metres of an asset of SeeThrough3D's table."""
    factor = tables.SCALES[asset] * METRES
    width, depth, height = (round(side * factor, 3) for side in tables.SIZES[asset])
    return width, depth, height


def _missing_assets() -> tuple[Preset, ...]:
    """What SeeThrough3D's table knows and the groups above do not, in its sizes."""
    named = {preset.name.lower() for group in PRESETS.values() for preset in group}
    return tuple(Preset(asset.title(), asset, _true_size(asset)) for asset in tables.SIZES if asset not in named)


PRESETS["SeeThrough3D Assets"] = _missing_assets()

BY_NAME: dict[str, Preset] = {preset.name: preset for group in PRESETS.values() for preset in group}
KINDS: tuple[str, ...] = tuple(sorted(name.lower() for name in BY_NAME))


def asset_of(kind: str, prompt: str) -> str:
    """The asset of SeeThrough3D's table that a box is: its kind, or the longest name among its words; or ""."""
    if kind.lower() in tables.SIZES:
        return kind.lower()
    words = " ".join(re.findall(r"[a-z]+", prompt.lower()))
    named = [asset for asset in tables.SIZES if re.search(rf"\b{asset}\b", words)]
    return max(named, key=len, default="")


def harmonised(assets: list[str]) -> tuple[dict[str, tuple[float, float, float]], str]:
    """Real sizes in metres of these assets by name, their proportions as SeeThrough3D harmonises them; its message."""
    subjects, message = tables.harmonise(tuple(tables.subject(asset, asset or tables.CUSTOM) for asset in assets))
    scales = [tables.SCALES[asset] for asset in assets if asset]
    factor = max(scales, default=1.0) * METRES
    sizes = {subject.type: tuple(side * factor for side in subject.size) for subject in subjects}
    return {name: size for name, size in sizes.items() if name != tables.CUSTOM}, message  # type: ignore[misc]

"""Materials by name: which texture function, which colours it comes in, which settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from inspect import signature
from types import MappingProxyType

import numpy as np

from .palette import COLORS
from .textures import coat, fabric, metal, nature, picture, plain, stone, wood
from .textures.surface import Color, Layer, Places

_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Material:
    """family: what it may stand in for ("oak" replaces wood, not fabric); palette: colours it naturally has."""

    family: str
    surface: Callable[..., Layer]
    palette: tuple[Color, ...]
    options: Mapping[str, object] = field(default_factory=dict)

    def takes(self, option: str) -> bool:
        return option in signature(self.surface).parameters


@dataclass(frozen=True)
class Recipe:
    """What one slot is made of."""

    material: Material
    color: Color
    options: Mapping[str, object] = field(default_factory=dict)
    pattern: str | None = None  # of cloth
    second: Color | None = None  # of the pattern
    text: str = ""  # written across it

    def layer(self, places: Places) -> Layer:
        options = dict(self.material.options) | dict(self.options)
        layer = self.material.surface(places, self.color, **options)
        if self.pattern is not None and self.second is not None:
            layer = fabric.patterned(places, layer, self.color, self.second, self.pattern)
        return picture.lettered(places, layer, self.color, self.text) if self.text else layer

    def with_options(self, **changes: object) -> "Recipe":
        """Options that the texture function does not know are left out."""
        known = {name: value for name, value in changes.items() if self.material.takes(name)}
        return replace(self, options={**self.options, **known})


def draw(material: Material, rng: np.random.Generator) -> Recipe:
    """The material in one of its own colours."""
    return Recipe(material, material.palette[int(rng.integers(len(material.palette)))])


def _named(*names: str) -> tuple[Color, ...]:
    return tuple(COLORS[name] for name in names)


def _wood(light: Color, dark: Color, **options: float) -> Material:
    return Material("wood", wood.wood, (light,), {"dark": dark, **options})


def _metal(color: Color, **options: float) -> Material:
    return Material("metal", metal.metal, (color,), options)


_UPHOLSTERY = _named(
    "grey", "charcoal", "beige", "sage", "navy", "terracotta", "mustard", "teal", "cream", "slate", "rust"
)
_CAR = _named("red", "navy", "silver", "charcoal", "white", "forest", "cobalt", "burgundy", "mustard", "petrol")
_PLASTIC = _named("white", "black", "grey", "red", "blue", "yellow", "green", "orange", "charcoal")
_PAINT = _named("white", "cream", "sage", "slate", "navy", "mustard", "grey", "mint", "terracotta", "powder")
_FUR = _named("brown", "fawn", "chestnut", "cream", "grey", "black", "ginger")
_STEEL: Color = (0.66, 0.66, 0.65)

MATERIALS: dict[str, Material] = {
    "oak": _wood((0.70, 0.53, 0.34), (0.50, 0.33, 0.18), pores=0.7, contrast=0.55, rings=0.011),
    "walnut": _wood((0.42, 0.27, 0.17), (0.22, 0.13, 0.08), pores=0.5, contrast=0.7, rings=0.014),
    "pine": _wood((0.84, 0.66, 0.42), (0.68, 0.43, 0.20), pores=0.05, contrast=0.75, rings=0.016, gloss=0.25),
    "birch": _wood((0.86, 0.74, 0.56), (0.74, 0.58, 0.38), pores=0.12, contrast=0.35, rings=0.012),
    "beech": _wood((0.80, 0.61, 0.43), (0.68, 0.46, 0.29), pores=0.3, contrast=0.3, rings=0.010),
    "maple": _wood((0.85, 0.70, 0.50), (0.72, 0.53, 0.33), pores=0.08, contrast=0.3, rings=0.013, gloss=0.5),
    "ash": _wood((0.80, 0.70, 0.55), (0.60, 0.47, 0.32), pores=0.6, contrast=0.6, rings=0.014),
    "cherry": _wood((0.62, 0.34, 0.20), (0.46, 0.22, 0.12), pores=0.15, contrast=0.45, rings=0.012, gloss=0.5),
    "mahogany": _wood((0.45, 0.20, 0.12), (0.28, 0.10, 0.06), pores=0.45, contrast=0.5, rings=0.013, gloss=0.65),
    "rosewood": _wood((0.38, 0.17, 0.12), (0.14, 0.06, 0.05), pores=0.4, contrast=0.8, rings=0.010, gloss=0.6),
    "teak": _wood((0.60, 0.39, 0.21), (0.40, 0.24, 0.12), pores=0.5, contrast=0.6, rings=0.010),
    "cedar": _wood((0.68, 0.42, 0.27), (0.50, 0.26, 0.15), pores=0.1, contrast=0.6, rings=0.012, gloss=0.2),
    "ebony": _wood((0.13, 0.10, 0.09), (0.06, 0.05, 0.05), pores=0.3, contrast=0.7, rings=0.010, gloss=0.6),
    "driftwood": _wood((0.62, 0.58, 0.52), (0.42, 0.38, 0.34), pores=0.9, contrast=0.6, rings=0.012, gloss=0.0),
    "bamboo": Material("wood", wood.bamboo, ((0.80, 0.68, 0.42), (0.72, 0.66, 0.40))),
    "wicker": Material("wood", wood.wicker, ((0.72, 0.55, 0.34), (0.55, 0.38, 0.22), (0.83, 0.74, 0.58))),
    "painted-wood": Material("wood", wood.painted, _PAINT),
    "steel": _metal(_STEEL, roughness=0.28, brushed=0.25),
    "stainless-steel": _metal((0.72, 0.72, 0.71), roughness=0.24, brushed=0.7),
    "brushed-steel": _metal(_STEEL, roughness=0.3, brushed=1.0),
    "chrome": _metal((0.80, 0.80, 0.81), roughness=0.06),
    "brass": _metal((0.84, 0.66, 0.34), roughness=0.24, brushed=0.2),
    "copper": _metal((0.86, 0.52, 0.38), roughness=0.24, brushed=0.2),
    "bronze": _metal((0.55, 0.40, 0.23), roughness=0.36, brushed=0.1),
    "gold": _metal((0.95, 0.74, 0.36), roughness=0.18),
    "silver": _metal((0.86, 0.85, 0.83), roughness=0.16),
    "iron": _metal((0.27, 0.26, 0.26), roughness=0.52, dents=0.5),
    "cast-iron": _metal((0.17, 0.17, 0.175), roughness=0.62, dents=0.3),
    "aluminium": _metal((0.78, 0.78, 0.79), roughness=0.34, brushed=0.5),
    "titanium": _metal((0.56, 0.54, 0.52), roughness=0.34, brushed=0.4),
    "panels": Material("metal", metal.panelled, _named("silver", "white", "slate", "blue")),
    "rusty-metal": _metal((0.42, 0.39, 0.37), roughness=0.45, rust=0.62),
    "powder-coat": Material("paint", metal.coated, _PAINT, {"gloss": 0.35, "flakes": 0.0}),
    "enamel": Material("paint", metal.coated, _PAINT, {"gloss": 0.8, "flakes": 0.0}),
    "car-paint": Material("paint", metal.coated, _CAR, {"gloss": 0.92, "flakes": 0.5}),
    "machine-paint": Material(
        "paint", metal.coated, _named("yellow", "orange", "green", "red"), {"gloss": 0.55, "chips": 0.5}
    ),
    "cotton": Material("soft", fabric.cloth, _UPHOLSTERY, {"thread": 0.0018}),
    "linen": Material("soft", fabric.cloth, _named("beige", "cream", "sage", "taupe", "sand", "grey"), {"slub": 0.8}),
    "canvas": Material(
        "soft", fabric.cloth, _named("khaki", "beige", "olive", "navy", "cream"), {"thread": 0.003, "fuzz": 0.05}
    ),
    "tweed": Material(
        "soft", fabric.cloth, _UPHOLSTERY, {"weave": "twill", "weft": (0.62, 0.58, 0.52), "thread": 0.004}
    ),
    "denim": Material(
        "soft", fabric.cloth, _named("denim-blue"), {"weave": "twill", "weft": (0.72, 0.75, 0.78), "slub": 0.6}
    ),
    "silk": Material(
        "soft",
        fabric.cloth,
        _named("pearl", "ruby", "sapphire", "sage", "plum"),
        {"slub": 0.15, "fuzz": 0.6, "rough": 0.42},
    ),
    "knit": Material("soft", fabric.cloth, _UPHOLSTERY, {"weave": "knit", "thread": 0.006, "fuzz": 0.15}),
    "felt": Material("soft", fabric.cloth, _UPHOLSTERY, {"fuzz": 0.95, "slub": 0.7, "rough": 0.92}),
    "wool": Material("soft", fabric.cloth, _UPHOLSTERY, {"weave": "knit", "thread": 0.005, "fuzz": 0.5, "slub": 0.6}),
    "velvet": Material(
        "soft", fabric.velvet, _named("emerald", "navy", "burgundy", "teal", "mustard", "blush", "plum", "grey")
    ),
    "plush": Material(
        "soft", fabric.fleece, _named("caramel", "tan", "cream", "brown", "grey", "blush"), {"curl": 0.004}
    ),
    "fleece": Material("coat", fabric.fleece, _named("cream", "ivory"), {"curl": 0.03}),
    "carpet": Material("soft", fabric.fleece, _named("beige", "grey", "burgundy", "navy", "sage"), {"curl": 0.006}),
    "leather": Material("soft", fabric.leather, _named("cognac", "brown", "black", "chocolate", "tan", "cream")),
    "suede": Material("soft", fabric.velvet, _named("tan", "camel", "brown", "taupe"), {"nap": 0.5}),
    "glass": Material("glass", plain.glass, ((0.86, 0.93, 0.92),)),
    "window-glass": Material("glass", plain.glass, ((0.24, 0.29, 0.32),), {"alpha": 0.55}),
    "dark-glass": Material("glass", plain.glass, ((0.06, 0.07, 0.08),), {"alpha": 0.93}),
    "crystal": Material("glass", plain.glass, ((0.92, 0.95, 0.97),), {"alpha": 0.18}),
    "ice": Material("glass", plain.glass, ((0.78, 0.89, 0.95),), {"alpha": 0.5, "frosted": 0.3}),
    "water": Material("glass", plain.liquid, ((0.62, 0.78, 0.82),), {"alpha": 0.4}),
    "liquid": Material("food", plain.liquid, ((0.80, 0.62, 0.20),), {"alpha": 0.9}),
    "coffee": Material("food", plain.liquid, ((0.16, 0.09, 0.06),), {"alpha": 1.0}),
    "ceramic": Material(
        "ceramic", plain.ceramic, _named("white", "cream", "sage", "teal", "terracotta", "navy", "grey")
    ),
    "porcelain": Material("ceramic", plain.ceramic, _named("white"), {"gloss": 0.95}),
    "stoneware": Material(
        "ceramic", plain.ceramic, _named("beige", "sage", "slate", "sand"), {"gloss": 0.5, "speckles": 0.8}
    ),
    "plastic": Material("plastic", plain.plastic, _PLASTIC),
    "rubber": Material("plastic", plain.rubber, ((0.085, 0.085, 0.09),)),
    "carbon": Material(
        "plastic",
        fabric.cloth,
        ((0.13, 0.13, 0.14),),
        {"weave": "twill", "weft": (0.07, 0.07, 0.075), "fuzz": 0.0, "rough": 0.3},
    ),
    "foam": Material("soft", plain.foam, _named("cream", "grey")),
    "cork": Material("wood", plain.foam, ((0.72, 0.53, 0.35),)),
    "wax": Material("plastic", plain.plastic, _named("ivory", "red", "cream"), {"gloss": 0.45, "stipple": 0.1}),
    "paper": Material("paper", plain.paper, _named("offwhite")),
    "cardboard": Material("paper", plain.paper, ((0.66, 0.50, 0.33),)),
    "print": Material("paper", picture.printed, _named("crimson", "navy", "teal", "forest")),
    "books": Material("paper", picture.books, _named("burgundy", "navy", "forest", "ochre")),
    "painting": Material("picture", picture.painting, _named("sky", "lavender", "peach", "turquoise")),
    "screen": Material("screen", picture.screen, _named("sky", "azure", "violet", "teal")),
    "dark-screen": Material("screen", picture.dark_screen, ((0.025, 0.027, 0.03),)),
    "mirror": Material("picture", picture.mirror, ((0.86, 0.88, 0.88),)),
    "glow": Material("light", plain.glow, ((1.0, 0.86, 0.62),)),
    "flame": Material("light", plain.glow, ((1.0, 0.66, 0.22),)),
    "lampshade": Material(
        "light", plain.glow, ((0.98, 0.88, 0.68), (0.97, 0.83, 0.60)), {"strength": 0.8, "weave": 1.0}
    ),
    "headlight": Material("light", plain.glow, ((0.95, 0.95, 0.92),), {"strength": 0.5}),
    "taillight": Material("light", plain.glow, ((0.75, 0.06, 0.05),), {"strength": 0.35}),
    "marble": Material("stone", stone.marble, ((0.89, 0.88, 0.86),), {"vein": (0.45, 0.46, 0.48)}),
    "dark-marble": Material("stone", stone.marble, ((0.09, 0.10, 0.10),), {"vein": (0.72, 0.68, 0.60)}),
    "granite": Material("stone", stone.granite, ((0.55, 0.53, 0.52), (0.38, 0.36, 0.36), (0.60, 0.47, 0.42))),
    "terrazzo": Material("stone", stone.granite, ((0.82, 0.80, 0.76),), {"speck": (0.50, 0.36, 0.30)}),
    "stone": Material("stone", stone.rough_stone, ((0.55, 0.53, 0.49), (0.48, 0.47, 0.46), (0.64, 0.58, 0.49))),
    "concrete": Material("stone", stone.rough_stone, ((0.58, 0.575, 0.56),), {"pits": 0.7, "relief": 0.6}),
    "sandstone": Material("stone", stone.rough_stone, ((0.76, 0.62, 0.45),)),
    "slate": Material("stone", stone.rough_stone, ((0.27, 0.30, 0.33),), {"relief": 0.7, "pits": 0.1}),
    "plaster": Material("stone", stone.rough_stone, ((0.87, 0.85, 0.81),), {"relief": 0.4, "pits": 0.15}),
    "terracotta": Material("stone", stone.rough_stone, ((0.71, 0.40, 0.27),), {"relief": 0.3, "pits": 0.2}),
    "asphalt": Material("stone", stone.rough_stone, ((0.20, 0.20, 0.205),), {"pits": 1.0}),
    "brick": Material("stone", stone.bricks, ((0.62, 0.30, 0.21), (0.55, 0.26, 0.20), (0.66, 0.42, 0.30))),
    "tile": Material("stone", stone.tiled, _named("white", "powder", "sage", "teal")),
    "gravel": Material("stone", stone.gravel, ((0.58, 0.55, 0.51),)),
    "soil": Material("earth", stone.soil, ((0.33, 0.23, 0.16),)),
    "sand": Material("earth", stone.soil, ((0.84, 0.73, 0.53),), {"crumb": 0.004}),
    "snow": Material("earth", plain.foam, ((0.92, 0.94, 0.97),)),
    "leaf": Material("plant", nature.leaf, ((0.22, 0.42, 0.14), (0.16, 0.36, 0.16), (0.30, 0.46, 0.20))),
    "foliage": Material("plant", nature.foliage, ((0.24, 0.42, 0.15), (0.19, 0.36, 0.16), (0.33, 0.44, 0.18))),
    "grass": Material("plant", nature.grass, ((0.32, 0.48, 0.16),)),
    "moss": Material("plant", nature.grass, ((0.34, 0.40, 0.16),)),
    "cactus": Material("plant", nature.fruit, ((0.30, 0.46, 0.26), (0.36, 0.50, 0.30)), {"gloss": 0.25}),
    "stem": Material("plant", plain.plastic, ((0.30, 0.42, 0.16),), {"gloss": 0.3}),
    "petal": Material("plant", nature.petal, _named("red", "pink", "yellow", "white", "violet", "orange", "coral")),
    "bark": Material("plant", nature.bark, ((0.40, 0.30, 0.22), (0.33, 0.27, 0.22), (0.46, 0.38, 0.30))),
    "birch-bark": Material("plant", nature.birch_bark, ((0.88, 0.86, 0.81),)),
    "straw": Material("plant", wood.wicker, ((0.83, 0.70, 0.40),)),
    "apple": Material("food", nature.fruit, ((0.80, 0.72, 0.28), (0.62, 0.70, 0.24)), {"blush": (0.70, 0.11, 0.10)}),
    "citrus": Material("food", nature.fruit, ((0.92, 0.52, 0.10),), {"dimples": 0.8}),
    "fruit": Material("food", nature.fruit, _named("red", "yellow", "orange", "green"), {"gloss": 0.7}),
    "peel": Material("food", nature.fruit, _named("orange", "yellow"), {"dimples": 0.6, "gloss": 0.5}),
    "banana": Material("food", nature.fruit, ((0.90, 0.74, 0.20),), {"gloss": 0.45}),
    "crust": Material("food", plain.foam, ((0.62, 0.38, 0.18),), {"pore": 0.005}),
    "bread": Material("food", plain.foam, ((0.76, 0.54, 0.30),), {"pore": 0.006}),
    "cheese": Material("food", plain.plastic, ((0.92, 0.74, 0.33),), {"gloss": 0.45, "stipple": 0.2}),
    "cake": Material("food", plain.foam, ((0.55, 0.33, 0.19), (0.90, 0.80, 0.58)), {"pore": 0.005}),
    "icing": Material("food", plain.ceramic, _named("white", "blush", "chocolate"), {"gloss": 0.5}),
    "meat": Material("food", plain.skin, ((0.58, 0.26, 0.20),), {"mottle": 1.0}),
    "fur": Material("coat", coat.fur, _FUR),
    "zebra": Material("coat", coat.fur, ((0.90, 0.88, 0.84),), {"pattern": "zebra", "belly": 0.2, "length": 0.01}),
    "tiger": Material("coat", coat.fur, ((0.82, 0.48, 0.17),), {"pattern": "tiger", "belly": 0.85}),
    "giraffe": Material(
        "coat", coat.fur, ((0.86, 0.76, 0.56),), {"pattern": "giraffe", "second": (0.55, 0.31, 0.15), "length": 0.01}
    ),
    "cow": Material("coat", coat.fur, ((0.91, 0.89, 0.85),), {"pattern": "cow", "belly": 0.1, "length": 0.01}),
    "leopard": Material("coat", coat.fur, ((0.82, 0.63, 0.36),), {"pattern": "spots", "belly": 0.7}),
    "mane": Material("coat", coat.fur, ((0.34, 0.20, 0.11),), {"belly": 0.0, "length": 0.06}),
    "hair": Material(
        "coat", coat.fur, ((0.22, 0.15, 0.10), (0.09, 0.08, 0.07), (0.55, 0.40, 0.22)), {"belly": 0.0, "length": 0.05}
    ),
    "skin": Material(
        "coat", plain.skin, ((0.86, 0.66, 0.54), (0.72, 0.50, 0.37), (0.50, 0.33, 0.24), (0.35, 0.22, 0.16))
    ),
    "hide": Material("coat", plain.skin, ((0.50, 0.48, 0.46),), {"wrinkles": 0.8, "mottle": 0.2}),
    "feathers": Material("coat", coat.feathers, _named("brown", "grey", "white", "chestnut")),
    "scales": Material("coat", coat.scales, ((0.33, 0.43, 0.22),)),
    "horn": Material("coat", plain.plastic, ((0.30, 0.26, 0.21), (0.55, 0.48, 0.37)), {"gloss": 0.45}),
    "beak": Material("coat", plain.plastic, ((0.82, 0.58, 0.18),), {"gloss": 0.5}),
    "eye": Material("eye", plain.plastic, ((0.035, 0.03, 0.03),), {"gloss": 1.0, "stipple": 0.0}),
    "nose": Material("eye", plain.plastic, ((0.10, 0.08, 0.08),), {"gloss": 0.7}),
    "bone": Material("coat", plain.plastic, ((0.88, 0.83, 0.72),), {"gloss": 0.35}),
}

# words that leave the choice to the seed
GENERIC: dict[str, tuple[str, ...]] = {
    "wood": ("oak", "walnut", "pine", "beech", "teak", "ash", "cherry", "birch"),
    "metal": ("steel", "brass", "iron", "aluminium", "chrome", "bronze"),
    "fabric": ("cotton", "linen", "tweed", "velvet", "wool", "felt"),
    "paint": ("enamel", "powder-coat"),
}

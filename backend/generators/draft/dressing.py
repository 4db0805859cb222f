"""The words of a prompt -> a recipe for every slot of a kind.

"a red velvet sofa with brass legs": what precedes the thing dresses its main slot, what precedes a part's name
dresses that part, the rest follows the kind's own words, varied by the seed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from .asset import Kind
from .materials import GENERIC, MATERIALS, Material, Recipe, draw
from .palette import COLORS, SHADES, shaded
from .textures.coat import fur
from .textures.fabric import PATTERNS
from .textures.surface import Color
from .vocabulary import (
    ALSO_COLORS,
    ALSO_THINGS,
    AWAY,
    COAT_PATTERNS,
    FINISHES,
    GLOWING,
    HEAD_AGAIN,
    MATERIAL_WORDS,
    PART_WORDS,
    PATTERN_WORDS,
    WRITTEN_PARTS,
)
from .words import quoted, singular, words

_COVERINGS = frozenset(["soft", "light", "plant", "screen", "picture", "glass", "coat"])
_RECOLOURED_BY_SEED = frozenset(["soft"])
_STAINS = frozenset(
    [COLORS[name] for name in ("brown", "chocolate", "coffee", "chestnut", "caramel", "cognac", "tan", "blond")]
)


@dataclass(frozen=True)
class Wish:
    """What some words say of a material. material: a name in MATERIALS or GENERIC."""

    material: str | None = None
    colors: tuple[Color, ...] = ()
    shade: str | None = None  # "dark" without a colour: "dark walnut"
    pattern: str | None = None
    finishes: tuple[str, ...] = ()
    glowing: bool = False
    color_of_material: Color | None = None  # of words that are both: "gold"

    def __bool__(self) -> bool:
        return self != Wish()


def dress(kind: Kind, prompt: str, seed: int, named: Sequence[str] = ()) -> dict[str, Recipe]:
    """A recipe for every slot. named: the words of the prompt that name the kind (the coffee of a coffee table is
    none)."""
    own = {slot: _wish(words(text)) for slot, text in kind.slots.items()}
    wishes = _by_slot(kind, own, _phrases(prompt), frozenset(named))
    text = quoted(prompt)
    recipes = {}
    for slot, default in kind.slots.items():
        # the same words give the same wood in every slot, the legs match the frame
        rng = np.random.default_rng([seed, crc32(default.encode()), crc32(kind.name.encode())])
        recipe = _recipe(own[slot], rng, free=slot not in wishes)
        if slot in wishes:
            recipe = _changed(recipe, wishes[slot], rng)
        if slot == "shade" and recipe.material.family == "soft":
            recipe = Recipe(MATERIALS["lampshade"], recipe.color)  # cloth with a light behind it
        recipes[slot] = recipe
    if text:
        slot = next((slot for slot in kind.slots if slot in WRITTEN_PARTS), next(iter(kind.slots)))
        recipes[slot] = replace(recipes[slot], text=text)
    return recipes


def _phrases(prompt: str) -> list[tuple[bool, list[str]]]:
    """(about the whole thing?, words) for each piece of the prompt; places are dropped."""
    phrases: list[tuple[bool, list[str]]] = [(True, [])]
    away = False
    for token in words(prompt):
        if token in AWAY:
            away = True
        elif token in ("with", "and", ",", ";", "which", "that", "who") or token in HEAD_AGAIN:
            away = away and token in ("and", *HEAD_AGAIN)
            phrases.append((token in HEAD_AGAIN or (token == "and" and phrases[-1][0]), []))
        elif not away:
            phrases[-1][1].append(token)
    return [(whole, tokens) for whole, tokens in phrases if tokens]


def _by_slot(
    kind: Kind, own: Mapping[str, Wish], phrases: list[tuple[bool, list[str]]], named: frozenset[str]
) -> dict[str, Wish]:
    wishes: dict[str, Wish] = {}
    whole = Wish()
    for about_all, tokens in phrases:
        wish = _wish([token for token in tokens if not (singular(token) in named and singular(token) in ALSO_THINGS)])
        if not wish:
            continue
        slots = [slot for slot in kind.slots if _names_part(tokens, slot)]
        if slots and not (about_all and named & {singular(token) for token in tokens}):
            wishes |= dict.fromkeys(slots, wish)
        elif about_all or not _has_noun(tokens) or wish.glowing or wish.pattern:
            whole = _joined(whole, wish)
    targets = _targets(kind, own, whole) if whole else []
    return dict.fromkeys(targets, whole) | wishes


def _targets(kind: Kind, own: Mapping[str, Wish], wish: Wish) -> list[str]:
    """Which slots the words before the thing itself are about."""
    main = next(iter(kind.slots))
    alike = [slot for slot, text in kind.slots.items() if text == kind.slots[main]]
    if wish.material is None:
        return alike
    family = _material(wish.material).family
    compatible = [slot for slot in kind.slots if _close(family, _family(own[slot]))]
    if main in compatible:
        return alike
    if _family(own[main]) == "coat":
        return [slot for slot in kind.slots if _family(own[slot]) == "coat"]
    if family in ("soft", "coat") or _family(own[main]) in _COVERINGS:
        return compatible or [main]
    return [main] if family in ("glass", "stone") else alike


def _family(wish: Wish) -> str:
    return _material(wish.material or "plastic").family


def _material(name: str) -> Material:
    return MATERIALS[GENERIC[name][0] if name in GENERIC else name]


def _close(one: str, other: str) -> bool:
    return one == other or {one, other} in (
        {"metal", "paint"},
        {"stone", "ceramic"},
        {"plastic", "paint"},
        {"soft", "coat"},
    )


def _names_part(tokens: Sequence[str], slot: str) -> bool:
    part = singular(slot.split()[-1])
    same = set().union({part}, *(group for group in PART_WORDS if part in group))
    return bool(tokens) and any(singular(token) in same for token in tokens[-2:])


def _has_noun(tokens: Sequence[str]) -> bool:
    """Whether the phrase ends in a thing: "golden details", "colourful books", not "red"."""
    wish = _wish(tokens[-1:])
    return not wish or (singular(tokens[-1]) in ALSO_THINGS and _family(wish) != "wood")


def _joined(first: Wish, second: Wish) -> Wish:
    return Wish(
        second.material or first.material,
        first.colors + second.colors,
        first.shade or second.shade,
        first.pattern or second.pattern,
        first.finishes + second.finishes,
        first.glowing or second.glowing,
        second.color_of_material or first.color_of_material,
    )


def _wish(tokens: Sequence[str]) -> Wish:
    """Read material, colours, pattern and finish out of a phrase's words."""
    wish, shade, last_was_color = Wish(), None, False
    for token in _compounds(tokens):
        word = token if token in MATERIALS or token in COLORS else singular(token)
        is_color = word in COLORS and word not in MATERIALS
        if word in SHADES:
            shade = word
        elif is_color and not last_was_color:  # "navy blue" is navy
            wish = replace(wish, colors=(*wish.colors, shaded(COLORS[word], shade) if shade else COLORS[word]))
            shade = None
        elif not is_color:
            wish = _with_word(wish, word)
        last_was_color = is_color
    return replace(wish, shade=shade)


def _compounds(tokens: Sequence[str]) -> list[str]:
    """ "cast", "iron" -> "cast-iron", where both together are a material."""
    joined: list[str] = []
    for token in tokens:
        compound = f"{joined[-1]}-{token}" if joined else token
        if joined and (compound in MATERIALS or compound in MATERIAL_WORDS or compound in COLORS):
            joined[-1] = compound
        else:
            joined.append(token)
    return joined


def _with_word(wish: Wish, word: str) -> Wish:
    if word in GLOWING:
        return replace(wish, glowing=True)
    name = MATERIAL_WORDS.get(word, word)
    if name in MATERIALS or name in GENERIC:
        keep = wish.material is not None and name in GENERIC  # "oak wood" is oak
        keep = keep or (wish.material == "painted-wood" and name in ("wood", "metal"))
        color = COLORS[ALSO_COLORS[name]] if name in ALSO_COLORS else None
        return wish if keep else replace(wish, material=name, color_of_material=color)
    if word in PATTERN_WORDS:
        return replace(wish, pattern=PATTERN_WORDS[word])
    return replace(wish, finishes=(*wish.finishes, word)) if word in FINISHES else wish


def _recipe(wish: Wish, rng: np.random.Generator, free: bool) -> Recipe:
    """The kind's own words as a recipe. free: nothing was asked of this slot, so the seed may vary it."""
    name = wish.material or ("glow" if wish.glowing else "plastic")
    variety = rng.random(2)
    family = _material(name).family
    group = GENERIC.get({"wood": "wood", "soft": "fabric"}.get(family, ""), ())
    if name in GENERIC or (free and name in group and variety[0] < 0.3):
        choices = GENERIC.get(name, group)
        name = choices[int(rng.integers(len(choices)))]
    recipe = draw(MATERIALS[name], rng)
    plain = family in _RECOLOURED_BY_SEED and not set(wish.colors) & {COLORS["white"], COLORS["black"]}
    if free and plain and variety[1] < 0.5:
        return recipe
    return _colored(recipe, wish, rng)


def _changed(recipe: Recipe, wish: Wish, rng: np.random.Generator) -> Recipe:
    """The recipe as the prompt wants it."""
    name = wish.material
    if (
        name
        and wish.color_of_material
        and recipe.material.family in ("soft", "coat", "paint", "paper", "light", "plant")
    ):
        wish = replace(wish, material=None, colors=(*wish.colors, wish.color_of_material))
    elif name:
        choices = GENERIC.get(name, (name,))
        unless_fits = name in GENERIC and any(MATERIALS[choice] is recipe.material for choice in choices)
        if not unless_fits:
            recipe = draw(MATERIALS[choices[int(rng.integers(len(choices)))]], rng)
    return _colored(recipe, wish, rng)


def _colored(recipe: Recipe, wish: Wish, rng: np.random.Generator) -> Recipe:
    material = recipe.material
    if wish.colors:
        recipe = _painted(recipe, wish.colors[0])
    elif wish.shade:
        recipe = _shaded(recipe, wish.shade)
    if wish.pattern or len(wish.colors) > 1:
        recipe = _patterned(recipe, wish, rng)
    if wish.glowing and material.family not in ("light", "screen", "eye"):
        return _lit(recipe, wish)
    return _finished(recipe, wish)


def _lit(recipe: Recipe, wish: Wish) -> Recipe:
    """Glass becomes a lamp, animals and robots shine through their seams, other things glimmer as a whole."""
    material = recipe.material
    if material.family == "coat" or material is MATERIALS["panels"]:
        return Recipe(MATERIALS["panels"], recipe.color, {"glow": 1.0})
    if material.family == "glass":
        return Recipe(MATERIALS["glow"], wish.colors[0] if wish.colors else MATERIALS["glow"].palette[0])
    return Recipe(MATERIALS["glow"], recipe.color, {"strength": 0.55})


def _painted(recipe: Recipe, color: Color) -> Recipe:
    """The same material in another colour, or painted where it has none of its own."""
    match recipe.material.family:
        case "wood" if "dark" in recipe.material.options:
            if color in _STAINS:
                return replace(recipe, color=color).with_options(dark=shaded(color, "dark"))
            return Recipe(MATERIALS["painted-wood"], color)
        case "metal" if recipe.material is MATERIALS["iron"] and sum(color) < 0.6:
            return replace(recipe, color=shaded(color, "light"))
        case "metal" if recipe.material is not MATERIALS["panels"]:
            return Recipe(MATERIALS["powder-coat"], color)
        case "coat" if recipe.material.surface is fur:  # no animal is as yellow as paint
            return replace(recipe, color=shaded(color, "natural"))
        case "glass":
            return replace(recipe, color=color).with_options(alpha=0.45)
        case "stone" if recipe.material is MATERIALS["marble"] and sum(color) < 0.8:
            return replace(recipe, color=color).with_options(vein=(0.75, 0.72, 0.66))
        case "food" if recipe.material is MATERIALS["apple"]:
            return replace(recipe, color=color).with_options(blush=shaded(color, "deep"))
        case _:
            return replace(recipe, color=color)


def _shaded(recipe: Recipe, shade: str) -> Recipe:
    recipe = replace(recipe, color=shaded(recipe.color, shade))
    dark = recipe.material.options.get("dark")
    return recipe.with_options(dark=shaded(dark, shade)) if isinstance(dark, tuple) else recipe


def _patterned(recipe: Recipe, wish: Wish, rng: np.random.Generator) -> Recipe:
    second = wish.colors[1] if len(wish.colors) > 1 else None
    if recipe.material.family == "coat":
        pattern = COAT_PATTERNS.get(wish.pattern or "", "cow")
        other = second or shaded(recipe.color, "dark" if sum(recipe.color) > 0.6 else "light")
        return recipe.with_options(pattern=pattern, second=other)
    pattern = wish.pattern if wish.pattern in PATTERNS else "striped"
    contrast = COLORS["cream"] if sum(recipe.color) < 1.6 else COLORS["navy"]
    return replace(recipe, pattern=pattern, second=second or contrast)


def _finished(recipe: Recipe, wish: Wish) -> Recipe:
    for finish in wish.finishes:
        recipe = recipe.with_options(**FINISHES[finish])
    return recipe

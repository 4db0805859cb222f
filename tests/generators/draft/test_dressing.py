import numpy as np
import pytest

from backend.generators.draft.asset import Choice, Kind
from backend.generators.draft.dressing import dress
from backend.generators.draft.materials import GENERIC, MATERIALS, Recipe
from backend.generators.draft.palette import COLORS


def _kind(**slots: str) -> Kind:
    return Kind("thing", "test", (), (1, 1, 1), slots, {"n": Choice((1,))}, lambda style, size: [])


SOFA = _kind(upholstery="grey fabric", legs="dark walnut wood", pillows="cream linen")
CHAIR = _kind(frame="oak wood", cushion="beige linen fabric")
TABLE = _kind(top="oak wood", legs="oak wood", handles="brass")
LAMP = _kind(shade="lampshade", base="brass")
CAR = _kind(body="red car paint", windows="dark glass", tyres="black rubber")
DOG = _kind(coat="brown fur", eyes="black eye")


def _made_of(recipe: Recipe) -> str:
    return next(name for name, material in MATERIALS.items() if material is recipe.material)


def test_words_before_the_thing_and_before_its_parts():
    recipes = dress(SOFA, "a red velvet sofa with brass legs", 3)
    assert _made_of(recipes["upholstery"]) == "velvet" and recipes["upholstery"].color == COLORS["red"]
    assert _made_of(recipes["legs"]) == "brass"
    assert _made_of(recipes["pillows"]) != "velvet"


def test_two_parts_with_their_own_words():
    recipes = dress(SOFA, "sofa with walnut legs and green cotton pillows", 0)
    assert _made_of(recipes["legs"]) == "walnut"
    assert (_made_of(recipes["pillows"]), recipes["pillows"].color) == ("cotton", COLORS["green"])


@pytest.mark.parametrize(
    ("kind", "prompt", "slot", "material"),
    [
        (CHAIR, "leather chair", "cushion", "leather"),
        (CHAIR, "walnut chair", "frame", "walnut"),
        (CHAIR, "chair of mahogany", "frame", "mahogany"),
        (CHAIR, "white chair", "frame", "painted-wood"),
        (CHAIR, "a chair in green velvet", "cushion", "velvet"),
        (SOFA, "oak sofa", "legs", "oak"),
        (TABLE, "glass table", "top", "glass"),
        (TABLE, "marble table", "top", "marble"),
        (TABLE, "rusty table", "legs", "rusty-metal"),
        (LAMP, "copper lamp", "base", "copper"),
        (DOG, "a wooden dog of walnut", "coat", "walnut"),
        (LAMP, "black lamp with a steel base", "base", "steel"),
    ],
)
def test_a_material_goes_where_it_can(kind: Kind, prompt: str, slot: str, material: str):
    assert _made_of(dress(kind, prompt, 1)[slot]) == material


def test_glass_top_leaves_the_legs_alone():
    assert dress(TABLE, "glass table", 1)["legs"].material.family == "wood"


def test_colours():
    assert dress(CAR, "navy blue car", 0)["body"].color == COLORS["navy"]
    assert dress(CAR, "silver car", 0)["body"].material is MATERIALS["car-paint"]
    assert sum(dress(SOFA, "light blue sofa", 0)["upholstery"].color) > sum(COLORS["blue"])
    assert sum(dress(SOFA, "dark blue sofa", 0)["upholstery"].color) < sum(COLORS["blue"])


def test_a_quotation_is_written_on_the_label_or_on_the_main_part():
    bottle = _kind(body="green glass", label="white paper")
    assert dress(bottle, "bottle which says 'CVPR'", 0)["label"].text == "CVPR"
    assert dress(SOFA, "sofa 'BEST SOFA'", 0)["upholstery"].text == "BEST SOFA"


def test_two_colours_of_an_animal_are_patches():
    coat = dress(DOG, "black and white dog", 0)["coat"]
    assert coat.options["pattern"] == "cow"
    assert sum(coat.color) < 0.3 and coat.options["second"] == COLORS["white"]


def test_a_pattern_of_cloth():
    assert dress(SOFA, "striped sofa", 0)["upholstery"].pattern == "striped"


def test_a_glow_anywhere_in_the_prompt():
    coat = dress(DOG, "blue neon robotic dog with slight glow", 0)["coat"]
    assert _made_of(coat) == "panels" and coat.options["glow"] == 1.0 and coat.color == COLORS["blue"]
    assert _made_of(dress(SOFA, "glowing sofa", 0)["upholstery"]) == "glow"


def test_things_that_come_along_are_not_what_it_is_made_of():
    assert dress(TABLE, "oak table with colourful books", 0) == dress(TABLE, "oak table", 0)


def test_where_it_stands_says_nothing_of_what_it_is_made_of():
    assert dress(DOG, "dog under the red table", 0) == dress(DOG, "dog", 0)
    assert dress(TABLE, "coffee table", 0, ("coffee", "table")) == dress(TABLE, "table", 0)


def test_the_seed_varies_what_the_prompt_leaves_open_and_nothing_else():
    colors = {dress(SOFA, "sofa", seed)["upholstery"].color for seed in range(20)}
    assert len(colors) > 4
    assert {dress(SOFA, "red sofa", seed)["upholstery"].color for seed in range(20)} == {COLORS["red"]}
    assert dress(SOFA, "sofa", 5) == dress(SOFA, "sofa", 5)


def test_the_same_words_give_the_same_wood_in_every_slot():
    for seed in range(10):
        recipes = dress(TABLE, "table", seed)
        assert recipes["top"] == recipes["legs"]


def test_generic_words_name_real_materials():
    assert all(name in MATERIALS for names in GENERIC.values() for name in names)


def test_colours_are_those_of_real_surfaces():
    for name, color in COLORS.items():
        assert min(color) > 0.015 and max(color) < 0.96, name
    palettes = np.array([color for material in MATERIALS.values() for color in material.palette])
    assert palettes.min() > 0.015 and palettes.max() <= 1.0

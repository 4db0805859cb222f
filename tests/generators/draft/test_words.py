import pytest

from backend.generators.draft.words import quoted, singular, words


@pytest.mark.parametrize(
    ("many", "one"),
    [("apples", "apple"), ("knives", "knife"), ("shelves", "shelf"), ("glass", "glass"), ("glasses", "glass"),
     ("mice", "mouse"), ("bus", "bus"), ("buses", "bus"), ("cherries", "cherry"), ("tomatoes", "tomato"),
     ("boxes", "box"), ("benches", "bench"), ("chairs", "chair"), ("cactus", "cactus"),
     ("sofas", "sofa"), ("canvas", "canvas"), ("tvs", "tv"), ("gas", "gas"), ("houses", "house")],
)  # fmt: skip
def test_singular(many: str, one: str):
    assert singular(many) == one


def test_words_are_lower_case_with_commas_kept():
    assert words("A red, Velvet SOFA!") == ["a", "red", ",", "velvet", "sofa"]


def test_german_becomes_english():
    assert words("ein dunkelblauer Sessel aus Leder") == ["ein", "dark", "blue", "armchair", "of", "leather"]


def test_what_is_to_be_written_is_not_part_of_the_name():
    assert quoted("calendar which says 'CVPR'") == "CVPR"
    assert words("calendar which says 'CVPR'") == ["calendar", "which", "says"]
    assert quoted("rubik's cube") == ""

import pytest

from backend.generators.draft.asset import Choice, Kind
from backend.generators.draft.naming import match


def _kind(name: str, *synonyms: str) -> Kind:
    return Kind(name, "test", synonyms, (1, 1, 1), {"body": "plastic"}, {"n": Choice((1,))}, lambda style, size: [])


KINDS = (
    _kind("chair", "dining chair", "seat"),
    _kind("garden chair", "backyard chair"),
    _kind("armchair", "easy chair"),
    _kind("sofa", "couch", "settee"),
    _kind("table"),
    _kind("table lamp", "lamp"),
    _kind("coffee table"),
    _kind("dog", "hound"),
    _kind("apple"),
    _kind("bowl"),
    _kind("shoe"),
    _kind("glass", "drinking glass"),
    _kind("man"),
    _kind("rubik's cube"),
)


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("chair", "chair"),
        ("three old wooden chairs", "chair"),
        ("a backyard chair", "garden chair"),
        ("COUCH", "sofa"),
        ("a table lamp", "table lamp"),
        ("dog under the table", "dog"),
        ("a lamp on the table", "table lamp"),
        ("glass bowl", "bowl"),
        ("apples", "apple"),
        ("bowl of apples", "bowl"),
        ("a pair of shoes", "shoe"),
        ("rubik's cube", "rubik's cube"),
        ("ein roter Stuhl", "chair"),
        ("blue neon robotic dog with slight glow", "dog"),
        ("red velvet sofa with brass legs and a table", "sofa"),
    ],
)
def test_named_kinds(prompt: str, name: str):
    found = match(prompt, KINDS)
    assert found.kind.name == name
    assert found.exact and found.note == ""


@pytest.mark.parametrize(
    ("prompt", "name"),
    [("puppy", "dog"), ("golden throne", "armchair"), ("astronaut", "man"), ("a chiar", "chair"), ("soffa", "sofa")],
)
def test_the_nearest_kind_is_said_aloud(prompt: str, name: str):
    found = match(prompt, KINDS)
    assert found.kind.name == name
    assert not found.exact
    assert prompt in found.note and name in found.note


@pytest.mark.parametrize("prompt", ["", "  ", "!!!", "xyzzy", "the", "42", "量子", "of of of"])
def test_any_prompt_gives_something_and_always_the_same(prompt: str):
    first, second = match(prompt, KINDS), match(prompt, KINDS)
    assert not first.exact and first.note
    assert first == second


def test_the_words_that_name_the_kind_are_told():
    assert match("a coffee table in oak", KINDS).words == ("coffee", "table")

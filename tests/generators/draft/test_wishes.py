"""Prompts that speak of the shape turn the knobs; others leave them to the seed."""

import pytest

from backend.generators.draft.asset import Choice, Style
from backend.generators.draft.kinds.table import KINDS
from backend.generators.draft.wishes import SAYINGS, heeded

BY_NAME = {kind.name: kind for kind in KINDS}


def style_of(kind: str, prompt: str, seed: int = 1) -> Style:
    return heeded(Style.draw(BY_NAME[kind], seed), BY_NAME[kind], prompt)


@pytest.mark.parametrize(
    ("kind", "prompt", "knob", "option"),
    [
        ("lion", "a lioness in the grass", "mane", "lioness"),
        ("pine tree", "a christmas tree", "dress", "christmas"),
        ("road sign", "a stop sign", "shape", "octagon"),
        ("potted plant", "a snake plant", "leaves", "sword"),
        ("flower pot", "yellow tulips in a pot", "kind", "tulip"),
        ("shoe", "leather boots", "cut", "boot"),
        ("spaceship", "an ufo", "shape", "saucer"),
        ("horse", "a galloping, no: a standing horse", "pose", "standing"),
        ("flamingo", "a flamingo on one leg", "rest", "one leg"),
    ],
)
def test_prompt_turns_the_knob(kind, prompt, knob, option):
    assert all(style_of(kind, prompt, seed)[knob] == option for seed in range(6))


def test_silent_prompt_leaves_everything_to_the_seed():
    for kind in KINDS:
        assert style_of(kind.name, "").values == Style.draw(kind, 1).values


def test_common_words_are_not_taken_for_options():
    assert style_of("dog", "a plain dog on the left").values == style_of("dog", "").values


def test_sayings_name_knobs_and_options_that_exist():
    for name, phrases in SAYINGS.items():
        for turned in phrases.values():
            for knob, option in turned.items():
                choice = BY_NAME[name].knobs[knob]
                assert isinstance(choice, Choice) and option in choice.options, (name, knob, option)

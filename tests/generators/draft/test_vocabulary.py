"""The words of all kinds, of the five published scenes and of the thesaurus, against the real table."""

import pytest

from backend.generators.draft.dressing import dress
from backend.generators.draft.kinds.table import KINDS
from backend.generators.draft.materials import GENERIC, MATERIALS
from backend.generators.draft.naming import match
from backend.generators.draft.thesaurus import NEAREST
from backend.generators.draft.vocabulary import ALSO_COLORS, MATERIAL_WORDS, PATTERN_WORDS

NAMES = {kind.name for kind in KINDS}

SCENES = {  # SeeThrough3D spec 2.6
    "bicycle": "bicycle", "sedan": "sedan", "dog": "dog", "puppy": "dog", "backyard chair": "garden chair",
    "glass bowl": "bowl", "apples": "apples", "toaster": "toaster", "coffee mug": "mug", "plate": "plate",
    "orange": "orange", "rubik's cube": "rubik's cube", "mars rover": "mars rover", "astronaut": "astronaut",
    "alien standing on ground": "alien", "spaceship": "spaceship", "monitor": "monitor", "printer": "printer",
    "speaker": "speaker", "transparent water bottle": "bottle", "table lamp": "table lamp", "keyboard": "keyboard",
    "mouse": "mouse", "calendar which says 'CVPR'": "calendar", "table": "table", "small bicycle": "bicycle",
    "dog under the table": "dog",
}  # fmt: skip


@pytest.mark.parametrize("prompt", SCENES)
def test_things_of_the_published_scenes(prompt: str):
    found = match(prompt, KINDS)
    assert found.kind.name == SCENES[prompt] or (SCENES[prompt] not in NAMES and found.note)


def test_the_robot_dog_is_a_dog():
    assert "dog" in match("blue neon robotic dog with slight glow", KINDS).kind.name


def test_every_kind_answers_to_its_name_in_singular_and_plural():
    for kind in KINDS:
        assert match(kind.name, KINDS).kind.name == kind.name
        if not kind.name.endswith(("s", "x", "sh", "ch")):
            assert match(f"two big {kind.name}s", KINDS).exact


def test_every_slot_of_every_kind_has_a_material():
    plain = MATERIALS["plastic"]
    for kind in KINDS:
        for slot, recipe in dress(kind, kind.name, 0).items():
            asked = kind.slots[slot]
            assert recipe.material is not plain or "plastic" in asked, f"{kind.name}: {slot} is '{asked}'"


def test_the_thesaurus_leads_to_kinds():
    for word in NEAREST:
        found = match(word, KINDS)
        assert found.exact or found.words, f"'{word}' leads nowhere: {NEAREST[word]}"


def test_synonyms_lead_to_materials():
    for word, name in (MATERIAL_WORDS | {name: name for name in ALSO_COLORS}).items():
        assert name in MATERIALS or name in GENERIC, word
    assert not set(PATTERN_WORDS) & set(MATERIALS)

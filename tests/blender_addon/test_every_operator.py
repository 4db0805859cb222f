"""No operator without a test: each one that Blender knows is pressed somewhere in this folder."""

import re
from pathlib import Path

import bpy

HERE = Path(__file__).parent
PRESSED = re.compile(r"bpy\.ops\.greybox\.(\w+)\(")
BY_NAME = re.compile(r"[\"'](?:greybox\.)?(\w+)[\"']")  # parametrized, or in a table


def operators():
    return {name for name in dir(bpy.ops.greybox) if not name.startswith("_")}


def pressed():
    text = "\n".join(path.read_text() for path in HERE.glob("test_*.py") if path != Path(__file__))
    return set(PRESSED.findall(text)), set(BY_NAME.findall(text))


def test_every_operator_is_pressed_in_a_test(blender):
    called, named = pressed()
    untested = operators() - called - named
    assert not untested, f"in no test: {', '.join(sorted(untested))}"

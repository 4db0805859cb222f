"""Every word that the add-on shows is in the German table: what Blender reads from the classes, and what the code says.

What the backend says comes in English: its messages are made in another process, and logged there.
"""

import ast
import re
from pathlib import Path

import bpy
import greybox.blender_addon as addon
import pytest
from greybox.blender_addon.translations.german import GERMAN

ROOT = Path(addon.__file__).parent
SHOWN = {"text", "heading"}  # keywords of layout calls
SPOKEN = {"report": 1, "poll_message_set": 0, "note": 1, "wrapped": 1, "iface_": 0, "tip_": 0, "rpt_": 0}
UNSAID = {"", "Z", "X", "Y", "1:1", "4:3", "3:2", "16:9", "3:4", "2:3", "9:16"}
NOT_SHOWN = {"demo.py", "showcase.py"}  # the demo writes to a terminal


def sources():
    return [path for path in ROOT.rglob("*.py") if path.name not in NOT_SHOWN and "translations" not in path.parts]


def spoken(path):
    """(line, words or None) of everything that a file shows; None stands for a sentence that is glued together."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if any(k.arg == "translate" and getattr(k.value, "value", True) is False for k in node.keywords):
            continue
        said = [k.value for k in node.keywords if k.arg in SHOWN]
        if name in SPOKEN and len(node.args) > SPOKEN[name]:
            said.append(node.args[SPOKEN[name]])
        for value in said:
            yield from ((node.lineno, words) for words in words_of(value))


def words_of(value):
    match value:
        case ast.Constant(value=str(words)):
            yield words
        case ast.IfExp(body=a, orelse=b):
            yield from words_of(a)
            yield from words_of(b)
        case ast.JoinedStr(values=parts):
            glued = "".join(p.value for p in parts if isinstance(p, ast.Constant))
            if re.search(r"[A-Za-z]{2}", glued):
                yield None


def own_classes():
    """Every class of ours that Blender knows and draws words of."""
    for base in (bpy.types.Operator, bpy.types.Panel, bpy.types.Menu, bpy.types.PropertyGroup,
                 bpy.types.AddonPreferences, bpy.types.FileHandler):  # fmt: skip
        for cls in base.__subclasses__():
            if cls.__module__.startswith(addon.__name__) and cls.is_registered:
                yield base, cls


def class_words(base, cls):
    """Labels, tooltips, and what is drawn of every property that has a name to be drawn with."""
    rna = cls.bl_rna
    if base not in (bpy.types.PropertyGroup, bpy.types.AddonPreferences):
        yield cls.bl_label
    if base is bpy.types.Operator:
        group, _, name = cls.bl_idname.partition(".")
        rna = getattr(getattr(bpy.ops, group), name).get_rna_type()
        yield rna.description
    if base in (bpy.types.Panel, bpy.types.Menu, bpy.types.FileHandler):
        return
    inherited = base.bl_rna.properties.keys()
    for prop in rna.properties:
        if prop.identifier in inherited or prop.is_hidden or prop.name in ("", prop.identifier):
            continue
        yield from (prop.name, prop.description)
        if prop.type == "ENUM" and prop.identifier not in PROPER_NAMES:
            for item in prop.enum_items:
                yield from (item.name, item.description)


PROPER_NAMES = {"preset", "texture_size", "name"}  # "Sofa: green velvet sofa, 2.1 x 0.95 x 0.82 m"; "512 px"; examples


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_the_code_says_is_in_the_table(path):
    glued = [line for line, words in spoken(path) if words is None]
    assert not glued, f"lines {glued}: a sentence with values in it is iface_('... {{}}').format(...)"
    missing = {words for _, words in spoken(path)} - GERMAN.keys() - UNSAID
    assert not missing, f"not in translations/german.py: {sorted(missing)}"


def test_what_blender_reads_from_the_classes_is_in_the_table(blender):
    missing = {}
    for base, cls in own_classes():
        lost = {words for words in class_words(base, cls) if words not in GERMAN and words not in UNSAID}
        if lost:
            missing[cls.__name__] = sorted(lost)
    assert not missing, missing

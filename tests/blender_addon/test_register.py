"""Enabling, disabling, and what is left behind."""

import ast
from pathlib import Path

import bpy
import greybox.blender_addon as addon

ROOT = Path(addon.__file__).parent
WITHOUT_BPY = ("connection.py", "launcher.py", "job_book.py", "presets.py", "examples.py")


def test_twice_on_and_off_leaves_nothing(blender):
    addon.unregister()
    addon.register()
    addon.unregister()
    assert not hasattr(bpy.types.Scene, "greybox") and not hasattr(bpy.types.Object, "greybox")
    assert not [name for name in dir(bpy.types) if name.startswith("GREYBOX")]
    for handlers in (bpy.app.handlers.load_post, bpy.app.handlers.depsgraph_update_post, bpy.app.handlers.undo_post):
        assert not [function for function in handlers if "greybox" in (function.__module__ or "")]
    addon.register()


def test_every_operator_has_a_tooltip_and_a_title(blender):
    names = [name for name in dir(bpy.ops.greybox) if not name.startswith("_")]
    assert len(names) >= 17
    for name in names:
        rna = getattr(bpy.ops.greybox, name).get_rna_type()
        assert rna.description and not rna.description.endswith("."), name
        assert rna.name.istitle() or rna.name[0].isupper(), name


def test_files_that_say_so_do_not_know_blender():
    for name in WITHOUT_BPY:
        assert "bpy" not in _imports(ROOT / name), name


def test_nothing_of_the_backend_but_the_protocol_is_imported():
    for path in ROOT.glob("*.py"):
        for module in _imports(path):
            assert not module.startswith("backend") or module.startswith("backend.protocol"), (path, module)
            assert module.split(".")[0] not in ("torch", "PIL", "scipy", "trimesh"), (path, module)


def _imports(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found

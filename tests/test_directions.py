"""Who may import whom: each process in a fresh interpreter, and the rooms by reading their imports."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("torch", "bpy", "numpy", "scipy", "PIL", "diffusers", "transformers", "trimesh")

PROCESSES = {
    # what is imported: what must not come along
    "backend.server.__main__": HEAVY,
    "backend.protocol.messages, backend.protocol.wire, backend.protocol.stages, backend.protocol.work": HEAVY,
    "backend.generators.catalogue": HEAVY,
    "backend.protocol.assets, backend.generators.interface": ("torch", "bpy", "scipy"),
    "backend.workers.generate_worker": ("torch", "bpy"),
    "backend.workers.render_worker": ("torch", "bpy", "diffusers", "transformers"),
    "backend.stages.mesh, backend.stages.material, backend.stages.placement": ("torch", "bpy"),
    "greybox.blender_addon": ("torch", "numpy"),
    "greybox.blender_addon.connection": (
        "torch",
        "bpy",
        "diffusers",
        "greybox.backend.server",
        "greybox.backend.workers",
    ),
}


@pytest.mark.parametrize("modules", PROCESSES)
def test_a_process_does_not_load_what_it_must_not(modules):
    forbidden = PROCESSES[modules]
    code = f"import tests.conftest, {modules}, sys; print(*[name for name in {forbidden!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


# A room, and the rooms of ours that its files may import. Outside libraries are the business of the test above.
ROOMS = {
    "backend/protocol": {"protocol"},
    "backend/server": {"protocol", "server", "generators.catalogue", "weights.catalogue"},
    "backend/workers": {"protocol", "workers", "stages", "generators", "weights"},
    "backend/stages": {"protocol", "stages", "generators", "mesh", "render", "encoders"},
    "backend/mesh": {"mesh", "protocol", "nn", "sparse"},
    "backend/nn": {"nn"},
    "backend/sparse": {"sparse", "nn", "protocol"},
    "backend/encoders": {"encoders", "nn", "weights", "protocol"},
    "backend/render": {"render", "protocol", "mesh"},
    "backend/generators": {"generators", "protocol", "sparse", "nn", "encoders", "mesh", "weights"},
    "backend/weights": {"weights", "protocol", "generators.catalogue"},
    "blender_addon": {"protocol", "blender_addon"},
}


def own_imports(path):
    """Modules of ours that a file imports, as dotted paths from `backend` or the repository."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in ("backend", "blender_addon", "greybox", "tests"):
                    yield tuple(alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module.split(".") if node.module else ()))
            if module and module[0] in ("backend", "blender_addon", "tests"):
                yield from ((*module, alias.name) for alias in node.names)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room):
    strangers = []
    for path in sorted((ROOT / room).rglob("*.py")):
        for module in own_imports(path):
            name = ".".join(module[1:] if module[0] == "backend" else module)
            if not any(name == allowed or name.startswith(f"{allowed}.") for allowed in ROOMS[room]):
                strangers.append(f"{path.relative_to(ROOT)} imports {'.'.join(module)}")
    assert strangers == []


@pytest.mark.parametrize(
    ("word", "rooms"),
    [
        ("bpy", {"blender_addon", "backend/render"}),
        (
            "torch",
            set(ROOMS) - {"blender_addon", "backend/protocol", "backend/server", "backend/workers"}
            | {"backend/training"},
        ),
    ],
)
def test_a_library_stays_in_its_rooms(word, rooms):
    outside = []
    for path in [*(ROOT / "backend").rglob("*.py"), *(ROOT / "blender_addon").rglob("*.py")]:
        name = path.relative_to(ROOT).as_posix()
        if any(name.startswith(f"{room}/") for room in rooms | {"backend/evaluation"}):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            outside += [f"{name}: {n}" for n in names if n.split(".")[0] == word]
    assert outside == []


FORBIDDEN_CALLS = ("eval", "exec")


@pytest.mark.parametrize("folder", ["backend", "blender_addon"])
def test_nothing_runs_code_that_came_as_data(folder):
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.func.id}")
            if isinstance(node, ast.keyword) and node.arg == "shell":
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}: shell=")
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [a.name for a in node.names] + [getattr(node, "module", None) or ""]
                if {"pickle", "marshal", "shelve"} & set(names) and path.name != "saved_scene.py":
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {names}")
    assert found == []


def test_the_version_is_the_projects():
    from backend.protocol.messages import VERSION

    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text("utf-8")

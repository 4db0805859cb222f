"""Greybox inside Blender: register and unregister, nothing else.

The siblings are imported in `register()`, so the files that need no Blender (connection, launcher, job_book) can be
imported and tested without it.
"""

from importlib import import_module

_IN_ORDER = (
    "translations",
    "preferences",
    "properties",
    "operators.layout",
    "operators.draw_box",
    "operators.pull_face",
    "operators.edit_boxes",
    "operators.repair",
    "operators.camera",
    "operators.import_scene",
    "operators.jobs",
    "operators.picture",
    "operators.presets",
    "operators.results",
    "operators.backend",
    "operators.installation",
    "operators.panorama",
    "panels.boxes",
    "panels.generate",
    "panels.results",
    "panels.jobs",
    "panels.camera",
    "panels.panorama",
    "panels.backend",
    "overlay",
    "condition_overlay",
    "generator_options",
    "pictures",
    "gizmos",
    "jobs",
    "handlers",
)


def register() -> None:
    for name in _IN_ORDER:
        import_module(f".{name}", __package__).register()


def unregister() -> None:
    for name in reversed(_IN_ORDER):
        import_module(f".{name}", __package__).unregister()

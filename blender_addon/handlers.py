"""What happens when the file changes under us: loading, undo, duplicates. Handlers only, no work of their own."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from . import arrivals, backdrop, boxes, fitting, jobs, launcher, pictures, preferences, watchdog

ADOPT_AFTER = 1.0  # seconds after the start of Blender or of a file

_counts: dict[str, int] = {}  # scene -> objects when its ids were last looked at


@persistent
def _before_load(*_args: object) -> None:
    arrivals.begin_again()


@persistent
def _on_load(*_args: object) -> None:
    _counts.clear()
    pictures.prune(())
    for scene in bpy.data.scenes:
        backdrop.show_icons(scene)
    arrivals.look_again()
    jobs.collect()
    _adopt_soon()


@persistent
def _before_undo(*_args: object) -> None:
    arrivals.begin_again()


@persistent
def _on_undo(*_args: object) -> None:
    jobs.collect()


@persistent
def _on_change(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph) -> None:
    """Copies of boxes get ids of their own, and results follow the shape of their boxes. A copy changes the number of
    objects, so for that nothing else is looked at."""
    if bpy.app.is_job_running("RENDER"):
        return  # the render has a thread of its own: nothing is written meanwhile
    with watchdog.watch("handler of changes"):
        count = len(scene.objects)
        if _counts.get(scene.name) != count:
            _counts[scene.name] = count
            boxes.reissue_duplicates(scene)
        for update in depsgraph.updates:
            changed = update.id
            if isinstance(changed, bpy.types.Object) and (update.is_updated_transform or update.is_updated_geometry):
                box = changed.original
                if boxes.is_box(box) and box.greybox.variants:
                    fitting.refit(box)


def _adopt() -> None:
    """Connects to a backend that already runs, so that results of an earlier Blender are collected."""
    settings = preferences.read()
    if jobs.session() is None and not settings.remote and launcher.running(settings.folder) is not None:
        jobs.connect(bpy.context, start=False)


def _adopt_soon() -> None:
    if not bpy.app.background and not bpy.app.timers.is_registered(_adopt):
        bpy.app.timers.register(_adopt, first_interval=ADOPT_AFTER)


def _lists() -> tuple[tuple[list, object], ...]:
    on = bpy.app.handlers
    return (
        (on.load_pre, _before_load),
        (on.load_post, _on_load),
        (on.undo_pre, _before_undo),
        (on.redo_pre, _before_undo),
        (on.undo_post, _on_undo),
        (on.redo_post, _on_undo),
        (on.depsgraph_update_post, _on_change),
    )


def register() -> None:
    for handlers, function in _lists():
        handlers.append(function)
    _adopt_soon()


def unregister() -> None:
    if bpy.app.timers.is_registered(_adopt):
        bpy.app.timers.unregister(_adopt)
    for handlers, function in _lists():
        if function in handlers:
            handlers.remove(function)
    _counts.clear()

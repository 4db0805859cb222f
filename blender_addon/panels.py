"""The sidebar tab: boxes, camera, generate, jobs, results, backend. Draws what others know, decides nothing."""

from __future__ import annotations

import bpy

from . import boxes, jobs, scene_reader
from .job_book import BoxRow, Job

SHOWN_JOBS = 6
SHOWN_NOTES = 4
LIST_ROWS = 7
WRAP = 38  # characters that a narrow sidebar shows in a line


class _InSidebar:
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Greybox"


class GREYBOX_UL_boxes(bpy.types.UIList):
    """The scene's objects, of which only boxes are shown: with their state and their lock."""

    bl_idname = "GREYBOX_UL_boxes"

    def draw_item(
        self,
        context: bpy.types.Context,
        layout: bpy.types.UILayout,
        data: object,
        item: bpy.types.Object,
        icon: int,
        active_data: object,
        active_property: str,
        index: int = 0,
        flt_flag: int = 0,
    ) -> None:
        symbol, words, _ = state_of(item)
        row = layout.row(align=True)
        row.prop(item, "name", text="", emboss=False, icon=symbol)
        if words:
            state = row.row()
            state.alignment = "RIGHT"
            state.label(text=words)
        locked = item.greybox.locked
        row.prop(item.greybox, "locked", text="", icon="LOCKED" if locked else "UNLOCKED", emboss=False)

    def filter_items(
        self, context: bpy.types.Context, data: bpy.types.Scene, property: str
    ) -> tuple[list[int], list[int]]:
        objects = list(data.objects)
        flags = [self.bitflag_filter_item if boxes.is_box(obj) else 0 for obj in objects]
        by_name = sorted(range(len(objects)), key=lambda i: objects[i].name.lower())
        order = [0] * len(objects)
        for place, index in enumerate(by_name):
            order[index] = place
        return flags, order


class GREYBOX_PT_boxes(_InSidebar, bpy.types.Panel):
    bl_label = "Boxes"
    bl_idname = "GREYBOX_PT_boxes"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        row = layout.row(align=True)
        row.menu("GREYBOX_MT_add_box", text="Add Box", icon="ADD")
        row.operator("greybox.add_box_from_selection", text="", icon="PIVOT_BOUNDBOX")
        all_boxes = boxes.all_boxes(context.scene)
        if not all_boxes:
            layout.operator_menu_enum("greybox.load_example", "name", text="Load Example", icon="FILE_FOLDER")
            return
        active = boxes.active_box(context)
        rows = min(max(len(all_boxes), 3), LIST_ROWS)
        settings = context.scene.greybox
        layout.template_list(
            "GREYBOX_UL_boxes", "", context.scene, "objects", settings, "active_index", rows=rows, maxrows=rows
        )
        if active is not None:
            _box_settings(layout, context, active)


class GREYBOX_PT_camera(_InSidebar, bpy.types.Panel):
    bl_label = "Camera"
    bl_idname = "GREYBOX_PT_camera"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout, scene = self.layout, context.scene
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.operator("greybox.frame_boxes", icon="CAMERA_DATA")
        layout.prop(scene, "camera")
        if scene.camera is not None and scene.camera.type == "CAMERA":
            layout.prop(scene.camera.data, "lens")
            column = layout.column(align=True)
            column.prop(scene.render, "resolution_x", text="Resolution X")
            column.prop(scene.render, "resolution_y", text="Y")


class GREYBOX_PT_generate(_InSidebar, bpy.types.Panel):
    bl_label = "Generate"
    bl_idname = "GREYBOX_PT_generate"

    def draw(self, context: bpy.types.Context) -> None:
        layout, settings = self.layout, context.scene.greybox
        row = layout.row(align=True)
        row.scale_y = 1.4
        row.operator("greybox.generate", text="Generate All", icon="PLAY").what = "ALL"
        one = row.row(align=True)
        one.enabled = bool(boxes.selected_boxes(context))
        one.operator("greybox.generate", text="Selected").what = "SELECTED"
        current = jobs.session()
        for job in current.book.running() if current else ():
            _progress(layout, job)
        for job in current.book.newest(1) if current else ():
            _outcome(layout, job)
        if current is not None and current.imports and (reason := jobs.blocked(context)):
            layout.label(text=reason, icon="INFO")
        if current is not None and current.message:
            _note(layout, current.message, current.remedy)
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        for name in ("surroundings", "seed", "texture_size", "triangles", "fit", "condition"):
            column.prop(settings, name)
        if settings.condition:
            column.prop(settings, "renderer")
            if context.scene.camera is None:
                column.label(text="The condition needs a camera", icon="ERROR")


class GREYBOX_PT_jobs(_InSidebar, bpy.types.Panel):
    bl_label = "Jobs"
    bl_idname = "GREYBOX_PT_jobs"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout, current = self.layout, jobs.session()
        if current is None or not current.book.jobs:
            layout.label(text="No jobs yet")
            return
        for job in current.book.newest(SHOWN_JOBS):
            _job(layout.box(), job)
        layout.operator("greybox.open_job_folder", text="Open Folder", icon="FILE_FOLDER").job = ""


class GREYBOX_PT_results(_InSidebar, bpy.types.Panel):
    bl_label = "Results"
    bl_idname = "GREYBOX_PT_results"

    def draw(self, context: bpy.types.Context) -> None:
        layout, scene = self.layout, context.scene
        layout.row(align=True).prop(scene.greybox, "show", expand=True)
        box = boxes.active_box(context)
        if box is not None and box.greybox.variants:
            _variants(layout, box)
        row = layout.row(align=True)
        row.operator("greybox.regenerate_box", icon="FILE_REFRESH")
        layout.operator("greybox.export_glb", icon="EXPORT")
        layout.operator("greybox.collect_results", icon="IMPORT")


class GREYBOX_PT_backend(_InSidebar, bpy.types.Panel):
    bl_label = "Backend"
    bl_idname = "GREYBOX_PT_backend"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout, current = self.layout, jobs.session()
        state = current.link.state if current is not None else "not connected"
        layout.label(text=f"State: {state}", icon="LINKED" if state == "online" else "UNLINKED")
        row = layout.row(align=True)
        row.operator("greybox.start_backend", text="Start", icon="PLAY")
        row.operator("greybox.stop_backend", text="Stop", icon="CANCEL")
        if current is None:
            return
        if current.welcome is not None:
            column = layout.column(align=True)
            column.label(text=f"Version {current.welcome.version}")
            for device in current.welcome.devices:
                column.label(text=f"{device.label}: {device.free_gb:.0f} of {device.memory_gb:.0f} GB free")
            for info in current.welcome.generators:
                column.label(text=info.label, icon="CHECKMARK" if info.available else "X")
                if not info.available:
                    _wrapped(column, f"{info.missing}. {info.remedy}")
        if current.launcher is not None:
            _wrapped(layout, f"Log: {current.launcher.log}")


def state_of(box: bpy.types.Object) -> tuple[str, str, BoxRow | None]:
    """(icon, words, row) for what is going on with a box, for panel and viewport."""
    current = jobs.session()
    row = current.book.row(box.greybox.job, box.greybox.uid) if current and box.greybox.job else None
    if row is not None and row.error:
        return "ERROR", row.error, row
    if row is not None and row.stage and not row.done:
        steps = f" {row.step}/{row.of}" if row.of else ""
        return "SORTTIME", f"{row.stage}{steps}", row
    if box.greybox.job and current is not None:
        return *_waiting(current, box), row
    if boxes.result_of(box) is not None:
        return "CHECKMARK", "", row
    return "MESH_CUBE", "", row


def _waiting(current: jobs.Session, box: bpy.types.Object) -> tuple[str, str]:
    """(icon, words) for a box whose job has not filled it."""
    job = current.book.jobs.get(box.greybox.job)
    if job is None or not job.ended:
        return "SORTTIME", "waiting"
    if job.state == "done":
        undone = (job.id, box.greybox.uid) in current.imported
        return ("IMPORT", "undone: Collect Results") if undone else ("SORTTIME", "arriving")
    return ("ERROR", job.message) if job.state == "failed" else ("CANCEL", "cancelled")


def _box_settings(layout: bpy.types.UILayout, context: bpy.types.Context, box: bpy.types.Object) -> None:
    settings = box.greybox
    layout.prop(settings, "prompt", text="")
    wrong = scene_reader.problem(box, context.scene)
    if wrong:
        _note(layout, wrong)
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    column.prop(settings, "kind")
    column.prop(settings, "generator")
    row = column.row(align=True, heading="Own Seed")
    row.prop(settings, "use_seed", text="")
    field = row.row()
    field.active = settings.use_seed
    field.prop(settings, "seed", text="")
    column.prop(box, "dimensions", text="Size")


def _progress(layout: bpy.types.UILayout, job: Job) -> None:
    words = f"{job.stage or job.state} {job.text}".strip()
    if job.seconds_left is not None:
        words = f"{words}, {job.seconds_left:.0f} s left"
    row = layout.row(align=True)
    row.progress(factor=job.factor, type="BAR", text=f"{job.title}: {words}")
    row.operator("greybox.cancel_job", text="", icon="X").job = job.id


def _outcome(layout: bpy.types.UILayout, job: Job) -> None:
    """What the backend wants known of the latest job: its warnings, and its failure with the way on."""
    for warning in job.notes.get("", ()):
        _wrapped(layout, warning, "INFO")
    if job.state != "failed":
        return
    failed = [row for row in job.boxes.values() if row.error]
    reason, remedy = (failed[0].error, failed[0].remedy) if failed else (job.message, job.remedy)
    _note(layout, f"{len(failed)} boxes failed: {reason}" if len(failed) > 1 else reason, remedy)
    layout.operator("greybox.retry_job", text="Retry", icon="FILE_REFRESH").job = job.id


def _job(layout: bpy.types.UILayout, job: Job) -> None:
    row = layout.row()
    icons = {"done": "CHECKMARK", "failed": "ERROR", "cancelled": "CANCEL"}
    time = f" ({job.seconds:.1f} s)" if job.seconds else ""
    row.label(text=f"{job.title or job.id[:12]}: {job.state}{time}", icon=icons.get(job.state, "SORTTIME"))
    buttons = row.row(align=True)
    if not job.ended:
        buttons.operator("greybox.cancel_job", text="", icon="X").job = job.id
    else:
        if job.state != "done":
            buttons.operator("greybox.retry_job", text="", icon="FILE_REFRESH").job = job.id
        buttons.operator("greybox.open_job_folder", text="", icon="FILE_FOLDER").job = job.id
        buttons.operator("greybox.delete_job", text="", icon="TRASH").job = job.id
    if job.message:
        _note(layout, job.message, job.remedy)
    for uid, state in job.boxes.items():
        if state.error:
            _note(layout, f"{uid}: {state.error}", state.remedy)
    notes = dict.fromkeys(note for of_box in job.notes.values() for note in of_box)
    for note in list(notes)[:SHOWN_NOTES]:
        _wrapped(layout, note)


def _variants(layout: bpy.types.UILayout, box: bpy.types.Object) -> None:
    settings = box.greybox
    row = layout.row(align=True)
    row.operator("greybox.show_variant", text="", icon="TRIA_LEFT").step = -1
    row.label(text=f"Variant {settings.active_variant + 1} of {len(settings.variants)}")
    row.operator("greybox.show_variant", text="", icon="TRIA_RIGHT").step = 1
    row.operator("greybox.remove_variant", text="", icon="TRASH")
    index = min(settings.active_variant, len(settings.variants) - 1)
    variant = settings.variants[index]
    layout.label(text=f"{variant.triangles:,} triangles", icon="MESH_DATA")
    for note in variant.notes.splitlines():
        _wrapped(layout, note)


def _note(layout: bpy.types.UILayout, message: str, remedy: str = "") -> None:
    column = layout.column(align=True)
    column.alert = True
    _wrapped(column, message, "ERROR")
    column = layout.column(align=True)
    _wrapped(column, remedy)


def _wrapped(layout: bpy.types.UILayout, text: str, icon: str = "NONE") -> None:
    """A text as labels of a width that fits the sidebar."""
    line = ""
    for word in [*text.split(), ""]:
        if line and (not word or len(line) + len(word) >= WRAP):
            layout.label(text=line, icon=icon)
            line, icon = "", "BLANK1" if icon != "NONE" else "NONE"
        line = f"{line} {word}".strip()


_classes = (
    GREYBOX_UL_boxes,
    GREYBOX_PT_boxes,
    GREYBOX_PT_generate,
    GREYBOX_PT_results,
    GREYBOX_PT_jobs,
    GREYBOX_PT_camera,
    GREYBOX_PT_backend,
)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)

"""Generate: the button, whether it fits, what runs, what went wrong; its settings below."""

from __future__ import annotations

import time

import bpy
from bpy.app.translations import pgettext_iface as iface_

from .. import backdrop, boxes, generator_options, jobs, pictures, preferences, preflight, status
from ..job_book import Job
from ..operators.jobs import stops_at_picture
from ..operators.picture import busy_picture
from ..operators.presets import GREYBOX_PT_generate_presets
from ..remedies import Button, buttons
from . import drawing
from .backend import draw_chore
from .drawing import InSidebar, note, wrapped

PREVIEW_SCALE = 8.0  # of an icon: the picture that is being made
PICTURE_SCALE = 10.0
SMALL_SCALE = 3.0


class GREYBOX_PT_generate(InSidebar, bpy.types.Panel):
    bl_label = "Generate"
    bl_idname = "GREYBOX_PT_generate"

    def draw(self, context: bpy.types.Context) -> None:
        layout, current = self.layout, jobs.session()
        targets = [box for box in boxes.all_boxes(context.scene) if not box.greybox.locked]
        row = drawing.side_by_side(layout)
        row.scale_y = 1.4
        first = stops_at_picture(context, targets)
        row.operator("greybox.generate", text="Make Picture" if first else "Generate All", icon="PLAY").what = "ALL"
        row.operator("greybox.generate_selected", text="Selected")
        draw_chore(layout)
        if current is None and not preferences.read(context).ready():
            note(layout, "The backend is not set up yet", "", buttons("not-set-up"), "INFO")
        _fits(layout, context)
        for job in current.book.running() if current else ():
            _progress(layout, context, job)
        for job in current.book.newest(1) if current else ():
            _outcome(layout, context, job)
        waiting = current is not None and (current.imports or current.placing)
        if waiting and (reason := jobs.blocked(context)):
            wrapped(layout, reason, "INFO")
        if current is not None and current.message:
            note(layout, current.message, current.remedy, buttons(current.code))


class GREYBOX_PT_picture(InSidebar, bpy.types.Panel):
    bl_label = "Picture"
    bl_idname = "GREYBOX_PT_picture"
    bl_parent_id = "GREYBOX_PT_generate"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        every = boxes.all_boxes(context.scene)
        return bool(every) and (context.scene.greybox.picture is not None or jobs.needs_picture(every))

    def draw(self, context: bpy.types.Context) -> None:
        layout, settings = self.layout, context.scene.greybox
        if settings.picture is not None:
            _pictures(layout, settings)
            row = layout.row(align=True)
            row.prop(settings, "show_picture", text="Show")
            row.operator("greybox.look_at_picture", text="Look", icon="CAMERA_DATA")
            layout.operator("greybox.approve_picture", icon="CHECKMARK")
            row = layout.row(align=True)
            row.operator("greybox.make_picture", text="Again", icon="IMAGE_DATA").new_seed = False
            row.operator("greybox.make_picture", text="Another Seed", icon="FILE_REFRESH").new_seed = True
        box = boxes.active_box(context)
        if box is not None and settings.picture is not None:
            layout.prop(box.greybox, "prompt", text=box.name)
        column = drawing.settings_column(layout)
        column.prop(settings, "picture_first")
        column.prop(settings, "views")


class GREYBOX_PT_settings(InSidebar, bpy.types.Panel):
    bl_label = "Settings"
    bl_idname = "GREYBOX_PT_settings"
    bl_parent_id = "GREYBOX_PT_generate"

    def draw_header_preset(self, context: bpy.types.Context) -> None:
        GREYBOX_PT_generate_presets.draw_panel_header(self.layout)

    def draw(self, context: bpy.types.Context) -> None:
        settings = context.scene.greybox
        column = drawing.settings_column(self.layout)
        for name in ("surroundings", "seed", "texture_size", "triangles", "fit", "condition"):
            column.prop(settings, name)
        if settings.condition:
            column.prop(settings, "renderer")
            if context.scene.camera is None:
                column.label(text="The condition needs a camera", icon="ERROR")


class GREYBOX_PT_options(InSidebar, bpy.types.Panel):
    bl_label = "Generator Options"
    bl_idname = "GREYBOX_PT_options"
    bl_parent_id = "GREYBOX_PT_generate"
    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return any(generator_options.view(context.scene, info.name) for info in status.used_generators(context.scene))

    def draw(self, context: bpy.types.Context) -> None:
        for info in status.used_generators(context.scene):
            view = generator_options.view(context.scene, info.name)
            if view is None:
                continue
            row = self.layout.row()
            row.label(text=info.label, translate=False)
            row.operator("greybox.reset_options", text="", icon="LOOP_BACK", emboss=False).generator = info.name
            column = drawing.settings_column(self.layout)
            for option in info.options:
                column.prop(view, option.name)


def _pictures(layout: bpy.types.UILayout, settings: bpy.types.PropertyGroup) -> None:
    """The one that is shown, large; several of a run below it, to choose from."""
    shown = next((n for n, entry in enumerate(settings.pictures) if entry.image == settings.picture), 0)
    if icon := pictures.icon(backdrop.icon_of(shown)):
        layout.template_icon(icon, scale=PICTURE_SCALE)
    if len(settings.pictures) < 2:
        return
    grid = layout.grid_flow(row_major=True, columns=4, even_columns=True, align=True)
    for number in range(len(settings.pictures)):
        cell = grid.column(align=True)
        if icon := pictures.icon(backdrop.icon_of(number)):
            cell.template_icon(icon, scale=SMALL_SCALE)
        cell.operator("greybox.choose_picture", text=str(number + 1), depress=number == shown).index = number


def _fits(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """What each generator needs and is not there, with the button that changes it."""
    current, scene = jobs.session(), context.scene
    for info in status.used_generators(scene):
        if not info.available:
            remote = current is not None and current.settings.remote
            way = buttons("weights", generator=info.name) if not remote else ()
            note(layout, f"{info.label}: {info.missing}", info.remedy if remote or not way else "", way)
            continue
        values = {option.name: generator_options.value(scene, info.name, option) for option in info.options}
        need = preflight.need(info, values, current.devices if current else ())
        if need is None:
            continue
        if need.fits:
            wrapped(layout, need.text, "MEMORY")
            continue
        fit = preflight.make_fit(info, values, current.devices if current else ())
        button = Button("greybox.make_it_fit", "Make It Fit", "CON_SIZELIMIT", {"generator": info.name})
        note(layout, need.text, "" if fit else "No setting makes it fit.", (button,) if fit else ())


def _progress(layout: bpy.types.UILayout, context: bpy.types.Context, job: Job) -> None:
    row = layout.row(align=True)
    row.progress(factor=job.factor, type="BAR", text=f"{job.title}: {job.factor:.0%}")
    row.operator("greybox.cancel_job", text="", icon="X").job = job.id
    wrapped(layout, status.progress_words(job, context.scene, time.monotonic()))
    if job.preview and job.stage == "image" and (icon := pictures.icon(jobs.PREVIEW_ICON)):
        layout.template_icon(icon, scale=PREVIEW_SCALE)


def _outcome(layout: bpy.types.UILayout, context: bpy.types.Context, job: Job) -> None:
    """What the backend wants known of the latest job: its warnings, and its failure with the way on."""
    for warning in job.notes.get("", ()):
        wrapped(layout, warning, "INFO")
    if job.state != "failed" or busy_picture(context) is not None:
        return
    failed = [row for row in job.boxes.values() if row.error]
    reason, remedy, code = job.message, job.remedy, job.code
    if failed and failed[0].code != "blocked":
        reason, remedy, code = failed[0].error, failed[0].remedy, failed[0].code
    several = iface_("{} boxes failed: {}").format(len(failed), reason) if len(failed) > 1 else reason
    several = status.named(several, boxes.all_boxes(context.scene))
    note(layout, several, remedy, buttons(code, job.id))
    layout.operator("greybox.copy_report", icon="COPYDOWN").job = job.id


_classes = (GREYBOX_PT_generate, GREYBOX_PT_picture, GREYBOX_PT_settings, GREYBOX_PT_options)

register, unregister = bpy.utils.register_classes_factory(_classes)

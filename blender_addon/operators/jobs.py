"""Operators on jobs: generate, cancel, retry, forget."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import random

import bpy
from bpy.app.translations import pgettext_rpt as rpt_
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ...backend.protocol import messages as m
from ...backend.protocol.errors import GreyboxError
from .. import boxes, generator_options, jobs, preflight, report, status
from .polling import poll_box, poll_unlocked

SEEDS = 2**31 - 1


class GREYBOX_OT_generate(bpy.types.Operator):
    """Make textured assets for every box that is not locked; Blender stays usable meanwhile"""

    bl_idname = "greybox.generate"
    bl_label = "Generate"

    what: EnumProperty(
        name="What",
        items=[
            ("ALL", "All", "Every box that is not locked"),
            ("SELECTED", "Selected", "The selected boxes, locked or not"),
        ],
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return poll_unlocked(cls, context) or bool(boxes.selected_boxes(context))

    def execute(self, context: bpy.types.Context) -> set[str]:
        if self.what == "SELECTED":
            targets = boxes.selected_boxes(context)
        else:
            targets = [box for box in boxes.all_boxes(context.scene) if not box.greybox.locked]
        if not targets:
            self.report({"WARNING"}, "Select a box" if self.what == "SELECTED" else "All boxes are locked")
            return {"CANCELLED"}
        if stops_at_picture(context, targets):
            return send_job(self, context, targets, "Picture", "image")
        return send_job(self, context, targets)


class GREYBOX_OT_generate_selected(bpy.types.Operator):
    """Make assets for the selected boxes, locked or not"""

    bl_idname = "greybox.generate_selected"
    bl_label = "Generate Selected"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not boxes.selected_boxes(context):
            cls.poll_message_set("Select a layout box or a result")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        return send_job(self, context, boxes.selected_boxes(context))


class GREYBOX_OT_regenerate_box(bpy.types.Operator):
    """Make the active box once more; what stands in it is kept as a variant"""

    bl_idname = "greybox.regenerate_box"
    bl_label = "Regenerate Box"

    new_seed: BoolProperty(
        name="New Seed", description="Another one of the same; off repeats the same seed", default=True
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return poll_box(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        box = boxes.active_box(context)
        if self.new_seed:
            box.greybox.use_seed = True
            box.greybox.seed = random.SystemRandom().randrange(SEEDS)
        return send_job(self, context, [box])


class _OnJob:
    job: StringProperty(options={"HIDDEN"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if jobs.session() is None:
            cls.poll_message_set("No backend is connected")
            return False
        return True


class GREYBOX_OT_cancel_job(_OnJob, bpy.types.Operator):
    """Stop this job; what is finished is kept"""

    bl_idname = "greybox.cancel_job"
    bl_label = "Cancel Job"

    def execute(self, context: bpy.types.Context) -> set[str]:
        current = jobs.session()
        for job in [self.job] if self.job else [job.id for job in current.book.running()]:
            current.ask(m.Cancel, job)
        return {"FINISHED"}


class GREYBOX_OT_retry_job(_OnJob, bpy.types.Operator):
    """Run the stages of this job again that failed or were cancelled"""

    bl_idname = "greybox.retry_job"
    bl_label = "Retry Job"

    def execute(self, context: bpy.types.Context) -> set[str]:
        jobs.session().ask(m.Retry, self.job)
        return {"FINISHED"}


class GREYBOX_OT_delete_job(_OnJob, bpy.types.Operator):
    """Forget this job and delete its files in the backend; results in Blender stay"""

    bl_idname = "greybox.delete_job"
    bl_label = "Delete Job"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return context.window_manager.invoke_confirm(self, event)

    def execute(self, context: bpy.types.Context) -> set[str]:
        current = jobs.session()
        current.ask(m.Delete, self.job)
        current.book.forget(self.job)
        return {"FINISHED"}


class GREYBOX_OT_open_job_folder(_OnJob, bpy.types.Operator):
    """Show the files of this job, or of all jobs, in the file manager"""

    bl_idname = "greybox.open_job_folder"
    bl_label = "Open Job Folder"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        current = jobs.session()
        if current is not None and current.settings.remote:
            cls.poll_message_set("The files are on the other computer")
            return False
        return super().poll(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        folder = jobs.session().settings.folder / "jobs"
        one = folder / self.job
        bpy.ops.wm.path_open(filepath=str(one if self.job and one.is_dir() else folder))
        return {"FINISHED"}


class GREYBOX_OT_collect_results(_OnJob, bpy.types.Operator):
    """Bring the results of the selected boxes from the backend once more, for instance after an undo"""

    bl_idname = "greybox.collect_results"
    bl_label = "Collect Results"

    def execute(self, context: bpy.types.Context) -> set[str]:
        chosen = {box.greybox.uid for box in boxes.selected_boxes(context) or boxes.all_boxes(context.scene)}
        held = {(v.job, box.greybox.uid) for box in boxes.all_boxes(context.scene) for v in box.greybox.variants}
        current = jobs.session()
        current.imported = {key for key in current.imported if key in held or key[1] not in chosen}
        current.wanted |= {(job.id, uid) for job in current.book.jobs.values() for uid in job.boxes if uid in chosen}
        current.wanted -= held
        jobs.collect()
        return {"FINISHED"}


class GREYBOX_OT_make_it_fit(bpy.types.Operator):
    """Change memory mode and picture size of this generator so that it fits into the memory that is free"""

    bl_idname = "greybox.make_it_fit"
    bl_label = "Make It Fit"
    bl_options = {"REGISTER", "UNDO"}

    generator: StringProperty(options={"HIDDEN"})
    job: StringProperty(description="Whose failed boxes are made again with the new settings", options={"HIDDEN"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        scene, current = context.scene, jobs.session()
        devices = current.devices if current else ()
        for info in status.used_generators(scene):
            if self.generator not in ("", info.name):
                continue
            values = {option.name: generator_options.value(scene, info.name, option) for option in info.options}
            need = preflight.need(info, values, devices)
            expected = need is not None and need.fits
            changes = (preflight.step_down if expected else preflight.make_fit)(info, values, devices)
            if need is None or (expected and not self.job):
                continue
            if changes:
                generator_options.write(scene, info.name, changes)
                self.report({"INFO"}, f"{info.label}: " + ", ".join(f"{k} {v}" for k, v in changes.items()))
            elif changes is None and (self.generator or self.job):
                words = rpt_("{} does not fit, whatever its settings: close other programs")
                self.report({"WARNING"}, words.format(info.label))
                return {"CANCELLED"}
        return self._again(context) if self.job else {"FINISHED"}

    def _again(self, context: bpy.types.Context) -> set[str]:
        """The boxes of the job that failed, or its picture, with the new settings."""
        job = jobs.session().book.jobs.get(self.job) if jobs.session() else None
        if job is None:
            return {"FINISHED"}
        if job.only_picture:
            return send_job(self, context, boxes.all_boxes(context.scene), "Picture", "image")
        failed = [boxes.by_uid(context.scene, uid) for uid, row in job.boxes.items() if row.error]
        targets = [box for box in failed if box is not None]
        return send_job(self, context, targets) if targets else {"FINISHED"}


class GREYBOX_OT_reset_options(bpy.types.Operator):
    """Put the options of this generator back to their defaults"""

    bl_idname = "greybox.reset_options"
    bl_label = "Reset to Defaults"
    bl_options = {"REGISTER", "UNDO"}

    generator: StringProperty(options={"HIDDEN"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        generator_options.reset(context.scene, self.generator)
        return {"FINISHED"}


class GREYBOX_OT_copy_report(bpy.types.Operator):
    """Copy what a bug report needs: versions, devices, the error, the last lines of the logs; no prompts"""

    bl_idname = "greybox.copy_report"
    bl_label = "Copy Report"

    job: StringProperty(options={"HIDDEN"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.window_manager.clipboard = report.text(context, self.job)
        self.report({"INFO"}, "The report is in the clipboard")
        return {"FINISHED"}


def stops_at_picture(context: bpy.types.Context, targets: list[bpy.types.Object]) -> bool:
    """Whether Generate makes only the picture at first, for the user to look at."""
    settings = context.scene.greybox
    return settings.picture_first and settings.views == "seen" and jobs.needs_picture(targets)


def send_job(
    operator: bpy.types.Operator,
    context: bpy.types.Context,
    targets: list[bpy.types.Object],
    title: str = "",
    stop_after: str = "",
) -> set[str]:
    try:
        jobs.generate(context, targets, title, stop_after)
    except GreyboxError as error:
        operator.report({"ERROR"}, f"{error.message}. {error.remedy}".strip())
        return {"CANCELLED"}
    return {"FINISHED"}


_classes = (
    GREYBOX_OT_generate,
    GREYBOX_OT_generate_selected,
    GREYBOX_OT_regenerate_box,
    GREYBOX_OT_cancel_job,
    GREYBOX_OT_retry_job,
    GREYBOX_OT_delete_job,
    GREYBOX_OT_open_job_folder,
    GREYBOX_OT_collect_results,
    GREYBOX_OT_make_it_fit,
    GREYBOX_OT_reset_options,
    GREYBOX_OT_copy_report,
)

register, unregister = bpy.utils.register_classes_factory(_classes)

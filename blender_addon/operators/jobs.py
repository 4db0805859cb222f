"""Operators on jobs: generate, cancel, retry, forget."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import random

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ...backend.protocol import messages as m
from ...backend.protocol.errors import GreyboxError
from .. import boxes, jobs
from .polling import poll_box

SEEDS = 2**31 - 1


class GREYBOX_OT_generate(bpy.types.Operator):
    """Make textured assets for the boxes; Blender stays usable meanwhile"""

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
        if not boxes.all_boxes(context.scene):
            cls.poll_message_set("Add a layout box first, or load an example")
            return False
        return True

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        if properties.what == "SELECTED":
            return "Make assets for the selected boxes, locked or not"
        return "Make assets for every box that is not locked"

    def execute(self, context: bpy.types.Context) -> set[str]:
        if self.what == "SELECTED":
            targets = boxes.selected_boxes(context)
        else:
            targets = [box for box in boxes.all_boxes(context.scene) if not box.greybox.locked]
        if not targets:
            self.report({"WARNING"}, "Select a box" if self.what == "SELECTED" else "All boxes are locked")
            return {"CANCELLED"}
        return _generate(self, context, targets)


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
        return _generate(self, context, [box])


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


def _generate(operator: bpy.types.Operator, context: bpy.types.Context, targets: list[bpy.types.Object]) -> set[str]:
    try:
        jobs.generate(context, targets)
    except GreyboxError as error:
        operator.report({"ERROR"}, f"{error.message}. {error.remedy}".strip())
        return {"CANCELLED"}
    return {"FINISHED"}


_classes = (
    GREYBOX_OT_generate,
    GREYBOX_OT_regenerate_box,
    GREYBOX_OT_cancel_job,
    GREYBOX_OT_retry_job,
    GREYBOX_OT_delete_job,
    GREYBOX_OT_open_job_folder,
    GREYBOX_OT_collect_results,
)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)

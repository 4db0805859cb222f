"""Operators on jobs, results and the backend: poll, call one function, report."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import random

import bpy
from bpy.props import EnumProperty, IntProperty, StringProperty
from bpy_extras.io_utils import ExportHelper

from ..backend.protocol import messages as m
from ..backend.protocol.errors import GreyboxError
from . import boxes, jobs, scene_writer

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

    new_seed: bpy.props.BoolProperty(
        name="New Seed", description="Another one of the same; off repeats the same seed", default=True
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return _poll_box(cls, context)

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


class GREYBOX_OT_show_variant(bpy.types.Operator):
    """Let another of this box's results stand in it; modifiers and animation stay"""

    bl_idname = "greybox.show_variant"
    bl_label = "Show Variant"
    bl_options = {"REGISTER", "UNDO"}

    step: IntProperty(name="Step", default=1)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not _poll_box(cls, context):
            return False
        if len(boxes.active_box(context).greybox.variants) < 2:
            cls.poll_message_set("Regenerate the box to have a variant to choose")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        box = boxes.active_box(context)
        index = (box.greybox.active_variant + self.step) % len(box.greybox.variants)
        scene_writer.show_variant(context.scene, box, index)
        return {"FINISHED"}


class GREYBOX_OT_remove_variant(bpy.types.Operator):
    """Forget the variant that stands in the box; the one before takes its place"""

    bl_idname = "greybox.remove_variant"
    bl_label = "Remove Variant"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not _poll_box(cls, context):
            return False
        if not boxes.active_box(context).greybox.variants:
            cls.poll_message_set("The box has no result yet")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        scene_writer.remove_variant(context.scene, boxes.active_box(context))
        return {"FINISHED"}


class GREYBOX_OT_export_glb(bpy.types.Operator, ExportHelper):
    """Save the selected results, or all, as one GLB file with their textures"""

    bl_idname = "greybox.export_glb"
    bl_label = "Export GLB"

    filename_ext = ".glb"
    filter_glob: StringProperty(default="*.glb", options={"HIDDEN"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not hasattr(bpy.ops.export_scene, "gltf") or "io_scene_gltf2" not in context.preferences.addons:
            cls.poll_message_set("Enable the add-on 'glTF 2.0 format' first")
            return False
        if not any(boxes.result_of(box) for box in boxes.all_boxes(context.scene)):
            cls.poll_message_set("Generate something first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        chosen = boxes.selected_boxes(context) or boxes.all_boxes(context.scene)
        results = [result for box in chosen if (result := boxes.result_of(box)) is not None]
        if not results:
            self.report({"WARNING"}, "The selected boxes have no results")
            return {"CANCELLED"}
        scene_writer.export_glb(context, results, self.filepath)
        self.report({"INFO"}, f"Saved {len(results)} results to {self.filepath}")
        return {"FINISHED"}


class GREYBOX_OT_start_backend(bpy.types.Operator):
    """Start the backend, or connect to the one that already runs"""

    bl_idname = "greybox.start_backend"
    bl_label = "Start Backend"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        current = jobs.session()
        if current is not None and current.online:
            cls.poll_message_set("The backend is running")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        jobs.disconnect_dead()
        try:
            jobs.connect(context)
        except GreyboxError as error:
            self.report({"ERROR"}, f"{error.message}. {error.remedy}")
            return {"CANCELLED"}
        return {"FINISHED"}


class GREYBOX_OT_stop_backend(bpy.types.Operator):
    """End the backend; unfinished jobs wait for its next start"""

    bl_idname = "greybox.stop_backend"
    bl_label = "Stop Backend"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        current = jobs.session()
        if current is None or not current.online:
            cls.poll_message_set("No backend is running")
            return False
        if current.settings.remote:
            cls.poll_message_set("A backend on another computer is stopped there")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        jobs.stop_backend()
        return {"FINISHED"}


def _poll_box(cls: type, context: bpy.types.Context) -> bool:
    if boxes.active_box(context) is None:
        cls.poll_message_set("Select a layout box or a result")
        return False
    return True


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
    GREYBOX_OT_show_variant,
    GREYBOX_OT_remove_variant,
    GREYBOX_OT_export_glb,
    GREYBOX_OT_start_backend,
    GREYBOX_OT_stop_backend,
)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)

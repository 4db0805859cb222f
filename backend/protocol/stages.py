"""The seven stages, their edges, and which kind of worker runs them. No torch, no bpy.

layout ─► condition ─► image ─► views ─► mesh ─► material ─► placement ─► Blender objects
panorama ─► room ─► placement
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from .errors import InvalidScene, NotFound
from .messages import JobRequest
from .options import GeneratorInfo

Stage = Literal["condition", "image", "views", "mesh", "material", "placement", "room"]
WorkerKind = Literal["render", "generate"]

STAGES: tuple[Stage, ...] = ("condition", "image", "views", "mesh", "material", "placement", "room")
WORKER_OF: dict[Stage, WorkerKind] = {
    "condition": "render",
    "image": "generate",
    "views": "generate",
    "mesh": "generate",
    "material": "generate",
    "placement": "generate",
    "room": "generate",
}


class StageTask(Struct, frozen=True):
    """One stage of one job, for one box or for the whole scene (box "")."""

    stage: Stage
    box: str = ""
    generator: str = ""  # who does it; "" when no generator is involved
    needs: tuple[str, ...] = ()  # keys of the tasks that must be done before

    @property
    def key(self) -> str:
        return f"{self.stage}/{self.box}" if self.box else self.stage

    @property
    def title(self) -> str:
        """For people: "Mesh of 'chair-1'"."""
        return f"{self.stage.capitalize()} of '{self.box}'" if self.box else self.stage.capitalize()


def plan(
    request: JobRequest, generators: tuple[GeneratorInfo, ...], pictured: frozenset[str] = frozenset()
) -> tuple[StageTask, ...]:
    """The tasks of a job in an order that respects `needs`. A pure function.

    `pictured`: boxes that bring a picture of their own, so that none has to be made for them.
    Raises NotFound for an unknown generator, InvalidScene for one that cannot do what is asked.
    """
    known = {info.name: info for info in generators}
    settings, scene = request.settings, request.scene
    if settings.stop_after == "condition":
        return _picture(request)[:1]
    wanted = set(request.boxes) or {box.id for box in scene.boxes if not box.locked}
    boxes = [box for box in scene.boxes if box.id in wanted]
    unknown = wanted - {box.id for box in scene.boxes}
    if unknown:
        raise NotFound(f"No box with the id '{min(unknown)}' in the scene", "Send the box with the scene.")
    for box in boxes:
        if box.generator not in known:
            names = ", ".join(sorted(known))
            raise InvalidScene("generator", box.generator, f"not known here (there are: {names})", box=box.id)
        if "mesh" not in known[box.generator].gives:
            raise InvalidScene("generator", box.generator, "does not make meshes", box=box.id)

    if settings.stop_after == "image":
        return _picture(request)
    needs_image = [box for box in boxes if "image" in known[box.generator].takes and box.id not in pictured]
    seen = needs_image if settings.views == "seen" else []  # the others are drawn alone, without the scene
    tasks: list[StageTask] = []
    if scene.camera is not None and (settings.condition or seen):
        tasks.append(StageTask("condition"))
    if seen:
        if scene.camera is None:
            raise InvalidScene("camera", None, "missing", "Add a camera that sees the boxes.")
        tasks.append(StageTask("image", generator=settings.image_generator, needs=("condition",)))
        tasks.append(StageTask("views", needs=("condition", "image")))
    view_of = {box.id: StageTask("views", needs=("condition", "image")) for box in seen}
    if settings.views == "alone":
        view_of = {box.id: StageTask("views", box.id, settings.image_generator) for box in needs_image}
        tasks += view_of.values()
    for box in boxes:
        info = known[box.generator]
        painter = box.generator if "material" in info.gives else settings.material_generator
        before = (view_of[box.id].key,) if box.id in view_of else ()
        mesh = StageTask("mesh", box.id, box.generator, before)
        material = StageTask("material", box.id, painter, (mesh.key, *before))
        tasks += [mesh, material, StageTask("placement", box.id, needs=(mesh.key, material.key))]
    if scene.panorama is not None:
        tasks.append(StageTask("room", generator=settings.room_generator))
    return tuple(tasks)


def _picture(request: JobRequest) -> tuple[StageTask, ...]:
    """The picture of the scene, what it needs and nothing after it. A later job takes it over by its hash."""
    if request.scene.camera is None:
        raise InvalidScene("camera", None, "missing", "Add a camera that sees the boxes.")
    image = StageTask("image", generator=request.settings.image_generator, needs=("condition",))
    return StageTask("condition"), image

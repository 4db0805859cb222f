"""What a stage sees of its job: the request, the files that earlier stages made, what the client sent along."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..protocol.errors import NotFound
from ..protocol.messages import JobRequest
from ..protocol.options import GeneratorInfo, Value, resolve
from ..protocol.scene import Box, box_seed
from ..protocol.stages import Stage, StageTask
from ..protocol.work import INPUTS, REQUEST

Files = dict[tuple[str, str], bytes]  # (box or "", name) -> contents


@dataclass(frozen=True)
class StageJob:
    request: JobRequest
    task: StageTask
    folder: Path
    crashes: int = 0  # how often this stage took its worker along before

    @staticmethod
    def open(folder: Path, task: StageTask, crashes: int = 0) -> StageJob:
        request = msgspec.msgpack.decode((folder / REQUEST).read_bytes(), type=JobRequest)
        return StageJob(request, task, folder, crashes)

    @property
    def box(self) -> Box:
        """The box of the task. Raises NotFound for a task of the whole scene."""
        for box in self.request.scene.boxes:
            if box.id == self.task.box:
                return box
        raise NotFound(f"No box '{self.task.box}' in the scene")

    @property
    def seed(self) -> int:
        """Of the task's box, or of the scene."""
        return box_seed(self.request.scene, self.box) if self.task.box else self.request.scene.seed

    def options(self, info: GeneratorInfo) -> dict[str, Value]:
        return resolve(info.options, self.request.settings.options.get(info.name, {}), info.name)

    def read(self, stage: Stage, name: str, box: str = "") -> bytes:
        """What an earlier stage made. Raises NotFound."""
        try:
            return (self.folder / stage / box / name).read_bytes()
        except FileNotFoundError:
            where = f"{stage}/{box}/{name}" if box else f"{stage}/{name}"
            raise NotFound(f"'{where}' is missing from the job folder", "Delete the job and send it again.") from None

    def has(self, stage: Stage, name: str, box: str = "") -> bool:
        return (self.folder / stage / box / name).is_file()

    def upload(self, name: str) -> bytes | None:
        """A picture that came with the job, or None."""
        path = self.folder / INPUTS / name
        return path.read_bytes() if path.is_file() else None

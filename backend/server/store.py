"""Files of jobs. Results lie once each under their content hash; job folders hold links to them by readable names.

    results/ab/abcdef...               a finished artifact, never changed, gone only when no job has it any more
    jobs/<job>/request.msgpack         what was asked
    jobs/<job>/inputs/...              pictures that came with it
    jobs/<job>/<stage>/[<box>/]<name>  links into results/
    jobs/<job>/.work/<ticket>/         where a running stage writes; swept when the stage has ended

Every file arrives by temporary name, fsync, rename: what is there under its name is whole.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..protocol.artifacts import media_of
from ..protocol.errors import DiskFull, InvalidMessage, NotFound
from ..protocol.faults import point
from ..protocol.messages import ArtifactInfo
from ..protocol.scene import is_identifier
from ..protocol.stages import StageTask
from ..protocol.work import INPUTS, REQUEST, Output

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})
WORK = ".work"


def is_file_name(name: str) -> bool:
    """True for names that are safe on every system: no separators, no leading dot, no name that Windows reserves."""
    return bool(_NAME.fullmatch(name)) and name.split(".")[0] not in _RESERVED


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._jobs = folder / "jobs"
        self._results = folder / "results"
        self._jobs.mkdir(parents=True, exist_ok=True)
        self._results.mkdir(exist_ok=True)

    def job_folder(self, job: str) -> Path:
        if not is_identifier(job):
            raise InvalidMessage(f"'{job[:80]}' is no job id: 1 to 64 of a-z, 0-9 and '-'")
        return self._jobs / job

    def job_folders(self) -> list[Path]:
        return sorted(folder for folder in self._jobs.iterdir() if is_identifier(folder.name))

    def add_job(self, job: str, request: bytes, inputs: Mapping[str, memoryview]) -> None:
        """Makes the folder of a job, whole or not at all; an unfinished one of before is replaced."""
        folder = self.job_folder(job)
        building = self._jobs / f".new-{job}"
        for leftover in (building, folder):
            shutil.rmtree(leftover, ignore_errors=True)
        (building / INPUTS).mkdir(parents=True)
        _write(building / REQUEST, request)
        for name, data in inputs.items():
            path = building / INPUTS / name
            path.parent.mkdir(exist_ok=True)
            _write(path, data)
        point("submit.rename")
        os.rename(building, folder)
        _sync_folder(self._jobs)

    def work_folder(self, job: str, ticket: int) -> Path:
        """An empty folder for the outputs of one assignment."""
        folder = self.job_folder(job) / WORK / str(ticket)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def adopt(self, job: str, ticket: int, task: StageTask, outputs: Iterable[Output]) -> tuple[ArtifactInfo, ...]:
        """Takes what a stage wrote into the results, and links it into the job folder. Doing it twice is harmless.

        Raises InvalidMessage when a file is not what the worker said.
        """
        work = self.job_folder(job) / WORK / str(ticket)
        artifacts = []
        for output in outputs:
            checked = all(map(is_file_name, (output.file, output.name))) and _SHA256.fullmatch(output.sha256)
            if not checked or (output.box and not is_identifier(output.box)):
                raise InvalidMessage(f"Stage {task.key} made a file with an unusable name: {output.name[:80]!r}")
            source = work / output.file
            if not any(_is_whole(path, output.size) for path in (source, self._result(output.sha256))):
                raise InvalidMessage(f"Stage {task.key} said it made {output.name}, but the file is not there whole")
            self._keep(source, output)
            artifacts.append(
                ArtifactInfo(
                    stage=task.stage,
                    box=output.box,
                    name=output.name,
                    sha256=output.sha256,
                    size=output.size,
                    media=media_of(output.name),
                )
            )
        self.link(job, artifacts)
        return tuple(artifacts)

    def link(self, job: str, artifacts: Iterable[ArtifactInfo]) -> None:
        """Puts results under their readable names into the job folder."""
        for artifact in artifacts:
            path = self.job_folder(job) / artifact.stage / artifact.box / artifact.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            try:
                os.link(self._result(artifact.sha256), path)
            except OSError:  # a file system without hard links
                shutil.copyfile(self._result(artifact.sha256), path)

    def finish(self, job: str, ticket: int) -> None:
        shutil.rmtree(self.job_folder(job) / WORK / str(ticket), ignore_errors=True)

    def has(self, artifacts: Iterable[ArtifactInfo]) -> bool:
        """True when every one of these results is there in full length."""
        return all(_is_whole(self._result(artifact.sha256), artifact.size) for artifact in artifacts)

    def read(self, sha256: str, offset: int, length: int) -> tuple[bytes, int]:
        """(bytes from `offset`, size of the whole). Raises NotFound."""
        try:
            with open(self._result(sha256), "rb") as file:
                size = os.fstat(file.fileno()).st_size
                file.seek(min(offset, size))
                return file.read(length), size
        except FileNotFoundError:
            raise NotFound(f"No result with the hash {sha256[:12]}", "Generate it again.") from None

    def delete_job(self, job: str, unused: Iterable[str]) -> None:
        """Removes a job's folder, and the results that no other job has."""
        shutil.rmtree(self.job_folder(job), ignore_errors=True)
        for sha256 in unused:
            self._result(sha256).unlink(missing_ok=True)

    def sweep(self) -> None:
        """After a start: removes what was being written when the server ended. Nothing that was ever told of."""
        for folder in self._jobs.iterdir():
            shutil.rmtree(folder if folder.name.startswith(".") else folder / WORK, ignore_errors=True)

    def free_gb(self) -> float:
        return shutil.disk_usage(self.folder).free / 1e9

    def _result(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise InvalidMessage(f"'{sha256[:80]}' is no content hash")
        return self._results / sha256[:2] / sha256

    def _keep(self, source: Path, output: Output) -> None:
        target = self._result(output.sha256)
        if _is_whole(target, output.size):
            return
        target.parent.mkdir(exist_ok=True)
        point("save.rename")
        os.replace(source, target)
        _sync_folder(target.parent)
        point("save.renamed")


def _is_whole(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _write(path: Path, data: bytes | memoryview) -> None:
    try:
        with open(path, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        needed = memoryview(data).nbytes / 1e6
        raise DiskFull(f"{path.name} ({needed:.1f} MB) cannot be written: {error.strerror}", "Make room.") from error


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""One valid message of each kind, with arrays where it has them, and ways to spoil them."""

from __future__ import annotations

import random

from backend.protocol import messages as m
from backend.protocol import work as w
from backend.protocol.options import BoolOption, ChoiceOption, FloatOption, GeneratorInfo, IntOption
from backend.protocol.scene import Box, Camera, Panorama, SceneSpec
from backend.protocol.stages import StageTask
from backend.protocol.wire import encode, header

SCENE = SceneSpec(
    boxes=(
        Box(id="chair-1", prompt="a wooden chair", location=(0.5, 1, 0), size=(0.5, 0.5, 1.0), seed=3),
        Box(id="lamp", prompt="stehlampe, grün", location=(2, 1, 0), size=(0.3, 0.3, 1.6), kind="lamp", locked=True),
    ),
    camera=Camera(location=(0, -4, 1.5), rotation=(0.7071067811865476, 0.7071067811865476, 0, 0)),
    surroundings="a bright room",
    seed=42,
    panorama=Panorama(heading=0.3),
)
JOB = m.JobRequest(id="job-1", scene=SCENE, settings=m.JobSettings(options={"draft": {"steps": 3, "fast": True}}))
GENERATOR = GeneratorInfo(
    name="draft",
    label="Draft",
    description="d",
    gives=("mesh",),
    takes=("box",),
    options=(
        IntOption(name="steps", label="Steps", tooltip="", default=3, minimum=1, maximum=9),
        FloatOption(name="scale", label="Scale", tooltip="", default=0.5, minimum=0, maximum=1),
        BoolOption(name="fast", label="Fast", tooltip="", default=False),
        ChoiceOption(name="mode", label="Mode", tooltip="", default="a", choices=(("a", "A"), ("b", "B"))),
    ),
    memory_gb=(("bf16", 22.5),),
)
ARTIFACT = m.ArtifactInfo(stage="mesh", box="lamp", name="mesh.safetensors", sha256="0" * 64, size=7, media="x/y")
DEVICE = m.Device(name="cpu", label="2 cores", memory_gb=16, free_gb=8)
PICTURE = bytes(range(64))
_PICTURE = header("panorama", PICTURE)

CLIENT: list[tuple] = [
    (m.Hello(protocol=m.PROTOCOL, app="test", cursor=7), ()),
    (m.Submit(request="1", job=JOB), ()),
    (m.Submit(request="1", job=JOB, arrays=(_PICTURE, header("image/lamp", b"", "f4", (0, 3)))), (PICTURE, b"")),
    (m.Cancel(request="2", job="job-1"), ()),
    (m.Retry(request="3", job="job-1"), ()),
    (m.ListJobs(request="4", jobs=("job-1",), limit=5), ()),
    (m.Fetch(request="5", sha256="a" * 64, offset=3, length=9), ()),
    (m.Delete(request="6", job="job-1"), ()),
    (m.Status(request="7"), ()),
    (m.Shutdown(request="8", when_idle=False), ()),
    (m.Ping(time=1.5), ()),
]
SERVER: list[tuple] = [
    (
        m.Welcome(
            protocol=m.PROTOCOL,
            version="0.1.0",
            session="s",
            generators=(GENERATOR,),
            devices=(DEVICE,),
            renderers=("raster",),
            cursor=9,
        ),
        (),
    ),
    (m.Accepted(request="1", job="job-1", state="queued", warnings=("w",)), ()),
    (m.Refused(request="1", code="c", message="m", remedy="r"), ()),
    (
        m.JobList(
            request="4",
            jobs=(m.JobSummary(job="j", title="", state="done", created=1.0, done=3, of=3, artifacts=(ARTIFACT,)),),
            cursor=9,
        ),
        (),
    ),
    (m.Chunk(request="5", sha256="a" * 64, offset=0, size=64, arrays=(header("bytes", PICTURE),)), (PICTURE,)),
    (
        m.StatusReport(
            request="7",
            session="s",
            uptime=1,
            workers=(m.WorkerStatus(kind="render", state="idle", pid=1, device="cpu", task="", restarts=0),),
            devices=(DEVICE,),
            queued=0,
            running=1,
            clients=1,
            folder="/x",
            disk_free_gb=1,
        ),
        (),
    ),
    (
        m.Progress(job="j", stage="mesh", box="b", step=1, of=2, arrays=(header("preview", PICTURE, shape=(8, 8)),)),
        (PICTURE,),
    ),
    (m.StageStarted(cursor=1, job="j", stage="mesh", box="b"), ()),
    (m.StageDone(cursor=2, job="j", stage="mesh", box="b", seconds=1.0, artifacts=(ARTIFACT,), notes=("n",)), ()),
    (m.StageError(cursor=3, job="j", stage="mesh", box="b", code="c", message="m"), ()),
    (m.Finished(cursor=4, job="j", state="failed", seconds=2.0, code="c", message="m"), ()),
    (m.Goodbye(reason="r"), ()),
    (m.Pong(time=1.5), ()),
]
TASK = StageTask("mesh", "lamp", "draft", ("views",))
TO_WORKER: list[tuple] = [
    (w.Run(ticket=3, task=TASK, folder="/f", output="/o"), ()),
    (w.Stop(ticket=3), ()),
    (w.Quit(), ()),
]
FROM_WORKER: list[tuple] = [
    (w.Ready(pid=7, devices=(DEVICE,)), ()),
    (w.Beat(quiet=0.5), ()),
    (w.Slow(ticket=3, seconds=60), ()),
    (w.Step(ticket=3, step=1, of=5, text="t", arrays=(header("preview", PICTURE),)), (PICTURE,)),
    (
        w.Done(
            ticket=3,
            seconds=1.0,
            outputs=(w.Output(file="0.part", box="lamp", name="mesh.safetensors", sha256="0" * 64, size=7),),
            notes=("n",),
            loaded=("draft",),
        ),
        (),
    ),
    (w.Failed(ticket=3, code="cancelled", message="m"), ()),
]


def spoiled(frames: list[bytes], chance: random.Random) -> list[bytes]:
    """The frames with one to four random faults: bytes flipped, lost, doubled or set to an extreme, frames too."""
    frames = [bytes(frame) for frame in frames]
    for _ in range(chance.randint(1, 4)):
        which = chance.randrange(len(frames)) if frames else 0
        fault = chance.randrange(8)
        if fault == 0 or not frames:
            frames.insert(which, chance.randbytes(chance.randrange(40)))
        elif fault == 1:
            del frames[which]
        elif fault == 2:
            frames[which] = frames[which][: chance.randrange(len(frames[which]) + 1)]
        elif fault == 3:
            frames.append(frames[which])
        elif frames[which]:
            data = bytearray(frames[which])
            at = chance.randrange(len(data))
            if fault == 4:
                data[at:at] = chance.randbytes(chance.randrange(1, 9))
            elif fault == 5:
                data[at] = chance.choice((0x00, 0x7F, 0x80, 0x90, 0xC0, 0xC1, 0xCF, 0xD3, 0xDD, 0xDF, 0xFF))
            elif fault == 6:
                del data[at : at + chance.randrange(1, 9)]
            else:
                data[at] ^= 1 << chance.randrange(8)
            frames[which] = bytes(data)
    return frames


def encoded(samples: list[tuple]) -> list[list[bytes]]:
    return [[bytes(frame) for frame in encode(message, arrays)] for message, arrays in samples]

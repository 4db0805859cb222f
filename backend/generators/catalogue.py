"""Every generator by name: what it takes, gives and needs. Readable without torch; the server lists it.

Adding a generator: its GeneratorInfo and its weights here, its class in `generators/<name>/pipeline.py`, and one line
in `workers/generate_worker.py` that builds it.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from ..protocol.options import ChoiceOption, FloatOption, GeneratorInfo, IntOption
from ..weights.catalogue import (
    DINOV3,
    FLUX,
    NAF,
    PIXAL3D_WEIGHTS,
    SEETHROUGH3D_LORA,
    TRELLIS2_WEIGHTS,
    TRELLIS_STRUCTURE,
    WeightSet,
)
from .seethrough3d import memory

DRAFT = GeneratorInfo(
    name="draft",
    label="Draft",
    description="A procedural asset at once, from the words alone, on any CPU. Needs no weights.",
    gives=("mesh", "material"),
    takes=("box",),
    licence="GPL-3.0-or-later",
)
SEETHROUGH3D = GeneratorInfo(
    name="seethrough3d",
    label="SeeThrough3D",
    description="A picture of the whole scene in which every thing stands, turned and hidden as its box is.",
    gives=("image",),
    takes=("box", "camera"),
    options=(
        IntOption(
            name="width",
            label="Width",
            tooltip="Width of the picture in pixels",
            default=1024,
            minimum=256,
            maximum=2048,
            step=16,
        ),
        IntOption(
            name="height",
            label="Height",
            tooltip="Height of the picture in pixels",
            default=1024,
            minimum=256,
            maximum=2048,
            step=16,
        ),
        IntOption(
            name="steps",
            label="Steps",
            tooltip="More steps take longer and give finer pictures",
            default=25,
            minimum=1,
            maximum=50,
        ),
        FloatOption(
            name="guidance",
            label="Guidance",
            tooltip="How closely the picture follows the words",
            default=3.5,
            minimum=1.0,
            maximum=10.0,
        ),
        ChoiceOption(
            name="memory",
            label="Memory",
            tooltip="How the weights are kept: the fastest way that fits, all on the GPU, in fewer bits, or streamed",
            default="auto",
            choices=(("auto", "Automatic"), *((mode, memory.LABELS[mode]) for mode in memory.modes())),
        ),
        IntOption(
            name="pictures",
            label="Pictures",
            tooltip="How many of one run, each by a seed of its own: the scene's and those that follow it",
            default=1,
            minimum=1,
            maximum=8,
        ),
    ),
    memory_gb=tuple((mode, round(memory.peak_gb(mode, 1024 * 1024), 1)) for mode in memory.modes()),
    megapixel_gb=memory.WORK_GB_PER_MEGAPIXEL,
    licence="FLUX.1-dev non-commercial",
)
MEMORY = ChoiceOption(
    name="memory",
    label="Memory",
    tooltip="Whether all networks stay on the GPU, or each visits it when it is used",
    default="streamed",
    choices=(("staged", "One at a time"), ("streamed", "The next on its way"), ("resident", "All on the GPU")),
)
PIXAL3D = GeneratorInfo(
    name="pixal3d",
    label="Pixal3D",
    description="A textured asset from a picture and its camera, aligned with the picture pixel by pixel.",
    gives=("mesh", "material"),
    takes=("image", "camera"),
    options=(
        ChoiceOption(
            name="resolution",
            label="Resolution",
            tooltip="Voxels a side, at most; finer takes longer and more memory",
            default="1024_cascade",
            choices=(("1024_cascade", "1024"), ("1536_cascade", "1536")),
        ),
        FloatOption(
            name="view_angle",
            label="View angle",
            tooltip="Degrees that a picture of unknown origin covers; 0: estimated by MoGe-2 if installed, else 30",
            default=0.0,
            minimum=0.0,
            maximum=100.0,
        ),
        MEMORY,
    ),
    memory_gb=(("staged", 7.0), ("streamed", 9.0), ("resident", 21.0)),
    licence="MIT; DINOv3 licence for the image encoder",
)
TRELLIS2 = GeneratorInfo(
    name="trellis2",
    label="TRELLIS.2",
    description="A textured asset from a picture of one thing, upright and facing the front.",
    gives=("mesh", "material"),
    takes=("image",),
    options=(
        ChoiceOption(
            name="resolution",
            label="Resolution",
            tooltip="Voxels a side, at most; finer takes longer and more memory",
            default="1024_cascade",
            choices=(
                ("512", "512"),
                ("1024", "1024, in one go"),
                ("1024_cascade", "1024"),
                ("1536_cascade", "1536"),
            ),
        ),
        MEMORY,
    ),
    memory_gb=(("staged", 7.0), ("streamed", 9.0), ("resident", 23.0)),
    licence="MIT; DINOv3 licence for the image encoder",
)

TAR3D = GeneratorInfo(
    name="tar3d",
    label="TAR3D",
    description="Furniture drawn code by code from a picture, words, or the box alone. Its weights come along.",
    gives=("mesh",),
    takes=("box",),
    options=(
        FloatOption(
            name="guidance",
            label="Guidance",
            tooltip="How closely the picture and the words are followed",
            default=3.0,
            minimum=1.0,
            maximum=15.0,
        ),
        FloatOption(
            name="temperature",
            label="Variety",
            tooltip="0 always takes the likeliest form",
            default=0.8,
            minimum=0.0,
            maximum=2.0,
        ),
        FloatOption(
            name="min_p",
            label="Min-p",
            tooltip="Leaves out what is less likely than this share of the likeliest",
            default=0.4,
            minimum=0.0,
            maximum=1.0,
        ),
        IntOption(
            name="detail",
            label="Detail",
            tooltip="The surface is taken from 2 to this power cells a side",
            default=7,
            minimum=5,
            maximum=8,
        ),
    ),
    licence="GPL-3.0-or-later",
)
TAR3D_PICTURE = msgspec.structs.replace(
    TAR3D,
    name="tar3d_picture",
    label="TAR3D, from the picture",
    description="Furniture drawn code by code as the picture of the scene shows it. Its weights come along.",
    takes=("image", "camera"),
)

GENERATORS: tuple[GeneratorInfo, ...] = (DRAFT, TAR3D, TAR3D_PICTURE, SEETHROUGH3D, PIXAL3D, TRELLIS2)
WEIGHTS: dict[str, tuple[WeightSet, ...]] = {
    "draft": (),
    "tar3d": (),
    "tar3d_picture": (),
    "seethrough3d": (FLUX, SEETHROUGH3D_LORA),
    "pixal3d": (PIXAL3D_WEIGHTS, DINOV3, NAF),
    "trellis2": (TRELLIS2_WEIGHTS, TRELLIS_STRUCTURE, DINOV3),
}


def on_this_machine(weights: Path) -> tuple[GeneratorInfo, ...]:
    """All generators; those whose weights are not in the folder are marked with what is missing and the remedy."""
    return tuple(_looked_at(info, weights) for info in GENERATORS)


def _looked_at(info: GeneratorInfo, weights: Path) -> GeneratorInfo:
    absent = [part for part in WEIGHTS[info.name] if not part.present(weights)]
    if not absent:
        return info
    size = sum(part.size_gb for part in absent)
    return msgspec.structs.replace(
        info,
        available=False,
        missing=f"weights are not downloaded: {', '.join(part.name for part in absent)} ({size:.1f} GB)",
        remedy=f"python install.py weights {info.name}",
    )

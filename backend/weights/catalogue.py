"""Everything that can be downloaded: where from, which files, how large, under which licence. No torch.

A set lies in `<weights folder>/<name>/` with the paths of its repository. The weights folder is $GREYBOX_WEIGHTS, or
`weights` in the user's data folder.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..protocol.endpoint import default_folder

WEIGHTS_VARIABLE = "GREYBOX_WEIGHTS"


@dataclass(frozen=True)
class WeightSet:
    name: str
    repository: str  # on the Hugging Face hub
    files: tuple[str, ...]  # what is needed; "folder/*" for all of a folder
    size_gb: float
    licence: str
    gated: bool = False  # the hub wants an account that accepted the licence
    needed: tuple[str, ...] = ()  # paths whose presence says that the set is there
    address: str = ""  # of the one file of a set that is not on the hub ...
    sha256: str = ""  # ... and what it must hash to

    def folder(self, root: Path) -> Path:
        return root / self.name

    def present(self, root: Path) -> bool:
        return all((self.folder(root) / path).exists() for path in self.needed)


FLUX = WeightSet(
    name="flux1-dev",
    repository="black-forest-labs/FLUX.1-dev",
    files=(
        "transformer/*",
        "vae/*",
        "text_encoder/*",
        "text_encoder_2/*",
        "tokenizer/*",
        "tokenizer_2/*",
        "scheduler/*",
    ),
    size_gb=33.7,
    licence="FLUX.1-dev non-commercial",
    gated=True,
    needed=(
        "transformer/config.json",
        "vae/config.json",
        "text_encoder/config.json",
        "text_encoder_2/config.json",
        "tokenizer_2/tokenizer.json",
    ),
)
SEETHROUGH3D_LORA = WeightSet(
    name="seethrough3d",
    repository="va1bhavagrawa1/seethrough3d-flux.1-weights",
    files=("checkpoints/seethrough3d_release/lora.safetensors",),
    size_gb=0.3,
    licence="as FLUX.1-dev",
    needed=("checkpoints/seethrough3d_release/lora.safetensors",),
)

PIXAL3D_WEIGHTS = WeightSet(
    name="pixal3d",
    repository="TencentARC/Pixal3D",
    files=(
        "pipeline.json",
        "ckpts/ss_*",
        "ckpts/shape_dec_*",
        "ckpts/tex_dec_*",
        "ckpts/slat_flow_img2shape_dit_1_3B_512_bf16.*",
        "ckpts/slat_flow_img2shape_dit_1_3B_1024_bf16.*",
        "ckpts/slat_flow_imgshape2tex_dit_1_3B_1024_bf16.*",
    ),
    size_gb=24.0,
    licence="MIT",
    needed=("pipeline.json",),
)
TRELLIS2_WEIGHTS = WeightSet(
    name="trellis2",
    repository="microsoft/TRELLIS.2-4B",
    files=(
        "pipeline.json",
        "texturing_pipeline.json",
        "ckpts/ss_flow_*",
        "ckpts/slat_flow_*",
        "ckpts/shape_*",
        "ckpts/tex_dec_*",
    ),
    size_gb=15.6,
    licence="MIT",
    needed=("pipeline.json", "texturing_pipeline.json"),
)
TRELLIS_STRUCTURE = WeightSet(
    name="trellis-image-large",
    repository="microsoft/TRELLIS-image-large",
    files=("ckpts/ss_dec_conv3d_16l8_fp16.*",),
    size_gb=0.15,
    licence="MIT",
    needed=("ckpts/ss_dec_conv3d_16l8_fp16.safetensors",),
)
DINOV3 = WeightSet(
    name="dinov3-vitl16",
    repository="camenduru/dinov3-vitl16-pretrain-lvd1689m",
    files=("config.json", "model.safetensors"),
    size_gb=1.2,
    licence="DINOv3 licence of Meta",
    needed=("config.json", "model.safetensors"),
)
NAF = WeightSet(
    name="naf",
    repository="valeoai/NAF",
    files=("naf_release.pth",),
    size_gb=0.003,
    licence="as published by its authors",
    needed=("naf_release.pth",),
    address="https://github.com/valeoai/NAF/releases/download/model/naf_release.pth",
    sha256="c096c1ab2217a5c3ac136365f721685e2201379cb69d509cfb0261183847c98f",
)
MOGE2 = WeightSet(  # optional: the field of view of pictures of unknown origin
    name="moge-2-vitl",
    repository="Ruicheng/moge-2-vitl",
    files=("model.pt",),
    size_gb=1.3,
    licence="MIT",
    needed=("model.pt",),
)
SAM = WeightSet(  # optional: cuts things out of the picture of the scene better than their colours do
    name="sam-vit-base",
    repository="facebook/sam-vit-base",
    files=("config.json", "model.safetensors"),
    size_gb=0.4,
    licence="Apache-2.0",
    needed=("config.json", "model.safetensors"),
)
OPTIONAL = (MOGE2, SAM)


def weights_folder() -> Path:
    named = os.environ.get(WEIGHTS_VARIABLE)
    return Path(named) if named else default_folder() / "weights"

"""The small model that ships with its weights: sizes, and the GPT together with its condition encoder.

Trained on procedural furniture; decodes on two CPU cores. Specification 14.
"""

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from ...protocol.errors import Unavailable
from .checkpoint import CODEBOOK_KEY
from .conditions import ConditionEncoder, Conditions, ConditionSettings
from .gpt import GPT, GPTSettings
from .vqvae import CODEBOOK_HISTORY, VQVAE, VQVAESettings

STARTER = Path(__file__).parents[2] / "weights" / "starter" / "tar3d"

# Names, synonyms and looks of the sixteen kinds that were trained; other words are ignored.
VOCABULARY = (
    "arc", "arch", "armchair", "armoire", "back", "ball", "bar", "beads", "bed", "bedside", "bedstead", "bench",
    "block", "boards", "book", "bookcase", "books", "bookshelf", "bottle", "bureau", "cabinet", "chair", "channels",
    "chest", "closet", "clothes", "club", "cocktail", "coffee", "column", "commode", "computer", "cone", "cornice",
    "couch", "counter", "cup", "cushion", "cushions", "desk", "dining", "dome", "double", "drawers", "dresser", "drum",
    "easy", "flat", "floor", "footstool", "frame", "garden", "globe", "gourd", "hairpin", "hall", "hassock", "high",
    "king", "kitchen", "knob", "ladder", "lamp", "left", "legs", "library", "light", "living", "loop", "lounge",
    "loveseat", "low", "milking", "mirror", "mixed", "night", "nightstand", "office", "open", "ottoman", "oval",
    "panel", "park", "pedestal", "plinth", "pole", "pouf", "pouffe", "queen", "reading", "recliner", "rectangle",
    "right", "rolled", "room", "round", "rounded", "seat", "seater", "settee", "shelf", "side", "single", "size",
    "slats", "sled", "slim", "sofa", "spindles", "split", "square", "standard", "standing", "step", "stool", "study",
    "table", "tapered", "three", "throw", "torchiere", "trestle", "tripod", "tufted", "turned", "upholstered",
    "wardrobe", "wood", "wooden", "work", "workbench", "writing",
)  # fmt: skip

CONDITIONS = ConditionSettings(VOCABULARY)

VQVAE_SETTINGS = VQVAESettings(
    triplane_res=16,
    width=192,
    heads=6,
    num_encoder_layers=4,
    triplane_layers=3,
    codebook_size=1024,
    attn_mode="multihead",
    unused_layers=False,
)


GPT_SETTINGS = GPTSettings(
    dim=384,
    n_layer=8,
    n_head=6,
    multiple_of=64,
    caption_dim=CONDITIONS.width,
    vocab_size=VQVAE_SETTINGS.codebook_size,
    cls_token_num=CONDITIONS.tokens,
    block_size=VQVAE_SETTINGS.codes,
    dropout=0.1,
    cond_rope="everywhere",
)


class StarterGPT(nn.Module):
    """Conditions and codes -> logits; the condition encoder is trained with the GPT."""

    def __init__(self, settings: GPTSettings, conditions: ConditionSettings):
        super().__init__()
        self.cond = ConditionEncoder(conditions)
        self.gpt = GPT(settings)

    def forward(self, conditions: Conditions, codes: Tensor, drop: Tensor | None = None) -> Tensor:
        """Logits [B, N, V] that predict each of the codes [B, N]; `drop` [B] marks samples without any condition."""
        return self.gpt.code_logits(self.cond(conditions), codes, drop=drop)


VQVAE_FILE, GPT_FILE, SETTINGS_FILE = "vqvae.safetensors", "gpt.safetensors", "settings.json"


def write_settings(folder: Path) -> None:
    """The sizes and the vocabulary beside the weights, so that they keep their meaning when the code moves on."""
    settings = {"vqvae": asdict(VQVAE_SETTINGS), "gpt": asdict(GPT_SETTINGS), "conditions": asdict(CONDITIONS)}
    (folder / SETTINGS_FILE).write_text(json.dumps(settings, indent=1) + "\n")


def load_starter(folder: Path, device: torch.device) -> tuple[VQVAE, StarterGPT]:
    """Both networks in float32, ready to decode. Raises Unavailable when a file is missing."""
    for name in (SETTINGS_FILE, VQVAE_FILE, GPT_FILE):
        if not (folder / name).exists():
            raise Unavailable(
                f"{folder / name} is missing", "Install Greybox again, or train the weights (see the card)."
            )
    settings = json.loads((folder / SETTINGS_FILE).read_text())
    words = settings["conditions"]
    conditions = ConditionSettings(**words | {"vocabulary": tuple(words["vocabulary"])})
    vqvae, gpt = VQVAE(VQVAESettings(**settings["vqvae"])), StarterGPT(GPTSettings(**settings["gpt"]), conditions)
    vqvae.load_state_dict({CODEBOOK_KEY: torch.zeros(CODEBOOK_HISTORY)} | load_file(folder / VQVAE_FILE))
    gpt.load_state_dict(load_file(folder / GPT_FILE))
    return vqvae.eval().to(device), gpt.eval().to(device)

"""The flow transformers: velocity of a latent on a grid, given time and context (trellis2_core spec 7, 9).

One torso serves the dense structure latent (a full grid) and the sparse shape and material latents. Attribute names are
the keys of the published checkpoints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..nn.embed import TimestepEmbedder, absolute_positions
from .attention import Context, KeyValues
from .blocks import ModulatedCrossBlock
from .tensor import Grid, SparseTensor

FlowContext = Context | Sequence[KeyValues] | None


@dataclass(frozen=True)
class FlowConfig:
    """Settings of a flow transformer; the defaults are the published shape flow."""

    in_channels: int = 32
    out_channels: int = 32
    model_channels: int = 1536
    cond_channels: int = 1024
    num_blocks: int = 30
    num_heads: int = 12
    mlp_ratio: float = 5.3334
    rope: bool = True  # otherwise absolute positions are added to the tokens
    rope_range: tuple[float, float] = (1.0, 10000.0)
    share_mod: bool = True
    qk_rms_norm: bool = True
    qk_rms_norm_cross: bool = True
    projected_channels: int | None = None  # width of features projected onto the tokens, if the network takes them
    resolution: int = 32  # side of the token grid; only the dense network is bound to it

    @classmethod
    def from_published(cls, args: dict[str, Any]) -> FlowConfig:
        """From the `args` of a published model JSON."""
        settings = {"mlp_ratio": 4.0, "share_mod": False, "qk_rms_norm": False, "qk_rms_norm_cross": False, **args}
        settings["num_heads"] = args.get("num_heads") or args["model_channels"] // (args.get("num_head_channels") or 64)
        settings["rope"] = args.get("pe_mode", "ape") == "rope"
        if "rope_freq" in args:
            settings["rope_range"] = tuple(args["rope_freq"])
        if args.get("image_attn_mode") in ("proj", "gated_proj"):
            colour = args.get("vae_in_channels", 16) if args["image_attn_mode"] == "gated_proj" else 0
            settings["projected_channels"] = (args.get("proj_in_channels") or args["cond_channels"]) + colour
        return cls(**{field.name: settings[field.name] for field in fields(cls) if field.name in settings})


STRUCTURE_FLOW = FlowConfig(in_channels=8, out_channels=8, resolution=16)
SHAPE_FLOW = FlowConfig()
TEXTURE_FLOW = FlowConfig(in_channels=64)


class FlowTransformer(nn.Module):
    """Tokens in, velocity out. Linear layers of `blocks` may be bf16 or fp16, everything else stays fp32."""

    computed_buffers = ("rope_phases", "pos_emb")  # stored in some files, recomputed here

    def __init__(self, config: FlowConfig = SHAPE_FLOW) -> None:
        super().__init__()
        self.config = config
        channels = config.model_channels
        self.t_embedder = TimestepEmbedder(channels)
        if config.share_mod:
            self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(channels, 6 * channels))
        self.input_layer = nn.Linear(config.in_channels, channels)
        self.blocks = nn.ModuleList(
            ModulatedCrossBlock(
                channels,
                config.cond_channels,
                config.num_heads,
                config.mlp_ratio,
                rope=config.rope,
                rope_range=config.rope_range,
                share_mod=config.share_mod,
                qk_rms_norm=config.qk_rms_norm,
                qk_rms_norm_cross=config.qk_rms_norm_cross,
                projected_channels=config.projected_channels,
            )
            for _ in range(config.num_blocks)
        )
        self.out_layer = nn.Linear(channels, config.out_channels)
        self.register_load_state_dict_pre_hook(_drop_computed_buffers)

    @property
    def torso_dtype(self) -> torch.dtype:
        return self.out_layer.weight.dtype if not self.blocks else self.blocks[0].mlp.mlp[0].weight.dtype  # pyright: ignore

    def to_torso(self, dtype: torch.dtype) -> FlowTransformer:
        """The linear layers of the blocks in `dtype`, everything else in fp32, whatever the file held."""
        torso = {id(p) for m in self.blocks.modules() if isinstance(m, nn.Linear) for p in m.parameters()}
        for parameter in self.parameters():
            parameter.data = parameter.data.to(dtype if id(parameter) in torso else torch.float32)
        return self

    def prepare(self, context: Context | None) -> list[KeyValues] | None:
        """Keys and values of all blocks, which do not depend on time: compute once, pass to every call."""
        return None if context is None else [block.cross_attn.keys_values(context) for block in self.blocks]  # pyright: ignore

    def velocity(self, x: Tensor, grid: Grid, t: Tensor, context: FlowContext) -> Tensor:
        """(T, in_channels) at times t (B,), already multiplied by 1000 -> (T, out_channels)."""
        dtype = self.torso_dtype
        h = self.embed_tokens(x, grid)
        m = self.t_embedder(t)
        if self.config.share_mod:
            m = self.adaLN_modulation(m)
        m = m.to(dtype)
        per_block = context if isinstance(context, Sequence) else [context] * len(self.blocks)
        for block, keys in zip(self.blocks, per_block, strict=True):
            h = block(h, grid, m, keys)
        h = F.layer_norm(h.to(x.dtype), h.shape[-1:])  # eps 1e-5, unlike the blocks
        return self.out_layer(h)

    def embed_tokens(self, x: Tensor, grid: Grid) -> Tensor:
        """(T, in_channels) -> (T, C) in the torso's type."""
        h = self.input_layer(x).to(self.torso_dtype)
        return h if self.config.rope else h + self.position_embedding(grid).to(h.dtype)

    def position_embedding(self, grid: Grid) -> Tensor:
        channels = self.config.model_channels
        return grid.derived(("positions", channels), lambda: absolute_positions(grid.positions, channels))


class SparseFlow(FlowTransformer):
    """Flow of a latent on active voxels; `concat` is appended to its channels (the shape latent, for materials)."""

    def forward(
        self, x: SparseTensor, t: Tensor, context: FlowContext, concat: SparseTensor | None = None
    ) -> SparseTensor:
        feats = x.feats if concat is None else torch.cat((x.feats, concat.feats), dim=-1)
        return x.replace(self.velocity(feats, x.grid, t, context))


class DenseFlow(FlowTransformer):
    """Flow of a dense latent (B, C, R, R, R), whose tokens are the cells in x-major order."""

    def __init__(self, config: FlowConfig = STRUCTURE_FLOW) -> None:
        super().__init__(config)
        self._grids: dict[tuple[int, torch.device], Grid] = {}

    def grid(self, batch: int, device: torch.device) -> Grid:
        """All R^3 cells of every batch item."""
        if (batch, device) not in self._grids:
            sides = (batch, *[self.config.resolution] * 3)
            cells = torch.cartesian_prod(*(torch.arange(side, device=device) for side in sides))
            self._grids = {(batch, device): Grid(cells.view(-1, 4))}
        return self._grids[batch, device]

    def forward(self, x: Tensor, t: Tensor, context: FlowContext) -> Tensor:
        rows = x.flatten(2).transpose(1, 2).flatten(0, 1)  # (B R^3, C)
        v = self.velocity(rows, self.grid(len(x), x.device), t, context)
        return v.unflatten(0, (len(x), -1)).transpose(1, 2).unflatten(2, x.shape[2:])

    def embed_tokens(self, x: Tensor, grid: Grid) -> Tensor:
        h = self.input_layer(x)
        if not self.config.rope:
            h = h + self.position_embedding(grid)  # added before the cast, unlike in the sparse network
        return h.to(self.torso_dtype)


def _drop_computed_buffers(module: nn.Module, state_dict: dict[str, Tensor], prefix: str, *_: Any) -> None:
    for name in FlowTransformer.computed_buffers:
        state_dict.pop(prefix + name, None)


def initialise_flow(flow: FlowTransformer) -> None:
    """Weights before training: "scaled" initialisation of the published flows (trellis2_core spec 7)."""
    channels, blocks = flow.config.model_channels, flow.config.num_blocks
    for name, module in flow.named_modules():
        if not isinstance(module, nn.Linear):
            continue
        std = (2 / (5 * channels)) ** 0.5
        if name.endswith(("to_out", "mlp.mlp.2")):
            std = (5 * blocks * channels) ** -0.5
        elif name == "input_layer":
            std = flow.config.in_channels**-0.5
        elif name.startswith("t_embedder"):
            std = 0.02
        elif "adaLN_modulation" in name or name == "out_layer":
            std = 0.0
        nn.init.normal_(module.weight, std=std)
        nn.init.zeros_(module.bias)

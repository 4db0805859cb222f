"""The FLUX transformer with an occlusion-aware condition branch (SeeThrough3D spec sections 7 and 8).

Three streams: T text, I image, K condition (the picture of the translucent boxes). Image and text run through the
base FLUX weights and look at everything; condition rows run through the same weights plus LoRA at time 0, and look
at their own block and at the words of the boxes that they belong to.

Attribute names are the keys of the published checkpoints (diffusers layout of FLUX.1-dev; the LoRA file).
Shapes: B batch, T text tokens, I image tokens, K condition tokens of one block, N condition blocks, D width,
H heads, d width of a head.

What does not change over the sampling steps is computed once per image, in `prepare` and `modulate` (spec 16.3);
no mask of the whole sequence exists: condition queries are attended in a call of their own (spec 16.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from ...nn.attention import attention
from ...nn.embed import sinusoid
from ...nn.fused import add_gated, gelu_linear, kernels_run, linear_into, norm_modulate, prepare_heads


@dataclass(frozen=True)
class FluxConfig:
    """Names and defaults of the published transformer/config.json."""

    in_channels: int = 64
    num_layers: int = 19  # double blocks
    num_single_layers: int = 38
    attention_head_dim: int = 128
    num_attention_heads: int = 24
    joint_attention_dim: int = 4096
    pooled_projection_dim: int = 768
    guidance_embeds: bool = True
    axes_dims_rope: tuple[int, ...] = (16, 56, 56)
    rope_theta: float = 10000.0
    norm_eps: float = 1e-6

    @property
    def width(self) -> int:
        return self.attention_head_dim * self.num_attention_heads

    @staticmethod
    def from_published(values: dict[str, Any]) -> FluxConfig:
        """From a config.json of diffusers; keys that change nothing here (patch_size 1, names) are left out."""
        if values.get("patch_size", 1) != 1:
            raise ValueError(f"patch_size is {values['patch_size']}, this network takes packed tokens (1)")
        known: dict[str, Any] = {k: v for k, v in values.items() if k in FluxConfig.__dataclass_fields__}
        known["axes_dims_rope"] = tuple(known.get("axes_dims_rope", FluxConfig.axes_dims_rope))
        return FluxConfig(**known)


@dataclass(frozen=True)
class LoraConfig:
    """One condition block. `scale` = network alpha / rank * weight."""

    rank: int = 128
    scale: float = 1.0


PUBLISHED_LORAS = (LoraConfig(),)
NORM_EPS = 1e-6  # of the norms without weights


@dataclass(frozen=True)
class Binding:
    """The words that condition rows may look at: for each row, some of U text columns."""

    columns: Tensor  # (B, U) int64, text columns of any subject of the sample; padded with 0
    allowed: Tensor  # (B, K, U) bool

    def padded(self, multiple: int) -> Binding:
        """The same with U a multiple, so that scenes with other words have tensors of the same shapes."""
        more = -self.columns.shape[1] % multiple
        return Binding(F.pad(self.columns, (0, more)), F.pad(self.allowed, (0, more)))

    def bias(self, dtype: torch.dtype) -> Tensor:
        """(B, 1, K, U + K): what is added to the scores of condition rows over their words and their block."""
        closed = torch.zeros_like(self.allowed, dtype=dtype).masked_fill(~self.allowed, -torch.inf)
        rows = self.allowed.shape[1]
        return F.pad(closed, (0, rows))[:, None]


@dataclass(frozen=True)
class Modulation:
    """All shift, scale and gate vectors of one time embedding."""

    double: list[tuple[Tensor, Tensor]]  # per double block: image (B, 6D), text (B, 6D)
    single: list[Tensor]  # per single block: (B, 3D)
    out: Tensor  # (B, 2D)


Heads = tuple[Tensor, Tensor, Tensor]  # q, k, v (B, S, H, d); q and k normed and rotated


@dataclass(frozen=True)
class Sight:
    """What attention knows besides its rows: where each of them is, and what it may look at."""

    rotary: Tensor  # (T + I + N*K, d/2, 2)
    keys: tuple[Tensor, ...] = ()  # per condition block (B, U + K): the rows it sees; none: itself and no text
    bias: Tensor | None = None  # of the binding

    @staticmethod
    def of(rotary: Tensor, binding: Binding | None, dtype: torch.dtype, blocks: int = 1) -> Sight:
        if binding is None:
            return Sight(rotary)
        samples, rows, _ = binding.allowed.shape
        own = torch.arange(len(rotary) - blocks * rows, len(rotary), device=rotary.device).expand(samples, -1)
        keys = tuple(torch.cat((binding.columns, block), dim=1) for block in own.chunk(blocks, dim=1))
        return Sight(rotary, keys, binding.bias(dtype))


@dataclass(frozen=True)
class Prepared:
    """What stays the same over all steps of one image."""

    text: Tensor  # (B, T, D) embedded
    condition: Tensor  # (B, N*K, D) embedded
    modulation: Modulation  # of the condition rows, at time 0
    sight: Sight
    first: Heads | None = None  # of the condition rows in the first block, where they do not depend on the step


class SeeThroughTransformer(nn.Module):
    def __init__(self, config: FluxConfig = FluxConfig(), loras: Sequence[LoraConfig] = PUBLISHED_LORAS) -> None:
        super().__init__()
        self.config = config
        self.recompute = False  # training: blocks keep only what enters them and run again for their gradients
        self.blocks_of_condition = len(loras)
        width = config.width
        self.x_embedder = nn.Linear(config.in_channels, width)
        self.context_embedder = nn.Linear(config.joint_attention_dim, width)
        self.time_text_embed = TimeTextEmbedding(width, config.pooled_projection_dim, config.guidance_embeds)
        self.transformer_blocks = nn.ModuleList(DoubleBlock(config, loras) for _ in range(config.num_layers))
        kinds = [SingleBlock] * (config.num_single_layers - 1) + [LastSingleBlock]
        self.single_transformer_blocks = nn.ModuleList(kind(config, loras) for kind in kinds)
        self.norm_out = AdaLayerNorm(width, 2)
        self.proj_out = nn.Linear(width, config.in_channels)

    def prepare(
        self,
        text: Tensor,
        condition: Tensor,
        pooled: Tensor,
        guidance: Tensor | None,
        ids: Tensor,
        binding: Binding | None,
        at_rest: Modulation | None = None,
    ) -> Prepared:
        """text (B, T, C), condition (B, N*K, in), pooled (B, P), guidance (B,) or None, ids (T + I + N*K, 3).

        `at_rest` is the modulation at time 0, where it is known already.
        """
        if at_rest is None:
            zero = torch.zeros(len(text), dtype=text.dtype, device=text.device)
            at_rest = self.modulate(self.time_text_embed(zero, guidance, pooled))
        return Prepared(
            text=self.context_embedder(text),
            condition=self.x_embedder(condition),
            modulation=at_rest,
            sight=Sight.of(
                flux_rotary(ids, self.config.axes_dims_rope, self.config.rope_theta),
                binding,
                text.dtype,
                self.blocks_of_condition,
            ),
        )

    def modulate(self, embedding: Tensor) -> Modulation:
        """Every block's modulation for an embedding (B, D) of time, guidance and pooled text."""
        c = F.silu(embedding)
        return Modulation(
            double=[(b.norm1(c), b.norm1_context(c)) for b in self.doubles],
            single=[b.norm(c) for b in self.singles],
            out=self.norm_out(c),
        )

    def modulation_linears(self) -> list[nn.Module]:
        """A quarter of all weights, needed once per image only: `modulate` runs them wherever they are kept."""
        double = [norm for b in self.doubles for norm in (b.norm1, b.norm1_context)]
        return [*double, *(b.norm for b in self.singles)]

    @property
    def doubles(self) -> list[DoubleBlock]:
        return cast("list[DoubleBlock]", list(self.transformer_blocks))

    @property
    def singles(self) -> list[SingleBlock]:
        return cast("list[SingleBlock]", list(self.single_transformer_blocks))

    def forward(self, image: Tensor, prepared: Prepared, modulation: Modulation) -> Tensor:
        """Velocity (B, I, in) of the image tokens (B, I, in)."""
        text = prepared.text.clone()  # blocks may write over what they are given
        picture = torch.cat((self.x_embedder(image), prepared.condition), dim=1)  # (B, I + N*K, D)
        first = prepared.first
        for block, mod, (mod_condition, _) in zip(
            self.doubles, modulation.double, prepared.modulation.double, strict=True
        ):
            text, picture = self._run(block, text, picture, mod, mod_condition, prepared, first)
            first = None
        rows = torch.cat((text, picture), dim=1)  # (B, T + I + N*K, D): text in front
        *singles, last = self.singles
        *mods, mod_last = zip(modulation.single, prepared.modulation.single, strict=True)
        for block, mod in zip(singles, mods, strict=True):
            rows = self._run(block, rows, *mod, prepared)
        image = self._run(last, rows, *mod_last, prepared)  # (B, I, D)
        scale, shift = modulation.out[:, None].chunk(2, dim=-1)
        return self.proj_out(norm_modulate(image, shift, scale, NORM_EPS))

    def _run(self, block: nn.Module, *inputs):
        return checkpoint(block, *inputs, use_reentrant=False) if self.recompute else block(*inputs)


class DoubleBlock(nn.Module):
    """Text, and image with condition, have weights of their own and attend together (spec 7.3)."""

    def __init__(self, config: FluxConfig, loras: Sequence[LoraConfig]) -> None:
        super().__init__()
        self.norm1 = AdaLayerNorm(config.width, 6)
        self.norm1_context = AdaLayerNorm(config.width, 6)
        self.attn = JointAttention(config, loras)
        self.ff = FeedForward(config.width)
        self.ff_context = FeedForward(config.width)

    def forward(
        self,
        text: Tensor,
        picture: Tensor,
        modulation: tuple[Tensor, Tensor],
        modulation_condition: Tensor,
        prepared: Prepared,
        own: Heads | None = None,
    ) -> tuple[Tensor, Tensor]:
        """`own`: what `condition_heads` gives, where it is known already."""
        images = picture.shape[1] - prepared.condition.shape[1]
        mod, mod_t = Six.split(modulation[0], modulation_condition), Six.split(modulation[1])
        if own is None:
            normed = norm_modulate(picture, mod.shift_a, mod.scale_a, NORM_EPS, images)
        else:
            normed = norm_modulate(picture[:, :images], mod.shift_a[:, :1], mod.scale_a[:, :1], NORM_EPS)
        normed_text = norm_modulate(text, mod_t.shift_a, mod_t.scale_a, NORM_EPS)
        of_text, of_picture = self.attn(normed_text, normed, images, prepared.sight, own)
        picture = add_gated(picture, mod.gate_a, of_picture, split=images)
        text = add_gated(text, mod_t.gate_a, of_text)
        of_picture = self.ff(norm_modulate(picture, mod.shift_m, mod.scale_m, NORM_EPS, images))
        of_text = self.ff_context(norm_modulate(text, mod_t.shift_m, mod_t.scale_m, NORM_EPS))
        picture = add_gated(picture, mod.gate_m, of_picture, split=images)
        text = add_gated(text, mod_t.gate_m, of_text)
        if text.dtype == torch.float16:
            text = text.clip(-65504, 65504)
        return text, picture

    def condition_heads(self, condition: Tensor, modulation: Tensor, prepared: Prepared) -> Heads:
        mod = Six.split(modulation)
        normed = norm_modulate(condition, mod.shift_a, mod.scale_a, NORM_EPS)
        return self.attn.qkv(normed, prepared.sight.rotary[-condition.shape[1] :], 0)


class SingleBlock(nn.Module):
    """Text and image as one stream; attention and MLP side by side (spec 7.4)."""

    def __init__(self, config: FluxConfig, loras: Sequence[LoraConfig]) -> None:
        super().__init__()
        width = config.width
        self.norm = AdaLayerNorm(width, 3)
        self.attn = SingleAttention(config, loras)
        self.proj_mlp = nn.Linear(width, 4 * width)
        self.proj_out = nn.Linear(5 * width, width)
        self.proj_apart: nn.ModuleList | None = None  # instead of proj_out, by columns: see acceleration.py

    def forward(self, rows: Tensor, modulation: Tensor, modulation_condition: Tensor, prepared: Prepared) -> Tensor:
        """rows (B, S, D) of text, image and condition."""
        split = rows.shape[1] - prepared.condition.shape[1]
        shift, scale, gate = parts(3, modulation, modulation_condition)
        normed = norm_modulate(rows, shift, scale, NORM_EPS, split)
        attended = self.attn(normed, split, prepared.sight)
        return add_gated(rows, gate, *self._mixed(attended, normed), split=split)

    def _mixed(self, attended: Tensor, normed: Tensor) -> tuple[Tensor, Tensor | None]:
        """What a block adds, as one or two terms."""
        hidden = gelu_linear(normed, self.proj_mlp)
        if self.proj_apart is not None:
            of_attended, of_hidden = self.proj_apart
            return of_attended(attended), of_hidden(hidden)
        return self.proj_out(torch.cat((attended, hidden), dim=-1)), None


class LastSingleBlock(SingleBlock):
    """Only image rows leave the last block, so only their queries and MLP are computed (spec 16.4)."""

    def forward(self, rows: Tensor, modulation: Tensor, modulation_condition: Tensor, prepared: Prepared) -> Tensor:
        split, texts = rows.shape[1] - prepared.condition.shape[1], prepared.text.shape[1]
        shift, scale, gate = parts(3, modulation, modulation_condition)
        normed = norm_modulate(rows, shift, scale, NORM_EPS, split)
        attended = self.attn.image_rows(normed, texts, split, prepared.sight.rotary)
        added = self._mixed(attended, normed[:, texts:split])
        return add_gated(rows[:, texts:split], gate[:, :1], *added)


class SingleAttention(nn.Module):
    def __init__(self, config: FluxConfig, loras: Sequence[LoraConfig]) -> None:
        super().__init__()
        width = config.width
        self.heads = config.num_attention_heads
        self.to_q = nn.Linear(width, width)
        self.to_k = nn.Linear(width, width)
        self.to_v = nn.Linear(width, width)
        self.to_qkv: nn.Linear | None = None  # instead of the three: see acceleration.py
        self.norm_q = RMSNorm(config.attention_head_dim, config.norm_eps)
        self.norm_k = RMSNorm(config.attention_head_dim, config.norm_eps)
        self.processor = ConditionLoras(width, loras, ("q", "k", "v"))

    def forward(self, rows: Tensor, split: int, sight: Sight) -> Tensor:
        """rows (B, S, D), from `split` on those of the condition -> the same, attended, without output projection."""
        return split_attention(*self.qkv(rows, sight.rotary, split), split, self.processor.count, sight)

    def image_rows(self, rows: Tensor, texts: int, split: int, rotary: Tensor) -> Tensor:
        """Image rows alone, after they looked at all rows."""
        q = self._ready(self.to_q(rows[:, texts:split]), self.norm_q, rotary[texts:split])
        k = self._ready(self.processor.add("k", self.to_k(rows), rows, split), self.norm_k, rotary)
        v = self._heads(self.processor.add("v", self.to_v(rows), rows, split))
        return attention(q, k, v).flatten(2)

    def qkv(self, x: Tensor, table: Tensor, split: int) -> Heads:
        """Heads of rows (B, R, D) at the positions of table (R, d/2, 2); from row `split` on with LoRA."""
        if self.to_qkv is not None:
            q, k, v = self.processor.add_joined(self.to_qkv(x), x, split).chunk(3, dim=-1)
        else:
            linears = (self.to_q, self.to_k, self.to_v)
            q, k, v = (self.processor.add(name, to(x), x, split) for name, to in zip("qkv", linears, strict=True))
        return self._ready(q, self.norm_q, table), self._ready(k, self.norm_k, table), self._heads(v)

    def _ready(self, x: Tensor, norm: RMSNorm, table: Tensor) -> Tensor:
        """(B, R, D) -> (B, R, H, d), normed and rotated; x must not be used afterwards."""
        return prepare_heads(self._heads(x), norm.weight, table, norm.eps)

    def _heads(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1))


class JointAttention(SingleAttention):
    """Attention of the double block: text has projections of its own, and every stream an output projection."""

    def __init__(self, config: FluxConfig, loras: Sequence[LoraConfig]) -> None:
        super().__init__(config, loras)
        width = config.width
        self.processor = ConditionLoras(width, loras, ("q", "k", "v", "proj"))
        self.add_q_proj = nn.Linear(width, width)
        self.add_k_proj = nn.Linear(width, width)
        self.add_v_proj = nn.Linear(width, width)
        self.add_qkv_proj: nn.Linear | None = None  # instead of the three
        self.norm_added_q = RMSNorm(config.attention_head_dim, config.norm_eps)
        self.norm_added_k = RMSNorm(config.attention_head_dim, config.norm_eps)
        self.to_out = nn.ModuleList([nn.Linear(width, width)])
        self.to_add_out = nn.Linear(width, width)

    def forward(  # type: ignore[override]
        self, text: Tensor, picture: Tensor, images: int, sight: Sight, own: Heads | None = None
    ) -> tuple[Tensor, Tensor]:
        """text (B, T, D), picture (B, I + N*K, D) -> both attended and projected.

        Where the heads of the condition are known already (`own`), picture has the image rows only.
        """
        texts = text.shape[1]
        if own is None and self.to_qkv is not None and kernels_run(text):
            q, k, v = self._side_by_side(text, picture, images, sight.rotary)
        else:
            of_text = self.text_qkv(text, sight.rotary[:texts])
            of_picture = self.qkv(picture, sight.rotary[texts : texts + picture.shape[1]], images)
            streams = (of_text, of_picture) if own is None else (of_text, of_picture, own)
            q, k, v = (torch.cat(same, dim=1) for same in zip(*streams, strict=True))  # (B, S, H, d)
        attended = split_attention(q, k, v, texts + images, self.processor.count, sight)
        out = self.to_out[0](attended[:, texts:])
        out = self.processor.add("proj", out, out, images)  # in series with the projection, not beside it (spec 8.4)
        return self.to_add_out(attended[:, :texts]), out

    def _side_by_side(self, text: Tensor, picture: Tensor, images: int, table: Tensor) -> Heads:
        """Heads of both streams, written into one tensor from the start and worked on in place."""
        texts = text.shape[1]
        rows = text.new_empty(1, texts + picture.shape[1], 3 * text.shape[2])
        linear_into(rows[:, :texts], text, self.add_qkv_proj)
        linear_into(rows[:, texts:], picture, self.to_qkv)
        self.processor.add_joined(rows[:, texts:], picture, images)
        q, k, v = (self._heads(part) for part in rows.chunk(3, dim=-1))
        for x, norm_text, norm in ((q, self.norm_added_q, self.norm_q), (k, self.norm_added_k, self.norm_k)):
            prepare_heads(x[:, :texts], norm_text.weight, table[:texts], norm_text.eps)
            prepare_heads(x[:, texts:], norm.weight, table[texts:], norm.eps)
        return q, k, v

    def text_qkv(self, x: Tensor, table: Tensor) -> Heads:
        if self.add_qkv_proj is not None:
            q, k, v = self.add_qkv_proj(x).chunk(3, dim=-1)
        else:
            q, k, v = self.add_q_proj(x), self.add_k_proj(x), self.add_v_proj(x)
        return self._ready(q, self.norm_added_q, table), self._ready(k, self.norm_added_k, table), self._heads(v)


class ConditionLoras(nn.Module):
    """Low-rank additions for condition rows; LoRA m acts on condition block m (spec 8.4)."""

    def __init__(self, width: int, loras: Sequence[LoraConfig], names: tuple[str, ...]) -> None:
        super().__init__()
        self.count = len(loras)
        self.joined: nn.ModuleList | None = None  # instead of those of q, k and v: see acceleration.py
        for name in names:
            self.add_module(f"{name}_loras", nn.ModuleList(Lora(width, lora) for lora in loras))

    def add(self, name: str, y: Tensor, x: Tensor, start: int) -> Tensor:
        """The linear's output y (B, R, D) for rows x (B, R, D); the condition rows, from `start` on, with their LoRA.

        May work in place: y must not be used afterwards.
        """
        if start == y.shape[1]:
            return y
        layers = self.get_submodule(f"{name}_loras").children()
        own = [part.chunk(self.count, dim=1) for part in (y[:, start:], x[:, start:])]
        blocks = list(zip(layers, *own, strict=True))
        if kernels_run(y):
            for lora, of_y, of_x in blocks:
                lora.add_to(of_y, of_x)
            return y
        return torch.cat((y[:, :start], *(of_y + lora(of_x) for lora, of_y, of_x in blocks)), dim=1)

    def add_joined(self, y: Tensor, x: Tensor, start: int) -> Tensor:
        """The same for y (B, R, 3D), q, k and v side by side, and the joined LoRAs."""
        if self.joined is None:
            each = (self.add(name, part, x, start) for name, part in zip("qkv", y.chunk(3, dim=-1), strict=True))
            return torch.cat(tuple(each), dim=-1)
        if start == y.shape[1]:
            return y
        own = [part.chunk(self.count, dim=1) for part in (y[:, start:], x[:, start:])]
        blocks = list(zip(self.joined, *own, strict=True))
        if kernels_run(y):
            for lora, of_y, of_x in blocks:
                lora.add_to(of_y, of_x)
            return y
        return torch.cat((y[:, :start], *(of_y + lora(of_x) for lora, of_y, of_x in blocks)), dim=1)


class JoinedLora(nn.Module):
    """The LoRAs of q, k and v of one condition block: one product down, one of three up."""

    def __init__(self, q: Lora, k: Lora, v: Lora) -> None:
        super().__init__()
        self.scale = q.scale
        self.down = nn.Parameter(torch.cat([lora.down.weight.data for lora in (q, k, v)]), requires_grad=False)
        self.up = nn.Parameter(torch.stack([lora.up.weight.data.t() for lora in (q, k, v)]), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, R, D) -> (B, R, 3D)."""
        low = F.linear(x, self.down).unflatten(-1, (3, -1))  # (B, R, 3, r)
        return (torch.einsum("brnl,nld->brnd", low, self.up) * self.scale).flatten(2)

    def add_to(self, y: Tensor, x: Tensor) -> None:
        """y += self(x), in the matrix product."""
        for of_y, of_x in zip(y, F.linear(x, self.down), strict=True):
            low, three = (rows.unflatten(-1, (3, -1)).transpose(0, 1) for rows in (of_x, of_y))  # (3, R, r), (3, R, D)
            three.baddbmm_(low, self.up, alpha=self.scale)


class Lora(nn.Module):
    def __init__(self, width: int, config: LoraConfig) -> None:
        super().__init__()
        self.scale = config.scale
        self.down = nn.Linear(width, config.rank, bias=False)
        self.up = nn.Linear(config.rank, width, bias=False)
        if self.down.weight.device.type != "meta":
            nn.init.normal_(self.down.weight, std=1 / config.rank)
            nn.init.zeros_(self.up.weight)

    def forward(self, x: Tensor) -> Tensor:
        """In the type of x, whatever the weights are kept in: training keeps them in fp32."""
        down, up = self.down.weight.to(x.dtype), self.up.weight.to(x.dtype)
        delta = F.linear(F.linear(x, down), up)
        return delta if self.scale == 1.0 else delta * self.scale

    def add_to(self, y: Tensor, x: Tensor) -> None:
        """y += self(x), in the matrix product."""
        for of_y, of_x in zip(y, F.linear(x, self.down.weight), strict=True):
            of_y.addmm_(of_x, self.up.weight.t(), alpha=self.scale)


class TimeTextEmbedding(nn.Module):
    """c(t, g, p): time, guidance strength and pooled text in one vector (spec 7.2)."""

    def __init__(self, width: int, pooled: int, guidance: bool = True) -> None:
        super().__init__()
        self.timestep_embedder = TwoLinears(256, width)
        if guidance:
            self.guidance_embedder = TwoLinears(256, width)
        self.text_embedder = TwoLinears(pooled, width)
        self.takes_guidance = guidance

    def forward(self, timestep: Tensor, guidance: Tensor | None, pooled: Tensor) -> Tensor:
        """timestep, guidance (B,), both already multiplied by 1000; pooled (B, P) -> (B, D)."""
        c = self.timestep_embedder(sinusoid(timestep, 256).to(pooled.dtype))
        if self.takes_guidance:
            if guidance is None:
                raise ValueError("this checkpoint embeds the guidance strength: give guidance (B,)")
            c = c + self.guidance_embedder(sinusoid(guidance, 256).to(pooled.dtype))
        return c + self.text_embedder(pooled)


class TwoLinears(nn.Module):
    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(inputs, width)
        self.linear_2 = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_2(F.silu(self.linear_1(x)))


class AdaLayerNorm(nn.Module):
    """Holds the linear that makes `parts` modulation vectors; the norm itself has no weights."""

    def __init__(self, width: int, parts: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, parts * width)

    def forward(self, c: Tensor) -> Tensor:
        """(B, D) -> (B, parts * D); weights that wait in main memory visit the device of c for this call."""
        weight, bias = (p.to(c.device, non_blocking=True) for p in (self.linear.weight, self.linear.bias))
        return F.linear(c, weight, bias)


class FeedForward(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.net = nn.ModuleList([GeluProjection(width, 4 * width), nn.Identity(), nn.Linear(4 * width, width)])

    def forward(self, x: Tensor) -> Tensor:
        return self.net[2](self.net[0](x))


class GeluProjection(nn.Module):
    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, hidden)

    def forward(self, x: Tensor) -> Tensor:
        return gelu_linear(x, self.proj)


class RMSNorm(nn.Module):
    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x.float(), (x.shape[-1],), eps=self.eps).to(self.weight.dtype) * self.weight


@dataclass(frozen=True)
class Six:
    """Modulation of a double block, each (B, n, D) for n streams in one tensor."""

    shift_a: Tensor
    scale_a: Tensor
    gate_a: Tensor
    shift_m: Tensor
    scale_m: Tensor
    gate_m: Tensor

    @staticmethod
    def split(*streams: Tensor) -> Six:
        shift_a, scale_a, gate_a, shift_m, scale_m, gate_m = parts(6, *streams)
        return Six(shift_a, scale_a, gate_a, shift_m, scale_m, gate_m)


def parts(count: int, *streams: Tensor) -> tuple[Tensor, ...]:
    """`count` vectors (B, n, D), each contiguous, of n streams (B, count * D)."""
    return torch.stack([vectors.unflatten(-1, (count, -1)) for vectors in streams], dim=2).unbind(1)


def split_attention(q: Tensor, k: Tensor, v: Tensor, split: int, blocks: int, sight: Sight) -> Tensor:
    """Attention in two calls: text and image rows see all keys; condition rows see their block and their words.

    Heads (B, S, H, d) of text, image and, from `split` on, condition -> (B, S, D).
    """
    joint = attention(q[:, :split], k, v)
    own_q, own_k, own_v = (x[:, split:].chunk(blocks, dim=1) for x in (q, k, v))
    if sight.keys:
        indices = [keys[:, :, None, None].expand(-1, -1, *k.shape[2:]) for keys in sight.keys]
        own_k, own_v = ([x.gather(1, index) for index in indices] for x in (k, v))  # (B, U + K, H, d)
    own = [attention(*heads, sight.bias) for heads in zip(own_q, own_k, own_v, strict=True)]
    return torch.cat((joint, *own), dim=1).flatten(2)


def bind(call_ids: Sequence[Sequence[Sequence[int]]], token_masks: Sequence[Tensor], texts: int) -> Binding:
    """The binding of a batch: per sample, per subject its text columns, and its token mask (subjects, h, w).

    Columns at or beyond `texts` were cut off with the prompt and are dropped.
    """
    kept = [[[c for c in subject if c < texts] for subject in sample] for sample in call_ids]
    columns = [sorted({c for subject in sample for c in subject}) for sample in kept]
    width = max((len(c) for c in columns), default=0)
    device, rows = token_masks[0].device, token_masks[0][0].numel()
    padded = torch.zeros(len(kept), width, dtype=torch.long, device=device)
    allowed = torch.zeros(len(kept), rows, width, dtype=torch.bool, device=device)
    for b, (sample, cols, masks) in enumerate(zip(kept, columns, token_masks, strict=True)):
        padded[b, : len(cols)] = torch.tensor(cols, dtype=torch.long, device=device)
        for subject, mask in zip(sample, masks, strict=True):
            for column in subject:
                allowed[b, :, cols.index(column)] |= mask.flatten().bool()
    return Binding(padded, allowed)


def flux_rotary(ids: Tensor, axes: Sequence[int], theta: float = 10000.0) -> Tensor:
    """(S, 3) position ids -> (S, d/2, 2) cosine and sine; axis a rotates axes[a] channels."""
    parts = []
    for axis, channels in enumerate(axes):
        exponent = torch.arange(0, channels, 2, dtype=torch.float64, device=ids.device) / channels
        parts.append(ids[:, axis, None].double() / theta**exponent)
    angles = torch.cat(parts, dim=-1)
    return torch.stack((angles.cos(), angles.sin()), dim=-1).float()

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

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from ...nn.attention import attention
from ...nn.embed import sinusoid
from ...nn.fused import norm_modulate, prepare_heads
from ...nn.rope import apply_rotary


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
    def from_published(values: dict) -> FluxConfig:
        """From a config.json of diffusers; keys that change nothing here (patch_size 1, names) are left out."""
        if values.get("patch_size", 1) != 1:
            raise ValueError(f"patch_size is {values['patch_size']}, this network takes packed tokens (1)")
        known = {k: v for k, v in values.items() if k in FluxConfig.__dataclass_fields__}
        return FluxConfig(**known | {"axes_dims_rope": tuple(known.get("axes_dims_rope", (16, 56, 56)))})


@dataclass(frozen=True)
class LoraConfig:
    """One condition block. `scale` = network alpha / rank * weight."""

    rank: int = 128
    scale: float = 1.0


PUBLISHED_LORAS = (LoraConfig(),)


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
    binding: Binding | None  # None: condition rows look at no text
    bias: Tensor | None  # of the binding

    @staticmethod
    def of(rotary: Tensor, binding: Binding | None, dtype: torch.dtype) -> Sight:
        return Sight(rotary, binding, None if binding is None else binding.bias(dtype))


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
    ) -> Prepared:
        """text (B, T, C), condition (B, N*K, in), pooled (B, P), guidance (B,) or None, ids (T + I + N*K, 3)."""
        at_rest = torch.zeros(len(text), dtype=text.dtype, device=text.device)
        return Prepared(
            text=self.context_embedder(text),
            condition=self.x_embedder(condition),
            modulation=self.modulate(self.time_text_embed(at_rest, guidance, pooled)),
            sight=Sight.of(flux_rotary(ids, self.config.axes_dims_rope, self.config.rope_theta), binding, text.dtype),
        )

    def modulate(self, embedding: Tensor) -> Modulation:
        """Every block's modulation for an embedding (B, D) of time, guidance and pooled text."""
        c = F.silu(embedding)
        return Modulation(
            double=[(b.norm1(c), b.norm1_context(c)) for b in self.transformer_blocks],
            single=[b.norm(c) for b in self.single_transformer_blocks],
            out=self.norm_out(c),
        )

    def modulation_linears(self) -> list[nn.Module]:
        """A quarter of all weights, needed once per image only: `modulate` runs them wherever they are kept."""
        double = [norm for b in self.transformer_blocks for norm in (b.norm1, b.norm1_context)]
        return [*double, *(b.norm for b in self.single_transformer_blocks)]

    def forward(self, image: Tensor, prepared: Prepared, modulation: Modulation) -> Tensor:
        """Velocity (B, I, in) of the image tokens (B, I, in)."""
        text, image, condition = prepared.text, self.x_embedder(image), prepared.condition
        first = prepared.first
        for block, mod, mod_condition in zip(
            self.transformer_blocks, modulation.double, prepared.modulation.double, strict=True
        ):
            text, image, condition = self._run(block, text, image, condition, mod, mod_condition[0], prepared, first)
            first = None
        joint = torch.cat((text, image), dim=1)  # (B, T + I, D): text in front
        *singles, last = self.single_transformer_blocks
        *mods, mod_last = zip(modulation.single, prepared.modulation.single, strict=True)
        for block, mod in zip(singles, mods, strict=True):
            joint, condition = self._run(block, joint, condition, *mod, prepared)
        image = self._run(last, joint, condition, *mod_last, prepared)  # (B, I, D)
        scale, shift = modulation.out[:, None].chunk(2, dim=-1)
        return self.proj_out(modulated(image, shift, scale))

    def _run(self, block: nn.Module, *inputs):
        return checkpoint(block, *inputs, use_reentrant=False) if self.recompute else block(*inputs)


class DoubleBlock(nn.Module):
    """Text and image (with condition) have weights of their own and attend together (spec 7.3)."""

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
        image: Tensor,
        condition: Tensor,
        modulation: tuple[Tensor, Tensor],
        modulation_condition: Tensor,
        prepared: Prepared,
        own: Heads | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """`own`: what `condition_heads` gives, where it is known already."""
        mod_i, mod_t, mod_k = (Six.split(m) for m in (*modulation, modulation_condition))
        attended = self.attn(
            modulated(text, mod_t.shift_a, mod_t.scale_a),
            modulated(image, mod_i.shift_a, mod_i.scale_a),
            self.condition_heads(condition, modulation_condition, prepared) if own is None else own,
            prepared.sight,
        )
        text, image, condition = (
            torch.addcmul(x, mod.gate_a, a)
            for x, mod, a in zip((text, image, condition), (mod_t, mod_i, mod_k), attended, strict=True)
        )
        image = torch.addcmul(image, mod_i.gate_m, self.ff(modulated(image, mod_i.shift_m, mod_i.scale_m)))
        condition = torch.addcmul(condition, mod_k.gate_m, self.ff(modulated(condition, mod_k.shift_m, mod_k.scale_m)))
        text = torch.addcmul(text, mod_t.gate_m, self.ff_context(modulated(text, mod_t.shift_m, mod_t.scale_m)))
        if text.dtype == torch.float16:
            text = text.clip(-65504, 65504)
        return text, image, condition

    def condition_heads(self, condition: Tensor, modulation: Tensor, prepared: Prepared) -> Heads:
        mod = Six.split(modulation)
        table = prepared.sight.rotary[-condition.shape[1] :]
        return self.attn.condition_qkv(modulated(condition, mod.shift_a, mod.scale_a), table)


class SingleBlock(nn.Module):
    """Text and image as one stream; attention and MLP side by side (spec 7.4)."""

    def __init__(self, config: FluxConfig, loras: Sequence[LoraConfig]) -> None:
        super().__init__()
        width = config.width
        self.norm = AdaLayerNorm(width, 3)
        self.attn = SingleAttention(config, loras)
        self.proj_mlp = nn.Linear(width, 4 * width)
        self.proj_out = nn.Linear(5 * width, width)

    def forward(
        self, joint: Tensor, condition: Tensor, modulation: Tensor, modulation_condition: Tensor, prepared: Prepared
    ) -> tuple[Tensor, Tensor]:
        (shift, scale, gate), (shift_k, scale_k, gate_k) = thirds(modulation), thirds(modulation_condition)
        normed, normed_k = modulated(joint, shift, scale), modulated(condition, shift_k, scale_k)
        attended, attended_k = self.attn(normed, normed_k, prepared.sight)
        joint = torch.addcmul(joint, gate, self._mix(attended, normed))
        return joint, torch.addcmul(condition, gate_k, self._mix(attended_k, normed_k))

    def _mix(self, attended: Tensor, normed: Tensor) -> Tensor:
        mlp = F.gelu(self.proj_mlp(normed), approximate="tanh")
        return self.proj_out(torch.cat((attended, mlp), dim=-1))


class LastSingleBlock(SingleBlock):
    """Only image rows leave the last block, so only their queries and MLP are computed (spec 16.4)."""

    def forward(  # type: ignore[override]
        self, joint: Tensor, condition: Tensor, modulation: Tensor, modulation_condition: Tensor, prepared: Prepared
    ) -> Tensor:
        (shift, scale, gate), (shift_k, scale_k, _) = thirds(modulation), thirds(modulation_condition)
        normed, normed_k = modulated(joint, shift, scale), modulated(condition, shift_k, scale_k)
        texts = prepared.text.shape[1]
        attended = self.attn.image_rows(normed, normed_k, prepared.sight.rotary, texts)
        return torch.addcmul(joint[:, texts:], gate, self._mix(attended, normed[:, texts:]))


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

    def forward(self, joint: Tensor, condition: Tensor, sight: Sight) -> tuple[Tensor, Tensor]:
        """(B, S, D), (B, N*K, D) -> attended rows of both, without an output projection."""
        table, table_k = sight.rotary[: joint.shape[1]], sight.rotary[joint.shape[1] :]
        return split_attention(
            self.qkv(joint, table), self.condition_qkv(condition, table_k), self.processor.count, sight
        )

    def image_rows(self, joint: Tensor, condition: Tensor, rotary: Tensor, texts: int) -> Tensor:
        table, table_k = rotary[: joint.shape[1]], rotary[joint.shape[1] :]
        q = self._ready(self.to_q(joint[:, texts:]), self.norm_q, table[texts:])
        k = self._ready(self.to_k(joint), self.norm_k, table)
        k_own = self._ready(self.processor.add("k", self.to_k(condition), condition), self.norm_k, table_k)
        v = self._heads(self.to_v(joint))
        v_own = self._heads(self.processor.add("v", self.to_v(condition), condition))
        return attention(q, torch.cat((k, k_own), dim=1), torch.cat((v, v_own), dim=1)).flatten(2)

    def qkv(self, x: Tensor, table: Tensor) -> Heads:
        q, k, v = self.project(x)
        return self._ready(q, self.norm_q, table), self._ready(k, self.norm_k, table), self._heads(v)

    def condition_qkv(self, x: Tensor, table: Tensor) -> Heads:
        """The same with LoRA, for condition rows."""
        q, k, v = (self.processor.add(name, y, x) for name, y in zip("qkv", self.project(x), strict=True))
        return self._ready(q, self.norm_q, table), self._ready(k, self.norm_k, table), self._heads(v)

    def project(self, x: Tensor) -> Sequence[Tensor]:
        """(B, S, D) -> q, k, v (B, S, D) before norm and rotation."""
        if self.to_qkv is not None:
            return self.to_qkv(x).chunk(3, dim=-1)
        return self.to_q(x), self.to_k(x), self.to_v(x)

    def _ready(self, x: Tensor, norm: RMSNorm, table: Tensor) -> Tensor:
        """(B, S, D) -> (B, S, H, d), normed and rotated; x must not be used afterwards."""
        x = self._heads(x)
        if one_kernel(x):
            return prepare_heads(x[0], norm.weight.expand(self.heads, -1).contiguous(), table)[None]
        return apply_rotary(norm(x), table)

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
        self, text: Tensor, image: Tensor, own: Heads, sight: Sight
    ) -> tuple[Tensor, Tensor, Tensor]:
        """(B, T, D), (B, I, D), heads of the condition -> the three, attended and projected."""
        texts, images = text.shape[1], image.shape[1]
        of_text = self.text_qkv(text, sight.rotary[:texts])
        of_image = self.qkv(image, sight.rotary[texts : texts + images])
        base = tuple(torch.cat(pair, dim=1) for pair in zip(of_text, of_image, strict=True))
        joint, attended = split_attention(base, own, self.processor.count, sight)
        out = self.to_out[0](attended)
        out = self.processor.add("proj", out, out)  # in series with the projection, not beside it (spec 8.4)
        return self.to_add_out(joint[:, :texts]), self.to_out[0](joint[:, texts:]), out

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
        for name in names:
            self.add_module(f"{name}_loras", nn.ModuleList(Lora(width, lora) for lora in loras))

    def add(self, name: str, y: Tensor, x: Tensor) -> Tensor:
        """The linear's output y (B, N*K, D) for condition rows x (B, N*K, D), with what the LoRA adds to it."""
        layers = self.get_submodule(f"{name}_loras").children()
        parts = zip(layers, y.chunk(self.count, dim=1), x.chunk(self.count, dim=1), strict=True)
        added = [of_y + lora(of_x) for lora, of_y, of_x in parts]
        return added[0] if len(added) == 1 else torch.cat(added, dim=1)


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
        return F.gelu(self.proj(x), approximate="tanh")


class RMSNorm(nn.Module):
    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x.float(), (x.shape[-1],), eps=self.eps).to(self.weight.dtype) * self.weight


@dataclass(frozen=True)
class Six:
    """Modulation of a double block, each (B, 1, D)."""

    shift_a: Tensor
    scale_a: Tensor
    gate_a: Tensor
    shift_m: Tensor
    scale_m: Tensor
    gate_m: Tensor

    @staticmethod
    def split(vectors: Tensor) -> Six:
        return Six(*vectors[:, None].chunk(6, dim=-1))


def thirds(vectors: Tensor) -> tuple[Tensor, ...]:
    """shift, scale, gate (B, 1, D) of a single block."""
    return vectors[:, None].chunk(3, dim=-1)


def one_kernel(x: Tensor) -> bool:
    """Whether the kernels of nn/fused.py may take x: one picture, on a GPU, without gradients."""
    return x.is_cuda and len(x) == 1 and not torch.is_grad_enabled()


def modulated(x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    """(B, S, D) with vectors (B, 1, D)."""
    if one_kernel(x):
        return norm_modulate(x[0], shift[0], scale[0], 1e-6)[None]
    return F.layer_norm(x, (x.shape[-1],), eps=1e-6) * (1 + scale) + shift


def split_attention(base: tuple[Tensor, ...], own: Heads, blocks: int, sight: Sight) -> tuple[Tensor, Tensor]:
    """Attention in two calls: text and image rows see all keys; condition rows see their block and their words.

    base: q, k, v (B, S, H, d) of text and image; own: of the condition. Returns (B, S, D), (B, N*K, D).
    """
    (q, k, v), (q_own, k_own, v_own) = base, own
    joint = attention(q, torch.cat((k, k_own), dim=1), torch.cat((v, v_own), dim=1))
    parts = [
        _attend_block(*block, k, v, sight)
        for block in zip(*(x.chunk(blocks, dim=1) for x in (q_own, k_own, v_own)), strict=True)
    ]
    return joint.flatten(2), torch.cat(parts, dim=1).flatten(2)


def _attend_block(q: Tensor, k: Tensor, v: Tensor, k_base: Tensor, v_base: Tensor, sight: Sight) -> Tensor:
    """One condition block (B, K, H, d) over itself and the text columns of its binding."""
    if sight.binding is None:
        return attention(q, k, v)
    index = sight.binding.columns[:, :, None, None].expand(-1, -1, *k_base.shape[2:])
    words_k, words_v = k_base.gather(1, index), v_base.gather(1, index)  # (B, U, H, d)
    return attention(q, torch.cat((words_k, k), dim=1), torch.cat((words_v, v), dim=1), sight.bias)


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

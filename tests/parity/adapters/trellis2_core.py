"""Goldens of trellis2_core: names and shapes of the files mapped to the project's code, no maths."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from backend.nn.embed import TimestepEmbedder, absolute_positions, sinusoid
from backend.nn.rope import apply_rotary, rotary_table
from backend.nn.segments import Segments
from backend.sparse import attention, blocks
from backend.sparse.attention import Context, Windows
from backend.sparse.conv import KernelPairs, SubmanifoldConv3d, submanifold_conv
from backend.sparse.flow import DenseFlow, FlowConfig, SparseFlow
from backend.sparse.resample import (
    channel_to_space,
    child_mask,
    pool_max,
    pool_mean,
    space_to_channel,
    upsample_nearest,
)
from backend.sparse.tensor import Grid, SparseTensor

Outputs = dict[str, Any]


def part(golden: Any, name: str) -> dict[str, Tensor]:
    """The weights below a first key part."""
    return {key[len(name) + 1 :]: value for key, value in golden.weights.items() if key.startswith(name + ".")}


def loaded(module: nn.Module, weights: dict[str, Tensor]) -> Any:
    module.load_state_dict(weights, strict=True)
    return module.eval()


def sparse_conv(golden: Any) -> Outputs:
    grid, feats, out = Grid(golden.inputs["coords"]), golden.inputs["feats"], {}
    for kernel in golden.config["kernel"]:
        conv = loaded(SubmanifoldConv3d(golden.config["Ci"], golden.config["Co"], kernel), part(golden, f"k{kernel}"))
        out[f"k{kernel}.feats"] = conv(SparseTensor(feats, grid)).feats
    weights = part(golden, "k3")
    leaves = [feats.clone().requires_grad_(), *(weights[k].clone().requires_grad_() for k in ("weight", "bias"))]
    y = submanifold_conv(*leaves, KernelPairs.of(grid))
    grads = torch.autograd.grad(y, leaves, golden.inputs["grad_out"])
    return out | {f"k3.grad_{name}": grad for name, grad in zip(("feats", "weight", "bias"), grads, strict=True)}


def sparse_spatial(golden: Any) -> Outputs:
    x = SparseTensor.of(golden.inputs["feats"], golden.inputs["coords"])
    coarse, out = x.grid.coarsen(), {}
    assert coarse.finer
    for name, pool in (("down_mean", pool_mean), ("down_max", pool_max)):
        down = pool(x, coarse)
        out |= {f"{name}.feats": down.feats, f"{name}.coords": down.coords, f"{name}.subdivision": child_mask(coarse)}
        out[f"{name}_up_cached.feats"] = upsample_nearest(down, coarse.finer).feats
    packed = space_to_channel(x, coarse)
    out |= {"s2c.feats": packed.feats, "s2c.coords": packed.coords, "s2c.subdivision": child_mask(coarse)}
    out["s2c_c2s_cached.feats"] = channel_to_space(packed, coarse.finer).feats
    sub = SparseTensor.of(golden.inputs["sub.feats"], golden.inputs["sub.coords"])
    refinement = sub.grid.refine(golden.inputs["sub.mask"].bool())
    for name, operator in (("up_sub", upsample_nearest), ("c2s_sub", channel_to_space)):
        up = operator(sub, refinement)
        out |= {f"{name}.feats": up.feats, f"{name}.coords": up.coords}
    return out


def sparse_attention(golden: Any) -> Outputs:
    config, inputs = golden.config, golden.inputs
    channels, heads = config["channels"], config["heads"]
    grid, x = Grid(inputs["coords"]), inputs["feats"]
    dense = Context.of(inputs["ctx"])
    lists = [inputs[f"ctx_varlen.{i}"] for i in range(len(config["seqlens"]))]

    def own(name: str, heads: int, *args: Any, **kwargs: Any) -> Tensor:
        return loaded(attention.SelfAttention(channels, heads, *args, **kwargs), part(golden, name))(x, grid)

    cross = loaded(attention.CrossAttention(channels, config["ctx_channels"], heads, True), part(golden, "cross"))
    plain = loaded(attention.CrossAttention(channels, config["ctx_channels"], heads), part(golden, "cross_nonorm"))
    window = Windows(config["windowed"]["window"], tuple(config["windowed"]["shift"]))
    rope_in = golden.mids["rope_in_q"]
    return {
        "self": own("self", heads, True, True),
        "self_ropefreq": own("self_ropefreq", heads, False, True, tuple(config["self_ropefreq"])),
        "cross_dense": cross(x, grid.segments, dense),
        "cross_varlen": cross(x, grid.segments, Context.of(lists)),
        "cross_nonorm_dense": plain(x, grid.segments, dense),
        "windowed": own("win", heads, True, windows=window),
        "double_windowed": own("dwin", config["double_windowed_heads"], windows=Windows(4, double=True)),
        "rope_q": apply_rotary(rope_in, rotary_table(grid.positions, rope_in.shape[-1])),
    }


def sparse_blocks(golden: Any) -> Outputs:
    config, inputs = golden.config, golden.inputs
    channels, heads, cross = config["channels"], config["heads"], inputs["ctx"].shape[-1]
    grid, x, context = Grid(inputs["coords"]), inputs["feats"], Context.of(inputs["ctx"])

    def switches(name: str) -> dict[str, Any]:
        return {("rope" if key == "use_rope" else key): value for key, value in config[name].items()}

    share = blocks.ModulatedCrossBlock(channels, cross, heads, **switches("share"))
    own = blocks.ModulatedCrossBlock(channels, cross, heads, **switches("own"))
    alone = blocks.ModulatedSelfBlock(channels, heads, **switches("selfonly"))
    plain = blocks.CrossBlock(channels, cross, heads, **switches("plaincross"))
    return {
        "share": loaded(share, part(golden, "share"))(x, grid, inputs["mod6"], context),
        "own": loaded(own, part(golden, "own"))(x, grid, inputs["mod1"], context),
        "selfonly": loaded(alone, part(golden, "selfonly"))(x, grid, inputs["mod6"]),
        "plaincross": loaded(plain, part(golden, "plaincross"))(x, grid, context),
    }


def positional(golden: Any) -> Outputs:
    embedder = loaded(TimestepEmbedder(golden.config["t_hidden"]), part(golden, "t_embedder"))
    index, t = golden.inputs["idx"], golden.inputs["t"]
    return {
        "t_freq256": sinusoid(t, 256),
        "t_emb": embedder(t),
        "rope128_phases": rotary_table(index, 128),
        "rope20_phases": rotary_table(index, 20),
        "rope20_x": apply_rotary(golden.inputs["rope20_x"], rotary_table(index, 20)),
        "ape32": absolute_positions(index, 32),
    }


def varlen_ops(golden: Any) -> Outputs:
    rows, per_item = golden.inputs["feats"], golden.inputs["per_batch"]
    segments = Segments(golden.inputs["seqlens"].tolist())
    dense, mask = segments.pad(rows)
    reversed_rows = 2 - rows
    return {
        "add": rows + segments.expand(per_item),
        "mul": rows * segments.expand(per_item),
        "rsub_2": reversed_rows,
        "rsub": reversed_rows,
        "mean_dim1": segments.mean(rows.mean(1)),
        "sum_dim1": segments.sum(rows.sum(1)),
        "std_dim1_keepdim": segments.std(rows),
        "mean": segments.mean(rows),
        "std_dims": torch.zeros(1),
        "dense": dense,
        "dense_mask": mask,
        "cum_seqlen": torch.tensor(segments.offsets),
        "batch_map": segments.row_items(rows.device),
    }


def ss_flow(golden: Any) -> Outputs:
    flow = golden.load(DenseFlow(FlowConfig.from_published(golden.config)))
    return {"y": flow(golden.inputs["x"], golden.inputs["t"], Context.of(golden.inputs["cond"]))}


def slat_flow(golden: Any) -> Outputs:
    flow, inputs = golden.load(SparseFlow(FlowConfig.from_published(golden.config))), golden.inputs
    x = SparseTensor.of(inputs["feats"], inputs["coords"])
    concat = x.replace(inputs["concat_feats"]) if "concat_feats" in inputs else None
    out = {"feats": flow(x, inputs["t"], Context.of(inputs["cond"]), concat).feats}
    lists = [inputs[f"cond_list.{i}"] for i in range(x.segments.count) if f"cond_list.{i}" in inputs]
    if lists:
        out["feats_varlen_cond"] = flow(x, inputs["t"], Context.of(lists), concat).feats
    return out


ADAPTERS = {
    "trellis2_core.sparse_conv": sparse_conv,
    "trellis2_core.sparse_spatial": sparse_spatial,
    "trellis2_core.sparse_attention": sparse_attention,
    "trellis2_core.sparse_blocks": sparse_blocks,
    "trellis2_core.positional": positional,
    "trellis2_core.varlen_ops": varlen_ops,
    "trellis2_core.ss_flow": ss_flow,
    "trellis2_core.slat_flow": slat_flow,
}

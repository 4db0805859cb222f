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
from backend.sparse.dual_grid import dual_grid_to_mesh, dual_grid_to_training_mesh
from backend.sparse.flow import DenseFlow, FlowConfig, SparseFlow
from backend.sparse.resample import (
    channel_to_space,
    child_mask,
    pool_max,
    pool_mean,
    space_to_channel,
    upsample_nearest,
)
from backend.sparse.structure_vae import StructureDecoder, StructureEncoder, StructureVaeConfig
from backend.sparse.tensor import Grid, SparseTensor
from backend.sparse.vae import (
    ShapeDecoder,
    SparseDecoder,
    SparseEncoder,
    SparseVaeConfig,
    attributes_from_channels,
    shape_channels,
)
from backend.sparse.vae_blocks import ConvNeXtBlock, ResBlockC2S, ResBlockDown, ResBlockS2C, ResBlockUp

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


def ss_vae(golden: Any) -> Outputs:
    halves = {}
    for half, name in (("encoder", "enc_channels"), ("decoder", "dec_channels")):
        args = {**golden.config, "channels": golden.config[name]}
        network = StructureEncoder if half == "encoder" else StructureDecoder
        halves[half] = loaded(network(StructureVaeConfig.from_published(args)), part(golden, half))
    mean, logvar = halves["encoder"](golden.inputs["occ"])
    return {"enc_mean": mean, "enc_logvar": logvar, "dec_logits": halves["decoder"](golden.inputs["z_dec"])}


def scvae_blocks(golden: Any) -> Outputs:
    x, out = SparseTensor.of(golden.inputs["feats"], golden.inputs["coords"]), {}
    kinds = {"resdown": ResBlockDown, "s2c": ResBlockS2C, "convnext": ConvNeXtBlock, "resup": ResBlockUp}
    for name, kind in {**kinds, "c2s": ResBlockC2S}.items():
        channels = [int(c) for c in str(golden.config[name]).split("->")]
        y = loaded(kind(*channels), part(golden, name))(x)
        if isinstance(y, tuple):
            y, subdivision = y
            out[f"{name}.logits"] = subdivision.logits.feats
        out |= {f"{name}.feats": y.feats, f"{name}.coords": y.coords}
    return out


def shape_input(golden: Any) -> SparseTensor:
    channels = shape_channels(golden.inputs["dual_vertices"], golden.inputs["intersected"])
    return SparseTensor.of(channels, golden.inputs["coords"])


def encoded(golden: Any, x: SparseTensor) -> Outputs:
    encoder = golden.load(SparseEncoder(SparseVaeConfig.from_published(golden.config, 6)))
    mean, logvar = encoder(x)
    return {"mean": mean.feats, "logvar": logvar.feats, "coords": mean.coords}


def scvae_shape_encoder(golden: Any) -> Outputs:
    return encoded(golden, shape_input(golden))


def scvae_tex_encoder(golden: Any) -> Outputs:
    return encoded(golden, SparseTensor.of(golden.inputs["attrs"], golden.inputs["coords"]))


def scvae_shape_decoder(golden: Any) -> Outputs:
    decoder = golden.load(ShapeDecoder(SparseVaeConfig.from_published(golden.config, 7)))
    z = SparseTensor.of(golden.inputs["z"], golden.inputs["coords"])
    voxels, subdivisions = decoder(z)
    surface = decoder.surfaces(voxels, golden.config["resolution"])[0]
    out: Outputs = {"vertices": surface.vertices, "faces": surface.faces}
    for level, subdivision in enumerate(subdivisions):
        out[f"sub{level}.coords"] = subdivision.logits.coords
        out[f"sub{level}.logits"] = subdivision.logits.feats
        out[f"upsample{level + 1}.coords"] = decoder.upsample(z, level + 1).coords
    return out


def scvae_tex_decoder(golden: Any) -> Outputs:
    decoder = golden.load(SparseDecoder(SparseVaeConfig.from_published(golden.config, 6)))
    inputs, grid = golden.inputs, Grid(golden.inputs["fine_coords_cached"])
    for _ in range(decoder.levels):
        grid = grid.coarsen()
    cached, _ = decoder(SparseTensor(inputs["z_cached"], grid))
    guides = [
        Grid(inputs[f"guide{level}.coords"]).refine(inputs[f"guide{level}.logits"] > 0)
        for level in range(decoder.levels)
    ]
    guided, _ = decoder(SparseTensor.of(inputs["z_guided"], inputs["coords"]), guides)
    return {
        "cached.feats": cached.feats,
        "cached.coords": cached.coords,
        "guided.feats": guided.feats,
        "guided.coords": guided.coords,
        "guided.attrs01": attributes_from_channels(guided.feats),
    }


def fdg_decode(golden: Any) -> Outputs:
    inputs, config = golden.inputs, golden.config
    voxels = inputs["coords"], inputs["dual_vertices01"], inputs["intersected"]
    place = config["grid_size"], tuple(map(tuple, config["aabb"]))
    surfaces = {
        "weighted": dual_grid_to_mesh(*voxels, inputs["split_weight"], *place),
        "train": dual_grid_to_training_mesh(*voxels, inputs["split_weight"], *place),
        "auto": dual_grid_to_mesh(*voxels, None, *place),
    }
    return {f"{name}.{field}": getattr(s, field) for name, s in surfaces.items() for field in s._fields}


ADAPTERS = {
    "trellis2_core.sparse_conv": sparse_conv,
    "trellis2_core.sparse_spatial": sparse_spatial,
    "trellis2_core.sparse_attention": sparse_attention,
    "trellis2_core.sparse_blocks": sparse_blocks,
    "trellis2_core.positional": positional,
    "trellis2_core.varlen_ops": varlen_ops,
    "trellis2_core.ss_flow": ss_flow,
    "trellis2_core.slat_flow": slat_flow,
    "trellis2_core.ss_vae": ss_vae,
    "trellis2_core.scvae_blocks": scvae_blocks,
    "trellis2_core.scvae_shape_encoder": scvae_shape_encoder,
    "trellis2_core.scvae_shape_decoder": scvae_shape_decoder,
    "trellis2_core.scvae_tex_encoder": scvae_tex_encoder,
    "trellis2_core.scvae_tex_decoder": scvae_tex_decoder,
    "trellis2_core.fdg_decode": fdg_decode,
}

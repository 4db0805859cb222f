"""Goldens of trellis2_core: names and shapes of the files mapped to the project's code, no maths."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from backend.encoders.dinov3 import DinoV3
from backend.encoders.foreground import crop_foreground
from backend.mesh.bake import bake_voxel_attributes
from backend.mesh.closest_point import ClosestPoint
from backend.mesh.frames import in_unit_cube, y_up, z_up
from backend.mesh.holes import boundary_loops, fill_holes
from backend.mesh.remesh import remesh_narrow_band
from backend.mesh.simplify import Mesh, edge_collapses, simplify
from backend.nn.embed import TimestepEmbedder, absolute_positions, sinusoid
from backend.nn.guidance import dense_std, guided
from backend.nn.residency import Resident
from backend.nn.rope import apply_rotary, rotary_table
from backend.nn.sampling import euler, flow_times, logit_normal_times, noised, velocity_target
from backend.nn.segments import Segments
from backend.sparse import attention, blocks
from backend.sparse.attention import Context, Windows
from backend.sparse.attributes import Material, TexturedTriangles, mesh_to_attributes
from backend.sparse.cascade import (
    MAX_TOKENS,
    ROUTES,
    Cascade,
    CascadeSettings,
    LatentNorm,
    SamplerSettings,
    cells_of_voxels,
    decode,
    fit_tokens,
    model_times,
)
from backend.sparse.codes import hilbert, z_order
from backend.sparse.conv import KernelPairs, submanifold_conv
from backend.sparse.conv_layer import SubmanifoldConv3d
from backend.sparse.dual_grid import dual_grid_to_mesh, dual_grid_to_training_mesh
from backend.sparse.dual_grid_encode import DualGridWeights, mesh_to_dual_grid
from backend.sparse.flow import DenseFlow, FlowConfig, SparseFlow
from backend.sparse.interpolate import sample_nearest, sample_trilinear
from backend.sparse.octree import (
    decode_neighbour,
    decode_parent,
    encode_neighbour,
    encode_parent,
    octree_bytes,
    octree_codes,
)
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
from backend.sparse.textures import Texture
from backend.sparse.vae import (
    ShapeDecoder,
    SparseDecoder,
    SparseEncoder,
    SparseVaeConfig,
    attributes_from_channels,
    shape_channels,
)
from backend.sparse.vae_blocks import ConvNeXtBlock, ResBlockC2S, ResBlockDown, ResBlockS2C, ResBlockUp
from backend.sparse.vxz import VxzSettings, read_vxz, write_vxz
from backend.training.balance import balanced_groups
from backend.training.elastic_memory import MemoryModel, recomputed_blocks
from backend.training.gradient_clip import AdaptiveGradientClip
from backend.training.image_losses import psnr, ssim
from backend.training.shape_vae import shape_vae_step

from ..compare import Check

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
    with torch.enable_grad():
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


def dinov3(golden: Any) -> Outputs:
    config = {k: v for k, v in golden.config.items() if k != "tolerance_note"}
    return {"features": golden.load(DinoV3(config))(golden.inputs["image01"]).tokens}


def synthetic_picture(width: int, height: int) -> Image.Image:
    """The picture that the README of the goldens defines by formula."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    d = ((x - 0.45 * width) / (0.22 * width)) ** 2 + ((y - 0.55 * height) / (0.31 * height)) ** 2
    alpha = np.clip((1.15 - d) / 0.3, 0, 1) * 255
    channels = 255 * x / width, 255 * y / height, (3 * x + 2 * y) % 256, alpha
    return Image.fromarray(np.stack([c.astype(np.uint8) for c in channels], axis=-1))


def image_preprocess(golden: Any) -> Outputs:
    pictures = {name: Image.fromarray(golden.inputs[name].numpy()) for name in ("small", "odd")}
    out = {name: np.array(crop_foreground(picture)) for name, picture in pictures.items()}
    stub = synthetic_picture(97, 121)
    out["rgb_via_rembg"] = np.array(crop_foreground(stub.convert("RGB"), lambda image: stub.getchannel("A")))
    big = crop_foreground(synthetic_picture(*golden.inputs["big_size"].tolist()))
    return out | {"big_size": np.array(big.size), "big_sub": np.array(big)[::16, ::16]}


def toy_runs(golden: Any, x: Tensor, toy: Callable[..., Tensor], std: Callable[[Tensor], Tensor]) -> Outputs:
    out: Outputs = {}
    for name, args in golden.config["runs"].items():
        settings = SamplerSettings.from_published({**args, "sigma_min": golden.config["sigma_min"]})
        velocities = [partial(toy, cond=golden.inputs[cond]) for cond in ("cond", "neg_cond")]
        velocity = guided(*velocities, settings.guidance, std, settings.sigma_min)
        steps: list[tuple[Tensor, Tensor]] = []
        times = flow_times(settings.steps, settings.rescale_t)
        keep = lambda step, x_t, x_0, steps=steps: steps.append((x_t, x_0))  # noqa: E731
        out[f"{name}.samples"] = euler(velocity, x, times, settings.sigma_min, keep)
        out[f"{name}.x_t"], out[f"{name}.x_0"] = (torch.stack(side) for side in zip(*steps, strict=True))
    return out


def sampler_dense(golden: Any) -> Outputs:
    def toy(x: Tensor, t: float, cond: Tensor) -> Tensor:
        times = model_times(x, t, len(x)).view(-1, 1, 1, 1, 1)
        return 0.7 * x - cond.mean((1, 2)).view(-1, 1, 1, 1, 1) + torch.sin(3 * times / 1000)

    return toy_runs(golden, golden.inputs["noise"], toy, dense_std)


def sampler_sparse(golden: Any) -> Outputs:
    inputs = golden.inputs
    segments = Grid(inputs["coords"]).segments

    def toy(x: Tensor, t: float, cond: Tensor) -> Tensor:
        per_item = torch.sin(3 * model_times(x, t, segments.count) / 1000) - cond.mean((1, 2))
        return 0.7 * x + segments.expand(per_item[:, None])

    def toy_concat(x: Tensor, t: float, cond: Tensor) -> Tensor:
        return toy(x, t, cond) + 0.1 * inputs["concat_feats"]

    def std(x: Tensor) -> Tensor:
        return segments.expand(segments.std(x))

    out = toy_runs(golden, inputs["feats"], toy, std)
    return out | {"ss_concat.samples": toy_runs(golden, inputs["feats"], toy_concat, std)["ss.samples"]}


def flow_training(golden: Any) -> Outputs:
    x0, noise, sigma = golden.inputs["x0"], golden.inputs["noise"], golden.config["sigma_min"]
    return {
        "x_t": noised(x0, noise, golden.inputs["t"], sigma),
        "v_target": velocity_target(x0, noise, sigma),
        "t_logitnormal_mean1_std1": logit_normal_times(golden.inputs["u"]),
    }


def cascade_coords(golden: Any) -> Outputs:
    voxels, out = Grid(golden.inputs["hr_coords"]), {}
    for name in golden.outputs:
        kind, _, number = name.partition("_")
        if kind == "coords":
            cells = cells_of_voxels(voxels.positions, golden.config["lr_resolution"], int(number) // 16)
            out[name] = torch.cat((voxels.coords[:, :1], cells), dim=1).unique(dim=0)
        elif name.endswith(".coords"):
            limit = number.removesuffix(".coords")
            coarse = golden.config["lr_resolution"]
            grid, resolution = fit_tokens(voxels, golden.config["start"], int(limit), voxel_resolution=coarse)
            out |= {name: grid.coords, f"loop_{limit}.resolution": torch.tensor(resolution)}
    return out


def fdg_encode(golden: Any) -> Outputs:
    config, out = golden.config, {}
    box = tuple(map(tuple, config["aabb"]))
    for tag, weights in config["weights"].items():
        mesh = golden.inputs["vertices"], golden.inputs["faces"]
        grid = mesh_to_dual_grid(*mesh, config["grid_size"], DualGridWeights(*weights), box)
        order = np.argsort(z_order(grid.positions.numpy()))
        names = zip(("coords", "dual_vertices", "intersected"), grid, strict=True)
        out |= {f"{tag}.{name}": value[order] for name, value in names}
    return out


KEY_OF_ATTRIBUTE = {"base_color": "bc", "metallic": "m", "roughness": "r", "emissive": "e", "alpha": "a", "normal": "n"}


def material(golden: Any, index: int) -> Material:
    """One material of the README's column-wise list."""
    table, factors, textures = golden.config["materials"], {}, {}
    for name, key in KEY_OF_ATTRIBUTE.items():
        if key + "f" in table:
            value = table[key + "f"][index]
            factors[name] = tuple(value) if isinstance(value, list) else value
        if table[key + "t"][index] == "tex":
            pixels = golden.inputs[f"{key}t.{index}"]
            pixels = pixels if pixels.dim() == 3 else pixels[..., None]
            textures[name] = Texture(pixels, table[key + "F"][index], table[key + "W"][index])
    return Material(**factors, alpha_mode=table["am"][index], alpha_cutoff=table["ac"][index], textures=textures)


def volumetric_attr(golden: Any) -> Outputs:
    inputs, side, out = golden.inputs, golden.config["grid"], {}
    triangles = TexturedTriangles(inputs["triangles"], inputs["normals"], inputs["uvs"], inputs["material_ids"])
    materials = [material(golden, index) for index in range(len(golden.config["materials"]["am"]))]
    for offset in (0, 1):
        voxels = mesh_to_attributes(triangles, materials, torch.full((3,), 1 / side), side, offset)
        order = np.argsort(z_order(voxels.positions.numpy()))
        named = {"coords": voxels.positions, **voxels._asdict()}
        out |= {f"mip{offset}.{name}": value[order] for name, value in named.items()}
    return out


def fill_holes_adapter(golden: Any) -> Outputs:
    mesh = golden.inputs["vertices"].numpy(), golden.inputs["faces"].numpy()
    vertices, faces = fill_holes(*mesh, golden.config["max_hole_perimeter"])
    return {
        "perimeters": boundary_loops(*mesh).perimeter,
        "new_vertices": vertices[len(mesh[0]) :],
        "new_faces": faces[len(mesh[1]) :],
    }


def remesh(golden: Any) -> Outputs:
    mesh, config = (golden.inputs["vertices"].numpy(), golden.inputs["faces"].numpy()), golden.config
    closest = ClosestPoint(*mesh)
    place = config["resolution"], config["scale"], tuple(config["center"]), config["band"]
    plain, projected = (remesh_narrow_band(*mesh, *place, share, closest) for share in config["project_back"])
    udf = closest(golden.inputs["queries"].numpy())
    return {
        "remesh.vertices": plain[0],
        "remesh.faces": plain[1],
        "remesh_projected.vertices": projected[0],
        "udf.distance": udf.distance,
        "udf.closest": udf.point,
    }


def simplify_adapter(golden: Any) -> Outputs:
    config, inputs, mids = golden.config, golden.inputs, golden.mids
    weights = config["lambda_edge_length"], config["lambda_skinny"]
    first = edge_collapses(Mesh(inputs["vertices"], inputs["faces"].long()), *weights)
    cost = torch.where(first.cost.isinf(), -1, first.cost)
    log: list[tuple[int, int, float]] = []
    vertices, faces = simplify(
        inputs["vertices"], inputs["faces"], config["target"], *weights, config["thresh0"], lambda *row: log.append(row)
    )
    ours, theirs = torch.tensor(log), mids["log"]
    rounds = min(len(ours), len(theirs))
    return {
        "vertices": vertices,
        "faces": faces,
        "edges": Check("edges0", torch.equal(first.edges, mids["edges0"].long())),
        "cost": Check("cost0", torch.allclose(cost, mids["cost0"], rtol=1e-5, atol=1e-12)),
        "begin": Check("log, first rounds", torch.allclose(ours[:3], theirs[:3])),
        "log": Check("log", torch.allclose(ours[:rounds, :2], theirs[:rounds, :2], rtol=0.03)),
        "target": Check("target", len(faces) <= config["target"]),
    }


def bake(golden: Any) -> Outputs:
    inputs, config = golden.inputs, golden.config
    uvs = inputs["uvs"] * torch.tensor([1, -1]) + torch.tensor([0, 1])  # v up
    corner_uvs = uvs[inputs["faces"].long()]
    mesh = inputs["vertices"], inputs["faces"], corner_uvs
    voxels = inputs["voxel_coords"], inputs["voxel_attrs"]
    maps = bake_voxel_attributes(*mesh, *voxels, config["grid"], config["texture"])
    packed = np.stack((np.zeros_like(maps.metallic), maps.roughness, maps.metallic), axis=-1)
    return {
        "base_color_rgba": maps.base_color,
        "metallic_roughness": packed,
        "glb_vertices": y_up(inputs["vertices"].numpy()),
        "uv_for_trimesh": uvs,
    }


def mesh_preprocess(golden: Any) -> Outputs:
    return {"vertices": z_up(in_unit_cube(golden.inputs["vertices"].numpy()))}


def scvae_shape_train(golden: Any) -> Outputs:
    config, inputs = golden.config, golden.inputs
    encoder = loaded(SparseEncoder(SparseVaeConfig.from_published(config, 6)), part(golden, "encoder"))
    turned = {**config, "model_channels": config["model_channels"][::-1], "num_blocks": config["num_blocks"][::-1]}
    decoder = loaded(ShapeDecoder(SparseVaeConfig.from_published(turned, 7)), part(golden, "decoder"))
    voxels = SparseTensor.of(inputs["dual_vertices"], inputs["coords"])
    with torch.enable_grad():
        step = shape_vae_step(encoder, decoder, voxels, inputs["intersected"].bool(), config["resolution"])
        step.losses.total.backward()
    losses = step.losses
    out: Outputs = {
        "loss.intersected": losses.crossed,
        "loss.vertice": losses.vertex,
        "loss.kl": losses.kl,
        "loss.total_without_render": losses.total,
        "mesh.vertices": step.surfaces[0].vertices,
        "mesh.faces": step.surfaces[0].faces,
    }
    for level, (loss, mask) in enumerate(zip(losses.subdivisions, step.child_masks, strict=True)):
        out |= {f"loss.bce_sub{level}": loss, f"subdivision_gt{level}": mask}
    return out | {f"grad.{name}": weight.grad for name, weight in decoder.named_parameters()}


def training_utils(golden: Any) -> Outputs:
    config, inputs = golden.config, golden.inputs
    settings = config["gradclip"]
    clip = AdaptiveGradientClip(settings["max_norm"], settings["percentile"], settings["buffer"])
    log = []
    for norm in inputs["grad_norms"].tolist():
        weight = nn.Parameter(torch.zeros(4))
        weight.grad = torch.full((4,), norm / 2)
        log.append((clip([weight]), float(weight.grad.norm()), clip.limit))
    loads, memory = inputs["loads"].tolist(), config["mem"]
    model = MemoryModel(memory["k"], memory["b"])
    limits = memory["available"], memory["target"], memory["max"]

    def listed(groups: list[list[int]]) -> Tensor:
        return torch.tensor([n for group in groups for n in (len(group), *group)])

    return {
        "gradclip_log": torch.tensor(log),
        "groups3": listed(balanced_groups(loads, 3)),
        "groups4_equal": listed(balanced_groups(loads, 4, equal_size=True)),
        "mem_ratio": torch.tensor([model.ratio(tokens, *limits) for tokens in memory["inputs"]]),
        "checkpoint_blocks": torch.tensor([recomputed_blocks(ratio, 30) for ratio in (0, 0.1, 0.5, 0.75, 0.99)]),
        "psnr": psnr(inputs["img_a"], inputs["img_b"]),
        "ssim": ssim(inputs["img_a"], inputs["img_b"]),
    }


def serialize(golden: Any) -> Outputs:
    coords, curves = golden.inputs["coords"].numpy(), {"z_order": z_order, "hilbert": hilbert}
    return {
        name: curves[name[:-4]](coords[:, [int(axis) for axis in name[-3:]]])
        for name in golden.outputs  # <curve>_<axes>
    }


def svo(golden: Any) -> Outputs:
    codes, coords, values = (golden.inputs[name].numpy() for name in ("codes", "coords", "attr"))
    depth = golden.config["depth"]
    out = {
        "svo": octree_bytes(codes, depth),
        "delta_parent": encode_parent(codes, values, depth),
        "delta_neighbor": encode_neighbour(coords, values),
    }
    back = [
        np.array_equal(octree_codes(out["svo"], depth), codes),
        np.array_equal(decode_parent(codes, out["delta_parent"], depth), values),
        np.array_equal(decode_neighbour(coords, out["delta_neighbor"]), values),
    ]
    return out | {"round_trip": Check("round trip", all(back))}


def vxz(golden: Any) -> Outputs:
    out: Outputs = {}
    for name in golden.config["files"]:
        voxels = read_vxz(golden.path.parent / name)
        tag = name.removeprefix("sample_").removesuffix(".vxz")
        out |= {f"{tag}.coords": voxels.coords, **{f"{tag}.{k}": v for k, v in voxels.attributes.items()}}
    return out


def vxz_file(path: Path) -> list[Check]:
    """A file that was read and written again with other settings holds the same voxels."""
    voxels = read_vxz(path)
    with TemporaryDirectory() as folder:
        again = Path(folder) / "again.vxz"
        write_vxz(again, voxels, VxzSettings(128, "parent", "deflate", "all"))
        back = read_vxz(again)
    order, other = (np.lexsort(v.coords.T) for v in (voxels, back))
    same = np.array_equal(voxels.coords[order], back.coords[other]) and all(
        np.array_equal(values[order], back.attributes[name][other]) for name, values in voxels.attributes.items()
    )
    return [Check("round trip", same)]


def grid_sample(golden: Any) -> Outputs:
    x = SparseTensor.of(golden.inputs["feats"], golden.inputs["coords"])
    queries = golden.inputs["query"]
    items = torch.arange(len(queries)).repeat_interleave(queries.shape[1])
    flat = queries.flatten(0, 1)
    ways = {"trilinear": sample_trilinear, "nearest": sample_nearest}
    return {name: way(x, flat, items).view(*queries.shape[:2], -1) for name, way in ways.items()}


def pipeline(golden: Any) -> Outputs:
    config, out = golden.config, {}
    decoder = {**config["decoder"], "latent_channels": config["latent"]}
    flows = {
        "sparse_structure_flow_model": DenseFlow(FlowConfig.from_published({**config["flow"], **config["ss_flow"]})),
        **{
            f"{kind}_slat_flow_model_{size}": SparseFlow(
                FlowConfig.from_published(
                    {**config["flow"], "in_channels": width * config["latent"], "out_channels": config["latent"]}
                )
            )
            for kind, width in (("shape", 1), ("tex", 2))
            for size in (512, 1024)
        },
    }
    decoders = {
        "sparse_structure_decoder": StructureDecoder(StructureVaeConfig.from_published(config["ss_decoder"])),
        "shape_slat_decoder": ShapeDecoder(SparseVaeConfig.from_published(decoder, 7)),
        "tex_slat_decoder": SparseDecoder(SparseVaeConfig.from_published({**decoder, "pred_subdiv": False}, 6)),
    }
    networks = Resident({name: loaded(net, part(golden, name)) for name, net in {**flows, **decoders}.items()})

    def condition(stage: str, grid: Grid, resolution: int) -> Context:
        size = 1024 if stage.endswith("1024") else 512
        return Context.of(golden.inputs[f"cond_{size}"])

    for run in config["runs"]:
        limited = run.endswith("limited")
        settings = CascadeSettings(
            *(LatentNorm(tuple(config[n]["mean"]), tuple(config[n]["std"])) for n in ("shape_norm", "tex_norm")),
            *(SamplerSettings.from_published(config[f"{n}_sampler"]) for n in ("ss", "shape", "tex")),
            max_tokens=config["limited_max_num_tokens"] if limited else MAX_TOKENS,
        )
        random = torch.Generator().manual_seed(config["seed"])
        route = ROUTES["1536_cascade" if limited else run]
        latents = Cascade(networks, condition, settings, random).run(route)
        asset = decode(networks, latents)[0]
        out |= {
            f"{run}.shape_slat.coords": latents.shape.coords,
            f"{run}.shape_slat.feats": latents.shape.feats,
            f"{run}.tex_slat.feats": latents.texture.feats,
            f"{run}.resolution": torch.tensor(latents.resolution),
            f"{run}.vertices": asset.surface.vertices,
            f"{run}.faces": asset.surface.faces,
            f"{run}.voxel_coords": asset.positions,
            f"{run}.attrs": asset.attributes,
        }
    return out


def flow_manifest(kind: type[nn.Module]) -> Callable[[dict[str, Any]], nn.Module]:
    return lambda config: kind(FlowConfig.from_published(config["args"]))


def vae_manifest(kind: type[nn.Module], channels: int) -> Callable[[dict[str, Any]], nn.Module]:
    return lambda config: kind(SparseVaeConfig.from_published(config["args"], channels))


def structure_manifest(kind: type[nn.Module]) -> Callable[[dict[str, Any]], nn.Module]:
    return lambda config: kind(StructureVaeConfig.from_published(config["args"]))


MANIFESTS = {
    "trellis2_ss_flow": flow_manifest(DenseFlow),
    "trellis2_slat_flow_*": flow_manifest(SparseFlow),
    "trellis2_shape_dec": vae_manifest(ShapeDecoder, 7),
    "trellis2_tex_dec": vae_manifest(SparseDecoder, 6),
    "trellis2_*_enc": vae_manifest(SparseEncoder, 6),
    "trellis_ss_dec": structure_manifest(StructureDecoder),
    "trellis_ss_enc": structure_manifest(StructureEncoder),
}

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
    "trellis2_core.dinov3": dinov3,
    "trellis2_core.image_preprocess": image_preprocess,
    "trellis2_core.sampler_dense": sampler_dense,
    "trellis2_core.sampler_sparse": sampler_sparse,
    "trellis2_core.flow_training": flow_training,
    "trellis2_core.cascade_coords": cascade_coords,
    "trellis2_core.fdg_encode": fdg_encode,
    "trellis2_core.volumetric_attr": volumetric_attr,
    "trellis2_core.fill_holes": fill_holes_adapter,
    "trellis2_core.remesh": remesh,
    "trellis2_core.simplify": simplify_adapter,
    "trellis2_core.bake": bake,
    "trellis2_core.mesh_preprocess": mesh_preprocess,
    "trellis2_core.scvae_shape_train": scvae_shape_train,
    "trellis2_core.training_utils": training_utils,
    "trellis2_core.serialize": serialize,
    "trellis2_core.svo": svo,
    "trellis2_core.vxz": vxz,
    "trellis2_core.grid_sample": grid_sample,
    "trellis2_core.pipeline": pipeline,
}

FILES = {"sample_*.vxz": vxz_file}

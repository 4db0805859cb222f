"""Goldens of pixal3d: names and shapes of the files mapped to the project's code, no maths."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from backend.encoders.dinov3 import DinoV3, square_images
from backend.encoders.foreground import crop_foreground
from backend.encoders.naf import Naf, NafConfig
from backend.generators.pixal3d.camera import (
    BLENDER_IMPORT,
    BlenderCamera,
    angle_of_normalised_focal,
    focal_pixels,
    framing_distance,
    look_at_object,
)
from backend.generators.pixal3d.checkpoint import adapt_for_finetuning
from backend.generators.pixal3d.condition import (
    PixelConditioner,
    StageFeatures,
    encode_image,
    fuse_views,
    projected_features,
)
from backend.generators.pixal3d.frame import glb_to_blender, voxel_to_glb
from backend.generators.pixal3d.projection import ViewCameras, map_coordinates, project_cells, sample_map
from backend.generators.pixal3d.tokens import corner_anchored_cells, pixel_aligned
from backend.nn.neighborhood_attention import neighborhood_attention
from backend.nn.residency import Resident
from backend.nn.sampling import noised, velocity_target
from backend.sparse.attention import Context
from backend.sparse.cascade import ROUTES, Cascade, CascadeSettings, LatentNorm, SamplerSettings, fit_tokens
from backend.sparse.flow import DenseFlow, FlowConfig, SparseFlow
from backend.sparse.structure_vae import occupied_cells
from backend.sparse.tensor import Grid, SparseTensor
from backend.training.condition_dropout import drop_items, drop_rows, dropped_items
from backend.training.data.view_alignment import align_to_view, hammersley_directions

from ..compare import Check

Outputs = dict[str, Any]


def loaded(module: nn.Module, golden: Any, name: str) -> Any:
    prefix = name + "."
    state = {k[len(prefix) :]: v for k, v in golden.weights.items() if k.startswith(prefix)}
    module.load_state_dict(state, strict=True)
    return module.eval()


def cameras(golden: Any) -> ViewCameras:
    return ViewCameras(*(golden.inputs[name] for name in ("camera_angle_x", "distance", "mesh_scale")))


def lattice(batch: int, side: int) -> Grid:
    """All cells of a grid, x slowest."""
    return Grid(torch.cartesian_prod(torch.arange(batch), *[torch.arange(side)] * 3))


def proj_grid(golden: Any) -> Outputs:
    config = golden.config
    grid, view = lattice(len(golden.inputs["distance"]), config["grid_resolution"]), cameras(golden)
    items, side = grid.coords[:, 0].long(), config["image_resolution"]
    pixels, _ = project_cells(grid.positions, items, config["grid_resolution"], view, side)

    def sampled(features: Tensor) -> Tensor:
        place = map_coordinates(pixels, side, features.shape[3], features.shape[2])
        return sample_map(features, items, *place).unflatten(0, (grid.segments.count, -1))

    return {
        "sampled_bhwc": sampled(golden.inputs["feat_bhwc"].movedim(-1, 1)),
        "sampled_bchw": sampled(golden.inputs["feat_bchw"]),
    }


def project_voxels(golden: Any) -> Outputs:
    view = ViewCameras(
        golden.inputs["camera_angle_x"], golden.inputs["distance"], torch.tensor([golden.config["mesh_scale"]])
    )
    out = {}
    for resolution, side in golden.config["pairs"]:
        tag = f"r{resolution}_i{side}"
        cells = golden.inputs[f"coords_{tag}"]
        items = torch.zeros(len(cells), dtype=torch.long)
        out[f"pixels_{tag}"], out[f"depth_{tag}"] = project_cells(cells, items, resolution, view, side)
    return out


def naf(golden: Any) -> Outputs:
    network = golden.load(Naf(NafConfig(**golden.config["naf"])))
    return {"hr_features": network(golden.inputs["image"], golden.inputs["lr_features"], golden.config["target"])}


def neighborhood(golden: Any) -> Outputs:
    out = {}
    for i, (_, dilation, kernel) in enumerate(golden.config["cases"]):
        q, k, v = (golden.inputs[f"{name}{i}"] for name in "qkv")
        out[f"o{i}"] = neighborhood_attention(q, k, v, kernel, dilation)
    return out


def encoders(golden: Any) -> tuple[DinoV3, Naf]:
    dino = {k: v for k, v in golden.config["dino"].items() if k != "attn_implementation"}
    return loaded(DinoV3(dino), golden, "dino"), loaded(Naf(NafConfig(**golden.config["naf"])), golden, "naf")


def extractor(golden: Any) -> Outputs:
    dino, upsampler = encoders(golden)
    config, out = golden.config, {}
    image = square_images([Image.fromarray(golden.inputs["image_uint8"].numpy())], config["image_size"])
    encoded = encode_image(dino, image)
    for tag, variant in (("no_naf", config["no_naf"]), ("naf", config["naf_variant"])):
        target = variant.get("naf_target_size")
        field = upsampler.field(encoded.image, encoded.patches, target) if target else None
        side = variant["grid_resolution"]
        out[f"{tag}.global"] = encoded.tokens.global_tokens
        out[f"{tag}.proj"] = projected_features(encoded, field, lattice(1, side), side, cameras(golden))[None]
    return out


def multiview_extractor(golden: Any) -> Outputs:
    dino, upsampler = encoders(golden)
    config, inputs = golden.config, golden.inputs
    items, views = inputs["distance"].shape
    flat = ViewCameras(
        inputs["camera_angle_x"].flatten(),
        inputs["distance"].flatten(),
        inputs["mesh_scale"].repeat_interleave(views),
        inputs["transform_matrix"].flatten(0, 1),
    )
    images, side = inputs["images_uint8"].float() / 255, config["grid_resolution"]
    grid = lattice(items, side)
    fused = fuse_views(dino, upsampler, images, flat, grid, side, config["naf_target_size"])
    out = {}
    for tag, view in zip(("average", "attention"), fused, strict=True):
        out |= {f"{tag}.global": view.tokens, f"{tag}.proj": view.projected.unflatten(0, (items, -1))}
    return out


def ss_flow(golden: Any) -> Outputs:
    flow, inputs = golden.load(DenseFlow(FlowConfig.from_published(golden.config["args"]))), golden.inputs
    context = Context.of(inputs["cond.global"], inputs["cond.proj"].flatten(0, 1))
    return {"v": flow(inputs["x"], inputs["t"], context), "v_negcond": flow(inputs["x"], inputs["t"], None)}


def slat_flow(golden: Any) -> Outputs:
    flow, inputs = golden.load(SparseFlow(FlowConfig.from_published(golden.config["args"]))), golden.inputs
    parts = [inputs[f"cond.{name}"] for name in ("proj", "proj_semantic", "proj_color") if f"cond.{name}" in inputs]
    context = Context.of(inputs["cond.global"], torch.cat(parts, dim=1))
    x = SparseTensor.of(inputs["x.feats"], inputs["coords"])
    concat = x.replace(inputs["concat_cond.feats"]) if "concat_cond.feats" in inputs else None
    return {"v.feats": flow(x, inputs["t"], context, concat).feats}


def camera_math(golden: Any) -> Outputs:
    rows = [
        (*case, focal_pixels(case[0], case[3]), framing_distance(*case)) for case in map(tuple, golden.config["cases"])
    ]
    moge = [(*case, angle_of_normalised_focal(case[0])) for case in golden.config["moge_cases"]]
    return {"rows": np.array(rows), "moge_rows": np.array(moge)}


def cascade_quantize(golden: Any) -> Outputs:
    voxels, out = Grid(golden.inputs["hr_coords"]), {}
    for i, (resolution, limit) in enumerate(golden.config["cases"]):
        grid, accepted = fit_tokens(voxels, resolution, limit, corner_anchored_cells)
        out |= {f"coords{i}": grid.coords, f"resolution{i}": torch.tensor(accepted)}
    cells = golden.inputs["occ64"].long()
    occupied = torch.full((int(cells[:, 0].max()) + 1, 1, 64, 64, 64), -1.0)
    occupied[cells[:, 0], 0, cells[:, 1], cells[:, 2], cells[:, 3]] = 1.0
    return out | {"coords32": occupied_cells(occupied, 32)}


class StubStructureDecoder(nn.Module):
    """`stubs.ss_decoder` of the golden."""

    def forward(self, z: Tensor) -> Tensor:
        u = z.mean(1, keepdim=True)
        u = u.repeat_interleave(16, 2).repeat_interleave(16, 3).repeat_interleave(16, 4)
        i, j, k = torch.meshgrid(*[torch.arange(64)] * 3, indexing="ij")
        return torch.where((7 * i + 5 * j + 3 * k) % 61 == 0, u + 1, -1.0)


class StubShapeDecoder(nn.Module):
    """`stubs.shape_decoder_upsample` of the golden."""

    levels = 4
    offsets = ((0, 0, 0), (15, 3, 7), (8, 8, 8), (2, 14, 11))

    def upsample(self, z: SparseTensor, levels: int) -> Grid:
        shift = [torch.tensor((0, *offset)) for offset in self.offsets]
        return Grid(torch.cat([z.coords * torch.tensor((1, 16, 16, 16)) + s for s in shift]))


def cascade(golden: Any) -> Outputs:
    config = golden.config
    dino, upsampler = encoders(golden)
    flows = {
        "sparse_structure_flow_model": ("ss", DenseFlow, "ss_args"),
        "shape_slat_flow_model_512": ("shape512", SparseFlow, "shape512_args"),
        "shape_slat_flow_model_1024": ("shape1024", SparseFlow, "shape1024_args"),
        "tex_slat_flow_model_1024": ("tex1024", SparseFlow, "tex_args"),
    }
    networks = Resident(
        {
            **{
                name: loaded(kind(FlowConfig.from_published(config[args])), golden, weights)
                for name, (weights, kind, args) in flows.items()
            },
            "sparse_structure_decoder": StubStructureDecoder(),
            "shape_slat_decoder": StubShapeDecoder(),
            "image_encoder": dino,
            "upsampler": upsampler,
        }
    )
    samplers = [
        SamplerSettings.from_published({**config["samplers"][name], **config["steps_override"]})
        for name in ("ss", "shape", "tex")
    ]
    norms = [LatentNorm(tuple(config[n]["mean"]), tuple(config[n]["std"])) for n in ("shape_norm", "tex_norm")]
    settings = pixel_aligned(CascadeSettings(*norms, *samplers, max_tokens=config["max_num_tokens"]))
    stages = {
        stage: StageFeatures(*(config["extractors"][name].get(key) for key in ("image_size", "naf_target_size")))
        for stage, name in (
            ("structure", "ss"),
            ("shape_512", "shape_512"),
            ("shape_1024", "shape_1024"),
            ("texture_1024", "tex_1024"),
        )
    }
    picture = Image.fromarray(golden.inputs["image_uint8"].numpy())
    camera = config["camera"]
    view = ViewCameras.single(camera["camera_angle_x"], camera["distance"], camera["mesh_scale"])
    out = {}
    for run in sorted({name.split(".")[0] for name in golden.outputs}):
        condition = PixelConditioner(networks, lambda side: square_images([picture], side), view, stages)
        random = torch.Generator().manual_seed(config["seed"])
        latents = Cascade(networks, condition, settings, random).run(ROUTES[run])
        out |= {
            f"{run}.coords": latents.shape.coords,
            f"{run}.resolution": torch.tensor(latents.resolution),
            f"{run}.shape_slat": latents.shape.feats,
            f"{run}.tex_slat": latents.texture.feats,
        }
    return out


def view_alignment(golden: Any) -> Outputs:
    out, i = {}, 0
    while f"c2w{i}" in golden.inputs:
        aligned = align_to_view(golden.inputs["vertices"].numpy(), golden.inputs[f"c2w{i}"].numpy())
        out |= {f"normalized{i}": aligned.vertices, f"total_scale{i}": np.array([aligned.total_scale])}
        i += 1
    directions = [hammersley_directions(count, (0.3, 0.8)) for count in (2, 24)]
    return out | {"hammersley": np.concatenate(directions)}


def export_frame(golden: Any) -> Outputs:
    glb = voxel_to_glb(golden.inputs["voxel_vertices"].numpy())
    return {"glb_vertices": glb, "blender_import_vertices": glb_to_blender(glb)}


def train_conditioning(golden: Any) -> Outputs:
    config, inputs = golden.config, golden.inputs

    def dropped(seed: int, items: int) -> Tensor:
        return dropped_items(np.random.RandomState(seed).rand(items), config["p_uncond"])

    dense = dropped(config["dense_numpy_seed"], len(inputs["global"]))
    sparse = dropped(config["sparse_numpy_seed"], len(inputs["sparse.global"]))
    grid, side = Grid(inputs["sparse.coords"]), config["sparse_grid_resolution"]
    cells = inputs["sparse.proj_dense"].unflatten(1, (side, side, side))
    rows = cells[grid.coords.long().unbind(1)]
    sigma = 1e-5
    return {
        "global": drop_items(inputs["global"], dense),
        "proj": drop_items(inputs["proj"], dense),
        "sparse.global": drop_items(inputs["sparse.global"], sparse),
        "sparse.proj": drop_rows(rows, sparse, grid.segments),
        "x_t": noised(inputs["x0"], inputs["noise"], inputs["t"], sigma),
        "v_target": velocity_target(inputs["x0"], inputs["noise"], sigma),
    }


def finetune_remap(golden: Any) -> Outputs:
    adapted = adapt_for_finetuning(golden.inputs, golden.config["target_proj_in_channels"])
    return adapted | {"no other key": Check("no other key", adapted.keys() == golden.outputs.keys())}


def product_camera(path: Path) -> list[Check]:
    checks = []
    for i, case in enumerate(json.loads(path.read_text())):
        fields = {**case["camera"], "matrix_world": np.array(case["camera"]["matrix_world"])}
        source = BlenderCamera(**fields)
        mask, center = np.array(case["mask_polygon_px"]), np.array(case["box_center"])
        view = look_at_object(source, mask, center, case["margin"], case["iterations"])
        ours = {
            "K": source.intrinsics,
            "virtual_rotation": view.rotation,
            "optical_axis": view.axis,
            "half_tan": view.half_tan,
            "camera_angle_x": view.angle_x,
            "depth_world": view.depth,
            "distance": view.distance,
            "cube_side_world": view.cube_side,
            "homography_src_to_crop": view.crop_from_source(source, case["crop_size"]),
            "world_from_voxel": view.world_from_voxel,
            "world_from_blender_import": view.world_from_voxel @ BLENDER_IMPORT,
        }
        voxels = np.array(case["out"]["check_voxels"])
        world = view.place(voxels)
        ours |= {"check_world": world, "check_source_px": source.project(world)}
        ours |= {"check_voxels": voxels, "check_crop_px": view.project(voxels, case["crop_size"])}
        for name, wanted in case["out"].items():
            wanted = np.array(wanted)
            error = float(np.abs(np.asarray(ours[name]) - wanted).max())
            limit = 1e-6 * max(float(np.abs(wanted).max()), 1e-12)
            checks.append(Check(f"{i}.{name}", error <= limit, error, error, f"{limit:.2g}"))
    return checks


def preprocess(path: Path) -> list[Check]:
    meta, checks = json.loads(path.read_text()), []
    for name, case in meta.items():
        picture = Image.open(path.parent / f"{name}_in.png")
        matte_file = path.parent / f"{name}_matte.png"
        matte = (lambda image, file=matte_file: Image.open(file).convert("L")) if matte_file.exists() else None
        background = tuple(c / 255 for c in case["bg_color"])
        ours = np.array(crop_foreground(picture, matte, 1.1, background)).astype(int)
        wanted = np.array(Image.open(path.parent / f"{name}_out.png")).astype(int)
        same = ours.shape == wanted.shape
        error = int(np.abs(ours - wanted).max()) if same else 255
        checks.append(Check(name, same and error <= 1, error, error, "1", "" if same else f"size {ours.shape}"))
    return checks


def flow_manifest(config: dict[str, Any]) -> nn.Module | dict[str, Tensor]:
    args = config["args"]
    if config["name"] != "SparseStructureFlowModel":
        return SparseFlow(FlowConfig.from_published(args))
    flow = DenseFlow(FlowConfig.from_published(args))
    phases = torch.zeros(args["resolution"] ** 3, args["model_channels"] // args["num_heads"] // 2, dtype=torch.cfloat)
    return flow.state_dict() | {"rope_phases": phases}  # stored in the file, recomputed here


ADAPTERS = {
    "pixal3d.proj_grid": proj_grid,
    "pixal3d.project_voxels": project_voxels,
    "pixal3d.naf": naf,
    "pixal3d.neighborhood_attention": neighborhood,
    "pixal3d.extractor": extractor,
    "pixal3d.multiview_extractor": multiview_extractor,
    "pixal3d.ss_flow": ss_flow,
    "pixal3d.slat_flow": slat_flow,
    "pixal3d.camera_math": camera_math,
    "pixal3d.cascade_quantize": cascade_quantize,
    "pixal3d.cascade": cascade,
    "pixal3d.view_alignment": view_alignment,
    "pixal3d.export_frame": export_frame,
    "pixal3d.train_conditioning": train_conditioning,
    "pixal3d.finetune_remap": finetune_remap,
}

FILES = {"product_camera.json": product_camera, "meta.json": preprocess}

MANIFESTS = {
    "pixal3d_*_flow*": flow_manifest,
    "naf_release": lambda config: Naf(NafConfig(**config)),
}

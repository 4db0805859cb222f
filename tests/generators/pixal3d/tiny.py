"""Networks of a few thousand weights in the published layout."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from backend.encoders.dinov3 import DinoV3
from backend.encoders.naf import Naf, NafConfig
from backend.generators.pixal3d.condition import StageFeatures
from backend.generators.voxel_networks import build_network

WIDTH = 32
STAGES = {
    "structure": StageFeatures(160),
    "shape_512": StageFeatures(160, 20),
    "shape_1024": StageFeatures(160, 20),
    "texture_1024": StageFeatures(160, 30),
}
DINO = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64, "image_size": 160}
FLOW = {
    "model_channels": 24,
    "cond_channels": WIDTH,
    "num_blocks": 1,
    "num_heads": 2,
    "mlp_ratio": 2.0,
    "pe_mode": "rope",
    "share_mod": True,
    "qk_rms_norm": True,
    "qk_rms_norm_cross": True,
    "image_attn_mode": "proj",
}
SPARSE = {**FLOW, "resolution": 32, "out_channels": 4, "proj_in_channels": 2 * WIDTH}
DECODER = {"model_channels": [16, 8, 8, 8, 8], "num_blocks": [0] * 5, "latent_channels": 4}
MODELS = {
    "sparse_structure_flow_model": (
        "SparseStructureFlowModel",
        {**FLOW, "resolution": 16, "in_channels": 4, "out_channels": 4},
    ),
    "sparse_structure_decoder": (
        "SparseStructureDecoder",
        {"out_channels": 1, "latent_channels": 4, "num_res_blocks": 0, "num_res_blocks_middle": 1, "channels": [4] * 3},
    ),
    "shape_slat_flow_model_512": ("ElasticSLatFlowModel", {**SPARSE, "in_channels": 4}),
    "shape_slat_flow_model_1024": ("ElasticSLatFlowModel", {**SPARSE, "in_channels": 4}),
    "tex_slat_flow_model_1024": ("ElasticSLatFlowModel", {**SPARSE, "in_channels": 8}),
    "shape_slat_decoder": ("FlexiDualGridVaeDecoder", {"resolution": 256, **DECODER}),
    "tex_slat_decoder": ("SparseUnetVaeDecoder", {"out_channels": 6, "pred_subdiv": False, **DECODER}),
}
SAMPLER = {
    "steps": 2,
    "guidance_strength": 2.0,
    "guidance_rescale": 0.5,
    "guidance_interval": [0.6, 1.0],
    "rescale_t": 3.0,
}


def write(root: Path, forget_projection: bool = False) -> Path:
    """A weights folder. `forget_projection` leaves out of the JSON what some published files leave out."""
    torch.manual_seed(0)
    folder = root / "pixal3d"
    (folder / "ckpts").mkdir(parents=True)
    for name, (kind, args) in MODELS.items():
        network = build_network({"name": kind, "args": args}, {})
        if name == "sparse_structure_decoder":
            network.out_layer[2].bias.data.fill_(-0.75)  # a few dozen cells
        if name == "shape_slat_decoder":
            for stage in network.blocks[:-1]:
                stage[-1].to_subdiv.bias.data.fill_(-0.3)
            network.output_layer.bias.data[3:6] = 0.5  # most edges are crossed
        state = dict(network.state_dict())
        if kind == "SparseStructureFlowModel":
            state["rope_phases"] = torch.zeros(16**3, 6, dtype=torch.complex64)
        hidden = ("image_attn_mode", "proj_in_channels") if forget_projection else ()
        shown = {key: value for key, value in args.items() if key not in hidden}
        save_file(state, folder / "ckpts" / f"{name}.safetensors")
        (folder / "ckpts" / f"{name}.json").write_text(json.dumps({"name": kind, "args": shown}))
    norm = {"mean": [0.1] * 4, "std": [1.5] * 4}
    sampler = {"name": "FlowEulerGuidanceIntervalSampler", "args": {"sigma_min": 1e-5}, "params": SAMPLER}
    pipeline = {"models": {name: f"ckpts/{name}" for name in MODELS}}
    pipeline |= {f"{kind}_slat_normalization": norm for kind in ("shape", "tex")}
    pipeline |= {f"{stage}_sampler": sampler for stage in ("sparse_structure", "shape_slat", "tex_slat")}
    (folder / "pipeline.json").write_text(json.dumps({"name": "Pixal3DImageTo3DPipeline", "args": pipeline}))
    _encoder(root / "dinov3-vitl16", DinoV3(DINO))
    (root / "naf").mkdir()
    torch.save(Naf(NafConfig(dim=32, img_layers=1)).state_dict(), root / "naf" / "naf_release.pth")
    return root


def _encoder(folder: Path, network: nn.Module) -> None:
    folder.mkdir()
    save_file(dict(network.state_dict()), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({**DINO, "num_register_tokens": 4}))

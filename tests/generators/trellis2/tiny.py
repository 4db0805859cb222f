"""Pixal3D's tiny files under TRELLIS.2's names, without projection and with the decoder in the other repository."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from backend.generators.voxel_networks import build_network
from tests.generators.pixal3d import tiny

STRUCTURE = "microsoft/TRELLIS-image-large/ckpts/ss_dec_conv3d_16l8_fp16"


def write(root: Path) -> Path:
    """A weights folder for both generators."""
    tiny.write(root)
    folder, other = root / "trellis2", root / "trellis-image-large" / "ckpts"
    (folder / "ckpts").mkdir(parents=True)
    other.mkdir(parents=True)
    pipeline = json.loads((root / "pixal3d" / "pipeline.json").read_text())
    torch.manual_seed(1)
    for name, (kind, args) in {
        **tiny.MODELS,
        "tex_slat_flow_model_512": tiny.MODELS["tex_slat_flow_model_1024"],
    }.items():
        if "flow" not in name:
            source, target = root / "pixal3d" / "ckpts" / name, folder / "ckpts" / name
            if name == "sparse_structure_decoder":
                target = other / "ss_dec_conv3d_16l8_fp16"
            for ending in (".json", ".safetensors"):
                Path(f"{target}{ending}").write_bytes(Path(f"{source}{ending}").read_bytes())
            continue
        args = {k: v for k, v in args.items() if k not in ("image_attn_mode", "proj_in_channels")}
        save_file(
            dict(build_network({"name": kind, "args": args}, {}).state_dict()), folder / f"ckpts/{name}.safetensors"
        )
        (folder / f"ckpts/{name}.json").write_text(json.dumps({"name": kind, "args": args}))
        pipeline["args"]["models"][name] = f"ckpts/{name}"
    pipeline["args"]["models"]["sparse_structure_decoder"] = STRUCTURE
    (folder / "pipeline.json").write_text(json.dumps(pipeline))
    encoder = (
        "FlexiDualGridVaeEncoder",
        {"model_channels": [8, 8, 8, 8, 16], "num_blocks": [0] * 5, "latent_channels": 4},
    )
    network = build_network({"name": encoder[0], "args": encoder[1]}, {})
    save_file(dict(network.state_dict()), folder / "ckpts/shape_enc.safetensors")
    (folder / "ckpts/shape_enc.json").write_text(json.dumps({"name": encoder[0], "args": encoder[1]}))
    texturing = {"args": {"models": {"shape_slat_encoder": "ckpts/shape_enc"}}}
    (folder / "texturing_pipeline.json").write_text(json.dumps(texturing))
    return root

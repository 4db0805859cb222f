"""TAR3D: golden files and manifests onto product code."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from backend.evaluation import geometry, image
from backend.generators.tar3d import captions, checkpoint, dino, sampling
from backend.generators.tar3d.gpt import GPT, GPTSettings, LightningAttention
from backend.generators.tar3d.surface import mesh_from_grid
from backend.generators.tar3d.tripe import tripe_table
from backend.generators.tar3d.vqvae import VQVAE, VQVAESettings, to_sequence
from backend.nn.lightning_attention import alibi_slopes, lightning_attention, lightning_state
from backend.nn.rope import apply_rotary
from backend.training.data import augment
from backend.training.losses import code_loss, occupancy_loss
from backend.training.muon import Muon, orthogonalize

from ..compare import Check, compare
from ..golden import Golden, read

CODEBOOK_HISTORY = "quant.codebook_used"
NETWORK_SETTINGS = set(VQVAESettings.__dataclass_fields__)


def vqvae_settings(config: dict, **changes) -> VQVAESettings:
    return VQVAESettings(**{k: v for k, v in config.items() if k in NETWORK_SETTINGS}, **changes)


def gpt_settings(config: dict, **changes) -> GPTSettings:
    known = {k: v for k, v in config.items() if k in GPTSettings.__dataclass_fields__}
    changes.setdefault("hybrid", "layer_kinds" in config)
    return GPTSettings(**known, dropout=0.0, condition_dropout=0.0, **changes)


def vqvae(golden: Golden) -> dict:
    given, out = golden.inputs, {}
    for name, mode in (("flash", "merged"), ("mh", "multihead")):
        model = golden.load(VQVAE(vqvae_settings(golden.config, attn_mode=mode)), exempt=(CODEBOOK_HISTORY,))
        out |= {f"{name}.{k}": v for k, v in vqvae_eval(model, given).items()}
    loss = occupancy_loss(out["flash.logits"], given["labels"], out["flash.commit_loss"])
    out |= {f"loss.{part}": getattr(loss, part) for part in ("total", "near", "far", "accuracy")}
    model = golden.load(VQVAE(vqvae_settings(golden.config)), exempt=(CODEBOOK_HISTORY,)).train()
    wanted = [name.removeprefix("train.grad.") for name in golden.outputs if name.startswith("train.grad.")]
    return out | vqvae_train(model, given, wanted)


def vqvae_eval(model: VQVAE, given: dict[str, Tensor]) -> dict[str, Tensor]:
    latents = model.encoder(given["pc"], given["normals"])
    z_e = model.latent_map(latents)
    z_q, indices, loss = model.quant(z_e)
    res = model.settings.triplane_res
    tokens = to_sequence(indices.view(-1, 3, res, res))
    planes = model.planes(z_q)
    return {
        "encoder_latents_all": latents,
        "z_e": z_e,
        "indices": indices.view(-1, 3, res, res),
        "tokens_interleaved": tokens,
        "commit_loss": loss,
        "codebook_usage": model.quant.record_usage(indices),
        "z_q": z_q,
        "post_quant": model.post_quant_conv(z_q),
        "planes_b0": planes[:1],
        "logits": model.query(planes, given["queries"]),
        "logits_from_tokens": model.query(model.decode_codes(tokens), given["queries"]),
    }


@torch.enable_grad()
def vqvae_train(model: VQVAE, given: dict[str, Tensor], wanted: list[str]) -> dict[str, Tensor]:
    logits, quantizer_loss, _ = model(given["pc"], given["normals"], given["queries"])
    total = occupancy_loss(logits, given["labels"], quantizer_loss).total
    total.backward()
    bn2 = model.up_conv_decoder.block5.bn2
    out = {f"train.grad.{name}": model.get_parameter(name).grad for name in wanted}
    return out | {
        "train.logits": logits.detach(),
        "train.total": total.detach(),
        "train.bn_running_mean.block5.bn2": bn2.running_mean,
        "train.bn_running_var.block5.bn2": bn2.running_var,
    }


def mesh_extract(golden: Golden) -> dict:
    out = {}
    for field in golden.config["fields"]:
        logits, bound = golden.inputs[f"{field}.grid_logits"].numpy(), float(golden.inputs[f"{field}.bound"])
        exact, legacy = mesh_from_grid(logits, bound), mesh_from_grid(logits, bound, reference=True)
        out |= {f"{field}.vertices_exact": exact[0], f"{field}.vertices_legacy": legacy[0], f"{field}.faces": legacy[1]}
    n = 2 ** golden.config["empty_octree_depth"] + 1
    out["empty.has_surface"] = np.array(mesh_from_grid(np.full((n, n, n), -1.0), 1.25) is not None)
    return out


def tripe(golden: Golden) -> dict:
    out = {"apply.y": apply_rotary(golden.inputs["apply.x"], golden.inputs["apply.table"])}
    for case in golden.config["tables"]:
        name = case["name"]
        table = tripe_table(case["block_size"], case["head_dim"], case["cls_token_num"], case["base"])
        if case["rows_only"]:
            out[f"{name}.table_rows"] = table[golden.inputs[f"{name}.rows"]]
        else:
            out[f"{name}.table"] = table
        out[f"{name}.sum"] = table.double().sum()
    return out


def gpt(golden: Golden) -> dict:
    given = golden.inputs
    model = golden.load(GPT(gpt_settings(golden.config)))
    logits = model.code_logits(given["cond"], given["idx"])
    out = {
        "train.logits": logits,
        "train.loss": code_loss(logits, given["idx"]),
        "train.loss_valid": code_loss(logits, given["idx"], given["valid"]),
        "eval.logits_all": model(given["cond"], given["idx"]),
        "padded.train_logits": model.code_logits(given["cond_padded"], given["idx"], given["emb_mask"]),
    }
    out |= decode(model, given, [n for n in golden.outputs if n.startswith("greedy.")])
    drawn = golden.config["sampled"]
    torch.manual_seed(drawn["seed"])
    settings = sampling.SamplingSettings(cfg_scale=drawn["cfg_scale"], temperature=drawn["temperature"])
    name = f"sampled.seed{drawn['seed']}.cfg{drawn['cfg_scale']:g}.temp{drawn['temperature']:g}"
    out[name] = sampling.generate(model, given["cond"], settings)
    return out | gradients(golden, model, "train.grad.")


def decode(model: GPT, given: dict[str, Tensor], names: list[str]) -> dict[str, Tensor]:
    """Greedy sequences whose settings are spelt in their names: cfg<scale>[_interval<n>][_padded][_logits]."""
    out = {}
    for name in {name.removesuffix("_logits") for name in names}:
        padded = "padded" in name
        scale, *options = name.partition("greedy.cfg")[2].split("_")
        interval = next((int(o.removeprefix("interval")) for o in options if o.startswith("interval")), -1)
        settings = sampling.SamplingSettings(cfg_scale=float(scale), cfg_interval=interval, greedy=True)
        seen: list[Tensor] = []
        cond, mask = (given["cond_padded"], given["emb_mask"]) if padded else (given["cond"], None)
        out[name] = sampling.generate(model, cond, settings, mask, observe=seen.append)
        out[f"{name}_logits"] = torch.stack(seen, dim=1)
    return out


@torch.enable_grad()
def gradients(golden: Golden, model: GPT, prefix: str) -> dict[str, Tensor]:
    model.zero_grad()
    code_loss(model.code_logits(golden.inputs["cond"], golden.inputs["idx"]), golden.inputs["idx"]).backward()
    return {n: model.get_parameter(n.removeprefix(prefix)).grad for n in golden.outputs if n.startswith(prefix)}


def gpt_hybrid(golden: Golden) -> dict:
    given, out = golden.inputs, {}
    for mode in ("zero", "identity"):
        model = golden.load(GPT(gpt_settings(golden.config, hybrid=True, cond_rope=mode)))
        logits = model.code_logits(given["cond"], given["idx"])
        out[f"{mode}.train.logits"] = logits
        out[f"{mode}.train.loss"] = code_loss(logits, given["idx"])
        out[f"{mode}.padded.train_logits"] = model.code_logits(given["cond_padded"], given["idx"], given["emb_mask"])
        out |= decode(model, given, [n for n in golden.outputs if n.startswith(f"{mode}.") and ".greedy." in n])
        out |= gradients(golden, model, f"{mode}.train.grad.")
    return out


@torch.enable_grad()
def lightning(golden: Golden) -> dict:
    given = golden.inputs
    q, k, v = (given[name].clone().requires_grad_() for name in "qkv")
    parallel = lightning_attention(q, k, v, given["slopes"])
    parallel.backward(given["dout"])
    dim, heads = golden.config["module"]["dim"], golden.config["module"]["heads"]
    module = golden.load(LightningAttention(GPTSettings(dim=dim, n_head=heads)), prefix="module.")
    out = {f"slopes.h{heads}": alibi_slopes(heads) for heads in golden.config["slope_heads"]}
    return out | {
        "parallel": parallel.detach(),
        "final_state": lightning_state(given["k"], given["v"], given["slopes"]),
        "dq": q.grad,
        "dk": k.grad,
        "dv": v.grad,
        "module.y": module(given["module.x"], given["module.freqs_cis"]).detach(),
        "module.y_norope": module(given["module.x"], None).detach(),
    }


def muon(golden: Golden) -> dict:
    config, given, out = golden.config, golden.inputs, {}
    matrices = [name for name in given if name.startswith("muon")]
    others = [name for name in given if name.startswith("adamw")]
    for precision, dtype in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        parameters = {name: torch.nn.Parameter(given[name].clone()) for name in matrices + others}
        groups = [
            dict(params=[parameters[n] for n in matrices], muon=True, momentum=config["momentum"], ns_dtype=dtype),
            dict(params=[parameters[n] for n in others], betas=tuple(config["adamw_betas"]), eps=config["adamw_eps"]),
        ]
        optimizer = Muon(groups, lr=config["lr"], weight_decay=config["wd"])
        for step in range(config["steps"]):
            for name, parameter in parameters.items():
                parameter.grad = given[f"step{step}.grad.{name}"]
            optimizer.step()
            out |= {f"{precision}.step{step}.{name}": parameters[name].detach().clone() for name in matrices}
            out |= {f"step{step}.{name}": parameters[name].detach().clone() for name in others}
        for name in matrices:
            first = given[f"step0.grad.{name}"]
            out[f"{precision}.momentum{name[4:]}"] = optimizer.state[parameters[name]]["momentum"]
            out[f"ns5_{precision}.{name}"] = orthogonalize(first, config["ns_steps"], dtype)
    return out


def sampling_helpers(golden: Golden) -> dict:
    given, config = golden.inputs, golden.config
    logits, scale = given["logits"], config["cfg_scale"]
    out = {f"cfg{scale:g}": sampling.guide(given["cond"], given["uncond"], scale)}
    out |= {f"minp{p:g}": sampling.filter_min_p(logits, p) for p in config["minp"]}
    out |= {f"topk{k}_topp{p}": sampling.filter_top_k_top_p(logits, k, p) for k, p in config["topk_topp"]}
    for case in config["sample"]:
        greedy = not case["sample_logits"]
        settings = sampling.SamplingSettings(temperature=case["temperature"], greedy=greedy)
        torch.manual_seed(case.get("seed", 0))
        drawn = sampling.draw(logits, settings)
        out[f"{case['name']}.probs"] = sampling.probabilities(logits, settings)
        out[f"{case['name']}.greedy_idx" if greedy else f"{case['name']}_idx"] = drawn
    return out


def data_augment(golden: Golden) -> dict:
    given = {name: tensor.numpy() for name, tensor in golden.inputs.items()}
    shape = augment.ShapeSample(
        given["surface"][:, :3], given["surface"][:, 3:], given["points"], given["labels"][:, 0]
    )
    jitter = given["axis.jitter_unit_normal"] if golden.config["axis_jitter"] else None
    scaled = augment.scale_axes(shape, given["axis.scaling"][0], jitter)
    branches = {
        "scale": augment.scale_all(scaled, given["scale.factor"]),
        "rot": augment.rotate(scaled, augment.reference_rotation(given["rot.uniform3x3"])),
        "none": scaled,
    }
    out = {"axis.surface": np.hstack([scaled.surface, scaled.normals]), "axis.points": scaled.points}
    for name, sample in branches.items():
        out[f"{name}.surface"] = np.hstack([sample.surface, sample.normals])
        out[f"{name}.geo_points"] = np.hstack([sample.points, sample.labels[:, None]])
    return out


def image_preprocess(golden: Golden) -> dict:
    picture = np.asarray(Image.open(golden.path.parent / golden.config["image"]))
    return {"pixel_values": dino.preprocess(torch.from_numpy(picture.copy()), golden.config["size"])}


def dino_encoder(golden: Golden) -> dict:
    known = {k: v for k, v in golden.config.items() if k in dino.DinoSettings.__dataclass_fields__}
    model = golden.load(dino.Dino(dino.DinoSettings(**known)))
    return {"last_hidden_state": model(golden.inputs["pixel_values"])}


def metrics(golden: Golden) -> dict:
    out = {}
    for name in golden.config["meshes"]:
        vertices = geometry.normalize(golden.inputs[f"mesh_{name}.v"].numpy())
        out |= {f"norm_{name}.v": vertices, f"gt_rot_{name}.v": geometry.align_ground_truth(vertices)}
    eyes = image.camera_eyes()
    picture = np.asarray(Image.open(golden.path.parent / golden.config["rgba_image"]))
    out |= {
        "rgba_white_composite": image.on_white(picture),
        "camera_eyes": eyes,
        "camera_to_world": np.stack([image.look_at(eye) for eye in eyes]),
    }
    expected = golden.path.parent / "metrics_expected.json"
    return out | {check.name: check for check in scalar_metrics(expected)} if expected.exists() else out


def scalar_metrics(path: Path) -> list[Check]:
    """Chamfer, F-score, normal consistency, PSNR and SSIM of `metrics_expected.json`."""
    golden = beside(path, "tar3d.metrics")
    expected, checks = json.loads(path.read_text()), []
    for pair, case in golden.config["pairs"].items():
        arrays = [
            golden.inputs[f"{pair}.{side}_{what}"].numpy() for side in ("pred", "gt") for what in ("points", "normals")
        ]
        scores = geometry.compare_surfaces(*arrays, threshold=case["threshold"])
        for name, value in expected[pair].items():
            if name != "threshold":
                checks.append(near(f"{pair}.{name}", getattr(scores, name), value))
    for pair, values in expected["image"].items():
        truth, other = (np.asarray(Image.open(path.parent / f"metric_img{i}.png")) for i in pair.split("-"))
        for name, value in values.items():
            checks.append(near(f"image.{pair}.{name}", getattr(image, name)(truth, other), value))
    return checks


def near(name: str, ours: float, expected: float) -> Check:
    return compare(name, np.float64(ours), np.float64(expected), {"atol": 1e-4, "rtol": 0.0})


def beside(path: Path, component: str) -> Golden:
    """The golden of a component in the same folder as a file that belongs to it."""
    goldens = (read(other) for other in sorted(path.parent.glob("*.safetensors")))
    return next(golden for golden in goldens if golden.component == component)


def checkpoints(golden: Golden) -> dict:
    folder, files = golden.path.parent, golden.config["files"]
    out = {"vqvae.logits": checkpoint_vqvae(golden, folder / files["vqvae"])}
    logits = [checkpoint_gpt(golden, folder / files[name]) for name in ("gpt", "gpt_old_keys")]
    same = compare("early names give the same result", logits[1], logits[0].numpy(), {"exact": True})
    return out | {"gpt.train_logits": logits[0], "same": same}


def checkpoint_vqvae(golden: Golden, path: Path) -> Tensor:
    given = golden.inputs
    model = checkpoint.load_vqvae(path, vqvae_settings(golden.config["vq_config"]))
    return model(given["pc"], given["normals"], given["queries"])[0]


def checkpoint_gpt(golden: Golden, path: Path) -> Tensor:
    hybrid = checkpoint.is_hybrid(checkpoint.read_gpt(path))
    model = checkpoint.load_gpt(path, gpt_settings(golden.config["gpt_config"], hybrid=hybrid, cond_rope="zero"))
    return model.code_logits(golden.inputs["cond"], golden.inputs["idx"])


def checkpoint_file(path: Path, run: Callable[[Golden, Path], Tensor], output: str) -> list[Check]:
    golden = beside(path, "tar3d.checkpoints")
    with torch.no_grad():
        return [compare(output, run(golden, path), golden.outputs[output], golden.tolerance[output])]


def caption_cleaning(path: Path) -> list[Check]:
    checks = []
    for case in json.loads(path.read_text()):
        once, twice = captions.clean_once(case["in"]), captions.clean_caption(case["in"])
        right = once == case["once"] and twice == case["out"]
        checks.append(Check(case["in"], right, allowed="exact", note=f"{once!r}, {twice!r}"))
    return checks


def build_gpt(config: dict) -> GPT:
    return GPT(gpt_settings(config))


def build_vqvae(config: dict) -> dict[str, Tensor]:
    state = VQVAE(vqvae_settings(config)).state_dict()
    return {checkpoint.VQVAE_PREFIX + key: value for key, value in state.items()}


ADAPTERS = {
    "tar3d.vqvae": vqvae,
    "tar3d.mesh_extract": mesh_extract,
    "tar3d.tripe": tripe,
    "tar3d.gpt": gpt,
    "tar3d.gpt_hybrid": gpt_hybrid,
    "tar3d.lightning_attention": lightning,
    "tar3d.muon": muon,
    "tar3d.sampling": sampling_helpers,
    "tar3d.data_augment": data_augment,
    "tar3d.image_preprocess": image_preprocess,
    "tar3d.dino": dino_encoder,
    "tar3d.metrics": metrics,
    "tar3d.checkpoints": checkpoints,
}
FILES = {
    "caption_cleaning*.json": caption_cleaning,
    "metrics_expected*.json": scalar_metrics,
    "ckpt_vqvae*.ckpt": lambda path: checkpoint_file(path, checkpoint_vqvae, "vqvae.logits"),
    "ckpt_gpt*.pt": lambda path: checkpoint_file(path, checkpoint_gpt, "gpt.train_logits"),
}
MANIFESTS = {"tar3d_gpt_*": build_gpt, "tar3d_vqvae*": build_vqvae}

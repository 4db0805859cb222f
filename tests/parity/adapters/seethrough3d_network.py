"""Adapters of the SeeThrough3D network: transformer, attention, schedule, latents, sampling, training step."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from torch import Tensor, nn
from transformers import CLIPTokenizer

from backend.generators.seethrough3d import latents as lat
from backend.generators.seethrough3d import sampling, text, vae
from backend.generators.seethrough3d import transformer as flux
from backend.nn.rope import apply_rotary
from backend.training import seethrough3d as training

from ..compare import Check
from ..golden import Golden


def _config(values: dict) -> flux.FluxConfig:
    return flux.FluxConfig.from_published(values)


def _model(golden: Golden) -> flux.SeeThroughTransformer:
    c = golden.config
    weights = c.get("lora_weights", [1.0] * c.get("n_loras", 1))
    loras = [flux.LoraConfig(c["rank"], weight) for weight in weights]
    return golden.load(flux.SeeThroughTransformer(_config(c["config"]), loras))  # type: ignore[return-value]


def _segmasks(golden: Golden) -> list[Tensor]:
    return [golden.inputs[f"segmasks.{b}"] for b in range(sum(n.startswith("segmasks.") for n in golden.inputs))]


def _binding(golden: Golden, texts: int) -> flux.Binding | None:
    ids = golden.config["call_ids"]
    return None if ids is None else flux.bind(ids, _segmasks(golden), texts)


def transformer(golden: Golden) -> dict:
    model, i = _model(golden), golden.inputs
    words, guidance = i["encoder_hidden_states"], i.get("guidance")
    guidance = None if guidance is None else guidance * 1000
    prepared = model.prepare(
        words,
        i["cond_hidden_states"],
        i["pooled_projections"],
        guidance,
        torch.cat((i["txt_ids"], i["img_ids"])),
        _binding(golden, words.shape[1]),
    )
    modulation = model.modulate(model.time_text_embed(i["timestep"] * 1000, guidance, i["pooled_projections"]))
    return {"sample": model(i["hidden_states"], prepared, modulation)}


def attn_processor(golden: Golden) -> dict:
    c, i = golden.config, golden.inputs
    width = c["heads"] * c["head_dim"]
    config = flux.FluxConfig(
        attention_head_dim=c["head_dim"],
        num_attention_heads=c["heads"],
        norm_eps=c["norm_eps"],
        joint_attention_dim=width,
    )
    scales = zip(c["ranks"], c["network_alphas"], c["lora_weights"], strict=True)
    loras = [flux.LoraConfig(rank, alpha / rank * weight) for rank, alpha, weight in scales]
    both = nn.ModuleDict(
        {"of_double": flux.JointAttention(config, loras), "of_single": flux.SingleAttention(config, loras)}
    )
    state = {_flat(key): value for key, value in golden.weights.items()}
    both.load_state_dict(state, strict=True)
    rotary = torch.stack((i["rope_cos"][:, ::2], i["rope_sin"][:, ::2]), dim=-1)
    sight = flux.Sight.of(rotary, _binding(golden, c["n_text"]), rotary.dtype, len(loras))
    hidden, single = i["double.hidden_states"], i["single.hidden_states"]
    images, split = c["n_image"], c["n_text"] + c["n_image"]
    of_text, of_picture = both["of_double"](i["double.encoder_hidden_states"], hidden, images, sight)
    rows = both["of_single"](single, split, sight)
    return {
        "double.text": of_text,
        "double.image": of_picture[:, :images],
        "double.cond": of_picture[:, images:],
        "single.textimage": rows[:, :split],
        "single.cond": rows[:, split:],
    }


def _flat(key: str) -> str:
    return "of_" + key.replace(".attn.", ".")


def time_text_embed(golden: Golden) -> dict:
    guided = any(key.startswith("guidance_embedder") for key in golden.weights)
    module = golden.load(flux.TimeTextEmbedding(golden.config["embedding_dim"], golden.config["pooled"], guided))
    i = golden.inputs
    return {"temb": module(i["timestep"], i.get("guidance"), i["pooled"])}


def attn_mask(golden: Golden) -> dict:
    c, i = golden.config, golden.inputs
    binding = flux.bind([c["call_ids"]], [i["token_masks"]], c["n_text"])
    assert torch.equal(binding.columns[0], i["columns"])
    assert binding.allowed.shape[1] == c["n_cond"]
    closed = torch.tensor([-1e20])  # the reference adds this; the product's mask is boolean
    return {"allowed_cond_rows": binding.allowed[0].to(torch.uint8), "masked_value": closed}


def schedule(golden: Golden) -> dict:
    known = {k: v for k, v in golden.config["scheduler"].items() if k in lat.FlowSchedule.__dataclass_fields__}
    flow = lat.FlowSchedule(**known)
    out: dict[str, Tensor] = {}
    for height, width, steps in golden.config["cases"]:
        case = f"{height}x{width}_{steps}"
        tokens = (height // 16) * (width // 16)
        sigmas = flow.sigmas(steps, tokens)
        out[f"{case}.mu"] = torch.tensor(flow.shift(tokens), dtype=torch.float64)
        out[f"{case}.sigmas"] = sigmas
        out[f"{case}.timesteps"] = sigmas[:-1] * flow.num_train_timesteps
        out[f"{case}.timestep_bf16_times1000"] = lat.time_seen_by_model(sigmas[:-1], torch.bfloat16)
        velocities = iter(golden.inputs[f"{case}.v"])
        out[f"{case}.x_final"] = lat.integrate(
            lambda x, step, v=velocities: next(v), golden.inputs[f"{case}.x"], sigmas
        )
    out["guidance_3.5_bf16_times1000"] = lat.seen_by_model(torch.tensor([3.5]), torch.bfloat16)
    out["train_sigmas"] = flow.training_sigmas()
    out["train_timesteps"] = flow.training_sigmas() * flow.num_train_timesteps
    return out


def latents_ids_rope(golden: Golden) -> dict:
    c, i = golden.config, golden.inputs
    types = {"fp32": torch.float32, "bf16": torch.bfloat16}
    out: dict[str, Tensor] = {}
    for h, w in c["sizes"]:
        if f"pack.{h}x{w}" in i:
            out[f"pack.{h}x{w}"] = lat.pack(i[f"pack.{h}x{w}"])
        for name, dtype in types.items():
            out[f"noise_ids.{name}.{h}x{w}"] = lat.image_ids(h // 8, w // 8, dtype)
            out[f"cond_ids.{name}.{h}x{w}"] = lat.condition_ids(h // 8, w // 8, dtype, tuple(c["cond_latent_hw"]))
    out["subject_ids_512"] = lat.subject_ids(64, 64)
    table = flux.flux_rotary(i["rope_ids"], c["rope_axes"], c["rope_theta"])
    out["rope_cos"], out["rope_sin"] = (part.repeat_interleave(2, dim=-1) for part in table.unbind(-1))
    out["rope_q"] = apply_rotary(i["rope_q"].transpose(1, 2), table).transpose(1, 2)
    for key, expected in golden.outputs.items():
        if key.startswith("noise_head."):
            _, seed, size, name = key.split(".")
            side = int(size) // 8
            generator = torch.Generator().manual_seed(int(seed.removeprefix("seed")))
            drawn = lat.noise(side, side, 16, generator, types[name])
            out[key] = drawn[0, 0, : len(expected)]
    return out


def pipeline(golden: Golden) -> dict:
    c, i = golden.config, golden.inputs
    model = flux.SeeThroughTransformer(_config(c["transformer_config"]), [flux.LoraConfig(c["rank"])])
    parts = {name: _part(golden, name) for name in ("transformer", "lora", "vae")}
    model.load_state_dict(parts["transformer"] | parts["lora"], strict=True)
    autoencoder = AutoencoderKL.from_config(c["vae_config"])
    autoencoder.load_state_dict(parts["vae"], strict=True)
    autoencoder.eval()
    settings = sampling.Sampling(c["height"], c["width"], c["steps"], c["guidance"])
    generator = torch.Generator().manual_seed(c["generator_seed"])
    channels = c["vae_config"]["latent_channels"]
    noise = lat.noise(*settings.latent_size, channels, generator, torch.float32)
    condition = vae.encode(autoencoder, i["cond_image_uint8"].movedim(-1, 0)[None], generator)
    prompt = sampling.Prompt(i["prompt_embeds"], i["pooled_prompt_embeds"])
    binding = flux.bind(c["call_ids"], list(i["segmasks"]), prompt.embeds.shape[1])
    image = vae.decode(autoencoder, sampling.sample(model.eval(), prompt, condition, binding, noise, settings))
    return {"image_uint8": image[0]}


def train_step(golden: Golden) -> dict:
    c, i = golden.config, golden.inputs
    model = _model(golden)
    parameters = training.trainable(model)
    binding = _binding(golden, i["prompt_embeds"].shape[1])
    batch = training.Batch(i["model_input"], i["cond_input"], i["prompt_embeds"], i["pooled"], binding)
    optimizer = torch.optim.AdamW(parameters.values(), **c["adamw"])
    with torch.enable_grad():
        loss = training.flow_loss(model, batch, i["noise"], i["u"], c["guidance"], c["weighting"])
        loss.backward()
    for parameter in parameters.values():  # the last block's query LoRA leads nowhere
        parameter.grad = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
    norm = torch.nn.utils.clip_grad_norm_(parameters.values(), c["clip"])
    out = {f"clipped_grad.{name}": p.grad.clone() for name, p in parameters.items()}
    optimizer.step()
    out |= {f"updated.{name}": p.detach() for name, p in parameters.items()}
    return out | {"loss": loss.detach(), "grad_norm_before_clip": norm}


def _part(golden: Golden, name: str) -> dict[str, Tensor]:
    return {k.removeprefix(name + "."): v for k, v in golden.weights.items() if k.startswith(name + ".")}


def lora_manifest(config: dict) -> dict:
    model = flux.SeeThroughTransformer()
    return {key: value.bfloat16() for key, value in model.state_dict().items() if "_loras." in key}


def call_ids(path: Path) -> list[Check]:
    """Prompts, token ids and call ids of every case; ids that the cut prompt loses are dropped on both sides."""
    folder = _tokenizers(path)
    words, clip = text.T5Words(folder / "tokenizer_2"), CLIPTokenizer.from_pretrained(folder / "tokenizer")
    checks = []
    for case in json.loads(path.read_text()):
        subjects, place = case["subjects"], case["surrounding_prompt"]
        bound = words.bind(subjects, place)
        ids = words.ids(bound.text)
        kept = [[i for i in call if i < text.T5_LENGTH - 1 or len(ids) <= text.T5_LENGTH] for call in case["call_ids"]]
        tokens = words.tokens(bound.text)
        ours = {
            "PLACEHOLDER_prompt": text.template(place),
            "prompt": bound.text,
            "t5_ids": ids,
            "t5_tokens": tokens,
            "t5_length_with_eos": len(ids),
            "clip_ids": text.clip_ids(clip, bound.text)[0].tolist(),
            "subject_t5_ids": [words.ids(s) for s in subjects],
            "call_ids": [list(call) for call in bound.call_ids],
            "call_tokens": [[tokens[i] for i in call] for call in bound.call_ids],
        }
        wanted = case | {"call_ids": kept}
        for field, value in ours.items():
            if field in case:
                note = "" if value == wanted[field] else f"{value} instead of {wanted[field]}"[:200]
                checks.append(Check(f"{case['name']}.{field}", not note, float(bool(note)), allowed="exact", note=note))
    return checks


def _tokenizers(path: Path) -> Path:
    """The folder of tokenizer files: beside one of the golden's parents, or beside the checkout."""
    here = Path(__file__).resolve().parents[3]
    for parent in (*path.resolve().parents, here.parent / "shared"):
        if (parent / "tokenizers" / "tokenizer_2").is_dir():
            return parent / "tokenizers"
    raise FileNotFoundError(f"no folder 'tokenizers' beside {path} or beside the checkout")


ADAPTERS = {
    "seethrough3d.train_step": train_step,
    "seethrough3d.transformer": transformer,
    "seethrough3d.attn_processor": attn_processor,
    "seethrough3d.time_text_embed": time_text_embed,
    "seethrough3d.attn_mask": attn_mask,
    "seethrough3d.pipeline": pipeline,
    "seethrough3d.schedule": schedule,
    "seethrough3d.latents_ids_rope": latents_ids_rope,
}
FILES = {"call_ids.json": call_ids}
MANIFESTS = {"seethrough3d_lora": lora_manifest}

"""A FLUX.1-dev checkpoint in the published layout, small enough to make in a test."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import CLIPTextConfig, CLIPTextModel, T5Config, T5EncoderModel

from backend.generators.seethrough3d.transformer import FluxConfig, LoraConfig, SeeThroughTransformer

CONFIG = {
    "_class_name": "FluxTransformer2DModel",
    "patch_size": 1,
    "in_channels": 16,
    "num_layers": 1,
    "num_single_layers": 2,
    "attention_head_dim": 16,
    "num_attention_heads": 2,
    "joint_attention_dim": 24,
    "pooled_projection_dim": 20,
    "guidance_embeds": True,
    "axes_dims_rope": [4, 6, 6],
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def write(root: Path, rank: int = 4) -> None:
    """All files that the generator needs, under `root`/flux1-dev and `root`/seethrough3d."""
    torch.manual_seed(0)
    flux = root / "flux1-dev"
    _transformer(flux / "transformer", root / "seethrough3d/checkpoints/seethrough3d_release", rank)
    _vae().save_pretrained(flux / "vae")
    T5EncoderModel(
        T5Config(vocab_size=64, d_model=24, d_kv=8, d_ff=32, num_layers=2, num_heads=3, feed_forward_proj="gated-gelu")
    ).save_pretrained(flux / "text_encoder_2")
    CLIPTextModel(
        CLIPTextConfig(
            vocab_size=64,
            hidden_size=20,
            intermediate_size=32,
            projection_dim=20,
            num_hidden_layers=2,
            num_attention_heads=2,
            bos_token_id=61,
            eos_token_id=62,
        )
    ).save_pretrained(flux / "text_encoder")
    _t5_tokenizer(flux / "tokenizer_2")
    _clip_tokenizer(flux / "tokenizer")


def _transformer(folder: Path, lora: Path, rank: int) -> None:
    model = SeeThroughTransformer(FluxConfig.from_published(CONFIG), [LoraConfig(rank)])
    state = {k: torch.randn_like(v) * 0.3 for k, v in model.state_dict().items()}
    base = {k: v for k, v in state.items() if "_loras." not in k}
    folder.mkdir(parents=True)
    lora.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    homes = {k: f"diffusion_pytorch_model-0000{1 + i % 2}-of-00002.safetensors" for i, k in enumerate(base)}
    for name in set(homes.values()):
        save_file({k: v for k, v in base.items() if homes[k] == name}, folder / name)
    index = {"metadata": {}, "weight_map": homes}
    (folder / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index))
    save_file({k: v for k, v in state.items() if "_loras." in k}, lora / "lora.safetensors")


def _vae() -> AutoencoderKL:
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 8, 8, 8),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=4,
        scaling_factor=0.3611,
        shift_factor=0.1159,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )


def _t5_tokenizer(folder: Path) -> None:
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -9.0), ("▁", -2.0)]
    pieces += [(letter, -3.0) for letter in LETTERS + ",.'"] + [("▁" + letter, -2.5) for letter in LETTERS]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))


def _clip_tokenizer(folder: Path) -> None:
    folder.mkdir(parents=True)
    vocabulary = [*LETTERS, *(letter + "</w>" for letter in LETTERS), ",</w>", ".</w>", "'</w>"]
    ids = {piece: i for i, piece in enumerate(vocabulary)} | {"<|startoftext|>": 61, "<|endoftext|>": 62}
    (folder / "vocab.json").write_text(json.dumps(ids))
    (folder / "merges.txt").write_text("#version: 0.2\n")

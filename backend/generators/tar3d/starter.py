"""The small model that ships with its weights: sizes, and the GPT together with its condition encoder.

Trained on procedural furniture; decodes on two CPU cores. Specification 14.
"""

from torch import Tensor, nn

from .conditions import ConditionEncoder, Conditions, ConditionSettings
from .gpt import GPT, GPTSettings
from .vqvae import VQVAESettings

VQVAE_SETTINGS = VQVAESettings(
    triplane_res=16,
    width=192,
    heads=6,
    num_encoder_layers=4,
    triplane_layers=3,
    codebook_size=1024,
    attn_mode="multihead",
    unused_layers=False,
)


def gpt_settings(conditions: ConditionSettings) -> GPTSettings:
    return GPTSettings(
        dim=384,
        n_layer=8,
        n_head=6,
        multiple_of=64,
        caption_dim=conditions.width,
        vocab_size=VQVAE_SETTINGS.codebook_size,
        cls_token_num=conditions.tokens,
        block_size=VQVAE_SETTINGS.codes,
        dropout=0.05,
        cond_rope="everywhere",
    )


class StarterGPT(nn.Module):
    """Conditions and codes -> logits; the condition encoder is trained with the GPT."""

    def __init__(self, settings: GPTSettings, conditions: ConditionSettings):
        super().__init__()
        self.cond = ConditionEncoder(conditions)
        self.gpt = GPT(settings)

    def forward(self, conditions: Conditions, codes: Tensor, drop: Tensor | None = None) -> Tensor:
        """Logits [B, N, V] that predict each of the codes [B, N]; `drop` [B] marks samples without any condition."""
        return self.gpt.code_logits(self.cond(conditions), codes, drop=drop)

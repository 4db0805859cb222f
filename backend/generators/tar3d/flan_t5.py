"""The text condition of the published model: FLAN-T5-XL's encoder over cleaned captions. Specification 6.2.

The folder is a copy of the hub's `google/flan-t5-xl`: config.json, tokenizer.json and safetensors.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import T5EncoderModel

from ...protocol.errors import Unavailable
from .captions import clean_caption

REPOSITORY = "google/flan-t5-xl"
TOKENS = 120  # of a caption, its end token included
END, PAD = 1, 0  # token ids of every T5


class FlanT5:
    """Captions -> condition features [B, 120, 2048] and the mask [B, 120] of the real ones, which come last."""

    def __init__(self, tokenizer: Tokenizer, encoder: T5EncoderModel) -> None:
        self.tokenizer, self.encoder = tokenizer, encoder.eval().requires_grad_(False)

    @staticmethod
    def load(folder: Path, device: torch.device | str = "cpu", dtype: torch.dtype = torch.bfloat16) -> "FlanT5":
        """Raises Unavailable when the folder lacks the tokenizer or the weights."""
        file = folder / "tokenizer.json"
        if not file.is_file() or not any(folder.glob("*.safetensors")):
            raise Unavailable(f"No text encoder in {folder}", f"Download {REPOSITORY} from huggingface.co into it.")
        tokenizer = Tokenizer.from_file(str(file))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        encoder: Any = T5EncoderModel.from_pretrained(folder, dtype=dtype, use_safetensors=True, local_files_only=True)
        return FlanT5(tokenizer, encoder.to(device))

    def ids(self, caption: str) -> list[int]:
        """Token ids of a caption once it is cleaned; a long one is cut so that the end token fits."""
        ids = self.tokenizer.encode(clean_caption(caption)).ids
        return ids if len(ids) <= TOKENS else [*ids[: TOKENS - 1], END]

    @torch.inference_mode()
    def __call__(self, captions: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Features of real tokens stand at the end, zeros before them: left-padded, as the GPT takes them."""
        rows = [self.ids(caption) for caption in captions]
        lengths = torch.tensor([len(row) for row in rows])
        device = self.encoder.device
        ids = torch.tensor([row + [PAD] * (TOKENS - len(row)) for row in rows], device=device)
        mask = (torch.arange(TOKENS) < lengths[:, None]).to(device)
        states = self.encoder(input_ids=ids, attention_mask=mask.long()).last_hidden_state  # [B, 120, C]
        features = torch.where(mask[..., None], states, 0)
        left = torch.stack([row.roll(TOKENS - n, 0) for row, n in zip(features, lengths.tolist(), strict=True)])
        return left, mask.flip(1)

"""Words to vectors, and which tokens belong to which box (SeeThrough3D spec section 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer, T5EncoderModel

from ...protocol.errors import Unavailable
from .sampling import Prompt

PLACEHOLDER = "PLACEHOLDER"
OPENING = "a photo of "
JOIN = " and "
T5_LENGTH = 512  # tokens, the end token included
CLIP_LENGTH = 77


@dataclass(frozen=True)
class BoundPrompt:
    """The prompt of a whole scene, and the T5 tokens of each box's words in it."""

    text: str
    call_ids: tuple[tuple[int, ...], ...]  # per subject
    warnings: tuple[str, ...] = ()


def template(surroundings: str) -> str:
    return f"{OPENING}{PLACEHOLDER} {surroundings}"


def full_prompt(subjects: Sequence[str], surroundings: str) -> str:
    return template(surroundings).replace(PLACEHOLDER, JOIN.join(subjects))


class T5Words:
    """FLUX's own `tokenizer_2/tokenizer.json`: older conversions of T5 split words otherwise and bind wrongly."""

    def __init__(self, folder: Path) -> None:
        file = folder / "tokenizer.json"
        if not file.is_file():
            raise Unavailable(f"No T5 tokenizer at {file}", "Download FLUX.1-dev: its folder 'tokenizer_2' is needed.")
        self.tokenizer = Tokenizer.from_file(str(file))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def ids(self, text: str) -> list[int]:
        """Token ids with the end token, neither padded nor cut."""
        return self.tokenizer.encode(text).ids

    def tokens(self, text: str) -> list[str]:
        """As the vocabulary names them: what it does not know is `<unk>`, not the word itself."""
        return [self.tokenizer.id_to_token(i) or "" for i in self.ids(text)]

    def padded(self, text: str) -> Tensor:
        """(1, 512) ids: cut so that the end token fits, padded with 0."""
        ids = self.ids(text)
        ids = ids if len(ids) <= T5_LENGTH else [*ids[: T5_LENGTH - 1], ids[-1]]
        return torch.tensor([ids + [0] * (T5_LENGTH - len(ids))])

    def bind(self, subjects: Sequence[str], surroundings: str) -> BoundPrompt:
        """The tokens whose characters lie in a subject's words; warns of words that the cut prompt loses."""
        text = full_prompt(subjects, surroundings)
        spans = self.tokenizer.encode(text).offsets
        calls, start = [], len(OPENING)
        for subject in subjects:
            end = start + len(subject)
            # one character more in front takes in the space that a token "▁" of its own stands for
            calls.append(tuple(i for i, (a, b) in enumerate(spans) if a < b and a < end and b > start - 1))
            start = end + len(JOIN)
        last = T5_LENGTH - 1  # the end token stands there when the prompt is cut
        lost = [name for name, call in zip(subjects, calls, strict=True) if any(i >= last for i in call)]
        if len(spans) <= T5_LENGTH or not lost:
            return BoundPrompt(text, tuple(calls))
        warning = f"The prompt has {len(spans)} tokens, {T5_LENGTH} are read: not bound in full: {', '.join(lost)}"
        return BoundPrompt(text, tuple(tuple(i for i in call if i < last) for call in calls), (warning,))


def clip_ids(tokenizer: CLIPTokenizer, text: str) -> Tensor:
    """(1, 77) ids, padded with the end token."""
    return tokenizer(text, padding="max_length", max_length=CLIP_LENGTH, truncation=True, return_tensors="pt").input_ids


@torch.no_grad()
def encode(text: str, words: T5Words, clip: CLIPTokenizer, t5: T5EncoderModel, pooler: CLIPTextModel) -> Prompt:
    """T5 states (1, 512, C), with its padding attended to as in the reference, and the pooled CLIP vector (1, P)."""
    embeds = t5(words.padded(text).to(t5.device)).last_hidden_state
    pooled = pooler(clip_ids(clip, text).to(pooler.device)).pooler_output
    return Prompt(embeds, pooled.to(embeds.dtype))

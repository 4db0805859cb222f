"""Encoded prompts on disk, so that a training run needs no text encoder: one safetensors file a text.

A file is named by the hash of the exact text, blanks and all, and holds the text itself: a look-up finds what was
written for this very text or says that nothing was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from ...generators.seethrough3d.sampling import Prompt
from ...protocol.errors import NotFound


class TextEmbeddings:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, text: str) -> Path:
        return self.folder / f"{hashlib.sha256(text.encode()).hexdigest()}.safetensors"

    def missing(self, texts: Iterable[str]) -> list[str]:
        """Those without a file, each once, in an order that is the same everywhere."""
        return sorted({text for text in texts if not self.path(text).exists()})

    def fill(self, texts: Iterable[str], encode: Callable[[str], Prompt]) -> None:
        """Encodes the texts; a file appears only when it is whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for text in texts:
            prompt, path = encode(text), self.path(text)
            part = path.with_suffix(".part")
            tensors = {"embeds": prompt.embeds.cpu().contiguous(), "pooled": prompt.pooled.cpu().contiguous()}
            save_file(tensors, part, metadata={"text": text})
            part.replace(path)

    def read(self, text: str, device: torch.device | str = "cpu", dtype: torch.dtype | None = None) -> Prompt:
        """Raises NotFound for a text that was not encoded."""
        path = self.path(text)
        if not path.exists():
            raise NotFound(
                f"No embedding of {text!r} in {self.folder}", "Start the recipe again: it encodes new texts."
            )
        with safe_open(path, framework="pt") as file:
            embeds, pooled = (file.get_tensor(name).to(device=device, dtype=dtype) for name in ("embeds", "pooled"))
        return Prompt(embeds, pooled)

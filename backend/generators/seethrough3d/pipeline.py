"""SeeThrough3D as a generator: boxes, camera and words become a picture in which every thing stands in its box.

Memory: the text encoders visit the device only while a new prompt is encoded; how the transformer is kept is decided
in residence.py.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from PIL import Image
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer, T5EncoderModel

from ...nn.streaming import BlockStream
from ...protocol.assets import SceneImage
from ...protocol.errors import Unavailable
from ...weights.catalogue import FLUX, SEETHROUGH3D_LORA, weights_folder
from ...weights.load import BadCheckpoint, Weights, load
from ..catalogue import SEETHROUGH3D
from ..interface import Control, ImageRequest
from . import latents as lat
from . import text, vae
from .memory import decode_gb
from .residence import Residence, move_except
from .sampling import Prompt, Sampling, sample
from .transformer import FluxConfig, LoraConfig, SeeThroughTransformer, bind

LORA_FILE = SEETHROUGH3D_LORA.files[0]
PREVIEW_EVERY = 5  # steps
PREVIEW_PIXELS = 256
KEPT_PROMPTS = 16
WORDS_TOGETHER = 64  # bound words are padded to a multiple: scenes then share a captured graph


class SeeThrough3D:
    info = SEETHROUGH3D

    def __init__(self, weights: Path | None = None) -> None:
        self.root = weights or weights_folder()
        self._device = torch.device("cpu")
        self._dtype = torch.float32
        self._transformer: Residence | None = None
        self._vae: AutoencoderKL | None = None
        self._prompts: dict[str, Prompt] = {}

    def load(self, device: str, control: Control) -> None:
        """Reads what every image needs; the text encoders are read when a prompt is new."""
        for part in (FLUX, SEETHROUGH3D_LORA):
            if not part.present(self.root):
                remedy = f"Download it ({part.size_gb:g} GB): python install.py weights {part.name}"
                raise Unavailable(f"The weights '{part.name}' are not in {part.folder(self.root)}", remedy)
        self._device = torch.device(device)
        self._dtype = torch.bfloat16 if self._device.type == "cuda" else torch.float32
        control.step(0, 2, "Loading the image decoder")
        decoder = cast(nn.Module, AutoencoderKL.from_pretrained(self._flux / "vae", torch_dtype=self._dtype))
        self._vae = cast(AutoencoderKL, decoder.to(self._device).eval())
        control.step(1, 2, "Loading FLUX")
        folder, lora, dtype = self._flux / "transformer", self._lora, self._dtype
        self._transformer = Residence(
            lambda check: load_transformer(folder, lora, dtype, check), self._device, control.check
        )

    def unload(self) -> None:
        if self._transformer:
            self._transformer.close()
        self._transformer = self._vae = None
        self._prompts.clear()
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    @torch.inference_mode()
    def image(self, request: ImageRequest, control: Control) -> SceneImage:
        if self._transformer is None or self._vae is None:
            raise Unavailable("SeeThrough3D is not loaded", "Call load first.")
        options = request.options
        size = Sampling(
            int(options["height"]), int(options["width"]), int(options["steps"]), float(options["guidance"])
        )
        subjects = [box.prompt.strip() for box in request.scene.boxes]
        bound = text.T5Words(self._flux / "tokenizer_2").bind(subjects, request.scene.surroundings)
        for warning in bound.warnings:
            control.step(0, size.steps, warning)
        prompt = self._encoded(bound.text, control)
        self._transformer.settle(str(options["memory"]), size.height * size.width, control.check)

        generator = torch.Generator().manual_seed(request.seed)
        channels = self._vae.config["latent_channels"]
        noise = lat.noise(*size.latent_size, channels, generator, self._dtype)
        picture = torch.from_numpy(condition_picture(request.condition.image)).movedim(-1, 0)[None]
        condition = vae.encode(self._vae, picture, generator)
        masks = torch.from_numpy(request.condition.tokens.copy()).to(self._device)
        binding = bind([bound.call_ids], [masks], prompt.embeds.shape[1]).padded(WORDS_TOGETHER)

        def on_step(step: int, tokens: Tensor) -> None:
            shown = preview(lat.unpack(tokens, *size.latent_size)) if (step + 1) % PREVIEW_EVERY == 0 else None
            control.step(step + 1, size.steps, "Painting", shown)

        noise = noise.to(self._device)
        painter = self._transformer
        known = painter.modulations(prompt, size)
        latents = sample(painter.model, prompt, condition, binding, noise, size, on_step, painter.start, known)
        painter.make_room(decode_gb(size.height * size.width))
        return SceneImage(vae.decode(self._vae, latents)[0].cpu().numpy(), request.seed)

    @property
    def _flux(self) -> Path:
        return FLUX.folder(self.root)

    @property
    def _lora(self) -> Path:
        return SEETHROUGH3D_LORA.folder(self.root) / LORA_FILE

    def _encoded(self, prompt: str, control: Control) -> Prompt:
        """Encodes a new prompt; the encoders leave the device, and memory, before this returns."""
        if prompt in self._prompts:
            return self._prompts[prompt]
        control.step(0, 1, "Reading the words")
        with (
            self._encoder(T5EncoderModel, "text_encoder_2", control) as t5,
            self._encoder(CLIPTextModel, "text_encoder", control) as clip,
        ):
            words = text.T5Words(self._flux / "tokenizer_2")
            tokenizer = CLIPTokenizer.from_pretrained(self._flux / "tokenizer")
            encoded = text.encode(prompt, words, tokenizer, t5, clip)
        if len(self._prompts) >= KEPT_PROMPTS:
            self._prompts.pop(next(iter(self._prompts)))
        self._prompts[prompt] = encoded
        return encoded

    @contextmanager
    def _encoder(self, kind: type[nn.Module], folder: str, control: Control):
        """A text encoder, its layers streamed through the device: one prompt is one pass."""
        encoder = kind.from_pretrained(self._flux / folder, dtype=self._dtype).eval()  # type: ignore[attr-defined]
        control.check()
        if self._device.type == "cpu":
            yield encoder
            return
        layers = encoder.encoder.block if folder == "text_encoder_2" else encoder.text_model.encoder.layers
        stream = BlockStream(list(layers), self._device)
        move_except(encoder, list(layers), self._device)
        yield encoder
        stream.close()
        del encoder
        torch.cuda.empty_cache()


def load_transformer(
    folder: Path, lora: Path, dtype: torch.dtype, check: Callable[[], None] = lambda: None
) -> SeeThroughTransformer:
    """FLUX with the LoRA beside it, in main memory, strictly. Raises BadCheckpoint."""
    config = FluxConfig.from_published(json.loads((folder / "config.json").read_text()))
    adapter = Weights(lora)
    ranks = {shape[0] for key, shape in adapter.shapes.items() if key.endswith(".down.weight")}
    if len(ranks) != 1:
        raise BadCheckpoint(
            f"{lora} has LoRA ranks {sorted(ranks)}, expected one", "Choose SeeThrough3D's lora.safetensors."
        )
    (rank,) = ranks
    return load(
        lambda: SeeThroughTransformer(config, [LoraConfig(rank)]), Weights(folder), adapter, dtype=dtype, check=check
    )


def condition_picture(image: np.ndarray) -> np.ndarray:
    """(S,S,3) uint8 -> (512,512,3) uint8, as the VAE takes it."""
    side = lat.CONDITION_PIXELS
    if image.shape[:2] == (side, side):
        return image
    return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR))


def preview(latents: Tensor) -> bytes:
    """A small JPEG guessed from latents (1, C, h, w) by a fixed linear map to colours; costs no network."""
    channels = latents.shape[1]
    mix = _colour_map(channels).to(latents.device)
    rgb = (torch.einsum("chw,cr->hwr", latents[0].float(), mix) + torch.tensor(RGB_BIAS).to(mix) + 1) / 2
    picture = Image.fromarray((rgb.clamp(0, 1) * 255).to(torch.uint8).cpu().numpy())
    picture = picture.resize((PREVIEW_PIXELS, PREVIEW_PIXELS * picture.height // picture.width))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


# A least-squares fit of colours in [-1, 1] to FLUX's scaled latents.
RGB_BIAS = (-0.0329, -0.0718, -0.0851)
FLUX_TO_RGB = (
    (-0.0346, 0.0244, 0.0681),
    (0.0034, 0.0210, 0.0687),
    (0.0275, -0.0668, -0.0433),
    (-0.0174, 0.0160, 0.0617),
    (0.0859, 0.0721, 0.0329),
    (0.0004, 0.0383, 0.0115),
    (0.0405, 0.0861, 0.0915),
    (-0.0236, -0.0185, -0.0259),
    (-0.0245, 0.0250, 0.1180),
    (0.1008, 0.0755, -0.0421),
    (-0.0515, 0.0201, 0.0011),
    (0.0428, -0.0012, -0.0036),
    (0.0817, 0.0765, 0.0749),
    (-0.1264, -0.0522, -0.1103),
    (-0.0280, -0.0881, -0.0499),
    (-0.1262, -0.0982, -0.0778),
)


def _colour_map(channels: int) -> Tensor:
    table = torch.tensor(FLUX_TO_RGB)
    return (
        table[:channels] if channels <= len(table) else torch.nn.functional.pad(table, (0, 0, 0, channels - len(table)))
    )

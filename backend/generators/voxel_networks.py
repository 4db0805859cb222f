"""Networks and settings of the TRELLIS.2 family from a folder in the published layout.

`pipeline.json` names the networks and holds samplers and latent norms; each network is `<name>.json` beside
`<name>.safetensors` (trellis2_core spec 2, pixal3d spec 14).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..encoders.dinov3 import DinoV3
from ..nn.residency import Networks, Resident, Staged
from ..protocol.errors import Unavailable
from ..sparse.cascade import CascadeSettings, LatentNorm, SamplerSettings
from ..sparse.flow import DenseFlow, FlowConfig, FlowTransformer, SparseFlow
from ..sparse.structure_vae import StructureDecoder, StructureVaeConfig
from ..sparse.vae import ShapeDecoder, SparseDecoder, SparseEncoder, SparseVaeConfig
from ..weights.catalogue import WeightSet
from ..weights.load import Weights, load

PROJECTION = "blocks.0.cross_attn.proj_linear.weight"


@dataclass(frozen=True)
class PublishedPipeline:
    """What a pipeline.json says."""

    models: dict[str, str]  # name -> path of its files, without ending
    settings: CascadeSettings

    @staticmethod
    def read_models(path: Path) -> dict[str, str]:
        """The networks that a pipeline file names, by name. Raises Unavailable."""
        try:
            return dict(json.loads(path.read_text())["args"]["models"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unavailable(f"{path} cannot be used: {error!r}", "Download the weights again.") from error

    @classmethod
    def read(cls, path: Path) -> PublishedPipeline:
        """Raises Unavailable if the file is not there or is no pipeline."""
        try:
            models, args = cls.read_models(path), json.loads(path.read_text())["args"]
            settings = CascadeSettings(
                _norm(args["shape_slat_normalization"]),
                _norm(args["tex_slat_normalization"]),
                _sampler(args["sparse_structure_sampler"]),
                _sampler(args["shape_slat_sampler"]),
                _sampler(args["tex_slat_sampler"]),
            )
            return cls(models, settings)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unavailable(f"{path} cannot be used: {error!r}", "Download the weights again.") from error


def _norm(values: dict[str, list[float]]) -> LatentNorm:
    return LatentNorm(tuple(values["mean"]), tuple(values["std"]))


def _sampler(block: dict[str, Any]) -> SamplerSettings:
    return SamplerSettings.from_published({**block.get("args", {}), **block["params"]})


class FlowWeights(Weights):
    """The file of a flow, without the position tables that some of them store: these are recomputed."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        for name in FlowTransformer.computed_buffers:
            self.shapes.pop(name, None)

    def read(self, check: Callable[[], None] = lambda: None) -> Iterator[tuple[str, Tensor]]:
        return ((key, value) for key, value in super().read(check) if key in self.shapes)


def load_network(path: Path, half: bool, check: Callable[[], None] = lambda: None) -> nn.Module:
    """One network from `<path>.json` and `<path>.safetensors`.

    With `half` the torso runs as it was published: bf16 in flows, fp16 in VAEs; everything else stays fp32.
    """
    try:
        published = json.loads(path.with_name(path.name + ".json").read_text())
    except (OSError, ValueError) as error:
        raise Unavailable(f"{path}.json cannot be read: {error}", "Download the weights again.") from error
    weights = FlowWeights(path.with_name(path.name + ".safetensors"))
    network = load(lambda: build_network(published, weights.shapes), weights, check=check)
    published_half = torch.bfloat16 if isinstance(network, FlowTransformer) else torch.float16
    return network.to_torso(published_half if half else torch.float32)  # pyright: ignore


def require(part: WeightSet, root: Path) -> Path:
    """The folder of a weight set. Raises Unavailable with the command that downloads it."""
    if not part.present(root):
        remedy = f"Download it ({part.size_gb:g} GB): python install.py weights {part.name}"
        raise Unavailable(f"The weights '{part.name}' are not in {part.folder(root)}", remedy)
    return part.folder(root)


def load_image_encoder(folder: Path) -> DinoV3:
    """A DINOv3 as transformers writes it: config.json and model.safetensors."""
    names = ("patch_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    names += ("num_register_tokens", "rope_theta", "layer_norm_eps", "key_bias")
    try:
        config = json.loads((folder / "config.json").read_text())
    except (OSError, ValueError) as error:
        raise Unavailable(f"{folder}/config.json cannot be read: {error}", "Download the weights again.") from error
    sizes = {name: config[name] for name in names if name in config}
    return load(lambda: DinoV3(sizes), Weights(folder / "model.safetensors"))


def placed(networks: Mapping[str, nn.Module], device: torch.device, memory: str, sequence: Sequence[str]) -> Networks:
    """All networks on the device ("resident"), or each only while it is used ("staged"), the next in the sequence
    already on its way ("streamed")."""
    if memory == "resident" or device.type == "cpu":
        return Resident(networks, device)
    return Staged(networks, device, sequence if memory == "streamed" else ())


def build_network(published: dict[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> nn.Module:
    """The network that a model JSON describes. Projection layers that it forgets are read from the weights' shapes."""
    name, args = published["name"], dict(published["args"])
    match name:
        case "SparseStructureFlowModel" | "SLatFlowModel" | "ElasticSLatFlowModel":
            if PROJECTION in shapes:
                args |= {"image_attn_mode": "proj", "proj_in_channels": shapes[PROJECTION][1]}
            config = FlowConfig.from_published(args)
            return DenseFlow(config) if name == "SparseStructureFlowModel" else SparseFlow(config)
        case "SparseStructureDecoder":
            return StructureDecoder(StructureVaeConfig.from_published(args))
        case "FlexiDualGridVaeDecoder":
            return ShapeDecoder(SparseVaeConfig.from_published({**args, "out_channels": 7}, 7))
        case "SparseUnetVaeDecoder":
            return SparseDecoder(SparseVaeConfig.from_published(args, 6))
        case "FlexiDualGridVaeEncoder" | "SparseUnetVaeEncoder":
            return SparseEncoder(SparseVaeConfig.from_published(args, 6))
    raise Unavailable(f"A network of the kind '{name}' is not known", "Use the files that were published.")

"""The transformer's large linears in fewer bits, by torchao or bitsandbytes; both are optional packages.

Blocks are changed one by one on their way to the GPU, so that the peak is that of the small weights and one block.
LoRA, norms, embedders and the modulation linears keep their precision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from ...nn.fused import quantise_rows
from ...protocol.errors import Unavailable
from .memory import PACKAGES
from .transformer import SeeThroughTransformer

FP8_CAPABILITY = (8, 9)  # Ada and newer multiply in 8 bits


def quantise(
    model: SeeThroughTransformer, mode: str, device: torch.device, check: Callable[[], None] = lambda: None
) -> None:
    """`mode` "fp8" or "nf4"; the changed linears are on `device` afterwards, all else stays where it is.

    Raises Unavailable when the package is missing or the GPU is too old.
    """
    change = _changer(mode, device)
    for block in (*model.transformer_blocks, *model.single_transformer_blocks):
        for parent, name, linear in large_linears(block):
            check()
            setattr(parent, name, change(linear))


def large_linears(block: nn.Module) -> Iterator[tuple[nn.Module, str, nn.Linear]]:
    """(parent, name, linear) of a block's projections and MLPs: not its LoRA, not its modulation."""
    for path, module in list(block.named_modules()):
        if isinstance(module, nn.Linear) and "_loras" not in path and not path.startswith("norm"):
            parent, _, name = path.rpartition(".")
            yield block.get_submodule(parent), name, module


def _changer(mode: str, device: torch.device) -> Callable[[nn.Linear], nn.Module]:
    try:
        return _to_fp8(device) if mode == "fp8" else _to_nf4(device)
    except ImportError as error:
        package = PACKAGES[mode]
        raise Unavailable(
            f"Memory mode '{mode}' needs {package}: {error}", f"Install it: pip install {package}"
        ) from error


def _to_fp8(device: torch.device) -> Callable[[nn.Linear], nn.Module]:
    """Weights and activations in float8 with a scale per row; that of an activation's rows is found anew each time."""
    from torchao.quantization import Float8DynamicActivationFloat8WeightConfig, PerRow, quantize_

    if torch.cuda.get_device_capability(device) < FP8_CAPABILITY:
        raise Unavailable("This GPU does not multiply in 8 bits", "Choose memory mode 'auto'.")
    config = Float8DynamicActivationFloat8WeightConfig(granularity=PerRow(), set_inductor_config=False)

    def change(linear: nn.Linear) -> nn.Module:
        holder = nn.Sequential(linear.to(device))
        quantize_(holder, config)
        weight: Any = linear.weight
        return Float8Linear(weight.qdata, weight.scale, linear.bias)

    return change


class Float8Linear(nn.Module):
    """A linear with torchao's weights. Its input is made smaller by one kernel; torchao's own way needs a compiler."""

    def __init__(self, weight: Tensor, scale: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=False)  # (out, in) float8
        self.scale = nn.Parameter(scale.reshape(1, -1), requires_grad=False)  # (1, out) fp32
        self.bias = None if bias is None else nn.Parameter(bias, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        rows, scales = quantise_rows(x.reshape(-1, x.shape[-1]))
        out = torch.ops.aten._scaled_mm(
            rows, self.weight.t(), scales, self.scale, bias=self.bias, out_dtype=x.dtype, use_fast_accum=True
        )
        return out.unflatten(0, x.shape[:-1])


def _to_nf4(device: torch.device) -> Callable[[nn.Linear], nn.Module]:
    """Weights in 4 bits (NF4, blocks of 64), unpacked for each product; activations stay in bf16."""
    from bitsandbytes.nn import Linear4bit, Params4bit

    def change(linear: nn.Linear) -> nn.Module:
        small = Linear4bit(
            linear.in_features,
            linear.out_features,
            bias=linear.bias is not None,
            compute_dtype=linear.weight.dtype,
            quant_type="nf4",
            device="meta",
        )
        small.weight = Params4bit(linear.weight.data.cpu(), requires_grad=False, quant_type="nf4").to(device)
        small.bias = None if linear.bias is None else nn.Parameter(linear.bias.to(device), requires_grad=False)
        return small

    return change

"""Muon for matrices with AdamW for the rest. TAR3D specification 11.4.

A matrix takes the orthogonalised momentum of its gradient as its step, scaled to the size of an AdamW step.
"""

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.optim import Optimizer

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)


def orthogonalize(update: Tensor, steps: int = 5, dtype: torch.dtype = torch.bfloat16) -> Tensor:
    """The nearest semi-orthogonal matrix, roughly, by a quintic Newton-Schulz iteration; update [..., A, B]."""
    a, b, c = NEWTON_SCHULZ
    x = update.to(dtype)
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        p = x @ x.mT
        x = a * x + (b * p + c * p @ p) @ x
    return x.mT if tall else x


class Muon(Optimizer):
    """Groups with `muon=True` hold matrices; the others take the AdamW step of the specification.

    `blocks` (in a Muon group) orthogonalises that many equal stacks of rows by themselves: 3 for a packed q | k | v.
    """

    def __init__(self, groups: Iterable[dict], lr: float = 1e-3, weight_decay: float = 0.1):
        defaults = dict(
            lr=lr, weight_decay=weight_decay, muon=False, momentum=0.95, blocks=1, ns_dtype=torch.bfloat16,
            betas=(0.95, 0.95), eps=1e-8,
        )  # fmt: skip
        super().__init__(groups, defaults)
        for group in self.param_groups:
            if group["muon"] and any(p.ndim != 2 for p in group["params"]):
                raise ValueError("Muon takes matrices only; put vectors and tables into a group without muon=True")

    @torch.no_grad()
    def step(self, closure=None) -> None:
        if closure is not None:
            raise ValueError("Muon takes no closure")
        for group in self.param_groups:
            with_gradient = [p for p in group["params"] if p.grad is not None]
            if not group["muon"]:
                for parameter in with_gradient:
                    _adamw_step(parameter, parameter.grad, self.state[parameter], group)
                continue
            shapes = sorted({p.shape for p in with_gradient})
            for shape in shapes:  # matrices of one shape are orthogonalised together: a few large launches
                alike = [p for p in with_gradient if p.shape == shape]
                _muon_step(alike, [self.state[p] for p in alike], group)


def _muon_step(weights: list[Tensor], states: list[dict], group: dict) -> None:
    """One step of matrices that share a shape [A, B]."""
    for weight, state in zip(weights, states, strict=True):
        if not state:
            state["momentum"] = torch.zeros_like(weight)
    gradients, momenta = [weight.grad for weight in weights], [state["momentum"] for state in states]
    torch._foreach_mul_(momenta, group["momentum"])
    torch._foreach_add_(momenta, gradients)
    nesterov = torch.stack(torch._foreach_add(gradients, momenta, alpha=group["momentum"]))  # [n, A, B]
    blocks = nesterov.unflatten(1, (group["blocks"], -1))
    directions = orthogonalize(blocks, dtype=group["ns_dtype"]).flatten(1, 2).to(nesterov.dtype)
    rate = group["lr"] * 0.2 * max(blocks.shape[-2:]) ** 0.5
    torch._foreach_mul_(weights, 1 - group["lr"] * group["weight_decay"])
    torch._foreach_add_(weights, list(directions.unbind()), alpha=-rate)


def _adamw_step(weight: Tensor, gradient: Tensor, state: dict, group: dict) -> None:
    """AdamW whose eps is added to the uncorrected root (specification 11.4)."""
    if not state:
        state.update(step=0, mean=torch.zeros_like(weight), square=torch.zeros_like(weight))
    state["step"] += 1
    beta1, beta2 = group["betas"]
    mean = state["mean"].lerp_(gradient, 1 - beta1)
    square = state["square"].lerp_(gradient.square(), 1 - beta2)
    correction = (1 - beta2 ** state["step"]) ** 0.5 / (1 - beta1 ** state["step"])
    weight.mul_(1 - group["lr"] * group["weight_decay"])
    weight.addcdiv_(mean, square.sqrt().add_(group["eps"]), value=-group["lr"] * correction)

"""The moving average of a model's weights, which is what gets shipped."""

import torch
from torch import Tensor, nn


class EMA:
    """Averages parameters with `decay`; buffers (statistics) are copied as they are.

    Early on the average runs faster: step t uses min(decay, (1 + t) / (10 + t)).
    """

    def __init__(self, model: nn.Module, decay: float = 0.999):
        self.decay, self.steps = decay, 0
        self.averages = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        current = model.state_dict()
        trained = [name for name, _ in model.named_parameters()]
        torch._foreach_lerp_([self.averages[n] for n in trained], [current[n] for n in trained], 1 - decay)
        for name in self.averages.keys() - set(trained):
            self.averages[name].copy_(current[name])

    def state(self) -> dict[str, Tensor]:
        return dict(self.averages)

    def restore(self, averages: dict[str, Tensor], steps: int) -> None:
        self.steps = steps
        for name, value in self.averages.items():
            value.copy_(averages[name])

"""Keeping a codebook of unit vectors alive: a start from the data, and a new place for codes that nothing uses."""

import torch
from torch import Tensor
from torch.nn import functional as F


def spherical_kmeans(vectors: Tensor, count: int, iterations: int, generator: torch.Generator) -> Tensor:
    """`count` unit centres [count, C] of unit vectors [n, C], n >= count."""
    if len(vectors) < count:
        raise ValueError(f"cannot find {count} centres among {len(vectors)} vectors")
    chosen = torch.randperm(len(vectors), generator=generator, device=vectors.device)
    centres = vectors[chosen[:count]]
    for _ in range(iterations):
        nearest = (vectors @ centres.T).argmax(1)
        sums = torch.zeros_like(centres).index_add_(0, nearest, vectors)
        empty = torch.bincount(nearest, minlength=count) == 0
        again = torch.randint(len(vectors), (count,), generator=generator, device=vectors.device)
        centres = F.normalize(torch.where(empty[:, None], vectors[again], sums), dim=1)
    return centres


@torch.no_grad()
def revive(codebook: Tensor, counts: Tensor, vectors: Tensor, generator: torch.Generator) -> int:
    """Move the codes [K, C] with a count of 0 onto random vectors [n, C] of the data; returns how many moved."""
    dead = (counts == 0).nonzero()[:, 0]
    chosen = torch.randint(len(vectors), (len(dead),), generator=generator, device=vectors.device)
    codebook[dead] = vectors[chosen].to(codebook.dtype)
    return len(dead)

import pytest
import torch
from torch.nn import functional as F

from backend.training.codebook import revive, spherical_kmeans


def test_centres_find_the_clusters():
    generator = torch.Generator().manual_seed(0)
    truth = F.normalize(torch.eye(4), dim=1)
    vectors = F.normalize(truth.repeat(50, 1) + 0.05 * torch.randn(200, 4, generator=generator), dim=1)
    centres = spherical_kmeans(vectors, 8, 20, generator)
    assert ((truth @ centres.T).amax(1) > 0.98).all()


def test_too_few_vectors_are_an_error():
    with pytest.raises(ValueError, match="5 centres among 3"):
        spherical_kmeans(torch.eye(3), 5, 1, torch.Generator())


def test_only_unused_codes_move():
    codebook, vectors = torch.zeros(4, 2), torch.ones(10, 2)
    assert revive(codebook, torch.tensor([3, 0, 1, 0]), vectors, torch.Generator().manual_seed(0)) == 2
    assert codebook.sum(1).tolist() == [0, 2, 0, 2]

"""Files of the reference's trainers are read and written; a hostile file runs nothing."""

import argparse
import os
from dataclasses import replace

import pytest
import torch

from backend.generators.tar3d.checkpoint import (
    is_hybrid,
    load_gpt,
    load_vqvae,
    read_gpt,
    write_gpt_reference,
    write_vqvae_reference,
)
from backend.generators.tar3d.gpt import GPT, GPTSettings
from backend.generators.tar3d.starter import VQVAE_SETTINGS
from backend.generators.tar3d.vqvae import VQVAE
from backend.protocol.errors import Unavailable
from backend.weights.load import read_pickled

GPT_TINY = GPTSettings(
    dim=16, n_layer=4, n_head=2, multiple_of=16, caption_dim=6, vocab_size=10, cls_token_num=3, block_size=12
)
VQ_TINY = replace(
    VQVAE_SETTINGS, triplane_res=2, width=12, heads=2, num_encoder_layers=1, triplane_layers=1, unused_layers=True
)


def same(one, other):
    return all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True))


def test_round_trips(tmp_path):
    gpt, vqvae = GPT(GPT_TINY), VQVAE(VQ_TINY)
    write_gpt_reference(gpt.state_dict(), tmp_path / "last.pt", 5)
    write_vqvae_reference(vqvae.state_dict(), tmp_path / "last.ckpt", 5)
    assert same(gpt, load_gpt(tmp_path / "last.pt", GPT_TINY))
    assert same(vqvae, load_vqvae(tmp_path / "last.ckpt", VQ_TINY))
    assert is_hybrid(gpt.state_dict()) and not is_hybrid(GPT(replace(GPT_TINY, hybrid=False)).state_dict())


class Settings:
    """A class of some trainer that this program must not import or build."""

    built = False

    def __setstate__(self, state):
        Settings.built = True


class Hostile:
    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_classes_in_a_file_are_not_built(tmp_path):
    torch.save({"model": {}, "args": Settings(), "options": argparse.Namespace(a=1)}, tmp_path / "last.pt")
    assert set(read_pickled(tmp_path / "last.pt")) == {"model", "args", "options"}
    assert not Settings.built


def test_code_in_a_file_is_refused(tmp_path):
    hostile = Hostile()
    hostile.path = str(tmp_path / "made")
    torch.save({"model": {}, "args": hostile}, tmp_path / "bad.pt")
    with pytest.raises(Exception, match="Weights only load failed"):
        read_pickled(tmp_path / "bad.pt")
    assert not (tmp_path / "made").exists()


def test_a_file_without_weights_says_what_it_holds(tmp_path):
    torch.save({"steps": 3}, tmp_path / "empty.pt")
    with pytest.raises(Unavailable, match="holds steps but no weights"):
        read_gpt(tmp_path / "empty.pt")

"""Several processes draw assets into files of their own."""

import sys

import pytest
import torch

from backend.training.data.draft_shapes import ShapePool
from backend.training.recipes import tar3d_pool


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["tar3d_pool", *map(str, arguments)])
    tar3d_pool.main()


def test_processes_share_the_seeds_between_them(tmp_path, monkeypatch):
    given = ("--assets", 2, "--processes", 2, "--surface", 64, "--queries", 16)
    run(monkeypatch, "--out", tmp_path, *given)
    whole = ShapePool.load_share(tmp_path, torch.device("cpu"))
    halves = [ShapePool.load_share(tmp_path, torch.device("cpu"), number, 2) for number in range(2)]
    assert len(whole) == 2 and whole.surface.shape[1] == 64
    assert whole.captions == [half.captions[0] for half in halves]
    assert not list(tmp_path.glob("*.part"))


def test_held_back_seeds_are_refused(tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match="held back"):
        run(monkeypatch, "--out", tmp_path, "--first-seed", 5)


def test_more_processes_than_files_are_refused(tmp_path):
    with pytest.raises(ValueError, match="0 files of assets for 1 processes"):
        ShapePool.load_share(tmp_path, torch.device("cpu"))

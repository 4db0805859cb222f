"""The command line on folders of meshes and pictures, and the starter's measures on meshes with known scores."""

import numpy as np
import pytest
import torch
import trimesh
from PIL import Image

from backend.evaluation.__main__ import main
from backend.evaluation.sheet import contact_sheet, draw_mesh
from backend.evaluation.starter import NEIGHBOUR_POINTS, Shape, nearest_kinds, score
from backend.training.data.draft_shapes import ShapePool


def test_meshes_of_the_same_name_are_compared(tmp_path, capsys):
    for folder, radius in (("made", 1.0), ("true", 2.0)):
        (tmp_path / folder).mkdir()
        trimesh.creation.icosphere(radius=radius).export(tmp_path / folder / "ball.obj")
    main(["meshes", str(tmp_path / "made"), str(tmp_path / "true")])
    lines = capsys.readouterr().out.splitlines()
    names, values = lines[0].split(), lines[1].split()[1:]
    assert float(values[names.index("chamfer")]) < 0.03
    assert lines[-1].startswith("mean")


def test_pictures_of_the_same_name_are_compared(tmp_path, capsys):
    for folder in ("made", "true"):
        (tmp_path / folder).mkdir()
        Image.new("RGB", (16, 16), (10, 20, 200)).save(tmp_path / folder / "a.png")
    main(["images", str(tmp_path / "made"), str(tmp_path / "true")])
    assert "100.0000" in capsys.readouterr().out


def test_folders_without_a_common_name_are_refused(tmp_path):
    with pytest.raises(SystemExit, match="same name"):
        main(["meshes", str(tmp_path), str(tmp_path)])


def pool_of(*clouds: torch.Tensor) -> ShapePool:
    none = torch.zeros(len(clouds), 1)
    return ShapePool(torch.stack(clouds).half(), none, none, none, none, none, none, none, ["ball", "rod"], ["", ""])


def test_the_nearest_truth_names_the_kind():
    generator = torch.Generator().manual_seed(0)
    ball = torch.nn.functional.normalize(torch.randn(600, 3, generator=generator), dim=1)
    rod = ball * torch.tensor([1.0, 0.1, 0.1])
    made = [Shape(0.9, 1.0, rod[:NEIGHBOUR_POINTS].numpy(), None), Shape(0.0, 0.0, None, None)]
    assert nearest_kinds(made, pool_of(ball, rod)) == ["rod", ""]
    assert score(made, pool_of(ball, rod)).fine == pytest.approx(0.45)


def test_a_sheet_holds_every_entry():
    ball = trimesh.creation.icosphere(subdivisions=1)
    tile = draw_mesh((np.asarray(ball.vertices), np.asarray(ball.faces)), pixels=160)
    assert tile.min() < 150 and tile.max() == 255
    assert contact_sheet([("a", [tile, tile]), ("b", [tile]), ("c", [tile])]).size == (2 * 328, 2 * 174)

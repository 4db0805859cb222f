"""The command line on folders of meshes and pictures."""

import pytest
import trimesh
from PIL import Image

from backend.evaluation.__main__ import main


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


def test_meshes_are_also_compared_by_twenty_pictures_and_shown(tmp_path, capsys):
    for folder, stretch in (("made", 1.0), ("true", 0.5)):
        (tmp_path / folder).mkdir()
        ball = trimesh.creation.icosphere(subdivisions=1)
        ball.vertices[:, 0] *= stretch
        ball.export(tmp_path / folder / "ball.obj")
    sheet = tmp_path / "sheet.png"
    main(["meshes", str(tmp_path / "made"), str(tmp_path / "true"), "--views", "--sheet", str(sheet)])
    lines = capsys.readouterr().out.splitlines()
    values = dict(zip(lines[0].split(), map(float, lines[1].split()[1:]), strict=True))
    assert values["psnr"] < 30 and values["ssim"] < 1
    assert Image.open(sheet).size == (2 * 328, 174)


def test_lpips_asks_for_both_of_its_files(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["images", str(tmp_path), str(tmp_path), "--lpips", "alex.pth"])
    assert "both files" in capsys.readouterr().err

"""The small goldens that are kept with the tests, through the same command that checks the large ones."""

from pathlib import Path

import pytest

from tests.parity.__main__ import main

FOLDER = Path(__file__).parents[2] / "goldens" / "tar3d"
FILES = sorted(FOLDER.iterdir())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_agrees_with_the_reference(path: Path) -> None:
    assert main([str(path)]) == 0

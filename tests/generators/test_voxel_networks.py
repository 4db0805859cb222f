from pathlib import Path

import pytest
import torch

from backend.generators.voxel_networks import PublishedPipeline, load_network
from backend.nn.guidance import Guidance
from backend.protocol.errors import Unavailable
from tests.generators.pixal3d import tiny


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write(tmp_path_factory.mktemp("weights")) / "pixal3d"


def test_torsos_run_in_the_type_that_was_published(folder: Path) -> None:
    flow = load_network(folder / "ckpts/shape_slat_flow_model_512", half=True)
    assert flow.torso_dtype == torch.bfloat16 and flow.input_layer.weight.dtype == torch.float32
    for name in ("shape_slat_decoder", "tex_slat_decoder", "sparse_structure_decoder"):
        decoder = load_network(folder / "ckpts" / name, half=True)
        halves = {p.dtype for p in decoder.parameters()}
        assert halves == {torch.float16, torch.float32}
    assert load_network(folder / "ckpts/shape_slat_decoder", half=False).torso_dtype == torch.float32


def test_the_pipeline_file_sets_samplers_and_norms(folder: Path) -> None:
    published = PublishedPipeline.read(folder / "pipeline.json")
    assert published.models.keys() == tiny.MODELS.keys()
    assert published.settings.shape_sampler.guidance == Guidance(2.0, 0.5, (0.6, 1.0))
    assert published.settings.texture_norm.std == (1.5,) * 4


def test_files_that_are_missing_or_broken_are_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"pipeline\.json"):
        PublishedPipeline.read(tmp_path / "pipeline.json")
    (tmp_path / "pipeline.json").write_text('{"args": {"models": {}}}')
    with pytest.raises(Unavailable, match="shape_slat_normalization"):
        PublishedPipeline.read(tmp_path / "pipeline.json")
    (tmp_path / "odd.json").write_text('{"name": "SparseThing", "args": {}}')
    with pytest.raises(Exception, match=r"odd\.safetensors"):
        load_network(tmp_path / "odd", half=False)

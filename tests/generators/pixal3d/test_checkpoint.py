import torch

from backend.generators.pixal3d.checkpoint import adapt_for_finetuning


def test_cross_attention_moves_down_and_projections_widen_with_zeros() -> None:
    state = {
        "blocks.0.cross_attn.to_q.weight": torch.ones(2, 2),
        "blocks.0.self_attn.to_out.weight": torch.ones(2, 2),
        "blocks.0.cross_attn.proj_linear.weight": torch.ones(2, 3),
    }
    adapted = adapt_for_finetuning(state, 5)
    assert list(adapted) == [
        "blocks.0.cross_attn.cross_attn_block.to_q.weight",
        "blocks.0.self_attn.to_out.weight",
        "blocks.0.cross_attn.proj_linear.weight",
    ]
    widened = adapted["blocks.0.cross_attn.proj_linear.weight"]
    assert widened.shape == (2, 5) and not widened[:, 3:].any() and widened[:, :3].all()
    assert adapt_for_finetuning(adapted, 5).keys() == adapted.keys()

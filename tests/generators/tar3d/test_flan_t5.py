"""A tiny T5 in the hub's layout: captions are cleaned, cut, and their features stand at the end."""

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import T5Config, T5EncoderModel

from backend.generators.tar3d.flan_t5 import TOKENS, FlanT5
from backend.protocol.errors import Unavailable

WORDS = ("<pad>", "</s>", "<unk>", "a", "wooden", "chair", "lamp")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flan")
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(WORDS), d_model=8, d_kv=4, d_ff=16, num_layers=2, num_heads=2, feed_forward_proj="gated-gelu"
    )
    T5EncoderModel(config).save_pretrained(folder)
    return folder


def test_features_stand_at_the_end_and_do_not_depend_on_the_neighbours(folder):
    encoder = FlanT5.load(folder, dtype=torch.float32)
    features, mask = encoder(["a wooden chair", "a lamp"])
    assert features.shape == (2, TOKENS, 8)
    assert mask.sum(1).tolist() == [4, 3] and mask[:, -3:].all()
    assert (features[~mask] == 0).all() and (features[mask] != 0).any(1).all()
    torch.testing.assert_close(encoder(["a lamp"])[0][0], features[1])


def test_captions_are_cleaned_and_cut_with_their_end_kept(folder):
    encoder = FlanT5.load(folder, dtype=torch.float32)
    assert encoder.ids("A  Wooden CHAIR https://shop.com") == encoder.ids("a wooden chair") == [3, 4, 5, 1]
    long = encoder.ids("chair " * 300)
    assert len(long) == TOKENS and long[-1] == 1 and long[-2] == 5


def test_a_folder_without_the_model_is_refused(tmp_path):
    with pytest.raises(Unavailable, match="No text encoder"):
        FlanT5.load(tmp_path)

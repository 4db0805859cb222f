import pytest
import torch

from backend.generators.seethrough3d.sampling import Prompt
from backend.protocol.errors import NotFound
from backend.training.data.text_embeddings import TextEmbeddings


def encode(text: str) -> Prompt:
    return Prompt(torch.full((1, 3, 2), float(len(text))), torch.full((1, 4), float(text.count(" "))))


def test_texts_that_differ_in_blanks_only_are_different_texts(tmp_path):
    texts = TextEmbeddings(tmp_path / "cache")
    given = ["a  dog", "a dog", "a dog ", " ", ""]
    texts.fill(given, encode)
    assert [float(texts.read(text).pooled[0, 0]) for text in given] == [2, 1, 2, 1, 0]
    assert texts.missing([*given, "a cat", "a cat"]) == ["a cat"]


def test_a_text_that_was_not_encoded_is_an_error_and_no_zeros(tmp_path):
    with pytest.raises(NotFound, match="a cat"):
        TextEmbeddings(tmp_path).read("a cat")


def test_nothing_half_written_is_found(tmp_path):
    def fails(text: str) -> Prompt:
        raise RuntimeError("stopped")

    texts = TextEmbeddings(tmp_path)
    with pytest.raises(RuntimeError):
        texts.fill(["a dog"], fails)
    assert texts.missing(["a dog"]) == ["a dog"]


def test_read_in_the_type_of_the_network(tmp_path):
    texts = TextEmbeddings(tmp_path)
    texts.fill(["a dog"], encode)
    assert texts.read("a dog", dtype=torch.bfloat16).embeds.dtype == torch.bfloat16

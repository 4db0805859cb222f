"""Which tokens belong to which box, with a tokenizer of a few pieces."""

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from backend.generators.seethrough3d.text import T5Words
from backend.protocol.errors import Unavailable

PIECES = ("<pad>", "</s>", "<unk>", "▁", "▁a", "▁photo", "▁of", "▁red", "▁chair", "▁and", "▁dog", "▁outside")


@pytest.fixture
def words(tmp_path):
    scores = [(piece, 0.0 if piece.startswith("<") else -1.0) for piece in PIECES]
    tokenizer = Tokenizer(models.Unigram(scores, unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return T5Words(tmp_path)


def test_what_the_vocabulary_does_not_know_is_named_unknown(words):
    assert words.tokens("red Ïß dog") == ["▁red", "▁", "<unk>", "▁dog", "</s>"]


def test_each_subject_has_the_tokens_of_its_words(words):
    bound = words.bind(["red chair", "dog"], "outside")
    assert bound.text == "a photo of red chair and dog outside"
    tokens = words.tokens(bound.text)
    assert [[tokens[i] for i in call] for call in bound.call_ids] == [["▁red", "▁chair"], ["▁dog"]]
    assert bound.warnings == ()


def test_words_that_the_cut_prompt_loses_are_said(words):
    bound = words.bind(["red chair " * 300, "dog"], "outside")
    assert "dog" in " ".join(bound.warnings)


def test_without_its_file_the_remedy_is_told(tmp_path):
    with pytest.raises(Unavailable, match="tokenizer"):
        T5Words(tmp_path / "nowhere")

"""The vocabulary comes from the narrations, whatever their order, and survives the disk."""

import random
from pathlib import Path

import pytest
import torch

from mc3core.config import build_config
from mc3core.data.tokenizer import load_tokenizer, make_tokenizer
from mc3core.errors import InputError

CONFIG = build_config("mc3", "scaled").encoders.text
NARRATIONS = [
    f"#C C {verb} the {noun}{tail}"
    for verb in ("chops", "washes", "picks up", "stirs")
    for noun in ("onion", "carrot", "cup", "water tap")
    for tail in ("", " with a knife", " #unsure")
]


def test_the_order_of_narrations_does_not_matter() -> None:
    shuffled = random.Random(0).sample(NARRATIONS, len(NARRATIONS))
    both = [make_tokenizer(texts, CONFIG) for texts in (NARRATIONS, shuffled)]
    assert both[0].inner.get_vocab() == both[1].inner.get_vocab()


def test_known_words_are_one_token_and_unknown_ones_are_spelled() -> None:
    tokenizer = make_tokenizer(NARRATIONS, CONFIG)
    assert tokenizer.inner.encode("#C C chops the onion").tokens == [
        *("[CLS]", "#", "c", "c", "chops", "the", "onion", "[SEP]")
    ]
    assert "[UNK]" not in tokenizer.inner.encode("chip").tokens


def test_a_batch_is_padded_to_its_longest_and_masked() -> None:
    ids, mask = make_tokenizer(NARRATIONS, CONFIG)(["onion", "onion cup"])
    assert mask.tolist() == [[1, 1, 1, 0], [1, 1, 1, 1]]
    assert ids[0, 3] == 0 and ids[0, 0] == ids[1, 0]


@pytest.mark.parametrize(
    "text", ["", "word " * 10_000, "<script>alert(1)</script>", "né\u0000\ud83d"]
)
def test_any_text_is_read_up_to_the_limit(text: str) -> None:
    ids, mask = make_tokenizer(NARRATIONS, CONFIG)([text])
    assert 2 <= ids.shape[1] <= CONFIG.tokens
    assert bool(mask.all())


def test_a_vocabulary_never_outgrows_the_model() -> None:
    small = build_config("mc3", "scaled", "tiny", {"encoders.text.vocabulary": "40"}).encoders.text
    every_letter = [chr(code) for code in range(0x4E00, 0x4E00 + 500)]
    assert make_tokenizer(NARRATIONS + every_letter, small).inner.get_vocab_size() <= 40


def test_saved_and_loaded_it_is_the_same(tmp_path: Path) -> None:
    tokenizer = make_tokenizer(NARRATIONS, CONFIG)
    tokenizer.save(tmp_path / "tokenizer.json")
    loaded = load_tokenizer(tmp_path / "tokenizer.json", CONFIG)
    for one, two in zip(tokenizer(NARRATIONS), loaded(NARRATIONS), strict=True):
        assert torch.equal(one, two)


def test_a_vocabulary_larger_than_the_model_is_refused(tmp_path: Path) -> None:
    make_tokenizer(NARRATIONS, CONFIG).save(tmp_path / "tokenizer.json")
    small = build_config("mc3", "scaled", "tiny", {"encoders.text.vocabulary": "32"}).encoders.text
    with pytest.raises(InputError, match=r"set encoders\.text\.vocabulary="):
        load_tokenizer(tmp_path / "tokenizer.json", small)

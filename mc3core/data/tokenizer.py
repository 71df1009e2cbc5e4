"""Narrations to token ids: a WordPiece vocabulary built from the data, kept with the run."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mc3core.config import TextConfig
from mc3core.errors import InputError

PAD, UNKNOWN, FIRST, LAST, MASK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"
SPECIAL = (PAD, UNKNOWN, FIRST, LAST, MASK)
CHARACTERS = 2_000  # of a narration; what is cut anyway need not be split into words first
ALPHABET = 200


@dataclass(frozen=True)
class Tokenizer:
    """Wraps a `tokenizers.Tokenizer` set to cut at `tokens`."""

    inner: Any
    tokens: int

    def __call__(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Ids (B, L) and mask (B, L), L the longest of the batch; [CLS] first, [SEP] last."""
        coded = [self.inner.encode(_clean(text)).ids for text in texts]
        longest = max(len(ids) for ids in coded)
        ids = torch.zeros(len(coded), longest, dtype=torch.long)
        mask = torch.zeros(len(coded), longest, dtype=torch.long)
        for row, found in enumerate(coded):
            ids[row, : len(found)] = torch.tensor(found)
            mask[row, : len(found)] = 1
        return ids, mask

    def text(self) -> str:
        """What `save` writes: the whole tokenizer as JSON."""
        return self.inner.to_str()

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        self.inner.save(str(partial))
        partial.replace(path)


def make_tokenizer(narrations: Iterable[str], config: TextConfig) -> Tokenizer:
    """The pretrained tokenizer of `config.weights`, else a vocabulary built from `narrations`.

    Narrations go in as they are written, "#C C" included, lower-cased like BERT's uncased
    vocabulary. The same narrations give the same vocabulary in whatever order they come.
    """
    from tokenizers import Tokenizer as Inner
    from tokenizers import models, normalizers, pre_tokenizers, trainers

    if config.weights or config.tokenizer:
        return _pretrained(config)
    normalizer = normalizers.BertNormalizer(lowercase=True)
    words = sorted(
        word for text in narrations for word in normalizer.normalize_str(_clean(text)).split()
    )
    letters = Counter(letter for word in words for letter in word)
    most = min(ALPHABET, config.vocabulary // 4)  # a letter takes two entries; half is for words
    alphabet = sorted(letter for letter, _ in sorted(letters.items(), key=_commonest)[:most])
    # The trainer numbers "##x" in the order of a random hash and breaks ties by number. Numbered
    # here, as special tokens, they make it deterministic.
    numbered = [*SPECIAL, *alphabet, *(f"##{letter}" for letter in alphabet)]
    trainer = trainers.WordPieceTrainer(
        vocab_size=config.vocabulary, special_tokens=numbered, show_progress=False
    )
    learner = Inner(models.WordPiece(unk_token=UNKNOWN))
    learner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    learner.train_from_iterator([word for word in words if set(word) <= set(alphabet)], trainer)

    return _cut(_word_piece(learner.get_vocab()), config)


def _word_piece(vocabulary: dict[str, int]) -> Any:
    """BERT's uncased tokenizer over a vocabulary that holds the special tokens."""
    from tokenizers import Tokenizer as Inner
    from tokenizers import models, normalizers, pre_tokenizers, processors

    inner = Inner(models.WordPiece(vocabulary, unk_token=UNKNOWN))
    inner.normalizer = normalizers.BertNormalizer(lowercase=True)
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.add_special_tokens(list(SPECIAL))
    inner.post_processor = processors.TemplateProcessing(
        single=f"{FIRST} $A {LAST}",
        special_tokens=[(token, inner.token_to_id(token)) for token in (FIRST, LAST)],
    )
    return inner


def _pretrained(config: TextConfig) -> Tokenizer:
    """The vocabulary that `config.weights` were trained with: where it says, or beside them."""
    stated = Path(config.tokenizer or config.weights or "").expanduser()
    key = "tokenizer" if config.tokenizer else "weights"
    folder = stated if stated.is_dir() else stated.parent
    near = [folder / name for name in ("tokenizer.json", "vocab.txt")]
    path = (
        stated if config.tokenizer and stated.is_file() else next(filter(Path.is_file, near), None)
    )
    if path is None:
        raise InputError(
            f"encoders.text.{key}={stated} has no tokenizer.json and no vocab.txt beside it: name "
            "the vocabulary the weights were trained with as encoders.text.tokenizer."
        )
    return _load_vocabulary(path, config) if path.suffix == ".txt" else load_tokenizer(path, config)


def _load_vocabulary(path: Path, config: TextConfig) -> Tokenizer:
    """BERT's vocab.txt, one token a line, numbered from 0."""
    words = path.read_text(encoding="utf-8", errors="replace").splitlines()
    vocabulary = {word.strip(): number for number, word in enumerate(words)}
    lacking = [token for token in SPECIAL if token not in vocabulary]
    if lacking:
        raise InputError(f"{path} is no vocabulary of BERT: it has no {', '.join(lacking)}.")
    return _checked(_word_piece(vocabulary), path, config)


def _clean(text: str) -> str:
    """What can be encoded: halves of a character that JSON may hold become question marks."""
    return text[:CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _commonest(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def load_tokenizer(path: Path, config: TextConfig) -> Tokenizer:
    """Read what `save` wrote, or a Hugging Face `tokenizer.json`."""
    from tokenizers import Tokenizer as Inner

    if not path.exists():
        raise InputError(f"{path} does not exist: the run directory is not complete.")
    try:
        inner = Inner.from_file(str(path))
    except Exception as error:  # the library has no type of its own
        raise InputError(
            f"{path} is damaged ({error}): restore it from a copy, or train a new run."
        ) from error
    return _checked(inner, path, config)


def _checked(inner: Any, path: Path, config: TextConfig) -> Tokenizer:
    if inner.get_vocab_size() > config.vocabulary:
        raise InputError(
            f"{path} has {inner.get_vocab_size()} entries; set "
            f"encoders.text.vocabulary={inner.get_vocab_size()}."
        )
    return _cut(inner, config)


def _cut(inner: Any, config: TextConfig) -> Tokenizer:
    inner.enable_truncation(config.tokens)
    inner.no_padding()
    return Tokenizer(inner, config.tokens)

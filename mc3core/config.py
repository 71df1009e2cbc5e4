"""What a run is made of: frozen, nested, strict. Torch-free.

A `RunConfig` is written to the run directory; together with the tokenizer beside it, it is enough
to build the model again. Every field can be set by its dotted name: `objective.temperature=0.1`,
`stages.align.steps=500`, `max_steps=6`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mc3core.limits import check_limits
from mc3core.overrides import from_dict, override


@dataclass(frozen=True, slots=True)
class AudioConfig:
    """AST on a log-mel spectrogram of `frames` (10 ms each) by `mel_bands`.

    `normalise`: `clip` subtracts the clip's own mean, which removes loudness; `dataset` subtracts
    `mean`. Both then divide by `scale`. `pool` is what the tower reads: AST's two tokens, or the
    mean over patches. `weights` is a local file or folder to start from (`encoders/pretrained.py`).
    `stem` = `convolution` puts convolutions in place of the linear patches (of 16 by 16), to train
    from nothing.
    """

    mel_bands: int
    frames: int
    normalise: Literal["clip", "dataset"]
    mean: float
    scale: float
    patch: int
    stride: int
    width: int
    layers: int
    heads: int
    pool: Literal["token", "mean"]
    weights: str | None = None
    stem: Literal["none", "convolution"] = "none"


@dataclass(frozen=True, slots=True)
class VideoConfig:
    """TimeSformer on `frames` pictures of `side` pixels. `stem` = `convolution` puts a small
    convolution before it; without one it does not train from nothing on a few thousand clips.

    `block`: that of the TimeSformer paper, or that of Frozen in Time, which EgoVLP and MC3 have
    (`encoders/timesformer.py`). `weights` is a local file or folder to start from; where it knows
    fewer frames than `frames`, the embedding of the further ones is `more_frames`: zero, which is
    EgoVLP's default, or interpolated.
    """

    frames: int
    side: int
    stem: Literal["none", "convolution"]
    patch: int
    width: int
    layers: int
    heads: int
    pool: Literal["token", "mean"]
    weights: str | None = None
    block: Literal["timesformer", "frozen_in_time"] = "timesformer"
    more_frames: Literal["zeros", "interpolate"] = "zeros"


@dataclass(frozen=True, slots=True)
class TextConfig:
    """DistilBERT on a WordPiece vocabulary of at most `vocabulary` entries, built from the training
    narrations; or, with `weights` to start from (a local file or folder), the vocabulary these were
    trained with: `tokenizer`, a tokenizer.json or vocab.txt, or one of the two beside the weights.
    `tokens` is the longest narration it reads; the rest is cut."""

    vocabulary: int
    tokens: int
    width: int
    layers: int
    heads: int
    pool: Literal["token", "mean"]
    dropout: float
    weights: str | None = None
    tokenizer: str | None = None


@dataclass(frozen=True, slots=True)
class EncodersConfig:
    """The three towers and the dimension they share. With `frozen` the encoders stay as `weights`
    has them, and only the heads train, on features that are computed once."""

    dimension: int
    audio: AudioConfig
    video: VideoConfig
    text: TextConfig
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """`crop` is the least share of the picture's side that is kept, `flip` mirrors half of the
    clips, `colour` is the largest relative change of brightness, contrast and each channel.
    `shift_bands` and `shift_frames` are how far a spectrogram moves at most (a change of pitch and
    of time), `mask_bands` and `mask_frames` how wide its SpecAugment masks are."""

    crop: float
    flip: bool
    colour: float
    shift_bands: int
    shift_frames: int
    mask_bands: int
    mask_frames: int


@dataclass(frozen=True, slots=True)
class MemoryConfig:
    """What contrastive methods remember beyond the batch.

    CMC: `bank` keeps an embedding of every clip (`nce` as published, or `softmax` over the same
    candidates), `negatives` of them a clip, renewed with `bank_momentum`. CM-ACC: a pool of
    `pool_batches` and a dictionary of `dictionary_batches`, `active` (chosen by k-means on
    gradients) or `random`, encoded by a copy of the towers with `encoder_momentum`.
    """

    bank: Literal["none", "nce", "softmax"] = "none"
    negatives: int = 4096
    bank_momentum: float = 0.5
    dictionary: Literal["active", "random"] = "active"
    pool_batches: int = 10
    dictionary_batches: int = 3
    encoder_momentum: float = 0.9


@dataclass(frozen=True, slots=True)
class ObjectiveConfig:
    """What a stage of `terms` = `objective` minimises; `methods/` says which method reads what.

    `contrastive`: the InfoNCE terms of the pairs, summed over both directions (`sum`), halved
    (`symmetric_mean`), averaged over pairs (`pair_mean`) or left out (`none`). `weight` is the one
    number a method has beside its temperature: of the consensus, of the push, of what is kept of
    the pairwise terms; times 1/temperature where `weight_unit` says so; it rises from 0 over the
    first `ramp` share of its stage.

    The consensus (`losses/consensus.py`): over each clip's own `pairs`, or the whole batch
    `matrix`; `anchor`, the alphas, `inverse`, `gradient` and `norm` are the paper's open points.
    `audio_video` is how the audio-video pair is contrasted: `info_nce`; `soft_targets`, which
    language sets at `teacher_temperature`; `gated` or `gated_ego`, where language says by a gate of
    slope `gate_slope` which clips may agree. The gate reads A·L of the towers that train (`live`),
    of a copy from the stage's start (`align`), or A·V itself (`self`).
    """

    temperature: float
    learnable_temperature: bool = False
    contrastive: Literal["sum", "symmetric_mean", "pair_mean", "none"] = "sum"
    weight: float = 1.0
    weight_unit: Literal["literal", "inverse_temperature"] = "literal"
    ramp: float = 0.0
    consensus: Literal["pairs", "matrix", "none"] = "pairs"
    anchor: Literal["audio", "video", "text"] = "audio"
    alpha_text: float = 1.0
    alpha_video: float = 0.5
    alpha_audio: float = 1.0
    inverse: Literal["bottleneck", "one", "own"] = "bottleneck"
    gradient: Literal["flows", "stopped"] = "flows"
    norm: Literal["absolute", "squared"] = "absolute"
    audio_video: Literal["info_nce", "soft_targets", "gated", "gated_ego"] = "info_nce"
    teacher_temperature: float = 0.1
    gate: Literal["live", "align", "self"] = "live"
    gate_slope: float = 4.0
    memory: MemoryConfig = field(default_factory=MemoryConfig)


@dataclass(frozen=True, slots=True)
class StageConfig:
    """One stage, as long as `steps` where that is above 0, else `epochs` of the training clips.

    `terms`: the plain `contrastive` sum over all pairs, or the method's own `objective`. Its
    `temperature`, where given, stands for the objective's, so that all refine stages of a grid can
    share one align stage. With `flat` above 0 the stage ends early, once its V-L loss falls by a
    smaller share than that from one hundred logged steps to the next.
    """

    name: str
    learning_rate: float
    terms: Literal["contrastive", "objective"]
    epochs: float = 0.0
    steps: int = 0
    temperature: float | None = None
    flat: float = 0.0


@dataclass(frozen=True, slots=True)
class OptimConfig:
    """`warmup` is the share of a stage over which the learning rate rises from 0; `clip` the
    largest norm of the gradient, 0 leaves it alone."""

    optimizer: Literal["adam", "adamw"]
    weight_decay: float
    schedule: Literal["constant", "cosine"]
    warmup: float
    clip: float


@dataclass(frozen=True, slots=True)
class RuntimeConfig:
    """`threads` on a CPU, 0 takes all cores; the numbers of a run depend on it. `cache_gb` is how
    much memory spectrograms may take; beyond, they are computed again for every batch."""

    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int = 0
    checkpoint_every: int = 200
    log_every: int = 1
    cache_gb: float = 4.0


@dataclass(frozen=True, slots=True)
class RunConfig:
    """A whole run. `max_steps` ends it after so many steps, shared out over all stages."""

    method: str
    preset: str
    size: str
    encoders: EncodersConfig
    augment: AugmentConfig
    objective: ObjectiveConfig
    stages: tuple[StageConfig, ...]
    optim: OptimConfig
    runtime: RuntimeConfig
    batch_size: int
    seed: int = 0
    max_steps: int | None = None

    @staticmethod
    def from_dict(row: Mapping[str, Any]) -> "RunConfig":
        """Read what `dataclasses.asdict` gave; InputError lists missing and unknown keys."""
        config = from_dict(RunConfig, row, "the run's config.json")
        check_limits(config)
        return config


def build_config(
    method: str, preset: str, size: str | None = None, overrides: Mapping[str, str] | None = None
) -> RunConfig:
    """The configuration of a method, a preset and a size, with dotted `overrides` on top.

    Without a size it is `tiny`. InputError for an unknown name or key, listing what
    exists, and for a value of the wrong kind or size.
    """
    from mc3core.presets import preset_config

    fixed = ("method", "preset", "size")
    config = override(preset_config(method, preset, size), overrides or {}, fixed)
    check_limits(config)
    return config

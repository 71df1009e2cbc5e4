"""Sizes: encoders, batch, rates and lengths, by configuration alone.

`tiny` trains on two CPU cores; `paper` is section 4.4 of *SoundingActions* (Chen et al., CVPR 2024)
with what the paper leaves open filled in from its authors' later code (joint dimension 256, heads,
149 spectrogram frames) and from EgoVLP (temperature 0.05, no schedule); `frozen` trains heads on
the features of pretrained encoders of that size.
"""

from dataclasses import replace

from mc3core.config import (
    AudioConfig,
    AugmentConfig,
    EncodersConfig,
    ObjectiveConfig,
    OptimConfig,
    RunConfig,
    RuntimeConfig,
    StageConfig,
    TextConfig,
    VideoConfig,
)

TINY = RunConfig(
    method="mc3",
    preset="scaled",
    size="tiny",
    encoders=EncodersConfig(
        dimension=64,
        audio=AudioConfig(
            mel_bands=64,
            frames=144,
            normalise="clip",
            mean=0.0,
            scale=4.0,
            patch=16,
            stride=16,
            width=64,
            layers=2,
            heads=4,
            pool="mean",
            stem="convolution",
        ),
        video=VideoConfig(
            frames=6,
            side=64,
            stem="convolution",
            patch=2,
            width=64,
            layers=2,
            heads=4,
            pool="mean",
        ),
        text=TextConfig(
            vocabulary=2048, tokens=24, width=64, layers=1, heads=4, pool="mean", dropout=0.1
        ),
    ),
    # Measured on 3,000 clips of the world, as the loss on held-out clips: shifts of the spectrogram
    # instead of masks lower it (A-L, 600 steps: 3.99 to 3.85), crop and colour jitter of the
    # pictures raise it (V-L, 300 steps: 2.29 to 2.60).
    augment=AugmentConfig(
        crop=1.0,
        flip=False,
        colour=0.0,
        shift_bands=3,
        shift_frames=12,
        mask_bands=0,
        mask_frames=0,
    ),
    objective=ObjectiveConfig(temperature=0.2),
    stages=(
        # Align at .2 whatever refine is tried with: all of them share it.
        StageConfig("align", 2e-3, "contrastive", steps=1500, temperature=0.2),
        StageConfig("refine", 1e-3, "objective", steps=300),
    ),
    optim=OptimConfig("adamw", weight_decay=0.05, schedule="cosine", warmup=0.05, clip=2.0),
    runtime=RuntimeConfig(threads=1),
    batch_size=64,
)

PAPER = RunConfig(
    method="mc3",
    preset="paper",
    size="paper",
    encoders=EncodersConfig(
        dimension=256,
        audio=AudioConfig(
            mel_bands=128,
            frames=149,
            normalise="dataset",
            mean=-4.2677393,  # AudioSet's statistics: AST divides by twice the deviation
            scale=2 * 4.5689974,
            patch=16,
            stride=10,
            width=768,
            layers=12,
            heads=12,
            pool="token",
        ),
        video=VideoConfig(
            frames=16,
            side=224,
            stem="none",
            patch=16,
            width=768,
            layers=12,
            heads=12,
            pool="token",
            block="frozen_in_time",
        ),
        text=TextConfig(
            vocabulary=30522, tokens=64, width=768, layers=6, heads=12, pool="token", dropout=0.1
        ),
    ),
    augment=AugmentConfig(
        crop=0.71,
        flip=True,
        colour=0.0,
        shift_bands=0,
        shift_frames=0,
        mask_bands=0,
        mask_frames=0,
    ),
    objective=ObjectiveConfig(temperature=0.05),
    stages=(
        StageConfig("align", 3e-5, "contrastive", epochs=5),
        StageConfig("refine", 3e-5, "objective", epochs=5),
    ),
    optim=OptimConfig("adam", weight_decay=0.0, schedule="constant", warmup=0.0, clip=0.0),
    runtime=RuntimeConfig(checkpoint_every=500),
    batch_size=256,
)

# Encoders as large as the paper's, from `encoders.*.weights`, and never changed: only the heads
# train, on features that are computed once, so steps are cheap and rates those of a linear layer.
FROZEN = replace(
    PAPER,
    size="frozen",
    encoders=replace(PAPER.encoders, frozen=True),
    augment=replace(PAPER.augment, crop=1.0, flip=False),
    stages=tuple(
        replace(stage, learning_rate=rate, epochs=0.0, steps=steps)
        for stage, rate, steps in zip(PAPER.stages, (1e-3, 3e-4), (1000, 300), strict=True)
    ),
    optim=replace(TINY.optim, clip=0.0),
    runtime=replace(PAPER.runtime, checkpoint_every=10_000),  # a checkpoint holds the encoders too
)

SIZES = {"tiny": TINY, "paper": PAPER, "frozen": FROZEN}

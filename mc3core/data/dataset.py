"""Clips as the encoders want them, from the training cache: a function of seed and step."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mc3core.config import EncodersConfig
from mc3core.data.cache import ClipCache
from mc3core.data.clips import MODALITIES, Clip, Modality
from mc3core.data.features import spectrograms
from mc3core.data.tokenizer import Tokenizer
from mc3core.progress import Progress, ProgressCallback, silent
from mc3core.types import Batch

Rows = NDArray[np.int64]
BLOCK = 64


class ClipDataset:
    """`clips` as batches. Modalities are read one by one, so that a clip that lacks one still has
    the others; who asks for rows makes sure they are there.

    Pictures are slices of a memory map. Spectrograms are computed once and kept in memory where
    they fit into `cache_gb`, else again for every batch.
    """

    def __init__(
        self,
        clips: Sequence[Clip],
        cache: ClipCache,
        encoders: EncodersConfig,
        tokenizer: Tokenizer,
        cache_gb: float,
        progress: ProgressCallback = silent,
    ) -> None:
        self.clips = list(clips)
        self.groups = groups_of(self.clips)
        self._cache = cache
        self._config = encoders
        self.tokenizer = tokenizer
        video = encoders.video
        self._frames = cache.derived(side=video.side, count=video.frames, progress=progress)
        size = 2 * len(self.clips) * encoders.audio.frames * encoders.audio.mel_bands
        # Frozen encoders hear every clip once.
        kept = size <= cache_gb * 2**30 and not encoders.frozen
        self._kept = self._all_audio(progress) if kept else None

    def __len__(self) -> int:
        return len(self.clips)

    def audio(self, rows: Rows) -> Tensor:
        """(B, S, F) float32, normalised log-mel."""
        if self._kept is not None:
            return self._kept[torch.from_numpy(rows)].float()
        return self._spectrograms([self.clips[row] for row in rows])

    def video(self, rows: Rows) -> Tensor:
        """(B, T, 3, H, W) uint8."""
        frames = np.stack([self._frames.frames(self.clips[row].clip_id) for row in rows])
        return torch.from_numpy(frames).permute(0, 1, 4, 2, 3)

    def text(self, rows: Rows) -> tuple[Tensor, Tensor]:
        """Token ids and mask, (B, L) each."""
        return self.tokenizer([self.clips[row].narration for row in rows])

    def batch(self, rows: Rows, modalities: Sequence[Modality] = MODALITIES) -> Batch:
        """The modalities asked for, of clips that have them; pictures still uint8. What is not
        asked for is not read, and empty: (B, 0)."""
        nothing = torch.empty(len(rows), 0)
        audio = self.audio(rows) if "audio" in modalities else nothing
        video = self.video(rows) if "video" in modalities else nothing
        tokens, mask = self.text(rows) if "text" in modalities else (nothing, nothing)
        clip_ids = tuple(self.clips[row].clip_id for row in rows)
        places = torch.from_numpy(rows)
        return Batch(clip_ids, audio, video, tokens, mask, places, self.groups[places])

    @property
    def cache_dir(self) -> Path:
        """Where what is computed from the clips may be kept."""
        return self._cache.cache_dir

    def _all_audio(self, progress: ProgressCallback) -> Tensor:
        shape = (len(self.clips), self._config.audio.frames, self._config.audio.mel_bands)
        kept = torch.zeros(shape, dtype=torch.float16)
        heard = [row for row, clip in enumerate(self.clips) if "audio" in clip.modalities]
        for start in range(0, len(heard), BLOCK):
            progress(Progress("spectrograms", start, len(heard)))
            rows = heard[start : start + BLOCK]
            kept[rows] = self._spectrograms([self.clips[row] for row in rows]).half()
        progress(Progress("spectrograms", len(heard), len(heard)))
        return kept

    def _spectrograms(self, clips: Sequence[Clip]) -> Tensor:
        """(B, S, F) float32, through float16 whether it is kept or not, so that a run does not
        depend on memory."""
        sounds = [torch.from_numpy(self._cache.audio(clip)) for clip in clips]
        return spectrograms(sounds, self._config.audio).half().float()


def groups_of(clips: Sequence[Clip]) -> Tensor:
    """(N,) int64: clips whose narrations have the same verb and noun share a number; -1 where a
    narration has no verb or no noun that could be read."""
    numbers: dict[tuple[str, str], int] = {}
    return torch.tensor(
        [
            numbers.setdefault((clip.verb, clip.noun), len(numbers))
            if clip.verb and clip.noun
            else -1
            for clip in clips
        ],
        dtype=torch.int64,
    )


def seed_of(seed: int, step: int) -> int:
    """32 bits for what is random in a step; torch's generator on the CPU drops higher ones."""
    return int(np.random.SeedSequence([seed, step]).generate_state(1)[0])


def steps_per_epoch(clips: int, batch_size: int) -> int:
    """Whole batches in an epoch; fewer clips than a batch are one smaller batch."""
    return max(1, clips // batch_size)


def rows_of_step(clips: int, batch_size: int, seed: int, step: int) -> Rows:
    """Which clips train at a step: a function of its arguments, so that a resume needs no history.

    Every epoch is a new permutation; its last clips, too few for a batch, wait for another epoch.
    """
    epoch, position = divmod(step, steps_per_epoch(clips, batch_size))
    order = np.random.default_rng([seed, epoch]).permutation(clips)
    return order[position * batch_size : (position + 1) * batch_size]

"""The narration bridge: a video compared with sound through the narrations of the training set.

At test time and without training, a video is replaced by the mean of training narrations, each
weighted by how well it fits the video: softmax over V.L / tau, tau .05. Its cosine with the sound
is a score of its own beside A.V, never in its place: it reads more than the two and lifts every
method. The clip's own narration is not read.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from mc3core.embeddings import Array, Embeddings
from mc3core.errors import InputError

SPACE = "bridge"
TEMPERATURE = 0.05
COLDEST = 0.025  # below, exp((cos - 1) / tau) of a far narration is no float32 any more
VIDEOS, NARRATIONS = 256, 4096


def with_bridge(embeddings: Embeddings, train_ids: Iterable[str]) -> Embeddings:
    """The embeddings with one space more, `bridge`: every video through the narrations of the
    clips named by `train_ids`. A clip of theirs is bridged without its own narration.

    InputError where none of these clips has a narration here.
    """
    text, has_text = embeddings.space("text")
    video, has_video = embeddings.space("video")
    trained = set(train_ids)
    bank = np.flatnonzero(has_text & np.array([i in trained for i in embeddings.clip_ids], bool))
    if len(bank) < 2:
        raise InputError(
            "--bridge needs narrations of training clips, and this workspace has "
            f"{len(bank)} of them: its train split must hold clips with text."
        )
    own = np.full(len(embeddings.clip_ids), -1, np.int64)
    own[bank] = np.arange(len(bank))
    rows = np.zeros_like(video)
    rows[has_video] = bridged(video[has_video], text[bank], own[has_video])
    return replace(
        embeddings,
        vectors=embeddings.vectors | {SPACE: rows},
        present=embeddings.present | {SPACE: has_video},
    )


def bridged(
    video: Array,
    narrations: Array,
    own: NDArray[np.int64] | None = None,
    temperature: float = TEMPERATURE,
) -> Array:
    """Unit rows (N, D): for each video the mean narration, softmax over V.L / tau its weights.

    In blocks of both, so that 250,000 narrations need no N x M matrix: unit rows bound the cosine
    by 1, and exp((V.L - 1) / tau) is summed without a running maximum.

    Args:
        video: (N, D) unit rows.
        narrations: (M, D) unit rows of the training set.
        own: (N,) the place of a video's own narration among them, which is not read; -1 for none.
        temperature: tau, at least .025.

    Raises:
        ValueError: a smaller temperature, or no narration.
    """
    if not temperature >= COLDEST:
        raise ValueError(f"The bridge needs a temperature of at least {COLDEST}: {temperature}.")
    if not len(narrations):
        raise ValueError("The bridge needs narrations.")
    bank, found = torch.from_numpy(np.ascontiguousarray(narrations)), np.empty_like(video)
    for start in range(0, len(video), VIDEOS):
        block = torch.from_numpy(np.ascontiguousarray(video[start : start + VIDEOS]))
        total = torch.zeros(len(block), bank.shape[1])
        for first in range(0, len(bank), NARRATIONS):
            some = bank[first : first + NARRATIONS]
            weights = (block @ some.T).sub_(1.0).div_(temperature).exp_()
            if own is not None:
                place = own[start : start + VIDEOS] - first
                mine = np.flatnonzero((place >= 0) & (place < len(some)))
                weights[mine, place[mine]] = 0.0
            total.addmm_(weights, some)
        # The softmax's denominator is a positive factor: normalising takes it away. Squares of
        # small sums need float64.
        unit = torch.nn.functional.normalize(total.double(), dim=1, eps=1e-300)
        found[start : start + VIDEOS] = unit.float()
    return found

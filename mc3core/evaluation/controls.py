"""Controls of the sounding score: is a gain read from sound and picture together, or from sound?

An audio-only shortcut lifts A.V without hearing whether picture and sound belong together. It shows
where the sound scores as well with another clip's video (`swapped_video`, chance is .5), and it
goes away where each sound is compared with its own mean (`minus_audio_mean`).
"""

import numpy as np
from numpy.typing import NDArray

from mc3core.embeddings import Array

Floats = NDArray[np.float64]


def swapped_video(audio: Array, video: Array, seed: int = 0) -> Floats:
    """Cosines (N,) of each sound (N, D) with the video (N, D) of another clip.

    The swap is one random cycle through all clips: no clip keeps its video, each video is used
    once. ValueError for fewer than two clips.
    """
    partner = _cycle(len(audio), seed)
    return np.einsum("nd,nd->n", audio, video[partner], dtype=np.float64)


def minus_audio_mean(audio: Array, video: Array) -> Floats:
    """A.V (N,) minus each sound's mean cosine with the videos of all N clips, its own included."""
    own = np.einsum("nd,nd->n", audio, video, dtype=np.float64)
    return own - audio.astype(np.float64) @ video.mean(axis=0, dtype=np.float64)


def _cycle(size: int, seed: int) -> NDArray[np.int64]:
    """A derangement (N,): each goes to the next of a shuffled round."""
    if size < 2:
        raise ValueError("Videos can be swapped among two clips or more.")
    round_trip = np.random.default_rng(seed).permutation(size)
    partner = np.empty(size, np.int64)
    partner[round_trip] = np.roll(round_trip, -1)
    return partner

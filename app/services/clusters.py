"""What a group of clips is: its name, how often it sounds, and its most central clips."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotation.clusters import most_central
from annotation.naming import Word, names, over_represented
from annotation.shares import share_of
from mc3core.data.clips import Clip


def describe_clusters(
    clips: Sequence[Clip],
    vectors: NDArray[np.float32],
    labels: NDArray[np.int32],
    judged: Mapping[str, bool],
    examples: int = 8,
) -> list[dict[str, Any]]:
    """One JSON object a cluster, largest first.

    `labels` (N,) is the cluster of each of the N `clips`, -1 for none; `vectors` (N, D) their unit
    rows; `judged` the majority label of the clips that have one.
    """
    shown: list[int] = np.flatnonzero(labels >= 0).tolist()
    verbs, nouns = _words(clips, shown)
    groups: list[list[int]] = [
        np.flatnonzero(labels == k).tolist() for k in range(int(labels.max(initial=-1)) + 1)
    ]
    telling = [
        (
            over_represented(_pick(clips, rows, "verb"), verbs),
            over_represented(_pick(clips, rows, "noun"), nouns),
        )
        for rows in groups
    ]
    named = names([verbs for verbs, _ in telling], [nouns for _, nouns in telling])
    central = most_central(vectors, labels, examples)
    return [
        {"id": k, "name": named[k], **figures([clips[row] for row in rows], judged)}
        | {"verbs": _json(telling[k][0]), "nouns": _json(telling[k][1])}
        | {"top": [clips[row].clip_id for row in central[k].tolist()]}
        for k, rows in enumerate(groups)
    ]


def describe_selection(
    clips: Sequence[Clip], chosen: Sequence[int], judged: Mapping[str, bool]
) -> dict[str, Any]:
    """The same figures and words for any choice of rows, in the place of a cluster."""
    inside = [clips[row] for row in chosen]
    verbs, nouns = _words(clips, range(len(clips)))
    return figures(inside, judged) | {
        "verbs": _json(over_represented([clip.verb for clip in inside], verbs)),
        "nouns": _json(over_represented([clip.noun for clip in inside], nouns)),
    }


def figures(inside: Sequence[Clip], judged: Mapping[str, bool]) -> dict[str, Any]:
    """Size, and the share that sounds with Wilson's interval and the number of labels behind it."""
    share = share_of(judged.get(clip.clip_id) for clip in inside)
    interval = None if share.low is None else [share.low, share.high]
    return {
        "size": len(inside),
        "share_sounds": share.share,
        "interval": interval,
        "labelled": share.total,
    }


def _words(clips: Sequence[Clip], rows: Sequence[int]) -> tuple[list[str | None], list[str | None]]:
    return [clips[row].verb for row in rows], [clips[row].noun for row in rows]


def _pick(clips: Sequence[Clip], rows: Sequence[int], field: str) -> list[str | None]:
    return [getattr(clips[row], field) for row in rows]


def _json(words: Sequence[Word]) -> list[dict[str, Any]]:
    return [{"word": w.word, "count": w.count, "lift": round(w.lift, 2)} for w in words]

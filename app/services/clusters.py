"""What a group of clips is: its name, how often it sounds, and its most central clips."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from annotation.clusters import most_central
from annotation.naming import Usual, Word, names, over_represented, usual_words
from annotation.shares import share_of
from mc3core.data.clips import Clip


@dataclass(frozen=True, slots=True)
class Group:
    """A cluster without its labels: these change while people work, the rest stays.

    `rows` are its clips, `top` its most central ones, `verbs` and `nouns` what it has more of.
    """

    id: int
    name: str
    rows: tuple[int, ...]
    verbs: tuple[Word, ...]
    nouns: tuple[Word, ...]
    top: tuple[str, ...]


def group_clusters(
    clips: Sequence[Clip],
    vectors: NDArray[np.float32],
    labels: NDArray[np.int32],
    examples: int = 8,
) -> tuple[Group, ...]:
    """The clusters, largest first.

    `labels` (N,) is the cluster of each of the N `clips`, -1 for none; `vectors` (N, D) their unit
    rows.
    """
    shown: list[int] = np.flatnonzero(labels >= 0).tolist()
    usual = Vocabulary.of([clips[row] for row in shown])
    groups: list[list[int]] = [
        np.flatnonzero(labels == k).tolist() for k in range(int(labels.max(initial=-1)) + 1)
    ]
    telling = [usual.telling([clips[row] for row in rows]) for rows in groups]
    named = names([verbs for verbs, _ in telling], [nouns for _, nouns in telling])
    central = most_central(vectors, labels, examples)
    return tuple(
        Group(
            k,
            named[k],
            tuple(rows),
            *telling[k],
            tuple(clips[row].clip_id for row in central[k].tolist()),
        )
        for k, rows in enumerate(groups)
    )


def describe_clusters(
    clips: Sequence[Clip], groups: Sequence[Group], judged: Mapping[str, bool]
) -> list[dict[str, Any]]:
    """One JSON object a cluster; `judged` is the majority label of the clips that have one."""
    return [
        {"id": group.id, "name": group.name}
        | figures([clips[row] for row in group.rows], judged)
        | {"verbs": _json(group.verbs), "nouns": _json(group.nouns), "top": list(group.top)}
        for group in groups
    ]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How often verbs and nouns are met among all clips."""

    verbs: Usual
    nouns: Usual

    @classmethod
    def of(cls, clips: Sequence[Clip]) -> Self:
        return cls(usual_words([c.verb for c in clips]), usual_words([c.noun for c in clips]))

    def telling(self, inside: Sequence[Clip]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
        """Verbs and nouns that are more frequent inside than among all."""
        return (
            over_represented([clip.verb for clip in inside], self.verbs),
            over_represented([clip.noun for clip in inside], self.nouns),
        )


def describe_selection(
    clips: Sequence[Clip], chosen: Sequence[int], judged: Mapping[str, bool]
) -> dict[str, Any]:
    """The same figures and words for any choice of rows, in the place of a cluster."""
    inside = [clips[row] for row in chosen]
    verbs, nouns = Vocabulary.of(clips).telling(inside)
    return figures(inside, judged) | {"verbs": _json(verbs), "nouns": _json(nouns)}


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


def _json(words: Sequence[Word]) -> list[dict[str, Any]]:
    return [{"word": w.word, "count": w.count, "lift": round(w.lift, 2)} for w in words]

"""Two runs on the same clips: the differences of their figures, with paired intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mc3core.data.clips import Clip
from mc3core.embeddings import Embeddings
from mc3core.evaluation.columns import Column, cosines
from mc3core.evaluation.paired import paired_differences, paired_retrieval
from mc3core.evaluation.retrieval import asked_clips, hits_of


def compare_discovery(
    a: Mapping[str, Column],
    b: Mapping[str, Column],
    labels: Sequence[bool],
    bootstrap: int = 1000,
    seed: int = 0,
) -> dict[str, Any]:
    """A minus B by figure (`av_roc_auc`, ...): difference, low and high, over the n clips (of N)
    that both score. A column whose clips are all of one label is left out."""
    truth, found = np.array(labels, bool), dict[str, Any]()
    for name in a:
        if name not in b:
            continue
        both = a[name].there & b[name].there
        if not 0 < truth[both].sum() < both.sum():
            continue
        first, second = a[name].scores[both], b[name].scores[both]
        gaps = paired_differences(first, second, truth[both], bootstrap, seed)
        found |= {
            f"{name}_{figure}": gap._asdict() | {"n": int(both.sum())}
            for figure, gap in gaps.items()
        }
    return found


def compare_runs(
    a: Embeddings,
    b: Embeddings,
    judged: Sequence[Clip],
    labels: Mapping[str, bool],
    task: str,
    bootstrap: int = 1000,
    seed: int = 0,
) -> dict[str, Any]:
    """A minus B on `judged` clips, which both embed: figures of discovery, or of retrieval as
    `v_a_any_hit@5`, ... over the same queries of the same pool."""
    if task == "discovery":
        ids = [clip.clip_id for clip in judged]
        truth = [labels[clip_id] for clip_id in ids]
        return compare_discovery(cosines(a, ids), cosines(b, ids), truth, bootstrap, seed)
    whole = set(asked_clips(a, judged, labels).ids) & set(asked_clips(b, judged, labels).ids)
    both = [clip for clip in judged if clip.clip_id in whole]
    first, second = (hits_of(run, asked_clips(run, both, labels), seed) for run in (a, b))
    return {
        f"{direction}_{figure}": gap._asdict() | {"n": len(first[direction].query_ids)}
        for direction, gaps in paired_retrieval(first, second, bootstrap, seed).items()
        for figure, gap in gaps.items()
    }

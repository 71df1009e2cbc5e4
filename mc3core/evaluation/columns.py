"""A column of scores, one a clip, and its figures in a report under the column's own name."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mc3core.embeddings import Embeddings
from mc3core.errors import InputError
from mc3core.evaluation.bridge import SPACE as BRIDGE
from mc3core.evaluation.discovery import DiscoveryReport, discovery
from mc3core.evaluation.regions import region_reports

SPACES: tuple[tuple[str, str], ...] = (("av", "video"), ("al", "text"), ("bridge", BRIDGE))


@dataclass(frozen=True, slots=True)
class Column:
    """`scores` (N,) of clips, meant where `there` (N,); `needs` says what the others lack."""

    scores: NDArray[np.float64]
    there: NDArray[np.bool_]
    needs: str


def cosines(embeddings: Embeddings, clip_ids: Sequence[str]) -> dict[str, Column]:
    """Cosine(A, V), cosine(A, L) and, where the embeddings have that space, cosine(A, bridge).

    InputError where a clip's embedding is not finite: such a run has diverged.
    """
    row_of = {clip_id: row for row, clip_id in enumerate(embeddings.clip_ids)}
    rows = np.array([row_of[clip_id] for clip_id in clip_ids], np.int64)
    audio, has_audio = embeddings.space("audio")
    found: dict[str, Column] = {}
    for name, space in SPACES:
        if space not in embeddings.vectors:
            continue
        other, has_other = embeddings.space(space)
        there = (has_audio & has_other)[rows]
        scores = np.einsum("nd,nd->n", audio[rows], other[rows], dtype=np.float64)
        if not np.isfinite(scores[there]).all():
            broken = int((~np.isfinite(scores[there])).sum())
            raise InputError(
                f"{broken} clips have {name} scores that are not finite: the embeddings of this "
                "stage hold no numbers there. Use another stage or an earlier checkpoint."
            )
        found[name] = Column(scores, there, f"both audio and {_said(space)}")
    return found


def column_figures(
    prefix: str,
    column: Column,
    truth: NDArray[np.bool_],
    regions: Sequence[str | None],
    bootstrap: int,
    seed: int,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures of a column against labels (N,), each under `prefix`, and its two curves.

    Regions (N,) of silent clips add `by_region`; without any it is empty.
    """
    there = column.there
    scores, labels = column.scores[there], truth[there]
    result = discovery(scores, labels, bootstrap, seed)
    figures = _figures(prefix, result) | {f"{prefix}masked": int((~there).sum())}
    if len(there) and not there.any():
        figures[f"{prefix}undefined"] = f"no labelled clip has {column.needs}."
    known = [region for region, real in zip(regions, there, strict=True) if real]
    found = region_reports(scores, labels, known, bootstrap, seed)
    figures[f"{prefix}by_region"] = {name: _region(report) for name, report in found.items()}
    curves = {
        "roc": asdict(result.roc) if result.roc else None,
        "pr": asdict(result.pr) if result.pr else None,
    }
    return figures, curves


def rounded(column: Column) -> list[float | None]:
    """The scores as a table shows them, None where there is none."""
    return [
        round(float(score), 6) if real else None
        for score, real in zip(column.scores, column.there, strict=True)
    ]


def _figures(prefix: str, result: DiscoveryReport) -> dict[str, Any]:
    n = result.positives + result.negatives
    return {
        f"{prefix}roc_auc": result.roc_auc,
        f"{prefix}roc_auc_ci": result.roc_auc_ci,
        f"{prefix}average_precision": result.average_precision,
        f"{prefix}average_precision_ci": result.average_precision_ci,
        f"{prefix}pr_trapezoid": result.pr_trapezoid,
        f"{prefix}chance_average_precision": result.positives / n if n else None,
        f"{prefix}positives": result.positives,
        f"{prefix}negatives": result.negatives,
        f"{prefix}undefined": result.undefined,
    }


def _region(report: DiscoveryReport) -> dict[str, Any]:
    return {
        "roc_auc": report.roc_auc,
        "roc_auc_ci": report.roc_auc_ci,
        "negatives": report.negatives,
    }


def _said(space: str) -> str:
    return "video" if space == BRIDGE else space

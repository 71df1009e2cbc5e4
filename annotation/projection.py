"""A map of embeddings: two coordinates a row, the same for the same seed."""

import warnings

import numpy as np
from numpy.typing import NDArray

from annotation.neighbours import Neighbours, nearest

Floats = NDArray[np.float32]

NEIGHBOURS = 15
# Under this many rows a neighbourhood graph says nothing; the two main axes do.
SMALLEST_UMAP = 10


def project(vectors: Floats, present: NDArray[np.bool_], seed: int = 0) -> Floats:
    """Place the present unit rows (N, D) on a plane: (N, 2) float32, NaN where a row is masked.

    UMAP (McInnes et al. 2018) on exact neighbours, started from the principal axes; the principal
    axes alone under ten distinct rows. The same rows and seed give the same map on one machine.
    """
    points = np.full((len(vectors), 2), np.nan, np.float32)
    real = np.ascontiguousarray(vectors[present], dtype=np.float32)
    distinct = len(np.unique(real, axis=0)) if len(real) else 0
    flat = principal_axes(real) if distinct < SMALLEST_UMAP else _umap(real, seed)
    points[present] = flat
    return points


def principal_axes(rows: Floats) -> Floats:
    """The rows (N, D) on their two main axes, (N, 2), with a fixed sign; zeros where they agree."""
    points = np.zeros((len(rows), 2), np.float32)
    if len(rows) < 2:
        return points
    centred = rows.astype(np.float64) - rows.mean(axis=0, dtype=np.float64)
    _, scale, axes = np.linalg.svd(centred, full_matrices=False)
    for column in range(min(2, len(scale))):
        if scale[column] > 1e-6:
            axis = axes[column] * np.sign(axes[column][np.abs(axes[column]).argmax()])
            points[:, column] = centred @ axis
    return points


def _umap(rows: Floats, seed: int) -> Floats:
    count = min(NEIGHBOURS, len(rows) - 1)
    with warnings.catch_warnings():
        # It warns that a seed means one thread and a given graph no new rows: both are meant.
        warnings.simplefilter("ignore")
        from umap import UMAP

        layout = UMAP(
            n_neighbors=count,
            metric="cosine",
            init="pca",
            random_state=seed,
            precomputed_knn=_graph(nearest(rows, count)),
        ).fit_transform(rows)
    points = np.asarray(layout, dtype=np.float32)
    return points if np.isfinite(points).all() else principal_axes(rows)


def _graph(near: Neighbours) -> tuple[NDArray[np.int64], Floats, None]:
    return near.rows, near.distances, None

"""The maps a studio has open: read from the run once, then served from memory."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotation.clusters import cut
from app.services.clusters import Group, group_clusters
from app.services.embedding import fingerprint
from app.services.exploration import Space, assemble
from app.services.manifest import clips_by_id
from app.services.map_files import SPACES, load_map, newest_map
from app.workspace import Workspace
from mc3core.data.clips import MANIFEST_NAME
from mc3core.embeddings import load_embeddings
from mc3core.errors import InputError
from mc3core.training.run_dir import RunDir, open_run

OPEN_MAPS = 8
KEPT_CUTS = 16
PAIRS = {"av": ("audio", "video"), "al": ("audio", "text"), "vl": ("video", "text")}


@dataclass(frozen=True, slots=True)
class Cut:
    """`labels` (N,) are the cluster of each row, -1 where masked; `groups` what they are."""

    labels: NDArray[np.int32]
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Atlas:
    """One space with what the page asks of it. Points on the map are numbered 0 .. M - 1: the
    present rows in the order of the embeddings; `rows` (M,) leads back to them."""

    space: Space
    scores: dict[str, NDArray[np.float32]]
    _cuts: OrderedDict[int, Cut] = field(default_factory=OrderedDict[int, Cut])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.space.present).astype(np.int64)

    @cached_property
    def points(self) -> NDArray[np.float32]:
        """(M, 2), what the map draws."""
        return np.ascontiguousarray(self.space.files.points[self.rows])

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {clip.clip_id: row for row, clip in enumerate(self.space.clips)}

    @cached_property
    def present_vectors(self) -> NDArray[np.float32]:
        """(M, D), the rows of the points."""
        return self.space.vectors if self.space.present.all() else self.space.vectors[self.rows]

    @cached_property
    def narrations(self) -> list[str]:
        """What a search looks through, a line a point, with a space before every word."""
        return [f" {self.space.clips[row].narration.casefold()}" for row in self.rows]

    def cut(self, clusters: int) -> Cut:
        """The tree cut at so many clusters; the cuts last looked at are kept."""
        with self._lock:
            if clusters not in self._cuts:
                labels = cut(self.space.files.tree, clusters)
                groups = group_clusters(self.space.clips, self.space.vectors, labels)
                self._cuts[clusters] = Cut(labels, groups)
                while len(self._cuts) > KEPT_CUTS:
                    self._cuts.popitem(last=False)
            self._cuts.move_to_end(clusters)
            return self._cuts[clusters]

    def score(self, name: str, row: int) -> float | None:
        value = float(self.scores[name][row])
        return None if np.isnan(value) else value


class Atlases:
    """Opens maps by run, stage and space, and keeps the last few."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: OrderedDict[tuple[Any, ...], Atlas] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, run: str, stage: str, space: str) -> Atlas | None:
        """The map, or None where it has not been made, or not of the embeddings there are now.

        Raises InputError for an unknown run, stage or space.
        """
        run_dir, stage = open_run(self._workspace.runs, run, stage)
        if space not in SPACES:
            raise InputError(f"No space {space!r}; there is {', '.join(SPACES)}.")
        folder = newest_map(run_dir, stage, space)
        embedded = run_dir.stage(stage) / "embeddings.safetensors"
        listed = self._workspace.cache / MANIFEST_NAME
        if folder is None or not embedded.exists() or not listed.exists():
            return None
        stamps = (
            (folder / "explore.json").stat().st_mtime_ns,
            embedded.stat().st_mtime_ns,
            listed.stat().st_mtime_ns,
        )
        key = (run, stage, space, folder.name, *stamps)
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
            atlas = self._load(run_dir, stage, space)
            if atlas is not None:
                self._open[key] = atlas
                while len(self._open) > OPEN_MAPS:
                    self._open.popitem(last=False)
            return atlas

    def _load(self, run_dir: RunDir, stage: str, space: str) -> Atlas | None:
        folder = newest_map(run_dir, stage, space)
        embeddings = load_embeddings(run_dir.stage(stage))
        known = fingerprint(embeddings)
        files = None if folder is None else load_map(folder, known)
        if files is None or not clips_by_id(self._workspace).keys() >= set(embeddings.clip_ids):
            return None
        made = assemble(self._workspace, run_dir, stage, space, embeddings, files, known)
        scores: dict[str, NDArray[np.float32]] = {}
        for name, (left, right) in PAIRS.items():
            if left in embeddings.vectors and right in embeddings.vectors:
                cosine = np.sum(embeddings.vectors[left] * embeddings.vectors[right], axis=1)
                both = embeddings.present[left] & embeddings.present[right]
                scores[name] = np.where(both, cosine, np.nan).astype(np.float32)
        return Atlas(made, scores)

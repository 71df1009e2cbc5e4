"""Routes of the map: points once in binary, afterwards codes, masks and cards.

Points are numbered in the order they are drawn; clip ids come in that same order.
"""

import base64
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, HTTPException, Query, Request, Response
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from annotation.lasso import inside
from annotation.neighbours import nearest_to
from app.context import AppContext
from app.services.atlas import Atlas, Atlases
from app.services.cards import card
from app.services.clusters import describe_selection
from app.services.colours import colours
from app.services.exploration import DEFAULT_CLUSTERS, summary
from app.services.map_list import map_list
from app.services.marks import unseen_sources
from app.services.verdicts import Verdicts
from mc3core.errors import InputError

CARDS_AT_ONCE = 60
Clusters = Annotated[int, Query(ge=1, le=500)]


class Lasso(BaseModel):
    """A closed line in the map's coordinates, and the points hidden by the legend."""

    polygon: Annotated[list[tuple[float, float]], Field(min_length=3, max_length=2000)]


class Ids(BaseModel):
    clip_ids: Annotated[list[str], Field(max_length=CARDS_AT_ONCE)]


def router(context: AppContext) -> APIRouter:
    """Everything under /api/map."""
    api = APIRouter(prefix="/api/map")
    atlases = Atlases(context.workspace)
    verdicts = context.verdicts

    def opened(run: str, stage: str, space: str) -> Atlas:
        try:
            atlas = atlases.get(run, stage, space)
        except InputError as error:
            raise HTTPException(404, str(error)) from None
        if atlas is None:
            raise HTTPException(409, f"There is no map of the {space} space of {run} yet.")
        return atlas

    @api.get("")
    def maps() -> dict[str, Any]:
        return map_list(context.workspace)

    @api.get("/{run}/{stage}/{space}")
    def about(run: str, stage: str, space: str) -> dict[str, Any]:
        atlas = opened(run, stage, space)
        return about_map(atlas, verdicts.latest())

    @api.get("/{run}/{stage}/{space}/points")
    def points(run: str, stage: str, space: str, request: Request) -> Response:
        """float32, all x and then all y, as many as there are points."""
        atlas = opened(run, stage, space)
        return _stored(request, atlas, np.ascontiguousarray(atlas.points.T).tobytes())

    @api.get("/{run}/{stage}/{space}/clips")
    def clips(run: str, stage: str, space: str, request: Request) -> Response:
        """Clip ids in the order of the points, one a line."""
        atlas = opened(run, stage, space)
        ids = "\n".join(atlas.space.clips[row].clip_id for row in atlas.rows)
        return _stored(request, atlas, ids.encode(), "text/plain")

    @api.get("/{run}/{stage}/{space}/colours")
    def codes(
        run: str, stage: str, space: str, by: str = "cluster", clusters: Clusters = DEFAULT_CLUSTERS
    ) -> dict[str, Any]:
        atlas = opened(run, stage, space)
        try:
            found = colours(atlas, by, clusters, verdicts.latest())
        except KeyError:
            raise HTTPException(422, f"Points have no colour by {by!r}.") from None
        return {
            "by": by,
            "categories": [asdict(kind) for kind in found.categories],
            "codes": packed_codes(found.codes),
        }

    @api.get("/{run}/{stage}/{space}/clusters")
    def clusters(
        run: str, stage: str, space: str, clusters: Clusters = DEFAULT_CLUSTERS
    ) -> dict[str, Any]:
        atlas, said = opened(run, stage, space), verdicts.latest()
        cut = atlas.cut(clusters)
        found = summary(atlas.space, cut.groups, said)
        found.pop("masked_clips")
        wanted = [clip_id for each in found["clusters"] for clip_id in each["top"]]
        return found | {
            "codes": packed_codes(cut.labels[atlas.rows].astype(np.uint16)),
            "cards": cards(atlas, said, (atlas.row_of[i] for i in wanted)),
        }

    @api.post("/{run}/{stage}/{space}/lasso")
    def lasso(run: str, stage: str, space: str, drawn: Lasso) -> dict[str, Any]:
        atlas = opened(run, stage, space)
        mask = inside(atlas.points, np.asarray(drawn.polygon, np.float64))
        return selection(atlas, mask, verdicts.latest())

    @api.get("/{run}/{stage}/{space}/search")
    def search(
        run: str, stage: str, space: str, text: Annotated[str, Query(max_length=200)]
    ) -> dict[str, Any]:
        """Points whose narration has every word of `text`, or a word that begins so."""
        atlas = opened(run, stage, space)
        words = text.casefold().split()
        mask = np.array(
            [all(f" {word}" in line for word in words) for line in atlas.narrations], bool
        )
        return selection(atlas, mask, verdicts.latest())

    @api.post("/{run}/{stage}/{space}/cards")
    def some_cards(run: str, stage: str, space: str, ids: Ids) -> dict[str, Any]:
        atlas = opened(run, stage, space)
        known = (atlas.row_of[i] for i in ids.clip_ids if i in atlas.row_of)
        return {"cards": cards(atlas, verdicts.latest(), known)}

    @api.get("/{run}/{stage}/{space}/neighbours/{clip_id}")
    def neighbours(run: str, stage: str, space: str, clip_id: str) -> dict[str, Any]:
        """The eight clips nearest in this space, the nearest first, without the clip itself."""
        atlas = opened(run, stage, space)
        row = atlas.row_of.get(clip_id)
        if row is None or not atlas.space.present[row]:
            raise HTTPException(404, "This clip is not on the map.")
        points = nearest_to(atlas.space.vectors[row], atlas.present_vectors, 9)
        near = [int(r) for r in atlas.rows[points]]
        near = [r for r in near if r != row][:8]
        return {
            "near": [atlas.space.clips[r].clip_id for r in near],
            "cards": cards(atlas, verdicts.latest(), near),
        }

    return api


def about_map(atlas: Atlas, verdicts: Verdicts) -> dict[str, Any]:
    """How many points, how many masked, and what marks they carry."""
    space = atlas.space
    return {
        "run": space.run,
        "stage": space.stage,
        "space": space.name,
        "revision": space.fingerprint,
        "n": int(atlas.rows.size),
        "masked": int(space.present.size - atlas.rows.size),
        "labelled": sum(clip.clip_id in verdicts.judged for clip in space.clips),
        "unseen_sources": list(_unseen(atlas, verdicts)),
        "one_rater": verdicts.one_rater,
    }


def cards(atlas: Atlas, verdicts: Verdicts, rows: Iterable[int]) -> dict[str, Any]:
    """Clip cards by clip id."""
    unseen = set(_unseen(atlas, verdicts))
    found = (atlas.space.clips[row] for row in rows)
    return {
        clip.clip_id: card(
            clip,
            verdicts.of.get(clip.clip_id),
            {name: atlas.score(name, atlas.row_of[clip.clip_id]) for name in atlas.scores},
            unseen,
        )
        for clip in found
    }


def selection(atlas: Atlas, mask: NDArray[np.bool_], verdicts: Verdicts) -> dict[str, Any]:
    """A choice of points: a bit each, and the figures of a cluster for it."""
    rows = [int(row) for row in atlas.rows[mask]]
    first = rows[:CARDS_AT_ONCE]
    return {
        "mask": base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode(),
        "clips": [atlas.space.clips[row].clip_id for row in first],
        "cards": cards(atlas, verdicts, first),
    } | describe_selection(atlas.space.clips, rows, verdicts.judged)


def packed_codes(codes: NDArray[np.uint16]) -> str:
    """Two bytes a point, the lower first, as base64."""
    return base64.b64encode(codes.astype("<u2").tobytes()).decode()


def _unseen(atlas: Atlas, verdicts: Verdicts) -> tuple[str, ...]:
    return unseen_sources(atlas.space.trained_on, atlas.space.clips, verdicts.judged.keys())


def _stored(
    request: Request, atlas: Atlas, body: bytes, kind: str = "application/octet-stream"
) -> Response:
    """Kept by the browser for as long as the map is the same one."""
    tag = f'"{atlas.space.fingerprint}-{atlas.space.files.seed}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)

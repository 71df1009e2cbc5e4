"""Clips as files and as cards, by id: no path from a request ever reaches the disk."""

import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import FileResponse

from app.access import Asker, needs
from app.context import AppContext
from app.services.cards import card
from db.clips import clip_by_id
from db.labelling import verdicts
from db.records import ClipRecord
from db.sight import may_see
from db.withdrawals import withdrawal_of

_CLIP_ID = re.compile(r"[0-9a-f]{16}")
# Not for ever: a clip that is withdrawn is gone from browsers within a day too.
_A_DAY = "private, max-age=86400, immutable"


def router(context: AppContext) -> APIRouter:
    api = APIRouter()
    database = context.database
    folder = context.workspace.media

    asks = Depends(needs(context))
    reads_labels = Depends(needs(context, "researcher"))

    def known(clip_id: str, asker: Asker) -> ClipRecord:
        """404 too for a clip that was never given to who asks: not even that it exists is told."""
        clip = None
        if _CLIP_ID.fullmatch(clip_id):
            with database.read() as session:
                clip = clip_by_id(session, clip_id)
                if clip is not None and not asker.may("researcher"):
                    person = asker.person
                    seen = person is not None and may_see(session, person.id, clip_id)
                    clip = clip if seen else None
        if clip is None:
            raise HTTPException(404, "There is no such clip.")
        return clip

    def playable(clip_id: str, asker: Asker) -> ClipRecord:
        clip = known(clip_id, asker)
        if clip.withdrawn:
            with database.read() as session:
                withdrawal = withdrawal_of(session, clip.video_uid)
            when = withdrawal.said if withdrawal else "withdrawn"
            raise HTTPException(410, f"The video of this clip was {when}: nothing of it is kept.")
        return clip

    @api.api_route("/media/{clip_id}", methods=["GET", "HEAD"])
    def media(clip_id: str, asker: Asker = asks) -> FileResponse:
        return _file(folder, playable(clip_id, asker), "mp4", "video/mp4")

    @api.api_route("/poster/{clip_id}", methods=["GET", "HEAD"])
    def poster(clip_id: str, asker: Asker = asks) -> FileResponse:
        return _file(folder, playable(clip_id, asker), "jpg", "image/jpeg")

    @api.get("/api/clips/{clip_id}")
    def one_card(clip_id: str, asker: Asker = reads_labels) -> dict[str, Any]:
        clip = known(clip_id, asker)
        with database.read() as session:
            verdict = verdicts(session, [clip.clip_id]).get(clip.clip_id)
        return card(clip, verdict)

    return api


def _file(folder: Path, clip: ClipRecord, suffix: str, kind: str) -> FileResponse:
    path = folder / f"{clip.clip_id}.{suffix}"
    if path.is_file():
        return FileResponse(path, media_type=kind, headers={"Cache-Control": _A_DAY})
    if "training_only" in clip.flags:
        raise HTTPException(404, "Made for training only: there is nothing to play.")
    raise HTTPException(
        404,
        "The file of this clip is missing. Restore the folder media from a copy, or delete "
        "cache/manifest.jsonl and ingest again: labels stay.",
    )

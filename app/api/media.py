"""Clips as files and as cards, by id: no path from a request ever reaches the disk."""

import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from annotation.labels import Verdict
from app.context import AppContext
from db.clips import clip_by_id
from db.labelling import verdicts
from db.records import ClipRecord

_CLIP_ID = re.compile(r"[0-9a-f]{16}")
_FOR_EVER = "private, max-age=31536000, immutable"


def router(context: AppContext) -> APIRouter:
    api = APIRouter()
    database = context.database
    folder = context.workspace.media

    def known(clip_id: str) -> ClipRecord:
        clip = None
        if _CLIP_ID.fullmatch(clip_id):
            with database.read() as session:
                clip = clip_by_id(session, clip_id)
        if clip is None:
            raise HTTPException(404, "There is no such clip.")
        return clip

    @api.api_route("/media/{clip_id}", methods=["GET", "HEAD"])
    def media(clip_id: str) -> FileResponse:
        return _file(folder, known(clip_id), "mp4", "video/mp4")

    @api.api_route("/poster/{clip_id}", methods=["GET", "HEAD"])
    def poster(clip_id: str) -> FileResponse:
        return _file(folder, known(clip_id), "jpg", "image/jpeg")

    @api.get("/api/clips/{clip_id}")
    def card(clip_id: str) -> dict[str, Any]:
        clip = known(clip_id)
        with database.read() as session:
            verdict = verdicts(session, [clip.clip_id]).get(clip.clip_id)
        return clip_json(clip, verdict)

    return api


def clip_json(clip: ClipRecord, verdict: Verdict | None) -> dict[str, Any]:
    """A clip's card for leads and researchers: what it is, and where its labelling stands."""
    return {
        "clip_id": clip.clip_id,
        "narration": clip.narration,
        "video_uid": clip.video_uid,
        "time_s": clip.time_s,
        "verb": clip.verb,
        "noun": clip.noun,
        "split": clip.split,
        "source": clip.source,
        "flags": list(clip.flags),
        "modalities": list(clip.modalities),
        "verdict": _verdict_word(verdict),
        "counts": None if verdict is None else _counts(verdict),
    }


def _counts(verdict: Verdict) -> dict[str, Any]:
    return {
        "yes": verdict.yes,
        "no": verdict.no,
        "unsure": verdict.unsure,
        "broken": verdict.broken,
        "needed": verdict.needed,
        "missing": verdict.missing,
        "holders": list(verdict.holders),
        "one_rater": verdict.one_rater,
    }


def _verdict_word(verdict: Verdict | None) -> str | None:
    if verdict is None:
        return None
    if verdict.label is not None:
        return "sounds" if verdict.label else "silent"
    return "tie" if verdict.tie else "open"


def _file(folder: Path, clip: ClipRecord, suffix: str, kind: str) -> FileResponse:
    path = folder / f"{clip.clip_id}.{suffix}"
    if path.is_file():
        return FileResponse(path, media_type=kind, headers={"Cache-Control": _FOR_EVER})
    if "training_only" in clip.flags:
        raise HTTPException(404, "Made for training only: there is nothing to play.")
    raise HTTPException(
        404,
        "The file of this clip is missing. Restore the folder media from a copy, or delete "
        "cache/manifest.jsonl and ingest again: labels stay.",
    )

"""What an annotator may see of a clip: no verdict, no score, no verb, nobody else's word."""

from typing import Any

from db.records import ClipRecord, Feedback

TOLD = frozenset({"no_audio", "silent_audio", "no_video", "other_person"})


def told_flags(clip: ClipRecord) -> list[str]:
    return [flag for flag in clip.flags if flag in TOLD]


def clip_json(clip: ClipRecord) -> dict[str, Any]:
    return {
        "clip_id": clip.clip_id,
        "narration": clip.narration,
        "duration_s": round(clip.end_s - clip.start_s, 3),
        "flags": told_flags(clip),
    }


def known_json(clip: ClipRecord, label: str, reason: str) -> dict[str, Any]:
    """A clip with its answer: an example, or a question after the exam."""
    return clip_json(clip) | {"label": label, "reason": reason}


def feedback_json(told: Feedback | None) -> dict[str, Any] | None:
    if told is None:
        return None
    return known_json(told.clip, told.label, told.reason) | {
        "assignment": told.assignment,
        "yours": told.yours,
        "paused": told.paused,
    }

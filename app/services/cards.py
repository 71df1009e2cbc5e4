"""The one clip card, as data: what every page shows of a clip."""

from collections.abc import Mapping, Set
from dataclasses import asdict
from typing import Any

from annotation.labels import Verdict
from app.services.verdicts import opinion
from db.records import ClipRecord
from mc3core.data.clips import Clip

NOTHING: Mapping[str, float | None] = {}


def card(
    clip: Clip | ClipRecord,
    verdict: Verdict | None,
    scores: Mapping[str, float | None] = NOTHING,
    unseen: Set[str] = frozenset(),
) -> dict[str, Any]:
    """Narration, place, label with its counts and who is missing, scores, and whether these are on
    a source that the run never saw."""
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
        "opinion": opinion(verdict),
        "counts": None if verdict is None else _counts(verdict),
        "scores": {name: value for name, value in scores.items() if value is not None},
        "unseen": clip.source in unseen,
    }


def _counts(verdict: Verdict) -> dict[str, Any]:
    kept = ("yes", "no", "unsure", "broken", "needed", "missing", "holders", "one_rater")
    return {name: value for name, value in asdict(verdict).items() if name in kept}

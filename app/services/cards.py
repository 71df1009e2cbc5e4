"""The one clip card, as data: what every page shows of a clip."""

from collections.abc import Mapping, Set
from dataclasses import asdict
from typing import Any

from annotation.labels import Verdict
from app.services.verdicts import opinion
from mc3core.data.clips import Clip


def card(
    clip: Clip,
    verdict: Verdict | None,
    scores: Mapping[str, float | None],
    unseen: Set[str],
) -> dict[str, Any]:
    """Narration, place, label with its counts, scores, and whether they are on an unseen source."""
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
    kept = ("yes", "no", "unsure", "broken", "needed", "missing", "one_rater")
    return {name: value for name, value in asdict(verdict).items() if name in kept}

"""Where labels come from: what people said, or a truth file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.services.verdicts import Verdicts
from db.engine import Database
from db.labelling import judgements
from mc3core.data.clips import Clip
from mc3core.errors import InputError


@dataclass(frozen=True, slots=True)
class Labels:
    """Truth by clip id and where it comes from; `unclear` clips of each split have none. `regions`
    by clip id stand in some truth files."""

    of: Mapping[str, bool]
    unclear: int
    unmatched: int
    origin: str
    one_rater: bool
    simulated: bool
    regions: Mapping[str, str] = field(default_factory=dict[str, str])


def labels_from_people(
    database: Database, verdicts: Verdicts, clips: Sequence[Clip], split: str
) -> Labels:
    """The annotators' majorities on the clips of a split ("all" for every split)."""
    chosen = {clip.clip_id for clip in clips if split in (clip.split, "all")}
    decided = {clip_id: label for clip_id, label in verdicts.judged.items() if clip_id in chosen}
    undecided = [
        v
        for clip_id, v in verdicts.of.items()
        if clip_id in chosen and v.label is None and (v.tie or v.unsure or v.broken)
    ]
    with database.read() as session:
        said = judgements(session, sorted(decided))
    return Labels(
        of=decided,
        unclear=len(undecided),
        unmatched=0,
        origin="annotators",
        one_rater=any(verdicts.of[clip_id].one_rater for clip_id in decided),
        simulated=any(judgement.simulated for judgement in said),
    )


def labels_from_file(path: Path, clips: Sequence[Clip]) -> Labels:
    """The labels of a truth file. InputError: it cannot be read, or names no clip that it decides
    about."""
    from mc3core.evaluation.truth import read_truth

    truth = read_truth(path, clips)
    if not truth.labels:
        raise InputError(
            f"{path} decides about no clip of this workspace: {truth.unmatched} of its rows name "
            f"no clip, {truth.unclear} clips are unclear. Its annotation_uid, or video_uid and "
            "timestamp_sec, must be those of the narrations."
        )
    return Labels(
        truth.labels, truth.unclear, truth.unmatched, path.name, False, False, truth.regions
    )

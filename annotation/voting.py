"""Majority vote with explicit ties (the paper's ground truth: three people, two agree)."""

from collections import Counter
from collections.abc import Iterable

from annotation.labels import Judgement, Verdict


def majority(
    clip_id: str,
    *,
    yes: int,
    no: int,
    unsure: int = 0,
    broken: int = 0,
    needed: int = 3,
    surplus: int = 0,
    holders: tuple[str, ...] = (),
) -> Verdict:
    """Turn counts into a verdict.

    A label needs more than half of `needed`, so a later answer can never overturn it, and a clip
    with two of three "yes" and a "can't tell" is decided. Half and half of all slots is a tie.
    """
    complete = needed > 0 and yes + no >= needed
    decided = max(yes, no) * 2 > needed > 0
    return Verdict(
        clip_id=clip_id,
        yes=yes,
        no=no,
        unsure=unsure,
        broken=broken,
        needed=needed,
        label=yes > no if decided else None,
        tie=complete and not decided,
        complete=complete,
        missing=max(needed - yes - no, 0),
        one_rater=needed == 1,
        surplus=surplus,
        holders=holders,
    )


def vote(clip_id: str, judgements: Iterable[Judgement], needed: int) -> Verdict:
    """The verdict of one clip's judgements; those of other clips are left out."""
    counts: Counter[str] = Counter()
    surplus = 0
    for judgement in judgements:
        if judgement.clip_id != clip_id:
            continue
        if judgement.value in ("yes", "no") and not judgement.counted:
            surplus += 1
        else:
            counts[judgement.value] += 1
    return majority(
        clip_id,
        yes=counts["yes"],
        no=counts["no"],
        unsure=counts["unsure"],
        broken=counts["broken"],
        needed=needed,
        surplus=surplus,
    )

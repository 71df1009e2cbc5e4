"""Majority vote with explicit ties (the paper's ground truth: three people, two agree)."""

from collections import Counter
from collections.abc import Iterable

from annotation.labels import Judgement, Verdict
from annotation.protocol import CLOSES_AT, ClipState


def majority(
    clip_id: str,
    *,
    yes: int,
    no: int,
    unsure: int = 0,
    broken: int = 0,
    needed: int = 3,
    shut: int = 0,
    surplus: int = 0,
    holders: tuple[str, ...] = (),
    adjudicated: str | None = None,
) -> Verdict:
    """Turn counts into a verdict.

    A label needs more than half of `needed`, so a later answer can never overturn it, and a clip
    with two of three "yes" and a "can't tell" is decided. Half and half of all slots is a tie.
    `shut` slots are not asked for (see annotation.protocol). A lead's decision stands above all.
    """
    closed = unsure + broken >= CLOSES_AT and yes + no < needed
    asked = needed - (0 if closed else shut)
    complete = needed > 0 and yes + no >= max(asked, 1)
    decided = max(yes, no) * 2 > needed > 0
    label = yes > no if decided else None
    if adjudicated is not None:
        label = {"yes": True, "no": False}.get(adjudicated)
    return Verdict(
        clip_id=clip_id,
        yes=yes,
        no=no,
        unsure=unsure,
        broken=broken,
        needed=needed,
        label=label,
        tie=complete and not decided,
        complete=complete,
        missing=0 if closed or adjudicated else max(asked - yes - no, 0),
        one_rater=needed == 1,
        surplus=surplus,
        holders=holders,
        closed=closed,
        adjudicated=adjudicated,
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


def verdict_of(clip_id: str, state: ClipState, adjudicated: str | None = None) -> Verdict:
    """The verdict of a clip in this state of the protocol."""
    counts = Counter(state.votes.values())
    others = Counter(word for one, word in state.words.items() if one not in state.votes)
    return majority(
        clip_id,
        yes=counts["yes"],
        no=counts["no"],
        unsure=others["unsure"],
        broken=others["broken"],
        needed=len(state.places),
        shut=sum(place.shut for place in state.places),
        surplus=others["yes"] + others["no"],
        adjudicated=adjudicated,
    )

"""The demo's worked examples, exam and gold clips: from its world's truth, with their reasons.

All are clips that train: they are in no batch, so nobody is asked about them otherwise.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sqlalchemy.orm import Session

from app.services.demo_plan import plan, split_of
from app.services.demo_reasons import kind_of_reason, reason_for
from db.check_records import Label
from db.examples import add_example, used_clips
from db.gold import make_gold
from mc3core.world.plan import Segment

SOUNDING_EXAMPLES = 3
EXAM = 48
GOLD = 40


@dataclass(frozen=True, slots=True)
class Known:
    """A clip whose answer is known, and what it is used for."""

    used_for: Literal["worked", "exam", "gold"]
    label: Label
    reason: str


@lru_cache(maxsize=1)
def known_clips() -> dict[str, Known]:
    """By annotation uid. Worked examples show each kind of reason once, and what sounds thrice;
    exam and gold hold as many clips that sound as clips that do not."""
    training = [video for video in plan().videos if split_of(video.uid) == "train"]
    # One clip of each video in turn, so that checks come while videos are still rendered.
    segments = [s for s in _in_turn([video.segments for video in training]) if not s.vague]
    found: dict[str, Known] = {}
    kinds: defaultdict[str, int] = defaultdict(int)
    for segment in segments:
        kind = kind_of_reason(segment)
        if kinds[kind] < (SOUNDING_EXAMPLES if segment.label else 1):
            kinds[kind] += 1
            found[segment.annotation_uid] = _known(segment, "worked")
    rest = [segment for segment in segments if segment.annotation_uid not in found]
    for label in (1, 0):
        side = [segment for segment in rest if segment.label == label]
        for n, segment in enumerate(side[: (EXAM + GOLD) // 2]):
            # In turn, for both are to be there early.
            spread = n * GOLD // (EXAM + GOLD) < (n + 1) * GOLD // (EXAM + GOLD)
            found[segment.annotation_uid] = _known(segment, "gold" if spread else "exam")
    return found


def add_known(session: Session, clips: Iterable[tuple[str, str]]) -> None:
    """Put (clip id, annotation uid) pairs to their use; what was used once stays as it is."""
    used = used_clips(session)
    for clip_id, uid in clips:
        known = known_clips().get(uid)
        if known is None or clip_id in used:
            continue
        if known.used_for == "gold":
            make_gold(session, clip_id, known.label, known.reason)
        else:
            add_example(session, clip_id, known.used_for, known.label, known.reason)


def _known(segment: Segment, used_for: Literal["worked", "exam", "gold"]) -> Known:
    return Known(used_for, "yes" if segment.label else "no", reason_for(segment))


def _in_turn(groups: Iterable[tuple[Segment, ...]]) -> list[Segment]:
    lists = list(groups)
    longest = max(map(len, lists), default=0)
    return [segments[n] for n in range(longest) for segments in lists if n < len(segments)]

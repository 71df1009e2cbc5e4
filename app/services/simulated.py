"""Three simulated annotators for the demo, named so wherever they show, with a stated error law.

Each answer is drawn from (annotator, clip) alone, so it is the same whenever it is made:

* with probability .02 the answer is "can't tell" (it fills no slot);
* otherwise it is wrong with probability 1 - accuracy, where accuracy is .93 (A), .90 (B), .88 (C);
* on hard clips, those whose sound is drowned by others or where another action is heard in its
  place, the probability of a wrong answer is doubled.

Errors are independent between annotators. People's are not: agreement measured here flatters.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from db.records import ImportedAnswer
from mc3core.world.plan import Segment, World

HARD_REGIONS = frozenset({"III_other", "IV"})
HARD_FACTOR = 2.0
UNSURE = 0.02


@dataclass(frozen=True, slots=True)
class Annotator:
    """A simulated person; `accuracy` on clips that are not hard."""

    name: str
    accuracy: float


ANNOTATORS = (
    Annotator("Simulated annotator A", 0.93),
    Annotator("Simulated annotator B", 0.90),
    Annotator("Simulated annotator C", 0.88),
)

LAW = (
    "Three simulated annotators answered most of the clips that are not used for training. "
    + ", ".join(
        f"{a.name.removeprefix('Simulated annotator ')} is right {a.accuracy:.0%}"
        for a in ANNOTATORS
    )
    + " of the time; where the sound is drowned or another action is heard, errors are twice as "
    f"likely; {UNSURE:.0%} of answers are “can't tell”. Their errors are independent, which "
    "flatters agreement."
)


@dataclass(frozen=True, slots=True)
class Truth:
    """What the world knows of one narrated moment."""

    sounds: bool
    hard: bool


def truths(world: World) -> dict[str, Truth]:
    """Annotation uid to truth, for every narration of a world."""
    return {segment.annotation_uid: _truth(segment) for segment in world.segments}


def answers(clips: Iterable[tuple[str, Truth]]) -> list[ImportedAnswer]:
    """What the three say about (clip id, truth) pairs."""
    return [
        ImportedAnswer(
            person=annotator.name, clip_id=clip_id, value=judge(annotator, clip_id, truth)
        )
        for clip_id, truth in clips
        for annotator in ANNOTATORS
    ]


def judge(annotator: Annotator, clip_id: str, truth: Truth) -> str:
    """One answer, by the law above."""
    if _draw(annotator.name, clip_id, "unsure") < UNSURE:
        return "unsure"
    error = (1 - annotator.accuracy) * (HARD_FACTOR if truth.hard else 1.0)
    wrong = _draw(annotator.name, clip_id, "error") < error
    return "yes" if truth.sounds != wrong else "no"


def _truth(segment: Segment) -> Truth:
    drowned = segment.shown_sound is not None and segment.shown_sound.below_rest
    return Truth(bool(segment.label), drowned or segment.region in HARD_REGIONS)


def _draw(*parts: str) -> float:
    """A number in [0, 1) from words, the same on every machine."""
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64

"""In which order clips are given out."""

import hashlib
from collections.abc import Sequence

WINDOW = 24


def rank_of(clip_id: str, seed: int) -> int:
    """A clip's place in a batch's seeded order: 62 bits, the same whenever the clip is added.

    A hash instead of a shuffle, so that clips which arrive later mix into the order.
    """
    digest = hashlib.blake2b(f"{seed}\0{clip_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 2


def choose(window: Sequence[str], person_id: int, count: int) -> list[str]:
    """Take `count` clips of the first open ones, in an order of this person's own.

    Walking one shared order finishes clips early; mixing within a short window keeps three people
    from hearing the same clips in the same sequence, so that fatigue and contrast do not line up.
    """
    return sorted(window, key=lambda clip_id: rank_of(clip_id, person_id))[:count]

"""In which order clips are given out."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

WINDOW = 24
_BITS = 62


def rank_of(clip_id: str, seed: int) -> int:
    """A clip's place in a batch's seeded order: 62 bits, the same whenever the clip is added.

    A hash instead of a shuffle, so that clips which arrive later mix into the order.
    """
    digest = hashlib.blake2b(f"{seed}\0{clip_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - _BITS)


def ranks(clip_ids: Iterable[str], strata: Mapping[str, str], seed: int) -> dict[str, int]:
    """Places of clips in one seeded order that keeps the strata in proportion all along: any first
    part of it holds of each stratum its share, to within one clip. Clips without one are a stratum.
    """
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for clip_id in clip_ids:
        groups[strata.get(clip_id, "")].append(clip_id)
    found: dict[str, int] = {}
    for name, clips in groups.items():
        first = rank_of(name, seed) / 2**_BITS  # so that the strata do not all begin together
        clips.sort(key=lambda clip_id: rank_of(clip_id, seed))
        for n, clip_id in enumerate(clips):
            found[clip_id] = int((n + first) / len(clips) * 2**_BITS)
    return found


def asks_all(clip_id: str, seed: int, share: float) -> bool:
    """Whether a clip belongs to the random `share` that is asked of all K people, whatever the
    first say: without it, agreement would be measured on votes that were chosen by agreement."""
    return rank_of(clip_id, seed + 1) < share * 2**_BITS


def choose(window: Sequence[str], person_id: int, count: int) -> list[str]:
    """Take `count` clips of the first open ones, in an order of this person's own.

    Walking one shared order finishes clips early; mixing within a short window keeps three people
    from hearing the same clips in the same sequence, so that fatigue and contrast do not line up.
    """
    return sorted(window, key=lambda clip_id: rank_of(clip_id, person_id))[:count]

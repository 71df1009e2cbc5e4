"""What the demo holds: a pure function of fixed seeds."""

from functools import lru_cache

from mc3core.data.clips import Split, split_for
from mc3core.world.plan import World
from mc3core.world.timeline import timeline

SEED = 2026
CLIPS = 400
SPLIT_SEED = 126
"""The first seed under which half of the clips train, and the first video, which a visitor labels
while the others are still rendered, is a test one."""
VISITOR_EVERY = 5
SOURCE = "world"


@lru_cache(maxsize=1)
def plan() -> World:
    """The demo's world."""
    return timeline(SEED, CLIPS)


def split_of(video_uid: str) -> Split:
    return split_for(video_uid, SPLIT_SEED)


@lru_cache(maxsize=1)
def visitors_clips() -> frozenset[str]:
    """Annotation uids that nobody simulated answers: the whole first video, so that there is work
    at once, and every fifth clip of the others that do not train."""
    first, *others = [video for video in plan().videos if split_of(video.uid) != "train"]
    rest = [segment.annotation_uid for video in others for segment in video.segments]
    return frozenset([s.annotation_uid for s in first.segments] + rest[::VISITOR_EVERY])

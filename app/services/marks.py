"""When a figure must say that the model behind it never saw data of this kind."""

from collections.abc import Iterable, Set

from mc3core.data.clips import Clip


def unseen_sources(
    trained_on: Iterable[str], clips: Iterable[Clip], labelled: Set[str]
) -> tuple[str, ...]:
    """Sources among `clips` that the run's training never saw and that have no label of their own.

    `trained_on` are the sources of the run's training clips, `labelled` the ids of clips with a
    verdict. A score has no meaning anybody has checked on such a source, so whatever shows it is
    marked, until people have judged at least one of its clips.
    """
    trained = set(trained_on)
    found: dict[str, bool] = {}
    for clip in clips:
        if clip.source not in trained:
            found[clip.source] = found.get(clip.source, False) or clip.clip_id in labelled
    return tuple(sorted(source for source, judged in found.items() if not judged))

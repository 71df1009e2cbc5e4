"""How often each verb sounds, as in the paper's Table 1, and that forceful actions sound more."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from mc3core.world import strokes
from mc3core.world.acts.stage import Stage
from mc3core.world.pen import Pen
from mc3core.world.picture import picture
from mc3core.world.plan import Action, Segment, Wearer, World
from mc3core.world.timeline import timeline
from mc3core.world.vocabulary import VERBS

# SoundingActions (CVPR 2024), Table 1: share of the verb's clips that sound.
TABLE_1 = {
    "wash": 0.90, "close": 0.82, "cut": 0.77, "drop": 0.64, "stir": 0.64, "wipe": 0.53,
    "rub": 0.39, "touch": 0.27, "lift": 0.19, "hold": 0.09,
}  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    return timeline(5, 6_000)


def in_view(world: World) -> list[tuple[Segment, float]]:
    """Clips whose narrated action is in view, each with its force."""
    return [
        (s, s.shown.force)
        for s in world.segments
        if s.shown is not None and (s.shown.verb, s.shown.noun) == (s.verb, s.noun)
    ]


def test_the_verbs_of_table_1_have_its_rates(world: World) -> None:
    for verb, rate in TABLE_1.items():
        assert VERBS[verb].p_sounding == rate
    for verb, model in VERBS.items():
        labels = [s.label for s in world.segments if s.verb == verb]
        # The nouns' shift is even on the logit, so that the mean leans to .5 by up to .02.
        assert np.mean(labels) == pytest.approx(model.p_sounding, abs=0.025), verb


def test_no_verb_settles_the_label_and_verbs_keep_their_weights(world: World) -> None:
    whole = sum(model.weight for model in VERBS.values())
    for verb, model in VERBS.items():
        labels = [s.label for s in world.segments if s.verb == verb]
        assert 0 < sum(labels) < len(labels)
        assert len(labels) == pytest.approx(len(world.segments) * model.weight / whole, abs=1)


def test_the_more_force_the_likelier_it_sounds(world: World) -> None:
    rates = [
        np.mean([s.label for s, force in in_view(world) if k / 4 <= force < (k + 1) / 4])
        for k in range(4)
    ]
    assert all(np.diff(rates) > 0.05), rates
    assert rates[3] - rates[0] > 0.2
    assert rates[0] > 0.2 and rates[3] < 0.85  # it leans, it does not decide


def test_force_counts_within_every_verb(world: World) -> None:
    for verb in VERBS:
        mine = [(s.label, force) for s, force in in_view(world) if s.verb == verb]
        strong = np.mean([label for label, force in mine if force >= 0.5])
        weak = np.mean([label for label, force in mine if force < 0.5])
        assert strong >= weak, verb


def test_force_is_seen_as_larger_and_faster_strokes() -> None:
    weak, strong = (Action("saw", "plank", 1.0, 3.0, force, 7) for force in (0.0, 1.0))
    assert strokes.cycles(strong, 2.5) > 1.2 * strokes.cycles(weak, 2.5)
    image = Image.new("RGB", (64, 64))
    wearer = Wearer((188, 133, 94), (46, 92, 150))
    reach = [Stage.of(Pen.on(image), action, wearer, 2.0).reach for action in (weak, strong)]
    assert reach[1] > 1.3 * reach[0]


def test_force_moves_more_in_the_picture(world: World) -> None:
    """Over one act at two forces, all else equal: hammering, sawing, shaking, wiping."""
    for verb in ("hammer", "saw", "shake", "wipe"):
        video, segment = next(
            (v, s) for v in world.videos for s in v.segments if s.shown and s.shown.verb == verb
        )
        moved: list[float] = []
        for force in (0.0, 1.0):
            assert segment.shown is not None
            other = replace(segment, shown=replace(segment.shown, force=force))
            parts = (*video.segments[: segment.index], other, *video.segments[segment.index + 1 :])
            start_s = segment.time_s + 0.2
            frames = [
                picture(replace(video, segments=parts), start_s + k * 0.06, 48).astype(float)
                for k in range(12)
            ]
            moved.append(float(np.abs(np.diff(frames, axis=0)).mean()))
        assert moved[1] > moved[0], verb

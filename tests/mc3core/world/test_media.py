"""Pictures and sound: pure functions of plan and time, in step with each other."""

import numpy as np
import pytest

from mc3core.world import strokes
from mc3core.world.picture import boxes, picture
from mc3core.world.plan import Action, Video, Wearer, World
from mc3core.world.scenes import station
from mc3core.world.sound import STEMS, mix, stem
from mc3core.world.sound.actions import LEAD_S, voice
from mc3core.world.sound.mix import gain
from mc3core.world.timeline import timeline
from mc3core.world.vocabulary import GROUPS, places

RATE_HZ = 16_000


@pytest.fixture(scope="module")
def world() -> World:
    return timeline(4, 60)


def test_a_window_alone_has_the_pictures_of_its_video(world: World) -> None:
    video = world.videos[1]
    fps = 5
    whole = [picture(video, i / fps, 64) for i in range(round(video.duration_s * fps))]
    for segment in reversed(video.segments):
        station.cache_clear()
        i = int(segment.time_s * fps)
        assert np.array_equal(picture(video, i / fps, 64), whole[i])


@pytest.mark.parametrize("name", STEMS)
def test_a_window_alone_has_the_stems_of_its_video(world: World, name: str) -> None:
    video = world.videos[0]
    whole = stem(video, name, 0.0, video.duration_s, RATE_HZ)  # pyright: ignore[reportArgumentType] (a name of STEMS)
    for segment in reversed(video.segments):
        start_s, end_s = segment.window_s
        alone = stem(video, name, start_s, end_s, RATE_HZ)  # pyright: ignore[reportArgumentType] (a name of STEMS)
        first = round(start_s * RATE_HZ)
        assert np.array_equal(alone, whole[first : first + len(alone)])


def test_the_mix_is_the_sum_of_the_stems_times_the_gain(world: World) -> None:
    video = world.videos[2]
    total = sum(stem(video, name, 2.0, 9.0, RATE_HZ) for name in STEMS)
    expected = np.clip(total * gain(video, 2.0, 9.0, RATE_HZ), -1, 1)
    assert np.allclose(mix(video, 2.0, 9.0, RATE_HZ), expected, atol=1e-6)


def test_the_gain_is_constant_within_a_window(world: World) -> None:
    for video in world.videos:
        for segment in video.segments:
            assert np.ptp(gain(video, *segment.window_s, RATE_HZ)) == 0


def test_a_lower_rate_hears_the_same_sound_without_its_highs(world: World) -> None:
    video = world.videos[0]
    start_s, end_s = video.segments[3].window_s
    low = mix(video, start_s, end_s, RATE_HZ)
    high = mix(video, start_s, end_s, 3 * RATE_HZ)
    a, b = np.fft.rfft(low)[10:9000], np.fft.rfft(high)[10:9000] / 3
    assert abs(np.vdot(a, b)) / np.linalg.norm(a) / np.linalg.norm(b) > 0.95


def test_a_small_picture_looks_like_a_large_one_made_small(world: World) -> None:
    for video in world.videos[:3]:
        t_s = video.segments[4].time_s + 0.3
        large = picture(video, t_s, 320).reshape(64, 5, 64, 5, 3).mean(axis=(1, 3))
        assert np.abs(large - picture(video, t_s, 64)).mean() < 8


def test_sound_comes_when_the_blow_lands() -> None:
    for verb, noun in (("hammer", "nail"), ("cut", "onion"), ("put", "cup"), ("drop", "key")):
        action = Action(verb, noun, 5.0, 6.4, 0.5, 99)
        first, wave = voice(action, RATE_HZ)
        energy = wave**2
        for at_s, strength in strokes.contacts(action):
            if strength < 0.5:
                continue
            at = round(at_s * RATE_HZ) - first
            after, before = energy[at : at + 800].mean(), energy[max(0, at - 800) : at].mean()
            assert after > 4 * before, (verb, at_s)


def test_no_action_sounds_before_it_begins() -> None:
    for i, (verb, noun) in enumerate(GROUPS):
        first, wave = voice(Action(verb, noun, 5.0, 6.4, 0.5, i), RATE_HZ)
        assert first == round((5.0 - LEAD_S) * RATE_HZ)
        assert np.isfinite(wave).all()
        assert np.mean(wave[:600] ** 2) < 0.05, (verb, noun)
        loudest = max(np.mean(wave[k : k + 1600] ** 2) for k in range(0, len(wave) - 1600, 400))
        assert 0.7 < loudest < 1.3, (verb, noun)


def test_every_group_can_be_drawn_and_moves_or_rests_with_hands_in_view() -> None:
    base = timeline(4, 60).videos[0]
    for i, (verb, noun) in enumerate(GROUPS):
        video = _showing(base, Action(verb, noun, 0.6, 2.2, 0.5, i), places(verb, noun)[0])
        found = {mark.what for mark in boxes(video, 1.1)}
        assert {"action", "hands"} <= found, (verb, noun)
        before, after = picture(video, 1.0, 64), picture(video, 1.3, 64)
        assert np.abs(before.astype(int) - after).mean() > 0.5, (verb, noun)


def _showing(video: Video, action: Action, place: str) -> Video:
    from dataclasses import replace

    segment = replace(
        video.segments[0], place=place, shown=action, machine=None, start_s=0.0, end_s=2.4, index=0
    )
    return replace(video, segments=(segment,), wearer=Wearer((188, 133, 94), (46, 92, 150)))


def test_boxes_lie_in_the_picture_and_name_what_is_planned(world: World) -> None:
    for video in world.videos:
        for segment in video.segments:
            marks = {m.what: m.box for m in boxes(video, segment.time_s + 0.4)}
            assert ("machine" in marks) == (segment.machine is not None)
            assert ("action" in marks) == (segment.shown is not None)
            for x0, y0, x1, y1 in marks.values():
                assert 0 <= x0 < x1 <= 1
                assert 0 <= y0 < y1 <= 1

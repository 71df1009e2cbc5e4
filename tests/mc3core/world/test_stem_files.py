"""Stems on disk: every source alone, at the level it has in the mix, resumable."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from mc3core.errors import InputError
from mc3core.progress import Progress
from mc3core.world.plan import World
from mc3core.world.sound import STEMS, mix
from mc3core.world.sound.mix import gain, stem
from mc3core.world.stem_files import STEM_RATE_HZ
from mc3core.world.writer import write_world

CLIPS, SEED = 14, 6


def write(out: Path, progress: list[Progress] | None = None) -> World:
    steps = [] if progress is None else progress
    return write_world(
        out, CLIPS, SEED, side=32, fps=2, workers=1, stems=True, progress=steps.append
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    out = tmp_path_factory.mktemp("stems")
    return out, write(out)


def test_stems_sum_to_the_mix_before_it_is_clipped(folder: tuple[Path, World]) -> None:
    out, world = folder
    for video in world.videos:
        files = {path.stem: path for path in (out / "stems" / video.uid).iterdir()}
        assert set(files) == set(STEMS)
        waves = {name: soundfile.read(path, dtype="float32")[0] for name, path in files.items()}
        assert {soundfile.info(path).samplerate for path in files.values()} == {STEM_RATE_HZ}
        total = sum(waves.values(), np.zeros_like(waves["ambient"]))
        span = 0.0, video.duration_s, STEM_RATE_HZ
        heard = mix(video, *span)
        assert len(total) == len(heard)
        assert np.allclose(np.clip(total, -1, 1), heard, atol=1e-5)
        for name in STEMS:
            assert np.array_equal(waves[name], stem(video, name, *span) * gain(video, *span))


def test_the_action_is_in_its_own_stem_where_it_is_heard(folder: tuple[Path, World]) -> None:
    out, world = folder
    heard, silent = list[float](), list[float]()
    for video in world.videos:
        action, _ = soundfile.read(out / "stems" / video.uid / "action.wav", dtype="float32")
        for segment in video.segments:
            start, end = (round(t * STEM_RATE_HZ) for t in segment.window_s)
            rms = float(np.sqrt(np.mean(action[start:end] ** 2)))
            (silent if segment.shown_sound is None else heard).append(rms)
    assert heard and silent
    assert np.median(heard) > 100 * np.median(silent)


def test_a_stopped_run_goes_on_and_keeps_what_is_there(
    folder: tuple[Path, World], tmp_path: Path
) -> None:
    world = write_world(tmp_path, CLIPS, SEED, side=32, fps=2, workers=1)  # at first without
    assert not (tmp_path / "stems").exists()
    done = folder[0] / "stems" / world.videos[0].uid / "event.wav"
    there = tmp_path / "stems" / world.videos[0].uid / "event.wav"
    there.parent.mkdir(parents=True)
    there.write_bytes(done.read_bytes())
    kept = there.stat().st_mtime_ns
    steps: list[Progress] = []
    write(tmp_path, steps)
    assert there.stat().st_mtime_ns == kept
    files = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*.wav"))
    assert files == sorted(p.relative_to(folder[0]) for p in folder[0].rglob("*.wav"))
    assert len(files) == len(STEMS) * len(world.videos)
    total = len(world.videos)
    assert [(s.done, s.total) for s in steps if s.task == "world"] == [
        (n, total) for n in range(total + 1)
    ]


def test_stems_that_no_world_made_are_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "stems").mkdir()
    with pytest.raises(InputError, match="stems that no world made"):
        write(tmp_path)

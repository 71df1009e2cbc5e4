"""A world on disk: playable files, the same for any number of workers, resumable."""

from pathlib import Path

import av
import numpy as np
import pytest

from mc3core.errors import InputError
from mc3core.progress import Progress
from mc3core.world.picture import picture
from mc3core.world.sound import mix
from mc3core.world.timeline import timeline
from mc3core.world.video_file import SAMPLE_RATE_HZ
from mc3core.world.writer import iter_videos, write_world

CLIPS, SEED, SIDE, FPS = 26, 3, 64, 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world")
    write_world(out, CLIPS, SEED, side=SIDE, fps=FPS, workers=1)
    return out


def files(out: Path) -> dict[str, bytes]:
    return {
        p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()
    }


def test_media_are_equal_for_one_and_two_workers(folder: Path, tmp_path: Path) -> None:
    write_world(tmp_path, CLIPS, SEED, side=SIDE, fps=FPS, workers=2)
    assert files(tmp_path) == files(folder)
    assert len(list((tmp_path / "videos").glob("*.mp4"))) == 2


def test_a_stopped_run_goes_on_and_keeps_what_is_there(folder: Path, tmp_path: Path) -> None:
    steps: list[Progress] = []
    stopped = iter_videos(tmp_path, CLIPS, SEED, side=SIDE, fps=FPS, workers=1)
    uid, first = next(stopped)
    stopped.close()
    assert (tmp_path / "truth.csv").exists()
    kept = first.stat().st_mtime_ns
    write_world(tmp_path, CLIPS, SEED, side=SIDE, fps=FPS, workers=1, progress=steps.append)
    assert first.name == f"{uid}.mp4"
    assert first.stat().st_mtime_ns == kept
    assert files(tmp_path) == files(folder)
    assert [(s.done, s.total) for s in steps if s.task == "world"] == [(0, 2), (1, 2), (2, 2)]


def test_a_folder_of_another_world_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="another world"):
        write_world(folder, CLIPS, SEED + 1, side=SIDE, fps=FPS, workers=1)
    with pytest.raises(InputError, match="even side"):
        write_world(folder, CLIPS, SEED, side=63, fps=FPS, workers=1)


def test_a_video_is_what_was_planned(folder: Path) -> None:
    video = timeline(SEED, CLIPS).videos[0]
    path = folder / "videos" / f"{video.uid}.mp4"
    head = path.read_bytes()
    assert head.find(b"moov") < head.find(b"mdat")  # plays before it is all there
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert container.streams.video[0].codec_context.pix_fmt == "yuv420p"
        frames = list(container.decode(video=0))
    assert len(frames) == round(video.duration_s * FPS)
    assert max(np.diff([i for i, f in enumerate(frames) if f.key_frame])) <= 2 * FPS
    for i in (0, 31, 77):
        shown = frames[i].to_ndarray(format="rgb24").astype(int)
        assert np.abs(shown - picture(video, i / FPS, SIDE)).mean() < 9
        assert frames[i].time == pytest.approx(i / FPS, abs=1e-3)


def test_its_sound_track_is_the_mix_and_in_step(folder: Path) -> None:
    video = timeline(SEED, CLIPS).videos[0]
    with av.open(str(folder / "videos" / f"{video.uid}.mp4")) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
        heard = np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=0)])
    made = mix(video, 0.0, video.duration_s, SAMPLE_RATE_HZ)
    assert abs(len(heard) - len(made)) < 2048
    a, b = heard[: len(made) - 2048], made[: len(made) - 2048]
    assert np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b) > 0.98

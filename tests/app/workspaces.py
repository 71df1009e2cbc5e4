"""A real workspace for tests of exploring: playable clips, labels in SQLite, a run with embeddings.

Vectors are drawn around one direction a verb, so clusters, scores and labels hang together; nothing
here is trained.
"""

import json
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from app.context import open_database
from app.workspace import Workspace, open_workspace
from db.clips import add_clips
from db.labelling import create_batch, record_answers
from db.records import ClipRecord, ImportedAnswer
from mc3core.data.clips import MANIFEST_NAME, Clip, clip_id_for, write_manifest
from mc3core.embeddings import Embeddings, save_embeddings
from mc3core.training.run_dir import RunDir, RunStatus, write_json

RUN = "mc3-demo-test"
STAGES = ("align", "refine")
# verb, nouns, does it sound, hue of its picture, pitch of its tone
KINDS = (
    ("chop", ("onion", "carrot"), True, "#c0653a", 220.0),
    ("wash", ("plate", "cup"), True, "#3a78c0", 440.0),
    ("pour", ("water", "milk"), True, "#3aa6a6", 660.0),
    ("look", ("window", "shelf"), False, "#8a8f98", 110.0),
    ("hold", ("phone", "cup"), False, "#7a5fb0", 150.0),
    ("hammer", ("nail",), True, "#b03a58", 880.0),
)
SIDE, FPS, SECONDS, RATE = 160, 15, 1.5, 16_000


def make_workspace(
    root: Path, clips: int = 48, *, media: int | None = None, stages: tuple[str, ...] = STAGES
) -> Workspace:
    """Lay out a workspace of `clips` clips, `media` of them with a file (all by default)."""
    workspace = open_workspace(root, create=True)
    made = [a_clip(number) for number in range(clips)]
    write_manifest(made, workspace.cache / MANIFEST_NAME)
    _label(workspace, made)
    for number, clip in enumerate(made[:media]):
        write_media(workspace.media, clip, number)
    _run(workspace, made, stages)
    return workspace


def a_clip(number: int, *, source: str | None = None) -> Clip:
    verb, nouns, *_ = KINDS[number % len(KINDS)]
    noun = nouns[(number // len(KINDS)) % len(nouns)]
    video, text = f"video-{number // 8}", f"#C C {verb}s the {noun}"
    return Clip(
        clip_id=clip_id_for(video, f"a{number}", "narration_pass_1", float(number), text),
        video_uid=video,
        annotation_uid=f"a{number}",
        source=source or ("kitchen20" if number % 16 == 15 else "world"),
        narration=text,
        time_s=float(number),
        start_s=number - 0.5,
        end_s=number + 1.0,
        split=("train", "train", "val", "test")[number // 8 % 4],
        verb=verb,
        noun=noun,
        modalities=("video", "text") if number % 12 == 9 else ("audio", "video", "text"),
        flags=("no_audio",) if number % 12 == 9 else (),
    )


def write_media(folder: Path, clip: Clip, number: int) -> None:
    """A shape that moves and a tone that pulses: H.264 and AAC, as ingest cuts clips."""
    _, _, _, hue, pitch = KINDS[number % len(KINDS)]
    with av.open(
        str(folder / f"{clip.clip_id}.mp4"), "w", options={"movflags": "faststart"}
    ) as out:
        video = out.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "26"})
        video.width = video.height = SIDE
        video.pix_fmt = "yuv420p"
        sound = out.add_stream("aac", rate=RATE, layout="mono")
        for index in range(int(FPS * SECONDS)):
            picture = _picture(hue, index / (FPS * SECONDS), number)
            if index == int(FPS * SECONDS) // 2:
                picture.save(folder / f"{clip.clip_id}.jpg", quality=88)
            out.mux(video.encode(av.VideoFrame.from_image(picture)))
        out.mux(video.encode(None))
        times = np.arange(int(RATE * SECONDS)) / RATE
        wave = 0.4 * np.sin(2 * np.pi * pitch * times) * (np.sin(2 * np.pi * 3 * times) > 0)
        frame = av.AudioFrame.from_ndarray(
            wave.astype(np.float32)[None], format="fltp", layout="mono"
        )
        frame.sample_rate = RATE
        out.mux(sound.encode(frame))
        out.mux(sound.encode(None))


def vectors_of(clips: list[Clip], seed: int = 0) -> Embeddings:
    """Unit rows around a direction a verb; where it sounds, sound and picture lie close."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(len(KINDS), 32))
    rows: dict[str, NDArray[np.float32]] = {}
    kind = np.array([[k[0] for k in KINDS].index(clip.verb or "") for clip in clips])
    sounds = np.array([KINDS[k][2] for k in kind])
    common = centres[kind] + 1.1 * rng.normal(size=(len(clips), 32))
    for name in ("audio", "video", "text"):
        noise = rng.normal(size=common.shape)
        spread = np.where(sounds, 0.6, 1.6)[:, None] if name == "audio" else 0.5
        found = common + spread * noise
        rows[name] = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    present = {name: np.array([name in clip.modalities for clip in clips]) for name in rows}
    masked = {name: rows[name] * present[name][:, None] for name in rows}
    return Embeddings(tuple(clip.clip_id for clip in clips), masked, present)


def _picture(hue: str, share: float, number: int) -> Image.Image:
    picture = Image.new("RGB", (SIDE, SIDE), "#d9d3c7")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, SIDE * 0.7, SIDE, SIDE), fill="#a58f6d")
    left = 20 + (SIDE - 80) * share
    top = 50 + 25 * np.sin(6 * share + number)
    draw.ellipse((left, top, left + 45, top + 45), fill=hue)
    draw.rectangle((left + 15, top + 40, left + 30, SIDE), fill="#e0ac8a")
    return picture


def _label(workspace: Workspace, clips: list[Clip]) -> None:
    """Three people answer most clips of `world`; one clip in ten is left, some disagree."""
    rng = np.random.default_rng(1)
    sounds = {kind[0]: kind[2] for kind in KINDS}
    answers: list[ImportedAnswer] = []
    for number, clip in enumerate(clips):
        if number % 10 == 7 or clip.source != "world":
            continue
        truth = sounds[clip.verb or ""]
        for person in ("Ada", "Ben", "Cem"):
            value = "yes" if truth != (rng.random() < 0.12) else "no"
            answers.append(ImportedAnswer(person, clip.clip_id, value))
    database = open_database(workspace)
    try:
        with database.write() as session:
            add_clips(session, [_record(clip) for clip in clips])
            batch = create_batch(session, "test", [clip.clip_id for clip in clips])
            record_answers(session, batch.id, answers)
    finally:
        database.close()


def _record(clip: Clip) -> ClipRecord:
    fields = {name: getattr(clip, name) for name in ClipRecord.__dataclass_fields__}
    return ClipRecord(**fields)


def _run(workspace: Workspace, clips: list[Clip], stages: tuple[str, ...]) -> None:
    run_dir = RunDir(workspace.runs / RUN)
    trained = [clip for clip in clips if clip.split == "train" and clip.source == "world"]
    write_json(
        run_dir.config_path,
        {
            "method": "mc3",
            "preset": "demo",
            "size": "tiny",
            "seed": 0,
            "sources": ["world"],
            "stages": [{"name": stage} for stage in stages],
        },
    )
    (run_dir.path / "train_clips.txt").write_text("\n".join(clip.clip_id for clip in trained))
    run_dir.write_status(RunStatus(RUN, "finished", "refine", 6, 6, 0, 0.0, 0.0))
    for seed, stage in enumerate(stages):
        run_dir.checkpoint(stage).mkdir(parents=True)
        (run_dir.checkpoint(stage) / "model.safetensors").write_bytes(b"")
        save_embeddings(vectors_of(clips, seed), run_dir.stage(stage))


if __name__ == "__main__":
    import sys

    made = make_workspace(Path(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(json.dumps({"workspace": str(made.root)}) + "\n")

"""A workspace of the paper's size, put down by the studio's own code: clips come video by video, as
an ingest brings them, and three people have answered all but some.

Vectors lie around one direction a verb. The tree and the map are made, not computed: the exact tree
of so many clips would take hours, and serving it costs the same.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotation.clusters import Tree
from app.context import open_database
from app.services.embedding import fingerprint
from app.services.evaluation import evaluate
from app.services.ingest import ALL_CLIPS, add_rows, everything
from app.services.map_files import MapFiles, map_folder, save_map
from app.workspace import Workspace, open_workspace
from db.clips import add_videos
from db.columns import utc_now
from db.engine import Database
from db.jobs import create_job, end_job
from db.labelling import batch_by_name, record_answers
from db.records import ImportedAnswer, VideoRecord
from mc3core.data.cache import CacheInfo, CacheWriter, ClipCache
from mc3core.data.clips import Clip, clip_id_for, split_for
from mc3core.data.ledger import Dropped, Ledger
from mc3core.embeddings import Embeddings, save_embeddings
from mc3core.training.run_dir import RunDir, RunStatus, write_json

RUN, STAGE, SPACE = "mc3-scaled-large", "refine", "joint"
PEOPLE = ("Ada", "Ben", "Cem")
CLIPS_A_VIDEO, DIMENSION, METRIC_ROWS, JOBS = 12, 256, 20_000, 200
ANSWERS_A_DAY = 5000
# fmt: off
VERBS = (
    "cut", "wash", "pour", "stir", "open", "close", "pick", "put", "hold", "look", "turn",
    "press", "wipe", "peel", "fold", "tear", "shake", "scrape", "hammer", "saw", "drill",
    "screw", "sweep", "rub", "tap", "drop", "lift", "pull", "push", "carry", "read", "write",
    "type", "walk", "touch", "point", "fill", "empty", "squeeze", "roll",
)
# fmt: on
# fmt: off
NOUNS = (
    "onion", "carrot", "plate", "cup", "knife", "pan", "pot", "lid", "door", "drawer", "tap",
    "cloth", "table", "board", "bowl", "spoon", "bottle", "bag", "box", "paper", "phone",
    "book", "wood", "nail", "screw", "wall", "floor", "brush", "soap", "water", "milk", "dough",
    "egg", "oil", "salt", "bread", "chair", "shelf", "window", "hand",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Growth:
    """Milliseconds a video of one step, over the first and over the last tenth of the videos."""

    step: str
    first_ms: float
    last_ms: float


def build(root: Path, clips: int, open_clips: int) -> list[Growth]:
    """Lay out `root`/fresh (nobody has answered) and `root`/full (`clips` answered by three people,
    `open_clips` more are not); returns how each step of adding a video grew."""
    workspace = open_workspace(root / "full", create=True)
    made = [a_clip(number) for number in range(clips + open_clips)]
    database = open_database(workspace)
    growth = _ingest(workspace, database, made)
    database.close()
    fresh = open_workspace(root / "fresh", create=True)
    fresh.database.write_bytes(workspace.database.read_bytes())  # closed: the log is folded in
    database = open_database(workspace)
    _answer(database, made[:clips])
    _jobs(database)
    database.close()
    _run(workspace, made)
    for split in ("test", "all"):
        evaluate(workspace, RUN, STAGE, "discovery", split=split)
    evaluate(workspace, RUN, STAGE, "retrieval")
    return growth


def build_labelled(root: Path, clips: int, open_clips: int) -> Workspace:
    """The clips and their answers alone, no map, no run, no reports: some seconds between any two
    answers, so many a day."""
    workspace = open_workspace(root, create=True)
    made = [a_clip(number) for number in range(clips + open_clips)]
    database = open_database(workspace)
    _ingest(workspace, database, made)
    _answer(database, made[:clips], ANSWERS_A_DAY)
    database.close()
    return workspace


def a_clip(number: int) -> Clip:
    rng = np.random.default_rng(number)
    verb = VERBS[min(int(rng.zipf(1.5)) - 1, len(VERBS) - 1)]
    noun = NOUNS[int(rng.integers(len(NOUNS)))]
    video, time_s = f"video-{number // CLIPS_A_VIDEO:05d}", 4.0 * (number % CLIPS_A_VIDEO) + 1
    text = f"#C C {verb}s the {noun} with the {NOUNS[int(rng.integers(len(NOUNS)))]}"
    return Clip(
        clip_id=clip_id_for(video, f"a{number}", "narration_pass_1", time_s, text),
        video_uid=video,
        annotation_uid=f"a{number}",
        source="kitchens" if number % 50 < 5 else "ego4d",
        narration=text,
        time_s=time_s,
        start_s=time_s - 0.5,
        end_s=time_s + 1.0,
        split=split_for(video, 0),
        verb=verb,
        noun=noun,
        modalities=("video", "text") if number % 40 == 9 else ("audio", "video", "text"),
        flags=("no_audio",) if number % 40 == 9 else ("duplicate_id",) if number % 90 == 1 else (),
    )


def _ingest(workspace: Workspace, database: Database, clips: list[Clip]) -> list[Growth]:
    """Add video after video the way an ingest does once a video is cut."""
    writer, ledger = CacheWriter(workspace.cache, CacheInfo()), Ledger(workspace.cache)
    spent: dict[str, list[float]] = {"manifest": [], "ledger": [], "database": []}

    def timed(step: str, work: Callable[[], object]) -> None:
        start = time.perf_counter()
        work()
        spent[step].append(1000 * (time.perf_counter() - start))

    for start in range(0, len(clips), CLIPS_A_VIDEO):
        new = clips[start : start + CLIPS_A_VIDEO]
        lost = Dropped(
            new[0].video_uid, f"d{start}", "before the start", "#C C looks", -1.0, f"{start:016x}"
        )
        timed("manifest", lambda new=new: writer.append(new))
        timed("ledger", lambda lost=lost: ledger.add([lost]))
        timed("database", lambda new=new, lost=lost: add_rows(database, new, [lost], everything))
    ledger.close(writer.close())
    with database.write() as session:
        uids = dict.fromkeys(clip.video_uid for clip in clips)
        add_videos(session, [VideoRecord(uid, "ego4d", f"{uid}.mp4", 60.0) for uid in uids])
    start_s = time.perf_counter()
    ClipCache.open(workspace.cache)
    opened = 1000 * (time.perf_counter() - start_s)
    tenth = max(len(spent["manifest"]) // 10, 1)
    return [
        *(
            Growth(step, float(np.mean(ms[:tenth])), float(np.mean(ms[-tenth:])))
            for step, ms in spent.items()
        ),
        Growth("opening the cache once, in all", opened, opened),
    ]


def _answer(database: Database, clips: list[Clip], a_day: int | None = None) -> None:
    """Everybody's word on every clip; one in eight differs from the verb's own. All at once, or so
    many `a_day` up to now."""
    rng = np.random.default_rng(1)
    with database.read() as session:
        batch = batch_by_name(session, ALL_CLIPS)
    assert batch is not None
    now = utc_now()
    for person in PEOPLE:
        said = _sounds(clips) != (rng.random(len(clips)) < 0.12)
        times = [None] * len(clips) if a_day is None else _times(len(clips), a_day, now, rng)
        words = [
            ImportedAnswer(person, clip.clip_id, "yes" if yes else "no", answered_at=at)
            for clip, yes, at in zip(clips, said, times, strict=True)
        ]
        with database.write() as session:
            record_answers(session, batch.id, words)


def _times(
    count: int, a_day: int, now: datetime, rng: np.random.Generator
) -> Sequence[datetime | None]:
    """Days of work that end before today, the gaps between answers around five seconds."""
    first = now - timedelta(days=-(-count // a_day) + 1)
    gaps_s = rng.uniform(2.0, 8.0, count)
    times: list[datetime | None] = []
    for start in range(0, count, a_day):
        day = first + timedelta(days=start // a_day)
        since_s = np.cumsum(gaps_s[start : start + a_day])
        times += [day + timedelta(seconds=float(one)) for one in since_s]
    return times


def _sounds(clips: list[Clip]) -> NDArray[np.bool_]:
    return np.array([VERBS.index(clip.verb or "") % 3 != 0 for clip in clips])


def _jobs(database: Database) -> None:
    with database.write() as session:
        for number in range(JOBS):
            create_job(session, f"20260101-{number:06d}-embed", "embed", ("embed",))
            end_job(session, f"20260101-{number:06d}-embed", "finished")


def _run(workspace: Workspace, clips: list[Clip]) -> None:
    run_dir = RunDir(workspace.runs / RUN)
    write_json(
        run_dir.config_path,
        {
            "method": "mc3",
            "preset": "scaled",
            "size": "tiny",
            "seed": 0,
            "sources": ["ego4d"],
            "stages": [{"name": STAGE}],
        },
    )
    trained = (clip.clip_id for clip in clips if clip.split == "train" and clip.source == "ego4d")
    (run_dir.path / "train_clips.txt").write_text("".join(f"{clip_id}\n" for clip_id in trained))
    run_dir.write_status(RunStatus(RUN, "finished", STAGE, METRIC_ROWS, METRIC_ROWS, 0, 0.0, 0.0))
    run_dir.checkpoint(STAGE).mkdir(parents=True)
    (run_dir.checkpoint(STAGE) / "model.safetensors").write_bytes(b"")
    with run_dir.metrics_path.open("w") as file:
        file.writelines(_metrics())
    embeddings = _embeddings(clips)
    save_embeddings(embeddings, run_dir.stage(STAGE))
    _, present = embeddings.space(SPACE)
    kinds = np.array([VERBS.index(clip.verb or "") for clip in clips])
    files = MapFiles(_tree(kinds), _points(kinds), 0)
    assert present.all()
    save_map(map_folder(run_dir, STAGE, SPACE, 0), files, fingerprint(embeddings))


def _metrics() -> Iterator[str]:
    for step in range(1, METRIC_ROWS + 1):
        values = ", ".join(
            f'"{name}": {1 / step + 0.1 * place:.6f}'
            for place, name in enumerate(
                ("loss", "contrastive", "consensus", "a_v", "v_a", "a_l", "l_a", "v_l", "l_v", "lr")
            )
        )
        yield (
            f'{{"step": {step}, "stage": "{STAGE}", "epoch": {step / 500:.4f}, "kind": "train", '
            f'{values}, "seconds": {step * 0.35:.3f}}}\n'
        )


def _embeddings(clips: list[Clip]) -> Embeddings:
    rng = np.random.default_rng(0)
    kinds = np.array([VERBS.index(clip.verb or "") for clip in clips])
    common = rng.normal(size=(len(VERBS), DIMENSION))[kinds].astype(np.float32)
    common += rng.normal(size=common.shape).astype(np.float32)
    vectors: dict[str, NDArray[np.float32]] = {}
    present: dict[str, NDArray[np.bool_]] = {}
    for name in ("audio", "video", "text"):
        spread = np.where(_sounds(clips), 0.6, 1.6)[:, None] if name == "audio" else 0.5
        found = common + (spread * rng.normal(size=common.shape)).astype(np.float32)
        present[name] = np.array([name in clip.modalities for clip in clips])
        unit = found / np.linalg.norm(found, axis=1, keepdims=True)
        vectors[name] = (unit * present[name][:, None]).astype(np.float32)
    return Embeddings(tuple(clip.clip_id for clip in clips), vectors, present)


def _points(kinds: NDArray[np.int64]) -> NDArray[np.float32]:
    rng = np.random.default_rng(2)
    centres = 12 * rng.normal(size=(len(VERBS), 2))
    return (centres[kinds] + rng.normal(size=(len(kinds), 2))).astype(np.float32)


def _tree(kinds: NDArray[np.int64]) -> Tree:
    """Neighbours in the order of the kinds merge in pairs, then the pairs, up to one root."""
    rows = np.arange(len(kinds), dtype=np.int64)
    nodes: list[int] = np.argsort(kinds, kind="stable").tolist()
    pairs: list[tuple[int, int]] = []
    while len(nodes) > 1:
        first = len(rows) + len(pairs)
        pairs += zip(nodes[::2], nodes[1::2], strict=False)
        left_over = nodes[-1:] if len(nodes) % 2 else []
        nodes = [*range(first, len(rows) + len(pairs)), *left_over]
    return Tree(len(rows), rows, np.array(pairs, np.int64), np.arange(len(pairs), dtype=float))

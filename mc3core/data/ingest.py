"""Narrations and videos in, clips out: every narration ends as a clip or as a row with a reason.

One video is cut by one process at a time, in a pass of its own (`one_video`); this process keeps
the manifest and the ledger. Running again does only what is new: clips that are there stay, a
narration dropped before is tried again when its video has appeared or changed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from mc3core.data.cache import CacheInfo, CacheWriter
from mc3core.data.clips import Clip, clip_id_for, split_for
from mc3core.data.ledger import NO_FILE, Dropped, IngestReport, Ledger, VideoInfo
from mc3core.data.narration import Narration, Parsed, parse_narration
from mc3core.data.one_video import CutClip, VideoTask
from mc3core.data.video_files import VideoFiles, list_videos
from mc3core.data.windows import MIN_SECONDS
from mc3core.data.withheld import Withheld, read_withheld
from mc3core.data.workers import cut_videos
from mc3core.errors import InputError, RunError
from mc3core.progress import Progress, ProgressCallback, silent

__all__ = [
    "Dropped",
    "IngestOptions",
    "IngestReport",
    "Narration",
    "VideoInfo",
    "ingest",
    "source_of",
]

OnVideo = Callable[[list[Clip], list[Dropped]], None]


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """The window around a narration, what is kept of it, and how it is split.

    `source` names where the data come from (see `source_of`); `workers` is the number of processes,
    one a core unless given.
    """

    before_s: float = 0.5
    after_s: float = 1.0
    frames: int = 16
    short_side: int = 224
    sample_rate_hz: int = 16_000
    split_seed: int = 0
    source: str | None = None
    workers: int | None = None

    def checked(self) -> "IngestOptions":
        """Itself; InputError names the option that cannot be."""
        if not (0 <= self.before_s <= 60 and 0 <= self.after_s <= 60):
            raise InputError("--before-s and --after-s must lie between 0 and 60 seconds.")
        if self.before_s + self.after_s < MIN_SECONDS:
            raise InputError(
                f"--before-s {self.before_s:g} and --after-s {self.after_s:g} leave under "
                f"{MIN_SECONDS:g} s: make the window longer."
            )
        for name in ("frames", "short_side", "sample_rate_hz"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be at least 1, not {getattr(self, name)}.")
        if self.workers is not None and self.workers < 1:
            raise InputError(f"workers must be at least 1, not {self.workers}.")
        return self

    @property
    def info(self) -> CacheInfo:
        """What the cache says of itself."""
        return CacheInfo(
            frames=self.frames,
            short_side=self.short_side,
            sample_rate_hz=self.sample_rate_hz,
            before_s=self.before_s,
            after_s=self.after_s,
            split_seed=self.split_seed,
        )


@dataclass(frozen=True, slots=True)
class _Row:
    clip_id: str
    narration: Narration
    parsed: Parsed
    flags: tuple[str, ...]


def source_of(narrations: Path) -> str:
    """Name where a narration file comes from: "world" beside a world.json, else its folder."""
    folder = narrations.resolve().parent
    return "world" if (folder / "world.json").exists() else folder.name or "narrations"


def ingest(
    narrations: Sequence[Narration],
    videos: Path | Sequence[Path],
    cache: Path,
    media: Path,
    options: IngestOptions,
    progress: ProgressCallback = silent,
    on_video: OnVideo | None = None,
) -> IngestReport:
    """Cut a clip for every narration into `cache` (for training) and `media` (for people).

    `videos` is a folder, or files. `on_video` is called in this process after each video with its
    new clips and newly dropped rows. InputError where folders or options cannot be used, RunError
    where nothing more can be written; what was finished before stays. What is withheld in this
    cache (see mc3core.data.withheld) is dropped, without its words.
    """
    options = options.checked()
    files = list_videos(videos)
    try:
        writer = CacheWriter(cache, options.info)
        ledger = Ledger(cache)
        media.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{cache} cannot be written ({error.strerror}).") from error
    withheld = read_withheld(cache)
    tell = on_video or _nobody
    rows = [row for row in _rows(narrations) if row.clip_id not in writer.known]
    tasks, hopeless = _plan(rows, files, withheld, ledger, cache, media, options)
    if fresh := ledger.add(hopeless):
        tell([], fresh)
    by_id = {row.clip_id: row for row in rows}
    new, done = 0, len(rows) - sum(len(task.wanted) for task in tasks)
    before = done

    def moved(cut: int) -> None:
        progress(Progress("cut clips", min(before + cut, len(rows)), len(rows)))

    try:
        with closing(cut_videos(tasks, options.workers, moved)) as results:
            for result in results:
                clips = [_clip(by_id[cut.clip_id], cut, options) for cut in result.cut]
                dropped = [_dropped(by_id[i], reason) for i, reason in result.refused.items()]
                writer.append(clips)
                fresh = ledger.add(dropped, result.info)
                new += len(clips)
                done += len(clips) + len(dropped)
                progress(Progress("cut clips", done, len(rows), result.video_uid))
                tell(clips, fresh)
    except OSError as error:
        raise RunError(
            f"{cache.parent} cannot be written ({error.strerror}). Make room, then run this again: "
            "what was finished stays."
        ) from error
    finally:
        ledger.close(writer.close())
    return IngestReport(
        clips=tuple(writer.clips),
        dropped=tuple(ledger.dropped.values()),
        videos=tuple(ledger.videos.values()),
        new=new,
    )


def _rows(narrations: Sequence[Narration]) -> Iterator[_Row]:
    """Name every narration; identical ones are kept apart, ids that occur twice are flagged."""
    uses = Counter((row.video_uid, row.annotation_uid) for row in narrations if row.annotation_uid)
    copies = Counter[str]()
    for row in narrations:
        time_s = float("nan") if row.time_s is None else row.time_s
        said = (row.video_uid, row.annotation_uid, row.narration_pass, time_s, row.text)
        first = clip_id_for(*said)
        clip_id = clip_id_for(*said, copy=copies[first]) if copies[first] else first
        copies[first] += 1
        parsed = parse_narration(row.text)
        twice = uses[row.video_uid, row.annotation_uid] > 1
        flags = (*row.flags, *parsed.flags, *(("duplicate_id",) if twice else ()))
        yield _Row(clip_id, row, parsed, flags)


def _plan(
    rows: Sequence[_Row],
    files: VideoFiles,
    withheld: Withheld,
    ledger: Ledger,
    cache: Path,
    media: Path,
    options: IngestOptions,
) -> tuple[list[VideoTask], list[Dropped]]:
    """What to cut from which file, and the rows for which nothing can be done."""
    hopeless: list[Dropped] = []
    by_video: dict[str, list[_Row]] = {}
    for row in rows:
        said = row.narration.video_uid
        if (reason := withheld.reason(said, files.find(said))) is not None:
            hopeless.append(replace(_dropped(row, reason), narration=""))
        elif row.narration.problem is not None:
            hopeless.append(_dropped(row, row.narration.problem))
        elif not row.parsed.text:
            hopeless.append(_dropped(row, "empty narration"))
        else:
            by_video.setdefault(row.narration.video_uid, []).append(row)
    tasks: list[VideoTask] = []
    for uid, wanted in by_video.items():
        path = files.find(uid)
        if path is None:
            hopeless += [_dropped(row, files.reason(uid)) for row in wanted]
            continue
        if _unchanged(path, ledger.videos.get(uid)):
            wanted = [row for row in wanted if not _settled(ledger.dropped.get(row.clip_id))]
        if wanted:
            times = tuple((row.clip_id, row.narration.time_s or 0.0) for row in wanted)
            tasks.append(
                VideoTask(
                    uid,
                    path,
                    times,
                    cache,
                    media,
                    options.before_s,
                    options.after_s,
                    options.frames,
                    options.short_side,
                    options.sample_rate_hz,
                )
            )
    return tasks, hopeless


def _settled(dropped: Dropped | None) -> bool:
    return dropped is not None and not dropped.reason.startswith(NO_FILE)


def _unchanged(path: Path, info: VideoInfo | None) -> bool:
    if info is None:
        return False
    stat = path.stat()
    return (info.file_bytes, info.modified_ns) == (stat.st_size, stat.st_mtime_ns)


def _dropped(row: _Row, reason: str) -> Dropped:
    said = row.narration
    return Dropped(said.video_uid, said.annotation_uid, reason, said.text, said.time_s, row.clip_id)


def _clip(row: _Row, cut: CutClip, options: IngestOptions) -> Clip:
    said = row.narration
    return Clip(
        clip_id=row.clip_id,
        video_uid=said.video_uid,
        annotation_uid=said.annotation_uid,
        source=options.source or "narrations",
        narration=said.text,
        time_s=said.time_s or 0.0,
        start_s=cut.start_s,
        end_s=cut.end_s,
        split=split_for(said.video_uid, options.split_seed),
        verb=row.parsed.verb,
        noun=row.parsed.noun,
        modalities=cut.modalities,
        flags=(*row.flags, *cut.flags),
    )


def _nobody(clips: list[Clip], dropped: list[Dropped]) -> None:
    del clips, dropped

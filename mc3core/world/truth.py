"""What a world says of itself: narrations in the Ego4D layout, truth for each, the recipe.

Columns of truth.csv, one row a narration:
video_uid, annotation_uid, timestamp_sec, narration_text  as in narration.json
verb, noun        what is really done, whatever the sentence says (`vague` 1: next to nothing)
label, region     1: seen and heard; why, or why not (`plan.Region`)
visible, audible  whether the narrated action is in view; whether it is heard, in view or not
sound_mechanism, material, force  how it sounds when it does; how forceful what is in view is, 0-1
machine, machine_on, masked  the machine in view; the sound was made, but drowned by the others
boxes             where the thing acted on is in the frame: JSON, a list of [t, x0, y0, x1, y1] at
                  the centres of three equal parts of the clip; t in seconds from its start, the
                  box 0 to 1 from the top left; empty where the narrated action is not in view
"""

import csv
import io
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mc3core.errors import InputError
from mc3core.progress import Progress, ProgressCallback, silent
from mc3core.world.cast import NEGATIVES
from mc3core.world.law import DEFAULT
from mc3core.world.picture import boxes
from mc3core.world.plan import AFTER_S, BEFORE_S, REGIONS, WORLD_VERSION, Segment, Video, World
from mc3core.world.vocabulary import MATERIALS, mechanism

NARRATION_FPS = 30  # Ego4D counts timestamp_frame at 30 frames a second
TRUTH_COLUMNS: tuple[str, ...] = (
    "video_uid", "annotation_uid", "timestamp_sec", "narration_text", "verb", "noun",
    "label", "region", "visible", "audible", "sound_mechanism", "material", "machine", "machine_on",
    "masked", "force", "vague", "boxes",
)  # fmt: skip
BOX_TIMES_S: tuple[float, ...] = tuple((BEFORE_S + AFTER_S) * part / 6 for part in (1, 3, 5))


def narration_json(world: World) -> dict[str, Any]:
    """The world's narrations as Ego4D publishes them: video_uid -> pass -> list of moments."""
    return {
        video.uid: {"narration_pass_1": {"narrations": [_moment(s) for s in video.segments]}}
        for video in world.videos
    }


def _moment(segment: Segment) -> dict[str, Any]:
    return {
        "timestamp_sec": segment.time_s,
        "timestamp_frame": round(segment.time_s * NARRATION_FPS),
        "_unmapped_timestamp_sec": segment.time_s,
        "narration_text": segment.narration,
        "annotation_uid": segment.annotation_uid,
    }


def truth_rows(world: World) -> list[dict[str, Any]]:
    """One row a narration, columns `TRUTH_COLUMNS`; `label` 1 means seen and heard."""
    return [row for video in world.videos for row in _rows(video)]


def _rows(video: Video) -> list[dict[str, Any]]:
    return [_row(video, segment) for segment in video.segments]


def _row(video: Video, segment: Segment) -> dict[str, Any]:
    narrated = (segment.verb, segment.noun)
    visible = segment.shown is not None and (segment.shown.verb, segment.shown.noun) == narrated
    heard = segment.shown_sound is not None and not segment.shown_sound.below_rest
    return {
        "video_uid": video.uid,
        "annotation_uid": segment.annotation_uid,
        "timestamp_sec": f"{segment.time_s:.3f}",
        "narration_text": segment.narration,
        "verb": segment.verb,
        "noun": segment.noun,
        "label": segment.label,
        "region": segment.region,
        "visible": int(visible),
        "audible": int((visible and heard) or segment.region == "IV"),
        "sound_mechanism": mechanism(*narrated),
        "material": MATERIALS[segment.noun],
        "machine": "" if segment.machine is None else segment.machine.kind,
        "machine_on": int(segment.machine is not None and segment.machine.level_db is not None),
        "masked": int(segment.shown_sound is not None and segment.shown_sound.below_rest),
        "force": "" if segment.shown is None else f"{segment.shown.force:.3f}",
        "vague": int(segment.vague),
        "boxes": _boxes(video, segment) if visible else "",
    }


def _boxes(video: Video, segment: Segment) -> str:
    start_s, _ = segment.window_s
    found = [
        [t_s, *(round(edge, 3) for edge in mark.box)]
        for t_s in BOX_TIMES_S
        for mark in boxes(video, start_s + t_s)
        if mark.what == "action"
    ]
    return json.dumps(found, separators=(",", ":"))


def world_json(world: World, side: int, fps: int) -> dict[str, Any]:
    """The recipe: what made this world, and the shares that came out."""
    counts = Counter(s.region for s in world.segments)
    other = "" if world.law == DEFAULT else f" --variant {world.law.name}"
    recipe: dict[str, Any] = {
        "format": "sounding-actions world",
        "version": WORLD_VERSION,
        "seed": world.seed,
        "clips": world.clips,
        "videos": len(world.videos),
        "side": side,
        "fps": fps,
        "command": f"sounding world --out DIR --clips {world.clips} --seed {world.seed}{other}",
        "positives": sum(s.label for s in world.segments),
        "regions": {region: counts[region] for region in REGIONS},
        "negative_shares": dict(zip(NEGATIVES, world.law.negatives, strict=True)),
    }
    # The default's recipe says no more than it always did, so that its folders can be gone on with.
    return recipe if world.law == DEFAULT else recipe | {"law": asdict(world.law)}


def write_records(
    out: Path, world: World, side: int, fps: int, progress: ProgressCallback = silent
) -> None:
    """Write narration.json, truth.csv and world.json; refuse a folder that holds another world."""
    recipe = world_json(world, side, fps)
    path = out / "world.json"
    if path.exists() and path.read_text(encoding="utf-8") != _text(recipe):
        raise InputError(
            f"{path} describes another world (seed, clips, size or variant differ): "
            "choose an empty folder for --out."
        )
    names = ("narration.json", "truth.csv", "videos", "stems")
    strange = [name for name in names if not path.exists() and (out / name).exists()]
    if strange:
        raise InputError(
            f"{out} holds {' and '.join(strange)} that no world made: choose an empty folder for "
            "--out, so that nothing is overwritten."
        )
    out.mkdir(parents=True, exist_ok=True)
    _replace(path, _text(recipe))  # first: it says that the others are ours to write again
    (out / "videos").mkdir(exist_ok=True)
    _replace(out / "narration.json", _text(narration_json(world)))
    write_truth(out / "truth.csv", world, progress)


def write_truth(path: Path, world: World, progress: ProgressCallback = silent) -> None:
    """What is true of every narration, as a CSV; its boxes cost about 1.5 ms a clip."""
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, TRUTH_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for done, video in enumerate(world.videos, 1):
        writer.writerows(_rows(video))
        progress(Progress("truth", done, len(world.videos), video.uid))
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, table.getvalue())


def _text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _replace(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(text.encode("utf-8"))
    partial.replace(path)

"""Rows as EgoVLP's egoclip.csv has them (tab-separated), with the label as `positive`."""

from collections.abc import Mapping
from typing import Any

from annotation.csv_cells import escape

# The first eleven are EgoClip's; -1 and [] say that something is not known, as published files do.
COLUMNS = (
    *("video_uid", "video_dur", "narration_source", "narration_ind", "narration_time"),
    *("clip_start", "clip_end", "clip_text", "tag_verb", "tag_noun"),
    *("positive", "clip_file", "clip_id", "annotation_uid", "verb", "noun", "split"),
)
_POSITIVE = {"yes": "1.0", "no": "0.0"}


def to_line(record: Mapping[str, Any], video_s: float | None) -> list[str] | None:
    """A decided clip's line; None for a clip without a label."""
    positive = _POSITIVE.get(record["label"] or "")
    if positive is None:
        return None
    return [
        escape(record["video_uid"]),
        "-1" if video_s is None else repr(video_s),
        escape(record["source"]),
        "-1",
        repr(record["time_s"]),
        repr(record["start_s"]),
        repr(record["end_s"]),
        escape(record["narration"]),
        "[]",
        "[]",
        positive,
        f"{record['clip_id']}.mp4",
        record["clip_id"],
        escape(record["annotation_uid"]),
        escape(record["verb"] or ""),
        escape(record["noun"] or ""),
        record["split"],
    ]

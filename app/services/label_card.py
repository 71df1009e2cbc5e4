"""The card of an exported dataset: what `datasets` needs to load it, what people need to use it."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotation.export import ANSWER_FIELDS, ANSWERS, COLUMNS

_DTYPES = {
    "text": "string",
    "number": "float64",
    "count": "int64",
    "flag": "bool",
    "moment": "timestamp[us, tz=UTC]",
}

_TEXT = """
# Does the action sound?

Each row is one narrated clip of a video (`start_s` to `end_s`, seconds in `video_uid`), with what
people answered when they were asked whether the narrated action is both visible and audible.

- `label`: what to use: a lead's decision (`adjudicated`: yes, no, unusable) where there is one, or
  else `verdict`, the majority of the answers that count. Empty: undecided.
- `answers`: everybody's present word: `value` is yes, no, unsure or broken; `counted` ones fill one
  of the clip's `needed` places, the others are shown only. `kind` is `simulated` where no person
  answered. `plays`, `heard`, `volume`, `rate`, `gain_db`, `decision_ms`: how it was given.
- `agreement`: share of the counted answers that agree with their majority; `tie`: no majority.
- `status`: complete, tie, adjudication (a lead is asked), or open (`waiting` places are).
- `chosen`: how the clips of the `batch` were picked. Those of `selection` were picked by somebody:
  leave them out of headline figures.

`person` holds names as they were typed: replace them before you publish this folder.
"""


@dataclass(frozen=True, slots=True)
class Split:
    """`bytes` in memory, `stored` in its file."""

    name: str
    rows: int
    bytes: int
    stored: int


def card(splits: Sequence[Split]) -> str:
    """README.md of a dataset folder. Without any row it names no split."""
    lines = ["---", "pretty_name: Does the action sound?", "dataset_info:", "  features:"]
    for name, kind in COLUMNS.items():
        lines.append(f'  - name: "{name}"')  # quoted: a bare yes or no is true or false in YAML
        if kind == ANSWERS:
            lines.append("    list:")
            for field, its in ANSWER_FIELDS.items():
                lines.append(f'    - name: "{field}"')
                lines.append(
                    "      list: string" if its == "words" else f"      dtype: {_DTYPES[its]}"
                )
        else:
            lines.append(f"    dtype: {_DTYPES[kind]}")
    lines.append("  splits:" if splits else "  splits: []")
    for split in splits:
        lines.append(f"  - name: {split.name}")
        lines.append(f"    num_bytes: {split.bytes}")
        lines.append(f"    num_examples: {split.rows}")
    lines.append(f"  download_size: {sum(split.stored for split in splits)}")
    lines.append(f"  dataset_size: {sum(split.bytes for split in splits)}")
    if splits:
        lines += ["configs:", "- config_name: default", "  data_files:"]
        for split in splits:
            lines.append(f"  - split: {split.name}")
            lines.append(f"    path: data/{split.name}-*")
    return "\n".join([*lines, "---"]) + "\n" + _TEXT

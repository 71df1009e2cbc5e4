"""Start towers from local files or folders. Nothing is ever downloaded, no code of a file is run.

`encoders.<tower>.weights` names a checkpoint file (safetensors, or what `torch.save` wrote) of a
layout that `weights/layouts.py` knows, or a Hugging Face folder. One file, such as EgoVLP's, may be
named for several towers.
"""

from collections.abc import Mapping
from pathlib import Path

from torch import nn

from mc3core.config import EncodersConfig
from mc3core.encoders.weights.files import SUFFIXES, Checkpoint, read_checkpoint
from mc3core.encoders.weights.found import Found, WeightReport, fill
from mc3core.encoders.weights.hugging_face import find_in_folder
from mc3core.encoders.weights.layouts import find
from mc3core.errors import InputError
from mc3core.limits import check_weights


def start_towers(
    towers: Mapping[str, tuple[nn.Module, nn.Module]], config: EncodersConfig
) -> tuple[WeightReport, ...]:
    """Fill (encoder, head) of `audio`, `video` and `text` where the configuration names weights.

    Returns what each was started from. InputError where something does not fit, is missing or is
    damaged.
    """
    check_weights(config)
    read: dict[Path, Checkpoint] = {}
    found: list[tuple[str, Found, str]] = []
    for tower, part in (("audio", config.audio), ("video", config.video), ("text", config.text)):
        if part.weights:
            found.append((tower, _find(tower, part.weights, config, read), part.weights))
    return tuple(fill(tower, *towers[tower], entries, source) for tower, entries, source in found)


def _find(tower: str, source: str, config: EncodersConfig, read: dict[Path, Checkpoint]) -> Found:
    key, path = f"encoders.{tower}.weights", Path(source).expanduser()
    if path.is_dir() and (path / "config.json").is_file():
        return find_in_folder(tower, path, config)
    file = _single_file(path, key) if path.is_dir() else path
    if file not in read:
        read[file] = read_checkpoint(file, key)
    found = find(tower, read[file].tensors, config, source)
    return Found(
        found.layout,
        found.entries,
        found.lacking,
        found.ignored | read[file].left_out,
        found.resized,
    )


def _single_file(folder: Path, key: str) -> Path:
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
    sources = [path for path in files if path.with_suffix("") not in files]
    if len(sources) != 1:
        has = ", ".join(path.name for path in sources[:6]) or "none"
        raise InputError(
            f"{key}={folder} is no Hugging Face folder (it has no config.json), and holds not one "
            f"checkpoint file but {has}: name the file itself."
        )
    return sources[0]

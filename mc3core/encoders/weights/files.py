"""The tensors of a local checkpoint file, by name. No code of a file is ever run."""

import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import Tensor

from mc3core.encoders.weights.inert_pickle import read_inert
from mc3core.errors import InputError

SUFFIXES = (".safetensors", ".pth", ".pt", ".bin", ".ckpt", ".tar")
CONVERTED = ".safetensors"  # appended to the whole name: egovlp.pth.safetensors
WEIGHTS_KEYS = ("state_dict", "model_state_dict", "model")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a file holds: `tensors` by name, and what else is in it, with why it is left out."""

    path: Path
    tensors: dict[str, Tensor]
    left_out: dict[str, str]


def read_checkpoint(path: Path, key: str) -> Checkpoint:
    """Read a safetensors file, or one that `torch.save` wrote.

    The latter is converted once, to a safetensors file beside it (`NAME.safetensors`, where the
    folder may be written to), which later calls read for as long as the source keeps its size and
    time. `key` is the setting that names the file. InputError where it is missing, damaged, or
    holds no weights.
    """
    if not path.is_file():
        raise InputError(f"{key}={path} does not exist: name a local file or folder.")
    if path.suffix == ".safetensors":
        return Checkpoint(path, _safetensors(path, key), {})
    stamp, converted = _stamp(path), path.with_name(path.name + CONVERTED)
    if _is_of(converted, stamp):
        return Checkpoint(path, _safetensors(converted, key), {})
    tensors, left_out = _weights(_unpickled(path, key))
    if not tensors:
        raise InputError(f"{key}={path} holds no weights: no tensor is named in it.")
    _convert(tensors, stamp, converted)
    return Checkpoint(path, tensors, left_out)


def _unpickled(path: Path, key: str) -> Any:
    if _is_program(path):
        raise InputError(
            f"{key}={path} is a TorchScript program, not a checkpoint: save its state_dict instead."
        )
    try:
        try:
            return torch.load(path, map_location="cpu", weights_only=True)
        except pickle.UnpicklingError:
            return read_inert(path)
    # What a damaged or hostile pickle ends in is anything at all.
    except Exception as error:
        raise InputError(
            f"{key}={path} cannot be read as a checkpoint ({type(error).__name__}: "
            f"{_first_line(error)}): it is damaged, cut short, or of another kind. Copy it again."
        ) from error


def _is_program(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith("/constants.pkl") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def _weights(found: Any) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The named tensors of a checkpoint, wherever its trainer put them, and what else it holds."""
    left_out: dict[str, str] = {}
    inner = found
    while isinstance(inner, Mapping):
        here = cast(Mapping[Any, Any], inner)
        nested = next((k for k in WEIGHTS_KEYS if isinstance(here.get(k), Mapping)), None)
        if nested is None:
            tensors = {str(k): v for k, v in here.items() if isinstance(v, Tensor)}
            left_out |= {str(k): "no tensor" for k in here if str(k) not in tensors}
            return tensors, left_out
        left_out |= {str(k): "beside the weights" for k in here if k != nested}
        inner = here[nested]
    return {}, left_out


def _safetensors(path: Path, key: str) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise InputError(
            f"{key}={path} is damaged or cut short ({_first_line(error)}): copy it again."
        ) from error


def _stamp(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_size} bytes, {stat.st_mtime_ns} ns"


def _is_of(converted: Path, stamp: str) -> bool:
    if not converted.is_file():
        return False
    try:
        with safe_open(converted, framework="pt") as file:
            return (file.metadata() or {}).get("source") == stamp
    except (SafetensorError, OSError):
        return False


def _convert(tensors: Mapping[str, Tensor], stamp: str, converted: Path) -> None:
    partial = converted.with_suffix(".partial")
    try:
        # Cloned, since tied weights share memory, which safetensors refuses.
        plain = {name: value.detach().clone().contiguous() for name, value in tensors.items()}
        partial.write_bytes(save(plain, {"source": stamp}))
        partial.replace(converted)
    except OSError:  # a folder that may only be read: the source is read again next time
        return


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]

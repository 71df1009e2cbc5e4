"""Read the tensors of a checkpoint that holds other objects too, and run none of its code.

EgoVLP's files hold, beside the weights, the parser of their configuration. `torch.load` refuses
such a file (`weights_only`), rightly: a pickle names functions to call. Here a name is looked up in
a short list of our own and never imported; whatever is not on it becomes an inert object. Only the
format of torch 1.6 and later (a zip archive) is read.
"""

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

STORAGE_TYPES = {
    "FloatStorage": torch.float32,
    "DoubleStorage": torch.float64,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}


def read_inert(path: Path) -> Any:
    """The object of a file that `torch.save` wrote: containers, numbers, texts and tensors as they
    are, everything else inert.

    Raises zipfile.BadZipFile, pickle.UnpicklingError, KeyError and others for a damaged file.
    """
    with zipfile.ZipFile(path) as archive:
        pickled = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        if len(pickled) != 1:
            raise pickle.UnpicklingError("it holds no single data.pkl")
        folder = pickled[0].removesuffix("data.pkl")
        reader = _Reader(io.BytesIO(archive.read(pickled[0])), archive, folder)
        return reader.load()


class Inert:
    """Stands for an object whose class is not ours to know: takes anything, does nothing."""

    def __new__(cls, *_: Any, **__: Any) -> "Inert":
        return super().__new__(cls)

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __call__(self, *_: Any, **__: Any) -> "Inert":
        return self

    def __setstate__(self, state: Any) -> None:
        pass

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def append(self, item: Any) -> None:
        pass

    def extend(self, items: Any) -> None:
        pass

    add = append


class _Allowed:
    """A function that a file may call, and whose own attributes it cannot set."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *arguments: Any) -> Any:
        return self._function(*arguments)

    def __setstate__(self, state: Any) -> None:
        raise pickle.UnpicklingError("it sets the state of a function")


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, archive: zipfile.ZipFile, folder: str) -> None:
        super().__init__(file)
        self._archive = archive
        self._folder = folder
        self._storages: dict[str, Tensor] = {}

    def find_class(self, module_name: str, global_name: str) -> Any:
        if module_name == "collections" and global_name == "OrderedDict":
            return OrderedDict
        if module_name in ("torch", "torch.storage") and global_name in STORAGE_TYPES:
            return STORAGE_TYPES[global_name]
        if module_name == "torch._utils" and global_name in _REBUILD:
            return _Allowed(_REBUILD[global_name])
        # A class of its own each time: what a file sets on it stays with this object.
        return type("Inert", (Inert,), {"__module__": __name__})

    def persistent_load(self, pid: Any) -> Tensor:
        """A storage as a flat tensor: ("storage", type, key, location, count)."""
        kind, dtype, key = pid[0], pid[1], str(pid[2])
        if kind != "storage" or not isinstance(dtype, torch.dtype):
            raise pickle.UnpicklingError(f"it holds a storage of an unknown kind ({pid[1]})")
        if key not in self._storages:
            data = bytearray(self._archive.read(f"{self._folder}data/{key}"))
            self._storages[key] = (
                torch.frombuffer(data, dtype=dtype) if data else torch.empty(0, dtype=dtype)
            )
        return self._storages[key]


def _tensor(storage: Tensor, offset: int, size: Any, stride: Any, *_: Any) -> Tensor:
    # as_strided refuses to reach beyond the storage.
    return torch.as_strided(storage, tuple(size), tuple(stride), offset)


def _parameter(data: Tensor, *_: Any) -> Tensor:
    return data


_REBUILD: dict[str, Callable[..., Any]] = {
    "_rebuild_tensor": _tensor,
    "_rebuild_tensor_v2": _tensor,
    "_rebuild_parameter": _parameter,
}

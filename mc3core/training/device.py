"""The one owner of devices: which to use, how many threads, and in which precision."""

from collections.abc import Generator
from contextlib import contextmanager

import torch

from mc3core.config import RuntimeConfig
from mc3core.errors import InputError


def pick_device(config: RuntimeConfig) -> torch.device:
    """The device a run asks for; InputError where there is none."""
    if config.device == "cuda" and not torch.cuda.is_available():
        raise InputError("runtime.device=cuda, but torch finds no CUDA device; use auto or cpu.")
    use_cuda = config.device == "cuda" or (config.device == "auto" and torch.cuda.is_available())
    return torch.device("cuda" if use_cuda else "cpu")


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 on CUDA. On a CPU it gains nothing at the sizes that fit one, so float32 stays."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")


@contextmanager
def limited_threads(threads: int) -> Generator[None]:
    """Compute with so many CPU threads inside the block; 0 leaves torch's choice."""
    before = torch.get_num_threads()
    if threads:
        torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)

"""The one owner of devices: which to use, how many threads, and in which precision."""

from collections.abc import Generator
from contextlib import contextmanager

import torch

from mc3core.config import RuntimeConfig
from mc3core.errors import InputError, RunError

# For the C library of a process that trains on a CPU, set before it starts: large blocks are kept
# for the next step, not given back and zeroed anew. Measured: .29 CPU-seconds a step, not .35.
KEEP_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
    "MALLOC_TOP_PAD_": "500000000",
}


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


@contextmanager
def memory_explained() -> Generator[None]:
    """RunError with what to do, where the memory of the device or the machine does not suffice."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        # torch has a type for a full GPU, but only a text for a full machine.
        if not isinstance(error, MemoryError | torch.OutOfMemoryError) and (
            "can't allocate memory" not in str(error)
        ):
            raise
        raise RunError(
            "There is not enough memory for this: take a smaller batch_size or smaller encoders, "
            f"or a larger machine ({str(error).splitlines()[0] if str(error) else 'MemoryError'})."
        ) from error

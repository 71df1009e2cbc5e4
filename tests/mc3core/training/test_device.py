"""What the machine cannot give is said in words."""

import pytest
import torch

from mc3core.errors import RunError
from mc3core.training.device import memory_explained


def test_too_little_memory_says_what_to_do() -> None:
    with pytest.raises(RunError, match=r"not enough memory.*batch_size"), memory_explained():
        torch.empty(2**48)


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="shapes"), memory_explained():
        raise RuntimeError("shapes differ")

"""Similarities of two batches over the temperature: what every contrastive loss starts from."""

import torch
from torch import Tensor


def at_least_single(rows: Tensor) -> Tensor:
    """`rows` in single precision where they were half, whose exponentials are too coarse."""
    return rows.to(torch.promote_types(rows.dtype, torch.float32))


def check_temperature(temperature: float | Tensor) -> None:
    """A tensor is taken as it is (reading it would wait for the device): it is learned in the log.

    Raises:
        ValueError: a fixed τ is not positive.
    """
    if not isinstance(temperature, Tensor) and not temperature > 0:
        raise ValueError(f"The temperature must be above 0, not {temperature}.")


def check_rows(name: str, *rows: Tensor) -> None:
    """Raises:
    ValueError: `rows` are not all of one shape (B, D) with B and D above 0.
    """
    first = rows[0].shape
    if len(first) != 2 or 0 in first or any(other.shape != first for other in rows):
        shapes = " and ".join(str(tuple(other.shape)) for other in rows)
        raise ValueError(f"{name} needs {NUMBERS[len(rows)]} (B, D) tensors, got {shapes}.")


def check_batch(name: str, what: str, values: Tensor, *shape: int) -> None:
    """Raises:
    ValueError: `values` are not of `shape`; `what` names them.
    """
    if values.shape != shape:
        raise ValueError(f"{name} needs {what} of shape {shape}, got {tuple(values.shape)}.")


def scaled_similarities(anchors: Tensor, candidates: Tensor, temperature: float | Tensor) -> Tensor:
    """(B, N) logits a_i·c_j / τ of (B, D) anchors and (N, D) candidates, at least single precision.

    Raises:
        ValueError: a fixed τ is not positive.
    """
    check_temperature(temperature)
    return at_least_single(anchors) @ at_least_single(candidates).T / temperature


def own_rows(logits: Tensor) -> Tensor:
    """(B,) the column of each row's own candidate: 0, 1, 2, ..."""
    return torch.arange(len(logits), device=logits.device)


NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four"}

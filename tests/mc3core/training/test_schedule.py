"""Stage lengths and learning rates, as functions."""

from collections.abc import Callable

import pytest

from mc3core.config import RunConfig, build_config
from mc3core.training.schedule import learning_rate, stage_lengths

OPTIM = build_config("mc3", "scaled").optim


@pytest.mark.parametrize(
    ("max_steps", "lengths"),
    [
        ("none", (1500, 300)),
        ("9000", (1500, 300)),
        ("1800", (1500, 300)),
        ("600", (500, 100)),
        ("7", (6, 1)),
        ("6", (5, 1)),
        ("2", (1, 1)),
    ],
)
def test_max_steps_is_shared_out_and_visits_every_stage(
    max_steps: str, lengths: tuple[int, ...]
) -> None:
    config = build_config("mc3", "scaled", "tiny", {"max_steps": max_steps})
    assert stage_lengths(config, 4000) == lengths


def test_epochs_count_whole_batches(make_config: Callable[..., RunConfig]) -> None:
    config = build_config("mc3", "paper", "paper")
    assert stage_lengths(config, 250_000) == (5 * 976, 5 * 976)
    assert stage_lengths(config, 10) == (5, 5)


def test_a_cosine_rises_over_its_warm_up_and_falls_to_nothing() -> None:
    rates = [learning_rate(OPTIM, 2e-3, step, 100) for step in range(100)]
    assert rates[0] == pytest.approx(2e-3 / 5)
    assert max(rates) == rates[4] == rates[5] == 2e-3
    assert rates[5:] == sorted(rates[5:], reverse=True)
    assert rates[-1] < 2e-6


def test_a_constant_rate_is_constant() -> None:
    paper = build_config("mc3", "paper", "paper").optim
    assert {learning_rate(paper, 3e-5, step, 10) for step in range(10)} == {3e-5}


@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_shortest_stage_still_learns(length: int) -> None:
    assert all(learning_rate(OPTIM, 1.0, step, length) > 0 for step in range(length))

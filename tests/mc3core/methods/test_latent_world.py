"""On features drawn from the world's latents: gated_ego finds more than calibrated, more than CMC.

A regression test of the objectives, in a minute: each at the temperature and weight that a
feature-level study on labelled validation clips found, none tuned here.
"""

import copy

import pytest

from tests.mc3core.methods.latent_world import Heads, LatentWorld, figures, learn, objective

ROWS: tuple[tuple[str, str, float, float | None], ...] = (
    ("cmc", "batch", 0.3, None),
    ("mc3", "calibrated", 0.3, 1.0),
    ("mc3", "gated_ego", 0.2, 4.0),
    ("mc3", "paper", 0.3, None),
    ("mc3", "scaled", 0.3, 1.0),
    ("mc3", "matrix", 0.2, 0.1),
    ("mc3", "kd", 0.2, None),
    ("mc3", "gated", 0.2, 4.0),
    ("egonce", "plain", 0.3, None),
    ("robust_xid", "plain", 0.2, 0.6),
    ("symile", "plain", 0.3, 1.0),
    ("gram", "plain", 0.3, 1.0),
    ("triangle", "plain", 0.3, 1.0),
    ("siglip", "plain", 0.3, None),
)
SEEDS = (0, 1)


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, float]]:
    """Means over seeds; every seed has its own world, and all rows begin with one align stage."""
    found: dict[str, dict[str, float]] = {}
    for seed in SEEDS:
        world = LatentWorld(seed)
        train, test = world.clips(100 + seed, 4000), world.clips(200 + seed, 2000)
        start = Heads(seed)
        learn(start, objective("cmc", "batch", 0.2, None), 0, train, 3e-3)
        for method, preset, temperature, weight in ROWS:
            heads = copy.deepcopy(start)
            learn(heads, objective(method, preset, temperature, weight), 1, train, 1.5e-3)
            row = found.setdefault(f"{method} {preset}", {})
            for name, value in figures(heads, test).items():
                row[name] = row.get(name, 0.0) + value / len(SEEDS)
    return found


def test_gated_ego_is_above_calibrated_is_above_cmc(
    table: dict[str, dict[str, float]], capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        for name, row in table.items():
            print(f"\n  {name:20s}" + "  ".join(f"{k} {v:.3f}" for k, v in row.items()), end="")  # noqa: T201 (the table is the result)
    av = {name: row["av_roc_auc"] for name, row in table.items()}
    assert av["mc3 gated_ego"] > av["mc3 calibrated"] > av["cmc batch"] > 0.6


def test_gated_ego_costs_no_retrieval(table: dict[str, dict[str, float]]) -> None:
    ours, cmc = table["mc3 gated_ego"], table["cmc batch"]
    for direction in ("v_a", "a_v"):
        assert ours[f"{direction}_recall_at_5"] > cmc[f"{direction}_recall_at_5"] - 0.01

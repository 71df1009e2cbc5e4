"""No simple cue tells the label: loudness, motion and the like stay near chance."""

import numpy as np
import pytest

from mc3core.world.cues import cue_values, roc_auc, with_products
from mc3core.world.timeline import timeline

SINGLE = (0.35, 0.67)
PRODUCT = (0.33, 0.70)


@pytest.mark.parametrize("seed", [1])
def test_no_simple_cue_gives_the_label_away(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    world = timeline(seed, 1000)
    labels = np.array([s.label for s in world.segments], dtype=np.float64)
    assert 0.49 <= labels.mean() <= 0.58
    cues = cue_values(world)
    table = {name: roc_auc(values, labels) for name, values in cues.items()}
    products = {name: roc_auc(v, labels) for name, v in with_products(cues).items()}
    with capsys.disabled():
        lines = [f"  {name:26s}{auc:.3f}" for name, auc in {**table, **products}.items()]
        print("\nsimple cues, ROC-AUC of the label\n" + "\n".join(lines))  # noqa: T201 (the table is the result)
    assert all(SINGLE[0] <= auc <= SINGLE[1] for auc in table.values()), table
    assert all(PRODUCT[0] <= auc <= PRODUCT[1] for auc in products.values()), products

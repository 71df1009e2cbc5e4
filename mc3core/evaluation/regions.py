"""Which silence fools a score: sounding clips against the silent ones of one region at a time.

A region says why a clip does not count as sounding (the paper's Fig. 2): II sounds and is seen but
is not narrated, III is narrated and silent (III_other: another action is heard), IV is narrated
and heard but not seen, mistimed is narrated at another time. Names come from the truth file.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mc3core.evaluation.discovery import DiscoveryReport, checked, discovery


def by_region(
    scores: Sequence[float] | NDArray[np.floating],
    labels: Sequence[bool] | NDArray[np.bool_],
    regions: Sequence[str | None],
) -> dict[str, float]:
    """ROC-AUC (N,) of all positives against the negatives of each region; .5 is chance.

    Empty where nothing is positive. A positive's own region is not read.
    """
    found = region_reports(scores, labels, regions, bootstrap=0)
    return {name: report.roc_auc for name, report in found.items() if report.roc_auc is not None}


def region_reports(
    scores: Sequence[float] | NDArray[np.floating],
    labels: Sequence[bool] | NDArray[np.bool_],
    regions: Sequence[str | None],
    bootstrap: int = 1000,
    seed: int = 0,
) -> dict[str, DiscoveryReport]:
    """The whole report of each region that holds a negative, by name; negatives that no region is
    known of stand in none. ValueError: lengths differ, or a score is not finite."""
    score, label = checked(scores, labels)
    if len(regions) != len(label):
        raise ValueError(f"{len(regions)} regions do not fit {len(label)} labels.")
    names = np.array([name or "" for name in regions], object)
    found: dict[str, DiscoveryReport] = {}
    for name in sorted({str(name) for name in names[~label]} - {""}):
        chosen = label | (names == name)
        found[name] = discovery(score[chosen], label[chosen], bootstrap, seed)
    return found

"""The contrast of GRAM and TRIANGLE: a clip's own measure is the least of its row and column."""

import torch.nn.functional as F
from torch import Tensor

from mc3core.losses.similarities import check_temperature, own_rows


def two_way_smallest(measures: Tensor, temperature: float | Tensor, smoothing: float) -> Tensor:
    """½ [CE over rows + CE over columns] of -measure / τ, own entries on the diagonal.

    Args:
        measures: (B, B), text i with audio and video j; small means that they agree.
        temperature: τ > 0, a number or a scalar tensor.
        smoothing: share of the target spread over the whole batch.

    Returns:
        Scalar.

    Raises:
        ValueError: a fixed τ is not positive.
    """
    check_temperature(temperature)
    logits = -measures / temperature
    own = own_rows(logits)
    rows = F.cross_entropy(logits, own, label_smoothing=smoothing)
    columns = F.cross_entropy(logits.T, own, label_smoothing=smoothing)
    return (rows + columns) / 2

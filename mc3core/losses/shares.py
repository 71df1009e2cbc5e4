"""How far the modalities of a clip agree, as curves beside the loss."""

from torch import Tensor

from mc3core.losses.similarities import at_least_single, check_rows

QUANTILES = (0.1, 0.5, 0.9)


def similarity_shares(audio: Tensor, video: Tensor, text: Tensor) -> dict[str, Tensor]:
    """Mean and quantiles of the own pairs' cosines.

    Args:
        audio, video, text: (B, D) unit rows.

    Returns:
        Detached scalars: `a_v_mean`, `a_v_q10`, `a_v_q50`, `a_v_q90`, and the same of `a_l`, `v_l`.

    Raises:
        ValueError: shapes differ.
    """
    check_rows("similarity_shares", audio, video, text)
    audio, video, text = (at_least_single(rows.detach()) for rows in (audio, video, text))
    pairs = {"a_v": (audio, video), "a_l": (audio, text), "v_l": (video, text)}
    shares: dict[str, Tensor] = {}
    for name, (left, right) in pairs.items():
        own = (left * right).sum(dim=1)  # (B,)
        shares[f"{name}_mean"] = own.mean()
        for quantile, value in zip(QUANTILES, own.quantile(own.new_tensor(QUANTILES)), strict=True):
            shares[f"{name}_q{quantile * 100:.0f}"] = value
    return shares

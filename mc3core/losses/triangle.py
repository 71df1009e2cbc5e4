"""TRIANGLE: three modalities agree where the triangle between their end points has no area."""

from torch import Tensor

from mc3core.losses.similarities import at_least_single, check_rows
from mc3core.losses.smallest import two_way_smallest


def triangle_areas(audio: Tensor, video: Tensor, text: Tensor) -> Tensor:
    """(B, B) areas of the triangle of text i with audio and video j.

    *TRIANGLE* (Grassucci et al., NeurIPS 2025), as its MIT code has it, without the square root of
    the text: with u = l_i - v_j and w = l_i - a_j, (‖u‖² ‖w‖² - (u·w)²) / 2.

    Args:
        audio, video, text: (B, D) unit rows.

    Raises:
        ValueError: shapes differ.
    """
    check_rows("triangle", audio, video, text)
    audio, video, text = (at_least_single(rows) for rows in (audio, video, text))
    s_lv, s_la = text @ video.T, text @ audio.T  # (B, B)
    s_va = (video * audio).sum(dim=1)  # (B,) of column j
    u_u, w_w = 2 - 2 * s_lv, 2 - 2 * s_la
    u_w = 1 - s_la - s_lv + s_va
    return (u_u * w_w - u_w**2) / 2


def triangle(
    audio: Tensor,
    video: Tensor,
    text: Tensor,
    temperature: float | Tensor,
    smoothing: float = 0.1,
) -> Tensor:
    """½ [CE over rows + CE over columns] of -area / τ, without the source's matching loss.

    Args:
        audio, video, text: (B, D) unit rows.
        temperature: τ > 0; .07 at the start in the source, where it is learned.
        smoothing: of the labels, as in the source.

    Returns:
        Scalar.

    Raises:
        ValueError: shapes differ, or a fixed τ is not positive.
    """
    return two_way_smallest(triangle_areas(audio, video, text), temperature, smoothing)

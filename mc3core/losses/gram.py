"""GRAM: three modalities agree where the parallelotope that they span has no volume."""

from torch import Tensor

from mc3core.losses.similarities import at_least_single, check_rows
from mc3core.losses.smallest import two_way_smallest

# The root's slope is infinite at a volume of 0, which two equal vectors reach; it ends here.
SMALLEST_DETERMINANT = 1e-8


def gram_volumes(audio: Tensor, video: Tensor, text: Tensor) -> Tensor:
    """(B, B) volumes of text i with audio and video j.

    *Gramian multimodal representation learning and alignment* (Cicchetti et al., ICLR 2025; MIT
    code): sqrt|det G| with G the Gram matrix of (l_i, v_j, a_j), that is
    sqrt|1 + 2 s_lv s_la s_va - s_lv² - s_la² - s_va²|; 0 as soon as two of the three coincide, 1
    where all are orthogonal.

    Args:
        audio, video, text: (B, D) unit rows.

    Raises:
        ValueError: shapes differ.
    """
    check_rows("gram", audio, video, text)
    audio, video, text = (at_least_single(rows) for rows in (audio, video, text))
    s_lv, s_la = text @ video.T, text @ audio.T  # (B, B)
    s_va = (video * audio).sum(dim=1)  # (B,) of column j
    determinant = 1 + 2 * s_lv * s_la * s_va - s_lv**2 - s_la**2 - s_va**2
    return determinant.abs().clamp_min(SMALLEST_DETERMINANT).sqrt()


def gram(
    audio: Tensor,
    video: Tensor,
    text: Tensor,
    temperature: float | Tensor,
    smoothing: float = 0.1,
) -> Tensor:
    """½ [CE over rows + CE over columns] of -volume / τ, without the source's matching loss.

    Args:
        audio, video, text: (B, D) unit rows.
        temperature: τ > 0; .07 at the start in the source, where it is learned.
        smoothing: of the labels, as in the source.

    Returns:
        Scalar.

    Raises:
        ValueError: shapes differ, or a fixed τ is not positive.
    """
    return two_way_smallest(gram_volumes(audio, video, text), temperature, smoothing)

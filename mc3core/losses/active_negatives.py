"""Active negatives (CM-ACC): a dictionary of the pool's items that teach most, and most variedly.

From *Active Contrastive Learning of Audio-Visual Video Representations* (Ma et al., ICLR 2021).
Where its public code departs from its text (neither normalised nor with a temperature), this
follows the text.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from mc3core.losses.similarities import check_rows, own_rows, scaled_similarities


@torch.no_grad()
def choose_active(
    anchors: Tensor,
    pool: Tensor,
    temperature: float | Tensor,
    count: int,
    generator: torch.Generator,
    positives: Tensor | None = None,
) -> Tensor:
    """The `count` items of the pool that stand for the different gradients it would give.

    The InfoNCE of anchors against the pool has at pool item j the gradient Σ_i p_ij a_i / (B τ),
    p_i the softmax over the pool. K-means (k-means++ seeds, then Lloyd) splits these gradients
    into `count` clusters; of each, the member nearest its centre is taken.

    Args:
        anchors: (B, D) unit rows of one modality.
        pool: (N, D) unit rows of the other, from the momentum encoder.
        temperature: τ > 0.
        count: how many, at most N.
        generator: seeds k-means.
        positives: (B, D), the anchors' own partners; they stand in each softmax beside the pool.

    Returns:
        (count,) distinct rows of the pool, in ascending order.

    Raises:
        ValueError: shapes do not fit, a fixed τ is not positive, or `count` is not in 1..N.
    """
    _check_dimension("choose_active", anchors, pool)
    if not 1 <= count <= len(pool):
        raise ValueError(f"choose_active needs a count in 1..{len(pool)}, not {count}.")
    logits = scaled_similarities(anchors, pool, temperature)  # (B, N)
    total = logits.logsumexp(dim=1, keepdim=True)  # (B, 1)
    if positives is not None:
        check_rows("choose_active", anchors, positives)
        total = total.logaddexp(
            scaled_similarities(anchors, positives, temperature).logsumexp(dim=1, keepdim=True)
        )
    # Without 1/(B τ): k-means does not mind the scale, single precision would.
    gradients = (logits - total).exp().T @ anchors.to(logits.dtype)  # (N, D)
    return _representatives(gradients, count, generator)


def dictionary_info_nce(
    anchors: Tensor, positives: Tensor, dictionary: Tensor, temperature: float | Tensor
) -> Tensor:
    """InfoNCE whose negatives are the rest of the batch and a dictionary of earlier features.

    Args:
        anchors, positives: (B, D) unit rows.
        dictionary: (N, D) unit rows, N may be 0; takes no gradient.
        temperature: τ > 0; 0.7 in the paper.

    Returns:
        Scalar, the mean over anchors.

    Raises:
        ValueError: shapes do not fit, or a fixed τ is not positive.
    """
    check_rows("dictionary_info_nce", anchors, positives)
    _check_dimension("dictionary_info_nce", anchors, dictionary)
    candidates = torch.cat([positives, dictionary.detach().to(positives.dtype)])
    logits = scaled_similarities(anchors, candidates, temperature)  # (B, B + N)
    return F.cross_entropy(logits, own_rows(logits))


def _check_dimension(name: str, anchors: Tensor, others: Tensor) -> None:
    if anchors.ndim != 2 or others.ndim != 2 or anchors.shape[1] != others.shape[1]:
        raise ValueError(
            f"{name} needs (B, D) anchors and (N, D) others, got {tuple(anchors.shape)} and "
            f"{tuple(others.shape)}."
        )


def _representatives(points: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """(count,) rows of (N, D) points: of each k-means cluster the member nearest its centre."""
    from sklearn.cluster import KMeans  # a second to import, for this method alone

    seed = int(torch.randint(2**31 - 1, (1,), generator=generator, device=generator.device))
    # Identical points make fewer clusters than asked for; ask for no more than there are.
    distinct = min(count, len(points.unique(dim=0)))
    found = KMeans(distinct, n_init="auto", random_state=seed).fit(points.cpu().numpy())
    cluster = torch.as_tensor(found.labels_, dtype=torch.int64, device=points.device)  # (N,)
    centres = torch.as_tensor(found.cluster_centers_, dtype=points.dtype, device=points.device)
    distance = (points - centres[cluster]).square().sum(dim=1)
    nearest_first = distance.argsort(stable=True)
    # The first of each cluster, then, where points coincide, the nearest that are left.
    order = cluster[nearest_first].argsort(stable=True)
    grouped = cluster[nearest_first][order]
    first = torch.ones_like(grouped, dtype=torch.bool)
    first[1:] = grouped[1:] != grouped[:-1]
    chosen = torch.zeros(len(points), dtype=torch.bool, device=points.device)
    chosen[nearest_first[order[first]]] = True
    rest = nearest_first[~chosen[nearest_first]][: count - int(chosen.sum())]
    chosen[rest] = True
    return chosen.nonzero().squeeze(1)

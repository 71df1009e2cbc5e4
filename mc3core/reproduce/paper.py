"""The paper's figures, to stand beside ours: Tables 2 and 3 of *SoundingActions*, on Ego4D.

They are of other clips, other encoders and another length of training; what can be compared is the
order of the rows and their distance, not their height.
"""

TABLE2_COLUMNS = ("av_roc_auc", "av_average_precision", "al_roc_auc", "al_average_precision")
TABLE2: dict[str, tuple[float | None, ...]] = {
    "random": (0.500, 0.559, 0.500, 0.559),
    "clap": (None, None, 0.637, 0.695),
    "cm_acc": (0.540, 0.590, None, None),
    "cmc": (0.550, 0.601, 0.635, 0.693),
    "imagebind": (0.554, 0.605, 0.642, 0.685),
    "no_consensus": (0.563, 0.615, 0.635, 0.694),
    "no_contrastive": (0.436, 0.493, 0.584, 0.620),
    "no_align": (0.448, 0.507, 0.464, 0.521),
    "mc3": (0.598, 0.666, 0.658, 0.715),
}
# Recall@5 and @10 in percent; their definition is not stated (any hit does not fit chance).
TABLE3_COLUMNS = tuple(
    f"{direction}_recall_at_{cutoff}"
    for direction in ("v_a", "a_v", "l_a", "a_l")
    for cutoff in (5, 10)
)
TABLE3: dict[str, tuple[float | None, ...]] = {
    "random": (0.1,) * 8,
    "clap": (None, None, None, None, 49.8, 87.6, 34.0, 67.1),
    "cm_acc": (34.6, 63.5, 30.9, 57.7, None, None, None, None),
    "cmc": (36.5, 67.9, 33.8, 63.7, 44.1, 81.8, 32.8, 64.3),
    "imagebind": (32.8, 61.5, 29.7, 57.9, 42.6, 76.5, 30.6, 60.5),
    "no_consensus": (33.9, 63.0, 30.0, 56.1, 45.0, 84.7, 32.9, 65.8),
    "no_contrastive": (3.3, 3.7, 6.4, 12.5, 3.1, 4.7, 3.3, 8.0),
    "no_align": (10.0, 19.4, 5.9, 11.8, 11.6, 20.9, 6.5, 12.6),
    "mc3": (38.4, 72.8, 34.4, 66.3, 46.2, 88.5, 37.5, 73.8),
}


def paper_figures(row: str) -> dict[str, float | None]:
    """The paper's figures of one of our rows, Table 3's as shares of 1; empty where it has none."""
    key = "mc3" if row.startswith("mc3-") else row
    if key not in TABLE2:
        return {}
    second = dict(zip(TABLE2_COLUMNS, TABLE2[key], strict=True))
    third = dict(zip(TABLE3_COLUMNS, TABLE3[key], strict=True))
    return second | {n: None if v is None else round(v / 100, 4) for n, v in third.items()}

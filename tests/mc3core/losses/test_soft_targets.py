"""Language-mediated targets and the cross-entropy that takes them, against loops."""

import math

import pytest
import torch

from mc3core.losses.infonce import info_nce
from mc3core.losses.soft_targets import language_targets, soft_info_nce
from tests.mc3core.losses.rows import three, unit_rows


@pytest.mark.parametrize("teacher", [0.05, 0.5])
def test_targets_are_the_teachers_softmax_each_way(teacher: float) -> None:
    audio, _, text = three(5, 4, 1)
    forth, back = language_targets(audio, text, teacher)
    for i in range(5):
        of_audio = [math.exp(float(audio[i] @ text[j]) / teacher) for j in range(5)]
        of_text = [math.exp(float(text[i] @ audio[j]) / teacher) for j in range(5)]
        assert forth[i].tolist() == pytest.approx([s / sum(of_audio) for s in of_audio])
        assert back[i].tolist() == pytest.approx([s / sum(of_text) for s in of_text])


def test_equals_a_loop_over_the_equation() -> None:
    anchors, candidates = unit_rows(6, 4, 2), unit_rows(6, 4, 3)
    targets, _ = language_targets(unit_rows(6, 4, 4), unit_rows(6, 4, 5), 0.3)
    total = 0.0
    for i in range(6):
        scores = [math.exp(float(anchors[i] @ c) / 0.2) for c in candidates]
        total -= sum(float(targets[i, j]) * math.log(scores[j] / sum(scores)) for j in range(6))
    found = soft_info_nce(anchors, candidates, targets, 0.2)
    assert float(found) == pytest.approx(total / 6, rel=1e-10)


def test_a_sure_teacher_of_fitting_clips_gives_info_nce() -> None:
    audio, video, _ = three(6, 4, 6)
    forth, back = language_targets(audio, audio, 1e-3)
    torch.testing.assert_close(forth, torch.eye(6, dtype=torch.float64))
    assert float(soft_info_nce(audio, video, back, 0.2)) == pytest.approx(
        float(info_nce(audio, video, 0.2)), rel=1e-10
    )


def test_a_clip_whose_sound_does_not_fit_gives_its_mass_away() -> None:
    text = torch.eye(3)
    audio = text[[0, 1, 1]]  # the third sounds like the second narration
    forth, back = language_targets(audio, text, 0.1)
    assert forth[2, 1] > 0.99 and back[2, 2] == pytest.approx(1 / 3)


def test_refuses_what_does_not_fit() -> None:
    rows = torch.ones(3, 4)
    with pytest.raises(ValueError, match="temperature must be above 0"):
        language_targets(rows, rows, 0.0)
    with pytest.raises(ValueError, match=r"targets of shape \(3, 3\)"):
        soft_info_nce(rows, rows, torch.ones(3, 2), 0.1)

"""MC3: its total is the sum the paper writes, its options do what they say, its towers are real."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mc3core.config import RunConfig, build_config
from mc3core.data.clips import Modality
from mc3core.errors import InputError
from mc3core.losses.consensus import consensus
from mc3core.losses.infonce import info_nce
from mc3core.methods.mc3 import Mc3
from mc3core.methods.registry import METHODS, method_info
from mc3core.sizes import SIZES
from mc3core.types import Batch

MakeConfig = Callable[..., RunConfig]


def embeddings(rows: int = 10) -> tuple[Tensor, Tensor, Tensor]:
    draw = torch.Generator().manual_seed(0)
    audio, video, text = F.normalize(torch.randn(3, rows, 16, generator=draw), dim=2)
    return audio, video, text


def batch(rows: int = 6) -> Batch:
    draw = torch.Generator().manual_seed(1)
    return Batch(
        clip_ids=tuple(str(row) for row in range(rows)),
        audio=torch.randn(rows, 144, 64, generator=draw),
        video=torch.rand(rows, 6, 3, 64, 64, generator=draw),
        tokens=torch.randint(5, 200, (rows, 9), generator=draw),
        token_mask=torch.ones(rows, 9, dtype=torch.long),
        rows=torch.arange(rows),
        groups=torch.arange(rows) // 2,
    )


def given(triple: tuple[Tensor, Tensor, Tensor]) -> tuple[dict[Modality, Tensor], Batch]:
    """Embeddings by modality, and a batch that they might be of."""
    audio, video, text = triple
    return {"audio": audio, "video": video, "text": text}, batch(len(audio))


def test_align_is_six_directed_terms(make_config: MakeConfig) -> None:
    config = make_config("paper")
    triple = embeddings()
    found = Mc3(config).objective_of(*given(triple), config.stages[0], 1.0)
    tau = config.stages[0].temperature or config.objective.temperature
    six = sum(info_nce(a, b, tau) for a, b in permutations(triple, 2))
    assert float(found.total) == pytest.approx(float(six), rel=1e-6)
    assert "consensus" not in found.parts


@pytest.mark.parametrize(("preset", "weight"), [("paper", 1.0), ("scaled", 5.0), ("demo", 5.0)])
def test_refine_adds_the_consensus_with_its_weight(
    preset: str, weight: float, make_config: MakeConfig
) -> None:
    config = make_config(preset, objective__temperature="0.2")
    audio, video, text = embeddings()
    found = Mc3(config).objective_of(*given((audio, video, text)), config.stages[1], 1.0)
    similarities = torch.stack([(audio * video).sum(1), (audio * text).sum(1)])
    term = consensus(similarities, (0.5, 1.0)).loss
    expected = float(found.parts["contrastive"]) + weight * float(term)
    assert float(found.total) == pytest.approx(expected, rel=1e-6)


def test_symmetric_mean_is_half_of_the_sum(make_config: MakeConfig) -> None:
    mean = make_config(objective__contrastive="symmetric_mean")
    both = [
        Mc3(config).objective_of(*given(embeddings()), config.stages[0], 1.0).total
        for config in (make_config(), mean)
    ]
    assert float(both[1]) == pytest.approx(float(both[0]) / 2, rel=1e-6)


def test_the_weight_rises_over_its_ramp(make_config: MakeConfig) -> None:
    model = Mc3(make_config("paper", objective__ramp="0.5", objective__weight="3"))
    tau = model.temperature()
    weights = [float(model.weight(done, tau)) for done in (0.0, 0.25, 0.5, 1.0)]
    assert weights == pytest.approx([0.0, 1.5, 3.0, 3.0])


def test_a_learned_temperature_learns_and_stays_in_bounds(make_config: MakeConfig) -> None:
    config = make_config(objective__learnable_temperature="true", objective__temperature="0.1")
    model = Mc3(config)
    found = model.objective_of(*given(embeddings()), config.stages[1], 1.0)
    found.total.backward()
    assert float(found.stats["temperature"]) == pytest.approx(0.1, rel=1e-5)
    assert isinstance(model.log_inverse_temperature, torch.nn.Parameter)
    assert model.log_inverse_temperature.grad is not None
    with torch.no_grad():
        model.log_inverse_temperature.fill_(20.0)
    assert float(model.temperature().detach()) == pytest.approx(0.01)


def test_calibrated_leaves_the_bottleneck_alone(make_config: MakeConfig) -> None:
    calibrated, scaled = make_config("calibrated").objective, make_config("scaled").objective
    assert calibrated == replace(scaled, inverse="own", gradient="stopped")


def test_towers_give_unit_rows_and_every_parameter_learns(make_config: MakeConfig) -> None:
    config = make_config()
    torch.manual_seed(0)
    model = Mc3(config)
    for rows in model.towers(batch()):
        assert rows.shape == (6, 16)
        assert torch.allclose(rows.norm(dim=1), torch.ones(6), atol=1e-5)
    model.loss(batch(), config.stages[1], 1.0).total.backward()
    idle = [n for n, p in model.named_parameters() if p.grad is None or p.grad.abs().sum() == 0]
    assert idle == []


def test_the_size_of_the_paper_is_what_it_should_be() -> None:
    config = build_config("mc3", "paper", "paper")
    with torch.device("meta"):
        model = Mc3(config)
    towers = model.towers
    millions = {
        name: round(sum(p.numel() for p in module.parameters()) / 1e6)
        for name, module in towers.named_children()
    }
    assert millions["audio_encoder"] == 85  # ViT-B with patches of one channel
    assert millions["video_encoder"] == 114  # ViT-B with a second attention in every block
    assert millions["text_encoder"] == 66  # DistilBERT-base
    assert (config.batch_size, config.objective.temperature) == (256, 0.05)
    assert [(s.name, s.epochs, s.learning_rate) for s in config.stages] == [
        ("align", 5, 3e-5),
        ("refine", 5, 3e-5),
    ]
    assert towers.audio_encoder.ast.config.max_length == 149
    patches = towers.audio_encoder.ast.embeddings.position_embeddings.shape[1]
    assert patches == 12 * 14 + 2  # of 128 x 149, patch 16, stride 10, and two tokens


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("preset", METHODS["mc3"].presets)
def test_every_preset_has_a_configuration_at_every_size(preset: str, size: str) -> None:
    config = build_config("mc3", preset, size)
    assert (config.method, config.preset, config.size) == ("mc3", preset, size)
    info = METHODS["mc3"]
    stages = info.presets[preset].stages or info.stages
    assert tuple(stage.name for stage in config.stages) == stages


def test_an_unknown_method_is_named_with_those_that_exist() -> None:
    with pytest.raises(InputError, match=r"'mc4'.*mc3"):
        method_info("mc4")


def test_the_list_of_methods_and_configurations_needs_no_torch() -> None:
    code = (
        "import sys, mc3core.methods.registry as r, mc3core.config as c, mc3core.presets;"
        "c.build_config('mc3', 'demo'); assert r.METHODS;"
        "sys.exit(any(m in sys.modules for m in ('torch', 'transformers', 'tokenizers', 'av')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

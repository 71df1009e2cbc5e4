"""A checkpoint is enough to build its model again, and never half-loads."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from mc3core.config import RunConfig
from mc3core.data.cache import ClipCache
from mc3core.embeddings import load_embeddings
from mc3core.errors import InputError, RunError
from mc3core.evaluation.embed import embed
from mc3core.training.checkpoint import load_towers
from mc3core.training.run_dir import RunDir
from mc3core.training.trainer import fit, resume


@pytest.fixture
def trained(blocks: Path, make_config: Callable[..., RunConfig], tmp_path: Path) -> RunDir:
    run_dir = RunDir(tmp_path / "run")
    fit(make_config(max_steps="3"), blocks, run_dir)
    return run_dir


def test_towers_come_back_from_the_directory_alone(trained: RunDir) -> None:
    towers = load_towers(trained.path)
    saved = load_file(trained.checkpoint("refine") / "model.safetensors")
    for name, value in towers.state_dict().items():
        assert torch.equal(value, saved[f"towers.{name}"])
    assert not towers.training


def test_stages_differ_and_an_unknown_one_is_named(trained: RunDir) -> None:
    align, refine = (load_towers(trained, stage).state_dict() for stage in ("align", "refine"))
    assert any(not torch.equal(align[name], refine[name]) for name in align)
    with pytest.raises(InputError, match=r"'polish'.*align, refine"):
        load_towers(trained, "polish")


def test_loading_lists_what_is_missing_unknown_and_misshapen(trained: RunDir) -> None:
    path = trained.checkpoint("refine") / "model.safetensors"
    tensors = load_file(path)
    tensors["towers.extra"] = tensors.pop("towers.video_head.bias")
    tensors["towers.video_head.weight"] = torch.zeros(3, 3)
    save_file(tensors, path)
    with pytest.raises(InputError) as raised:
        load_towers(trained)
    message = str(raised.value)
    assert "missing video_head.bias" in message and "unknown extra" in message
    assert "video_head.weight is (3, 3), not (16, 16)" in message


@pytest.mark.parametrize("keep", [0, 7, 5000])
def test_a_truncated_checkpoint_is_named_with_what_to_do(
    trained: RunDir, blocks: Path, keep: int
) -> None:
    path = trained.checkpoint("refine") / "model.safetensors"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(RunError, match=r"model\.safetensors is damaged"):
        load_towers(trained)
    with pytest.raises(RunError, match=r"damaged.*Remove .*refine"):
        resume(blocks, trained)
    path.unlink()
    assert resume(blocks, trained).state == "finished"


def test_a_configuration_of_a_newer_version_is_refused(trained: RunDir) -> None:
    row = trained.config() | {"objective": {**trained.config()["objective"], "warp": 1}}
    trained.config_path.write_text(json.dumps(row))
    with pytest.raises(InputError, match="unknown warp"):
        load_towers(trained)


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no run"):
        load_towers(tmp_path)


def test_embeddings_are_unit_rows_and_an_absent_modality_is_a_masked_row(
    trained: RunDir, blocks: Path
) -> None:
    found = embed(trained, "align", blocks)
    clips = ClipCache.open(blocks).clips
    assert found.clip_ids == tuple(clip.clip_id for clip in clips)
    for name, rows in found.vectors.items():
        present = [name in clip.modalities for clip in clips]
        assert found.present[name].tolist() == present
        lengths = torch.from_numpy(rows).norm(dim=1)
        assert torch.allclose(lengths, torch.tensor(present).float(), atol=1e-5)
    assert not found.present["audio"].all() and not found.present["video"].all()
    again = load_embeddings(trained.stage("align"))
    assert again.clip_ids == found.clip_ids
    assert (again.vectors["audio"] == found.vectors["audio"]).all()

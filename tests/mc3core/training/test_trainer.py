"""A run learns, gives the same numbers for the same seed, and says what went wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from mc3core.config import RunConfig, build_config
from mc3core.data.cache import ClipCache
from mc3core.data.clips import Clip
from mc3core.errors import InputError, RunError
from mc3core.evaluation.embed import embed
from mc3core.evaluation.report import evaluate_run
from mc3core.training.checkpoint import latest
from mc3core.training.run_dir import RunDir
from mc3core.training.trainer import fit

MakeConfig = Callable[..., RunConfig]
MakeBlocks = Callable[[int, int], Path]


def numbers(run_dir: RunDir) -> list[dict[str, Any]]:
    """The metrics without what a clock says."""
    return [{k: v for k, v in row.items() if k != "seconds"} for row in run_dir.metrics()]


def test_two_stages_learn_what_the_clips_show(
    blocks: Path, block_clips: list[Clip], make_config: MakeConfig, tmp_path: Path
) -> None:
    run_dir = RunDir(tmp_path / "run")
    longer = {"stages__align__steps": "90", "stages__refine__steps": "20"}
    config = make_config(**longer, encoders__dimension="32", batch_size="20")
    status = fit(config, blocks, run_dir)
    assert (status.state, status.step, status.stage) == ("finished", 110, "refine")
    rows = [row for row in run_dir.metrics() if row["kind"] == "train"]
    assert [row["step"] for row in rows] == list(range(1, 111))
    assert rows[-1]["contrastive"] < 0.75 * rows[0]["contrastive"]
    embeddings = embed(run_dir, "refine", blocks)
    unseen = [clip for clip in block_clips if clip.split != "train"]
    labels = {clip.clip_id: clip.verb != "holds" for clip in unseen}
    report = evaluate_run(run_dir, "refine", embeddings, block_clips, labels, split="all")
    assert report["trained_on"] == 0 and report["n"] > 40
    assert report["av_roc_auc"] > 0.75 and report["al_roc_auc"] > 0.75


def test_the_size_of_the_paper_trains_too_made_narrow(blocks: Path, tmp_path: Path) -> None:
    narrow = {f"encoders.{tower}.width": "12" for tower in ("audio", "video", "text")}
    narrow |= {f"encoders.{tower}.layers": "1" for tower in ("audio", "video", "text")}
    small = {"encoders.video.side": "32", "encoders.video.frames": "4", "encoders.dimension": "8"}
    run = {"batch_size": "40", "max_steps": "4", "runtime.threads": "1"}
    config = build_config("mc3", "paper", "paper", narrow | small | run)
    status = fit(config, blocks, RunDir(tmp_path / "run"))
    assert (status.state, status.step) == ("finished", 4)


def test_a_run_explains_itself(blocks: Path, make_config: MakeConfig, tmp_path: Path) -> None:
    run_dir = RunDir(tmp_path / "run")
    fit(make_config(max_steps="6"), blocks, run_dir)
    assert run_dir.stages() == ["align", "refine"]
    config = run_dir.config()
    train = [c for c in ClipCache.open(blocks).clips if c.split == "train"]
    whole = [clip for clip in train if len(clip.modalities) == 3]
    assert config["sources"] == ["blocks"]
    assert config["train_clips"] == len(whole)
    assert sum(config["left_out"].values()) == len(train) - len(whole) > 0
    assert set(config["left_out"]) == {"no audio", "no video"}
    assert {"torch", "transformers", "python"} <= set(config["versions"])
    assert (run_dir.path / "train_clips.txt").read_text().split() == [c.clip_id for c in whole]
    kinds = [(row["stage"], row["kind"]) for row in run_dir.metrics()]
    assert kinds == [
        *[("align", "train")] * 4,
        ("align", "validation"),
        *[("refine", "train")] * 2,
        ("refine", "validation"),
    ]


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(
    blocks: Path, make_config: MakeConfig, tmp_path: Path
) -> None:
    runs = [RunDir(tmp_path / name) for name in ("one", "same", "other")]
    for run_dir, seed in zip(runs, ("4", "4", "5"), strict=True):
        fit(make_config(seed=seed, max_steps="5"), blocks, run_dir)
    assert numbers(runs[0]) == numbers(runs[1])
    assert numbers(runs[0]) != numbers(runs[2])


def test_training_leaves_torch_as_it_found_it(
    blocks: Path, make_config: MakeConfig, tmp_path: Path
) -> None:
    before, threads = torch.random.get_rng_state(), torch.get_num_threads()
    fit(make_config(max_steps="2"), blocks, RunDir(tmp_path / "run"))
    assert torch.equal(before, torch.random.get_rng_state())
    assert torch.get_num_threads() == threads


def test_fewer_clips_than_a_batch_still_train(
    make_blocks: MakeBlocks, make_config: MakeConfig, tmp_path: Path
) -> None:
    cache = make_blocks(4, 2)
    status = fit(make_config(batch_size="64", max_steps="4"), cache, RunDir(tmp_path / "run"))
    assert status.state == "finished"


def test_one_clip_is_too_few_and_the_message_says_so(
    make_blocks: MakeBlocks, make_config: MakeConfig, tmp_path: Path
) -> None:
    run_dir = RunDir(tmp_path / "run")
    with pytest.raises(InputError, match="1 clips to train on"):
        fit(make_config(), make_blocks(1, 1), run_dir)
    status = run_dir.status()
    assert status.state == "failed" and "two are needed" in str(status.error)


def test_a_cache_that_is_not_there_is_named(make_config: MakeConfig, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        fit(make_config(), tmp_path / "nowhere", RunDir(tmp_path / "run"))


def test_verdicts_of_validation_clips_are_scored_at_the_end_of_a_stage(
    blocks: Path, block_clips: list[Clip], make_config: MakeConfig, tmp_path: Path
) -> None:
    run_dir = RunDir(tmp_path / "run")
    run_dir.path.mkdir()
    judged = [clip for clip in block_clips if clip.split == "val"]
    rows = [f"{clip.clip_id},{int(clip.verb != 'holds')}\n" for clip in judged]
    run_dir.verdicts_path.write_text("clip_id,label\n" + "".join(rows))
    fit(make_config(max_steps="4"), blocks, run_dir)
    scored = [row for row in run_dir.metrics() if row["kind"] == "validation"]
    assert len(scored) == 2
    for row in scored:
        assert 0 <= row["av_roc_auc"] <= 1 and 0 <= row["al_average_precision"] <= 1
        assert row["labelled"] == sum(len(clip.modalities) == 3 for clip in judged)


def test_a_loss_that_is_no_number_ends_the_run_at_its_step_and_keeps_the_last_checkpoint(
    blocks: Path, make_config: MakeConfig, tmp_path: Path
) -> None:
    run_dir = RunDir(tmp_path / "run")
    config = make_config(stages__align__learning_rate="1e9", runtime__checkpoint_every="1")
    with pytest.raises(RunError, match=r"at step 2 \(align\).*lower learning rate"):
        fit(config, blocks, run_dir)
    status = run_dir.status()
    assert status.state == "failed" and "step 2 (align)" in str(status.error)
    kept = latest(run_dir, config)
    assert kept is not None and (kept.step, kept.complete) == (1, False)
    assert [row["step"] for row in run_dir.metrics()] == [1]

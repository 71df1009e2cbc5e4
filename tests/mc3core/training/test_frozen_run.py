"""Size frozen, end to end: encoders from a file stay as they are, heads train, resume holds."""

from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file

from mc3core.config import RunConfig, build_config
from mc3core.evaluation.embed import embed
from mc3core.progress import Progress
from mc3core.training.run_dir import RunDir
from mc3core.training.trainer import fit

MakeConfig = Callable[..., RunConfig]


def test_heads_train_on_features_that_are_computed_once(
    blocks: Path, make_config: MakeConfig, small_settings: dict[str, str], tmp_path: Path
) -> None:
    source = RunDir(tmp_path / "source")
    fit(make_config(), blocks, source)
    weights = source.checkpoint("refine") / "model.safetensors"
    frozen = {f"encoders.{tower}.weights": str(weights) for tower in ("audio", "video", "text")}
    frozen |= {"encoders.frozen": "true", "augment.shift_bands": "0", "augment.shift_frames": "0"}
    frozen["encoders.text.tokenizer"] = str(source.path / "tokenizer.json")
    config = build_config("mc3", "scaled", "tiny", small_settings | frozen)
    whole, stopped = RunDir(tmp_path / "whole"), RunDir(tmp_path / "stopped")
    seen: list[str] = []

    def watch(state: Progress) -> None:
        seen.append(state.task)
        if state.task == "train" and state.done == 6:
            stopped.request_stop()

    assert fit(config, blocks, whole).state == "finished"
    assert fit(config, blocks, stopped, watch).state == "stopped"
    assert "features" not in seen  # the first run left them in the cache
    assert fit(config, blocks, stopped).state == "finished"
    begun = load_file(weights)
    one, two = (load_file(r.checkpoint("refine") / "model.safetensors") for r in (whole, stopped))
    assert all(torch.equal(one[name], two[name]) for name in one)
    encoders = [name for name in one if "_encoder." in name]
    heads = [name for name in one if "_head." in name]
    # A text encoder with weights has DistilBERT's 512 positions; the file fills those it has.
    moved = [
        n for n in encoders if begun[n].ndim and not torch.equal(one[n][: len(begun[n])], begun[n])
    ]
    assert encoders and moved == []
    assert all(not torch.equal(one[name], begun[name]) for name in heads if "0." not in name)
    assert embed(whole, "refine", blocks).present["audio"].any()

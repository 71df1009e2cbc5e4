"""How long heads take on the features of frozen encoders, and what they learn: size `frozen`.

    python tests/benchmarks/bench_heads.py [--clips 5000] [--threads 2]

No pretrained encoder is at hand here. Random networks stand for them: they turn what happens in a
clip into features of width 768, so that nothing but the heads can undo them. What is seen, said and
heard is one of 86 actions, each in its own way; in 47 of 100 clips another action is heard. The
figure is how well a clip's cosine of sound and picture tells whether its own action sounds, on
clips that did not train: area under the ROC curve. Ends with 1 above ten minutes.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor

from mc3core.config import RunConfig, build_config
from mc3core.data.augment import plain
from mc3core.data.cache import CacheInfo, CacheWriter, ClipCache
from mc3core.data.clips import Clip, Modality, clip_id_for
from mc3core.data.dataset import ClipDataset, rows_of_step, seed_of
from mc3core.data.tokenizer import make_tokenizer
from mc3core.encoders.frozen import FeatureDataset
from mc3core.evaluation.embed import embed_dataset
from mc3core.methods.registry import method_info
from mc3core.training.schedule import learning_rate, stage_lengths
from mc3core.training.trainer import make_optimizer, update

ACTIONS, LATENTS, WIDTH, HELD_OUT, MINUTES = 86, 32, 768, 1000, 10


@dataclass(frozen=True)
class Drawn:
    """Features (N, WIDTH) float16 by modality, and whether each clip's own action is heard."""

    features: dict[Modality, Tensor]
    sounds: np.ndarray[tuple[int], np.dtype[np.bool_]]


def draw(clips: int) -> Drawn:
    torch.manual_seed(0)
    actions, other = torch.randint(ACTIONS, (2, clips))
    sounds = torch.rand(clips) < 0.53
    places = torch.randn(ACTIONS, LATENTS)
    heard = torch.where(sounds, actions, other)
    means: Mapping[Modality, Tensor] = {"audio": heard, "video": actions, "text": actions}
    features: dict[Modality, Tensor] = {}
    for (name, action), noise in zip(means.items(), (0.7, 0.7, 0.2), strict=True):
        inner = places[action] + noise * torch.randn(clips, LATENTS)
        hidden = (inner @ torch.randn(LATENTS, 4 * WIDTH) / LATENTS**0.5).tanh()
        features[name] = (hidden @ torch.randn(4 * WIDTH, WIDTH) / (4 * WIDTH) ** 0.5).half()
    return Drawn(features, sounds.numpy())


def open_clips(folder: Path, clips: int, config: RunConfig) -> ClipDataset:
    """Clips that are there in name; what their encoders make of them is drawn."""
    picture, sound = np.zeros((1, 8, 8, 3), np.uint8), np.zeros(400, np.int16)
    rows = [
        Clip(
            clip_id=clip_id_for("video", str(n), "pass", n, "#C C does"),
            video_uid="video",
            annotation_uid=str(n),
            source="drawn",
            narration="#C C does",
            time_s=float(n),
            start_s=n - 0.5,
            end_s=n + 1.0,
            split="train",
            verb="does",
            noun="it",
            modalities=("audio", "video", "text"),
        )
        for n in range(clips)
    ]
    CacheWriter(folder, CacheInfo(1, 8)).add_video("video", [(c, picture, sound) for c in rows])
    tokenizer = make_tokenizer(["#C C does"], config.encoders.text)
    return ClipDataset(rows, ClipCache.open(folder), config.encoders, tokenizer, 0.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--clips", type=int, default=5000)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    # One layer each: encoders are not asked here, and would only take memory.
    narrow = {f"encoders.{tower}.layers": "1" for tower in ("audio", "video", "text")}
    small = {"encoders.video.side": "16", "encoders.video.frames": "1"}
    config = build_config("mc3", "scaled", "frozen", narrow | small)
    every = asked.clips + HELD_OUT
    drawn = draw(every)
    with tempfile.TemporaryDirectory() as folder:
        data = FeatureDataset(open_clips(Path(folder), every, config), drawn.features)
        torch.manual_seed(config.seed)
        model = method_info(config.method).build(config).train()

        def area() -> float:
            found = embed_dataset(model.towers, data, torch.device("cpu")).vectors
            cosine = (found["audio"] * found["video"]).sum(axis=1)[asked.clips :]
            return float(roc_auc_score(drawn.sounds[asked.clips :], cosine))

        untrained = area()
        chance = float(
            roc_auc_score(drawn.sounds[asked.clips :], np.random.default_rng(0).random(HELD_OUT))
        )
        start, cpu = time.perf_counter(), time.process_time()
        first = 0
        lengths = stage_lengths(config, asked.clips)
        for stage, length in zip(config.stages, lengths, strict=True):
            optimizer = make_optimizer(model, config.optim)
            for step in range(first, first + length):
                rows = rows_of_step(asked.clips, config.batch_size, config.seed, step)
                torch.manual_seed(seed_of(config.seed, step))
                done = (step - first) / length
                output = model.loss(plain(data.batch(rows)), stage, done)
                rate = learning_rate(config.optim, stage.learning_rate, step - first, length)
                update(model, optimizer, output, rate, config.optim.clip, stage.name)
            first += length
            sys.stdout.write(f"{stage.name:8} AV ROC-AUC {area():.3f} after {first} steps\n")
        took, cpu = time.perf_counter() - start, time.process_time() - cpu
    sys.stdout.write(
        f"chance {chance:.3f}, untrained heads {untrained:.3f}, trained heads above\n"
        f"{asked.clips} clips, {sum(lengths)} steps of {config.batch_size}: {took:.0f} s "
        f"({cpu:.0f} CPU s, {asked.threads} threads); limit {MINUTES} minutes\n"
    )
    return int(took > 60 * MINUTES)


if __name__ == "__main__":
    sys.exit(main())

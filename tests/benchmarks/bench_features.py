"""Log-mel spectrograms beside kaldi-native-fbank, in one run, round by round.

    python tests/benchmarks/bench_features.py [--clips 256] [--rounds 5]

CPU milliseconds a clip of 1.5 s on one thread, 128 bands, the best of the rounds; only the ratio
may be compared between machines. kaldi-native-fbank takes one clip at a time, from a list of
numbers or an array, whichever is faster. Ends with 1 where the ratio is above the target.
"""

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

import kaldi_native_fbank
import numpy as np
import torch
from numpy.typing import NDArray

from mc3core.data.features import SAMPLE_RATE_HZ, log_mel

SAMPLES, BANDS, TARGET = 24_000, 128, 0.25


def make_sounds(clips: int) -> NDArray[np.float32]:
    """(clips, SAMPLES): knocks that ring over noise."""
    draw, time_s = np.random.default_rng(0), np.arange(SAMPLES) / SAMPLE_RATE_HZ
    pitch, knock_s = draw.uniform(100, 3000, (clips, 1)), draw.uniform(0.2, 0.6, (clips, 1))
    ring = np.exp(-8 * (time_s % knock_s)) * np.sin(2 * np.pi * pitch * time_s)
    return (0.3 * ring + draw.normal(0, 0.01, (clips, SAMPLES))).astype(np.float32)


def by_kaldi(sound: Any, bands: int) -> NDArray[np.float32]:
    """One sound → (S, bands), as AST's recipe asks for it."""
    options: Any = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = SAMPLE_RATE_HZ
    options.frame_opts.dither = 0
    options.frame_opts.window_type = "hanning"
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = bands
    options.mel_opts.low_freq = 20
    options.htk_compat = True
    options.use_energy = False
    fbank: Any = kaldi_native_fbank.OnlineFbank(options)
    fbank.accept_waveform(SAMPLE_RATE_HZ, sound)
    fbank.input_finished()
    return np.stack([fbank.get_frame(frame) for frame in range(fbank.num_frames_ready)])


def cpu_ms(work: Callable[[], object], clips: int) -> float:
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start) / clips


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--clips", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    sounds = make_sounds(asked.clips)
    lists, tensor = [sound.tolist() for sound in sounds], torch.from_numpy(sounds)
    apart = max(
        float(np.abs(log_mel(tensor[:8], BANDS).numpy()[row] - by_kaldi(lists[row], BANDS)).max())
        for row in range(min(8, asked.clips))
    )
    kinds: dict[str, Callable[[], object]] = {
        "kaldi-native-fbank, lists": lambda: [by_kaldi(sound, BANDS) for sound in lists],
        "kaldi-native-fbank, arrays": lambda: [by_kaldi(sound, BANDS) for sound in sounds],
        "ours, one clip at a time": lambda: [log_mel(sound[None], BANDS) for sound in tensor],
        "ours, all clips": lambda: log_mel(tensor, BANDS),
    }
    best = dict.fromkeys(kinds, float("inf"))
    for _ in range(asked.rounds):
        for name, work in kinds.items():
            best[name] = min(best[name], cpu_ms(work, asked.clips))
    kaldi = min(best["kaldi-native-fbank, lists"], best["kaldi-native-fbank, arrays"])
    for name, value in best.items():
        sys.stdout.write(f"{name:28} {value:6.3f} ms a clip  {value / kaldi:5.2f}\n")
    ratio = best["ours, all clips"] / kaldi
    sys.stdout.write(f"largest difference {apart:.1e}; ratio {ratio:.3f}, target {TARGET}\n")
    return int(ratio > TARGET)


if __name__ == "__main__":
    sys.exit(main())

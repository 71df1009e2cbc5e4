"""The spectrogram is Kaldi's: against its own numbers, and against a loop in double precision."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from mc3core.config import build_config
from mc3core.data.features import FLOOR, log_mel, spectrogram, spectrograms
from tests.benchmarks.bench_features import by_kaldi, make_sounds

# kaldi-native-fbank 1.22.5 (dither 0, Hanning, HTK-compatible, no energy, 20 Hz to Nyquist) on
# `sound()`; frames 0, 11 and 47, bands 0, 5, 20, 40 and the last.
KALDI = {
    64: [
        [-1.5158, -0.2241, -2.5622, -1.8128, -0.9084],
        [-1.5888, -3.6322, 4.7936, -1.8153, -0.9271],
        [-1.8073, -3.2685, -2.4902, -1.6870, -0.8655],
    ],
    128: [
        [-1.6611, -5.9691, -1.5896, -4.0432, -1.6195],
        [-1.7542, -6.0296, -2.8738, 3.5063, -1.5534],
        [-2.1397, -5.7531, -2.9946, -3.6540, -1.5444],
    ],
}


def sound() -> NDArray[np.float32]:
    """Half a second of a rising tone over a square wave, with an offset that must not matter."""
    time = np.arange(8000) / 16000
    wave = 0.3 * np.sin(2 * np.pi * (200 + 3000 * time) * time)
    return (wave + 0.1 * np.sign(np.sin(2 * np.pi * 55 * time))).astype(np.float32)


def by_loop(wave: NDArray[np.float32], bands: int) -> NDArray[np.float64]:
    """The recipe written out frame by frame and band by band."""

    def mel(hertz: float) -> float:
        return float(1127 * np.log(1 + hertz / 700))

    corners = np.linspace(mel(20), mel(8000), bands + 2)
    window = np.hanning(400)
    rows, wave64 = [], wave.astype(np.float64) - wave.astype(np.float64).mean()
    for start in range(0, len(wave) - 399, 160):
        frame = wave64[start : start + 400] - wave64[start : start + 400].mean()
        emphasised = frame.copy()
        emphasised[0] -= 0.97 * frame[0]
        emphasised[1:] -= 0.97 * frame[:-1]
        power = np.abs(np.fft.rfft(emphasised * window, 512)) ** 2
        row = []
        for band in range(bands):
            left, centre, right = corners[band : band + 3]
            energy = 0.0
            for index, value in enumerate(power[:256]):
                at = mel(index * 16000 / 512)
                if left < at < right:
                    slope = (at - left) / (centre - left)
                    energy += value * min(slope, (right - at) / (right - centre))
            row.append(np.log(max(energy, FLOOR)))
        rows.append(row)
    return np.array(rows)


@pytest.mark.parametrize("bands", [64, 128])
def test_equals_kaldi(bands: int) -> None:
    found = log_mel(torch.from_numpy(sound())[None], bands)[0]
    assert found.shape == (48, bands)
    chosen = found[[0, 11, 47]][:, [0, 5, 20, 40, bands - 1]]
    assert torch.allclose(chosen, torch.tensor(KALDI[bands]), atol=1e-3)


@pytest.mark.parametrize("bands", [64, 128])
def test_equals_kaldi_on_a_whole_batch(bands: int) -> None:
    sounds = make_sounds(9)
    found = log_mel(torch.from_numpy(sounds), bands).numpy()
    for mine, one in zip(found, sounds, strict=True):
        assert mine.shape == (148, bands)
        assert np.abs(mine - by_kaldi(one.tolist(), bands)).max() < 5e-3


def test_equals_a_loop_over_the_recipe() -> None:
    wave = sound()[:2000]
    found = log_mel(torch.from_numpy(wave)[None], 64)[0].numpy()
    assert np.abs(found - by_loop(wave, 64)).max() < 1e-3


def test_a_clip_of_a_second_and_a_half_has_148_frames_and_silence_is_the_floor() -> None:
    silence = log_mel(torch.zeros(2, 24_000), 128)
    assert silence.shape == (2, 148, 128)
    assert torch.allclose(silence, torch.full_like(silence, float(np.log(FLOOR))))


def test_a_batch_is_its_clips() -> None:
    waves = torch.stack([torch.from_numpy(sound()), torch.from_numpy(sound()).flip(0)])
    both = log_mel(waves, 64)
    alone = torch.cat([log_mel(wave[None], 64) for wave in waves])
    assert torch.equal(both, alone)


def test_sounds_of_several_lengths_are_what_each_is_alone() -> None:
    config = build_config("mc3", "scaled").encoders.audio
    whole = torch.from_numpy(sound() * 30_000).to(torch.int16)
    sounds = [whole, whole[:3000], whole.flip(0), whole[:300], whole[:3000].flip(0), whole[:0]]
    together = spectrograms(sounds, config)
    assert torch.equal(together, torch.cat([spectrograms([one], config) for one in sounds]))
    assert torch.equal(together[:1], spectrogram(whole[None].float() / 32768, config))


def test_loudness_is_gone_where_each_clip_is_normalised_and_kept_where_the_dataset_is() -> None:
    tiny, paper = (build_config("mc3", "paper", size).encoders.audio for size in ("tiny", "paper"))
    loud, soft = torch.from_numpy(sound())[None], torch.from_numpy(sound())[None] / 8
    assert torch.allclose(spectrogram(loud, tiny), spectrogram(soft, tiny), atol=1e-3)
    gap = spectrogram(loud, paper) - spectrogram(soft, paper)
    expected = (
        2 * np.log(8) / paper.scale
    )  # of the median: a band without energy stays at the floor
    assert gap[:, :48].median().item() == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("samples", [0, 399, 400, 8_000, 24_000, 40_000])
def test_sound_of_any_length_gives_the_encoders_input(samples: int) -> None:
    config = build_config("mc3", "scaled").encoders.audio
    found = spectrogram(torch.rand(1, samples), config)
    assert found.shape == (1, 144, 64)
    assert bool(torch.isfinite(found).all())

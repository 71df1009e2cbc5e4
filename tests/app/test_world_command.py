"""`sounding world`: stems beside the videos, other laws, and what cannot be combined."""

import csv
from pathlib import Path

from tests.app.conftest import Sounding


def test_stems_are_written_when_asked_for(sounding: Sounding, tmp_path: Path) -> None:
    words = ("--clips", "3", "--seed", "2", "--side", "32", "--fps", "2", "--workers", "1")
    made = sounding("world", "--out", tmp_path / "w", *words, "--stems", "--json").json
    assert made["stems"] == str(tmp_path / "w" / "stems")
    found = {path.stem for path in Path(made["stems"]).glob("world-2-0000/*.wav")}
    assert found == {"action", "machine", "ambient", "offscreen", "event"}
    assert made["variant"] == "default"


def test_a_variant_fills_a_training_cache_under_its_own_name(
    sounding: Sounding, tmp_path: Path
) -> None:
    words = ("--clips", "3", "--side", "32", "--workers", "1", "--variant", "more_masked")
    made = sounding("world", "-w", tmp_path / "w", *words, "--json").json
    assert made["variant"] == "more_masked"
    assert Path(made["truth"]).name == "truth-more_masked-0.csv"
    with Path(made["truth"]).open(encoding="utf-8", newline="") as file:
        assert {row["video_uid"] for row in csv.DictReader(file)} == {"world-more_masked-0-0000"}


def test_what_cannot_be_done_is_said_before_anything_is_made(
    sounding: Sounding, tmp_path: Path
) -> None:
    unknown = sounding("world", "-w", tmp_path / "w", "--clips", "2", "--variant", "quiet")
    assert unknown.code == 2
    assert "more_machines" in unknown.err
    stems = sounding("world", "-w", tmp_path / "w", "--clips", "2", "--stems")
    assert stems.code == 2
    assert "--out" in stems.err
    assert list(tmp_path.iterdir()) == []

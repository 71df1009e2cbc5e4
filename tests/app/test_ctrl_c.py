"""Ctrl-C, as a terminal sends it: to the command and all its workers at once."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.app.conftest import ROOT


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_ends_an_ingest_and_the_next_finishes_it(
    tmp_path: Path, world: Path, workers: str
) -> None:
    words = ("-w", str(tmp_path / "w"), "--narrations", str(world / "narration.json"))
    words = ("ingest", *words, "--videos", str(world / "videos"), "--json")
    command = [sys.executable, "-m", "app.cli", *words]
    asked = subprocess.Popen(
        [*command, "--workers", workers],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C goes to every process of a terminal
    )
    until = time.monotonic() + 60
    while not (tmp_path / "w" / "cache" / "cache.json").exists() and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(asked.pid, signal.SIGINT)
    out, err = asked.communicate(timeout=60)
    assert (asked.returncode, out) == (130, "")
    assert err == "Stopped. What was finished stays.\n"
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report = json.loads(again.stdout)
    assert (report["clips"], report["dropped"]) == (24, [])

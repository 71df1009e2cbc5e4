"""What the tests of `app` share: the command as a process, a small world, a workspace of it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The last line of standard output, which is all of it."""
        lines = self.out.splitlines()
        assert len(lines) == 1, self.out
        return json.loads(lines[0])


Sounding = Callable[..., Done]


@pytest.fixture(scope="session")
def sounding() -> Sounding:
    """Run `sounding <words>` as a process of its own; a traceback fails the test."""

    def run(*words: str | Path, user: int | None = None, **env: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *map(str, words)],
            cwd=ROOT,
            env={**os.environ, **env},
            user=user,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, sounding: Sounding) -> Path:
    """24 clips in two small videos, with narrations and truth."""
    out = tmp_path_factory.mktemp("world") / "w"
    words = ("world", "--out", out, "--clips", "24", "--seed", "5", "--side", "64", "--fps", "6")
    assert sounding(*words).code == 0
    return out


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory, sounding: Sounding, world: Path) -> Path:
    """A workspace of that world; copy it before changing it."""
    workspace = tmp_path_factory.mktemp("ingested") / "workspace"
    done = sounding(
        "ingest", "-w", workspace, "--narrations", world / "narration.json",
        "--videos", world / "videos", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    return workspace


@pytest.fixture
def workspace(ingested: Path, tmp_path: Path) -> Path:
    """A copy of one's own."""
    return shutil.copytree(ingested, tmp_path / "workspace")

"""How long every page and query of a served studio takes with 33,000 clips and 99,000 answers.

    python -m tests.benchmarks.bench_studio [--clips 33000] [--rounds 20] [--workspace DIR]

A real studio is started on a made workspace (`large_workspace.py`) and asked over HTTP, route after
route, round by round; before every question the trivial one, /static/icon.svg, is asked. Only
ratios to it may be compared between machines. "first" is the first answer after the start, "cpu"
the processor time of the studio's threads for an answer, which other programs disturb least.
The workspace lies in a temporary folder; with --workspace it stays there for another run.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from app.services.ingest import ALL_CLIPS
from tests.benchmarks.large_workspace import PEOPLE, RUN, SPACE, STAGE, a_clip, build

ROOT = Path(__file__).resolve().parent.parent.parent
TRIVIAL = "/static/icon.svg"
OPEN_CLIPS = 600  # more clips, that nobody has answered: what is left to claim
MAP = f"/api/map/{RUN}/{STAGE}/{SPACE}"


@dataclass
class Browser:
    """One connection with one cookie; `ms` holds how long each named question took."""

    address: str
    pid: int
    ms: dict[str, list[float]] = field(default_factory=dict)
    cpu_ms: dict[str, list[float]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    cookie: str = ""

    def __post_init__(self) -> None:
        at = urlsplit(self.address)
        self._connection = HTTPConnection(at.hostname or "", at.port)

    def sign_in(self, name: str, batch: str) -> None:
        self.cookie = ""
        self.ask("sign in", "/api/session", {"name": name, "batch": batch})

    def ask(self, name: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """GET, or POST a body; the trivial route first."""
        self._timed("trivial", TRIVIAL, None)
        answer = self._timed(name, path, body)
        return json.loads(answer) if answer[:1] == b"{" else answer

    def _timed(self, name: str, path: str, body: dict[str, Any] | None) -> bytes:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        content = None if body is None else json.dumps(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        before_ms, start = cpu_ms(self.pid), time.perf_counter()
        self._connection.request("GET" if body is None else "POST", path, content, headers)
        response = self._connection.getresponse()
        answer = response.read()
        self.ms.setdefault(name, []).append(1000 * (time.perf_counter() - start))
        self.cpu_ms.setdefault(name, []).append(cpu_ms(self.pid) - before_ms)
        if response.status >= 400:
            raise RuntimeError(f"{path}: {response.status} {answer[:300]!r}")
        self.sizes[name] = len(answer)
        self.cookie = (response.getheader("set-cookie") or self.cookie).split(";")[0]
        return answer


@contextmanager
def studio(workspace: Path) -> Generator[tuple[str, int]]:
    """A serving process: its address and pid."""
    command = [sys.executable, "-m", "app.cli", "serve", "-w", str(workspace), "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("Studio"))
        yield line.split()[1], process.pid
    finally:
        process.terminate()
        process.wait()


def label(browser: Browser, who: str, rounds: int) -> None:
    """Claim, answer, undo, answer again, as a person does, and look at the progress."""
    for _ in range(rounds):
        claimed = browser.ask(f"claim, {who}", "/api/claim", {"count": 3})["clips"]
        browser.ask(f"answer, {who}", "/api/answers", _answer(claimed[0]["assignment"]))
        undo(browser, who)
        browser.ask(f"progress, {who}", "/api/progress")


def undo(browser: Browser, who: str) -> None:
    """Take the last answer back and give it again."""
    back = browser.ask(f"undo, {who}", "/api/undo", {"client_uuid": str(uuid.uuid4())})["clip"]
    browser.ask(f"answer, {who}", "/api/answers", _answer(back["assignment"]))


def _answer(assignment: int) -> dict[str, Any]:
    return {"client_uuid": str(uuid.uuid4()), "assignment": assignment, "value": "yes", "plays": 1}


def pages(clips: int) -> dict[str, tuple[str, dict[str, Any] | None]]:
    """Every other question of the pages, by name."""
    known = a_clip(clips // 2).clip_id
    circle = [(8 * np.cos(t), 8 * np.sin(t)) for t in np.linspace(0, 6, 200)]
    asked: dict[str, str] = {
        "data: summary": "/api/data",
        "data: first page": "/api/clips",
        "data: deep page": f"/api/clips?offset={clips - 100}",
        "data: by verb": "/api/clips?verb=wash",
        "data: by noun": "/api/clips?noun=onion",
        "data: by flag": "/api/clips?flag=no_audio",
        "data: by text": "/api/clips?text=onion",
        "data: videos": "/api/videos",
        "data: dropped": "/api/dropped",
        "data: verbs and long tail": "/api/taxonomy",
        "clip card": f"/api/clips/{known}",
        "batches": "/api/batches",
        "jobs": "/api/jobs?limit=20",
        "runs": "/api/runs",
        "metrics, 20,000 rows": f"/api/runs/{RUN}/metrics",
        "metrics, the newest": f"/api/runs/{RUN}/metrics?from_step=19990",
        "maps there are": "/api/map",
        "map: about": MAP,
        "map: points": f"{MAP}/points",
        "map: clip ids": f"{MAP}/clips",
        **{
            f"map: colours by {by}": f"{MAP}/colours?by={by}"
            for by in ("cluster", "label", "verb", "score", "source")
        },
        "map: 20 clusters": f"{MAP}/clusters?clusters=20",
        "map: 200 clusters": f"{MAP}/clusters?clusters=200",
        "map: search": f"{MAP}/search?text=cut+onion",
        "map: neighbours": f"{MAP}/neighbours/{known}",
        "evaluation: runs": "/api/evaluation",
        "evaluation: test": f"/api/evaluation/{RUN}/{STAGE}",
        "evaluation: all": f"/api/evaluation/{RUN}/{STAGE}?split=all",
        "studio page": "/",
        "annotate page": "/annotate",
    }
    posted: dict[str, tuple[str, dict[str, Any] | None]] = {
        "map: lasso": (f"{MAP}/lasso", {"polygon": circle}),
        "map: one card": (f"{MAP}/cards", {"clip_ids": [known]}),
        "train: estimate": ("/api/runs/estimate", {"method": "mc3"}),
    }
    return {name: (path, None) for name, path in asked.items()} | posted


def measure(root: Path, clips: int, rounds: int) -> dict[str, Browser]:
    """Ask everything; by the name of the workspace's state."""
    with studio(root / "fresh") as (address, pid):
        fresh = Browser(address, pid)
        fresh.sign_in("Dora", ALL_CLIPS)
        label(fresh, "nobody has answered", rounds)
    with studio(root / "full") as (address, pid):
        full = Browser(address, pid)
        questions = pages(clips)
        for _ in range(rounds):
            for name, (path, body) in questions.items():
                full.ask(name, path, body)
        full.sign_in("Dora", ALL_CLIPS)
        label(full, "nearly done", rounds)
        for _ in range(rounds):  # one answer, and what the map's page then asks
            claimed = full.ask("claim, nearly done", "/api/claim", {"count": 3})["clips"]
            full.ask("answer, nearly done", "/api/answers", _answer(claimed[0]["assignment"]))
            time.sleep(1.1)
            full.ask("map: one card after an answer", *questions["map: one card"])
        full.sign_in(PEOPLE[0], ALL_CLIPS)
        for _ in range(rounds):
            undo(full, "who answered all")
            full.ask("progress, who answered all", "/api/progress")
            full.ask("my answers, who answered all", "/api/mine")
            full.ask("claim, who answered all", "/api/claim", {"count": 3})
        say(f"memory of the studio: {memory(pid)}")
    return {"fresh": fresh, "full": full}


def cpu_ms(pid: int) -> float:
    """Processor time of all threads of a process so far; 0 where the kernel does not tell."""
    spent = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):  # a thread may end meanwhile
            spent += int(path.read_text().split()[0])
    return spent / 1e6


def memory(pid: int) -> str:
    """What the kernel says of a process: what it holds, and the most it held."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return "unknown"
    return ", ".join(" ".join(line.split()) for line in lines if line[:5] in ("VmRSS", "VmHWM"))


def table(browser: Browser) -> None:
    trivial = float(np.median(browser.ms["trivial"]))
    say(f"{'':40}{'first':>8}{'median':>8}{'p95':>8}{'cpu':>8} ms{'ratio':>8}{'bytes':>10}")
    for name, ms in browser.ms.items():
        warm = ms[1:] or ms
        middle, high = np.percentile(warm, (50, 95))
        say(
            f"{name:40}{ms[0]:8.1f}{middle:8.1f}{high:8.1f}"
            f"{float(np.median(browser.cpu_ms[name])):8.1f}   {middle / trivial:8.1f}"
            f"{browser.sizes[name]:10,}"
        )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=33_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--workspace", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-studio-") as folder:
        root = chosen.workspace or Path(folder)
        if not (root / "full").exists():
            start = time.perf_counter()
            grown = build(root, chosen.clips, OPEN_CLIPS)
            say(f"made in {time.perf_counter() - start:.0f} s; adding a video took, in ms,")
            for step in grown:
                say(f"  {step.step:40} {step.first_ms:8.1f} at first {step.last_ms:8.1f} at last")
        say(f"{chosen.clips:,} clips of three answers each, {OPEN_CLIPS} open ones.")
        say(f"The map shows all of them; its tree is made, not computed (see {build.__module__}).")
        for state, browser in measure(root, chosen.clips, chosen.rounds).items():
            say(f"\n{state}")
            table(browser)


if __name__ == "__main__":
    main()

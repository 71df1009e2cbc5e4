"""Our studio and the open-source Label Studio server side by side: one machine, data and clients.

    python -m tests.benchmarks.beside_label_studio [--clips 33000] [--seconds 30] [--rounds 2]
        [--think 2] [--kills 3] [--torch torch==2.13.0] [--peer label-studio] [--installed]

Label Studio is no dependency of ours: pip installs it into a venv in a temporary folder; where it
does not install, the script says so and measures ours alone. Ours is installed the same way from
this folder (`--installed`: not, and served by this interpreter). Both keep their SQLite default;
Label Studio's own calls home are off. Every clip is a yes/no question to three people.

Every client is a person signed up on its own who asks for the next clip, thinks (`--think` seconds
in the mean) or does not (flat out), and saves yes or no, over a new connection each time: the
kinder way for Label Studio's server, as is its token instead of a browser's session. One clip is
asked for at a time, though our page asks ahead. One server is under load while the other idles, and
they take turns, the first one changing, so that the machine's other load meets both. In the last
part a server is killed (SIGKILL) under 8 clients flat out and started again (`--kills` times).

It prints a row a measure: ours, Label Studio's, and theirs with ours as 1 (nothing where ours is
0). Installing and a first start are one sample each. Starts end with the first page; import is
theirs through the API in one request, ours as the rows of an ingest without its media. "Clips over"
hold more than three answers, counted or not, and go to the load under which they went over.
"Locked" counts the tracebacks in the log that end in 'database is locked'. "Failed" are requests
that met no server or another status than 200, 201 and Label Studio's 404 for "nothing left".
"""

import argparse
import os
import random
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.labelling_servers import LabelStudio, Ours, Side
from tests.benchmarks.large_workspace import a_clip

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ((1, False), (8, True), (30, True), (8, False), (30, False))  # people; do they think


@dataclass
class Load:
    """What the clients of one shape met at one server, over its rounds."""

    next_ms: list[float] = field(default_factory=list[float])
    save_ms: list[float] = field(default_factory=list[float])
    failed: Counter[Any] = field(default_factory=Counter[Any])
    up_s: list[float] = field(default_factory=list[float])
    seconds: float = 0
    over: int = 0
    locked: int = 0

    def round(self, side: Side, people: int, think: float, seconds: float, *, kill: bool) -> None:
        over, locked, start = side.over(), side.locked(), time.monotonic()
        stop = threading.Event()
        work = partial(self._work, side=side, think=think, stop=stop)
        threads = [threading.Thread(target=work, args=(number,)) for number in range(people)]
        for thread in threads:
            thread.start()
        if kill:
            time.sleep(random.uniform(0.2, 1.0) * seconds)
            side.kill()
            self.up_s.append(side.start())
        time.sleep(seconds)
        stop.set()
        for thread in threads:
            thread.join()
        self.seconds += time.monotonic() - start
        self.over += side.over() - over
        self.locked += side.locked() - locked

    def _work(self, number: int, side: Side, think: float, stop: threading.Event) -> None:
        me, rng = side.people[number], random.Random(number)
        time.sleep(rng.uniform(0, think))  # people who think do not come all at once
        while not stop.is_set():
            task = self._timed(self.next_ms, partial(side.next, me))
            if task is None:
                time.sleep(0.2)  # nothing left, or the server is away
                continue
            if think:
                time.sleep(rng.expovariate(1 / think))
            key = self._timed(self.save_ms, partial(side.save, me, task, rng.choice(("yes", "no"))))
            if key is not None:
                side.saved.append(key)

    def _timed(self, ms: list[float], work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        try:
            status, found = work()
        except (OSError, HTTPException, ValueError) as error:
            status, found = type(error).__name__, None
        if status not in (200, 201):
            self.failed[status] += 1
            return None
        ms.append(1000 * (time.perf_counter() - start))
        return found


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        peer = LabelStudio(Path(folder) / "peer")
        sides: list[Side] = [Ours(Path(folder) / "ours", installed=options.installed), peer]
        try:
            peer_s = peer.install(options.peer)
        except subprocess.CalledProcessError as error:
            say(f"{options.peer} does not install; ours alone. {error.stderr.strip()[-500:]}")
            sides, peer_s = sides[:1], 0.0
        try:
            _measure(sides, peer_s, options)
        finally:
            for side in sides:
                side.stop()


def _measure(sides: list[Side], peer_s: float, options: argparse.Namespace) -> None:
    cores, load = os.cpu_count(), os.getloadavg()[0]
    rounds = f"{options.rounds} rounds of {options.seconds:g} s"
    say(f"{options.clips} clips, {rounds}, {cores} cores, load before {load:.1f}")
    if len(sides) > 1:
        say(f"Label Studio {sides[1].version('label-studio')}")
    say(f"{'':36}{'ours':>10}{'Label Studio':>14}{'ours = 1':>10}")
    if not options.installed:
        wanted = ("-c", str(ROOT / "constraints.txt"), options.torch, f"{ROOT}[studio]")
        row("install, s", [sides[0].install(*wanted), peer_s][: len(sides)])
        row("installed, MB", [side.megabytes() for side in sides])
    row("first start, s", [side.start() for side in sides])
    clips = [a_clip(number) for number in range(options.clips)]
    row("import, s", [_seconds(partial(side.fill, clips)) for side in sides])
    ups = [[side.restart() for side in sides] for _ in range(3)]
    row("restart, s, p50 of 3", np.median(ups, axis=0))
    for side in sides:
        side.people = [side.sign_up(number) for number in range(max(n for n, _ in SHAPES))]
    for people, thinks in SHAPES:
        _shape(sides, people, options.think if thinks else 0.0, options)
    if options.kills:
        _shape(sides, 8, 0.0, options, kill=True)
    row("clips over in all", [side.over() for side in sides])
    row("answers acknowledged in all", [len(side.saved) for side in sides])
    row("of them missing", [side.missing() for side in sides])


def _shape(
    sides: list[Side], people: int, think: float, options: argparse.Namespace, *, kill: bool = False
) -> None:
    loads = [Load() for _ in sides]
    before = [len(side.saved) for side in sides]
    for number in range(options.kills if kill else options.rounds):
        turns = list(zip(loads, sides, strict=True))
        for load, side in turns[:: -1 if number % 2 else 1]:
            load.round(side, people, think, options.seconds, kill=kill)
    say(
        f"{people} {'person' if people == 1 else 'people'}, "
        f"{f'thinking {think:g} s' if think else 'flat out'}{', kill -9 each round' * kill}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    if kill:
        row("  restart, s, p50", [np.median(load.up_s) for load in loads])
    else:
        for what, ms in (
            ("next clip", [x.next_ms for x in loads]),
            ("save", [x.save_ms for x in loads]),
        ):
            for p in (50, 95):
                row(f"  {what}, ms, p{p}", [np.percentile(of or [np.nan], p) for of in ms])
    saved = [len(side.saved) - n for side, n in zip(sides, before, strict=True)]
    row("  answers saved", saved)
    if not kill:
        row("  answers a second", [n / load.seconds for n, load in zip(saved, loads, strict=True)])
    row("  clips over", [load.over for load in loads])
    row("  locked", [load.locked for load in loads])
    row("  failed", [load.failed.total() for load in loads])
    for side, load in zip(sides, loads, strict=True):
        if load.failed:
            say(f"    {side.name}: {dict(load.failed)}")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def row(name: str, values: Iterable[Any]) -> None:
    ours, *theirs = (float(value) for value in values)
    shown = [f"{value:,.0f}" if value >= 100 else f"{value:.3g}" for value in (ours, *theirs)]
    ratio = f"{theirs[0] / ours:.3g}" if theirs and ours else ""
    say(f"{name:36}{shown[0]:>10}{''.join(shown[1:]):>14}{ratio:>10}")


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--clips", type=int, default=33_000)
    parser.add_argument("--seconds", type=float, default=30, help="of one round at one server")
    parser.add_argument("--rounds", type=int, default=2, help="of each shape at each server")
    parser.add_argument("--think", type=float, default=2, help="mean seconds before an answer")
    parser.add_argument("--kills", type=int, default=3, help="rounds with a kill -9; 0: none")
    parser.add_argument("--torch", default="torch==2.13.0", help="the build of it for ours")
    parser.add_argument("--peer", default="label-studio", help="what pip installs beside ours")
    parser.add_argument("--installed", action="store_true", help="ours from this interpreter")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""Thirty people at full speed while the server is killed again and again: is anything lost?

    python -m tests.benchmarks.bench_labelling [--clips 33000] [--minutes 10] [--people 30]
        [--leavers 5] [--kill-every 45] [--think 0] [--seed 0]

A real studio is started on a workspace of made clips; each person is a client with its own
connection and cookie who claims, answers (some "can't tell" and "broken") and, as the page's outbox
does, sends an answer again under the same id until the server has confirmed it. The server process
is killed (SIGKILL) at random moments and started again. `--leavers` people claim clips and are
never seen again. Then the database is asked: is every confirmed answer there, is any clip counted
more often than its places, has every clip closed by vote exactly the answers it asked for, and is
anything stuck once the leavers' leases ran out? Times are of requests that were answered.
"""

import argparse
import json
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import numpy as np

from app.context import open_database
from app.workspace import Workspace, open_workspace
from db.clip_state import load_clips
from db.clips import add_clips
from db.columns import utc_now
from db.engine import Database
from db.label_tables import Answer
from db.labelling import BatchRule, claim, create_batch, judgements
from db.people import ensure_person
from db.records import ClipRecord
from tests.benchmarks.large_workspace import a_clip

BATCH = "everything"


@dataclass
class Person:
    """One client; `confirmed` are the ids of answers that the server said it has."""

    name: str
    port: int
    leaves_after: float
    think_s: float
    seed: int
    confirmed: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    claim_ms: list[float] = field(default_factory=list[float])
    answer_ms: list[float] = field(default_factory=list[float])
    statuses: Counter[int] = field(default_factory=Counter[int])
    away: int = 0
    cookie: str = ""

    def work(self, until: float) -> None:
        rng = random.Random(self.seed)
        time.sleep(rng.uniform(0, 5 * self.think_s))  # people do not all come in one instant
        self._sign_in(until)
        began = time.monotonic()
        while time.monotonic() < until:
            found = self._ask("/api/claim", {"count": 3}, self.claim_ms, until)
            if found is None or time.monotonic() - began > self.leaves_after:
                return  # a leaver goes with clips in hand
            if not found["clips"]:
                time.sleep(1.0)
            for one in found["clips"]:
                if self.think_s:
                    time.sleep(rng.expovariate(1 / self.think_s))
                value = rng.choices(("yes", "no", "unsure", "broken"), (50, 46, 3, 1))[0]
                key = str(uuid.UUID(int=rng.getrandbits(128), version=4))
                body = {
                    "client_uuid": key,
                    "assignment": one["assignment"],
                    "clip_id": one["clip"]["clip_id"],
                    "value": value,
                    "plays": 1,
                    "heard": True,
                }
                if self._ask("/api/answers", body, self.answer_ms, until + 60) is None:
                    return
                self.confirmed.append((key, one["assignment"]))

    def _sign_in(self, until: float) -> None:
        self._ask("/api/session", {"name": self.name, "batch": BATCH}, [], until)

    def _ask(self, path: str, body: dict[str, Any], ms: list[float], until: float) -> Any:
        """Again and again until the server answers; None where time is up."""
        while time.monotonic() < until:
            start = time.perf_counter()
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
                headers = {"Content-Type": "application/json", "Cookie": self.cookie}
                connection.request("POST", path, json.dumps(body), headers)
                answer = connection.getresponse()
                text = answer.read()
                cookie = answer.getheader("set-cookie")
                connection.close()
            except (OSError, HTTPException):
                self.away += 1
                time.sleep(0.2)
                continue
            self.statuses[answer.status] += 1
            if cookie:
                self.cookie = cookie.split(";")[0]
            if answer.status == 200:
                ms.append(1000 * (time.perf_counter() - start))
                return json.loads(text)
            if answer.status < 500:
                print(f"{self.name}: {path} {answer.status} {text[:200]!r}")  # noqa: T201
                return None
            time.sleep(0.2)
        return None


class Studio:
    """The server process, killed and started again."""

    def __init__(self, workspace: Path, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
        self._command += ["--workspace", str(workspace), "--port", str(self.port)]
        self._log = log.open("ab")
        self.kills = 0
        self.up_s: list[float] = []
        self.start()

    def start(self) -> None:
        began = time.monotonic()
        self._process = subprocess.Popen(self._command, stdout=self._log, stderr=self._log)
        while True:
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
                connection.request("GET", "/static/icon.svg")
                connection.getresponse().read()
                break
            except (OSError, HTTPException):
                if self._process.poll() is not None:
                    raise RuntimeError("the studio ended; see its log") from None
                time.sleep(0.1)
        self.up_s.append(time.monotonic() - began)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self.kills += 1

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._log.close()


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_workspace(Path(folder) / "studio", create=True)
        log = Path(folder) / "log"
        start = time.perf_counter()
        _fill(workspace, options.clips, options.early_stop)
        say(f"{options.clips} clips in {time.perf_counter() - start:.1f} s")
        studio = Studio(workspace.root, log)
        people = _work(studio, options)
        studio.stop()
        _times(people, studio)
        found = log.read_text(errors="replace")
        locked, errors = found.count("database is locked"), found.count("Traceback")
        say(f"in the server's log: {locked} 'database is locked', {errors} tracebacks")
        database = open_database(workspace)
        try:
            _judge(database, people, options)
        finally:
            database.close()


def _fill(workspace: Workspace, clips: int, early_stop: bool) -> None:
    database = open_database(workspace)
    made = [a_clip(number) for number in range(clips)]
    rows = [
        ClipRecord(
            clip_id=c.clip_id, video_uid=c.video_uid, annotation_uid=c.annotation_uid,
            source=c.source, narration=c.narration, time_s=c.time_s, start_s=c.start_s,
            end_s=c.end_s, split=c.split, verb=c.verb, noun=c.noun, modalities=c.modalities,
        )
        for c in made
    ]  # fmt: skip
    strata = {row.clip_id: row.verb or "" for row in rows}
    with database.write() as session:
        add_clips(session, rows)
        rule = BatchRule(early_stop=early_stop, full_share=0.2)
        create_batch(session, BATCH, strata, rule, strata)
    database.close()


def _work(studio: Studio, options: argparse.Namespace) -> list[Person]:
    rng = random.Random(options.seed)
    until = time.monotonic() + 60 * options.minutes
    people = [
        Person(
            f"person {n}", studio.port,
            5.0 + 10 * n if n < options.leavers else float("inf"), options.think,
            options.seed * 1000 + n,
        )
        for n in range(options.people)
    ]  # fmt: skip
    threads = [threading.Thread(target=person.work, args=(until,)) for person in people]
    for thread in threads:
        thread.start()
    while options.kill_every and time.monotonic() < until - 5:
        pause = rng.uniform(0.3, 1.7) * options.kill_every
        time.sleep(max(0.0, min(pause, until - 5 - time.monotonic())))
        if time.monotonic() < until - 5:
            studio.kill()
            studio.start()
    for thread in threads:
        thread.join()
    return people


def _times(people: list[Person], studio: Studio) -> None:
    for name in ("claim_ms", "answer_ms"):
        ms = np.array([value for person in people for value in getattr(person, name)])
        p50, p95, p99 = np.percentile(ms, [50, 95, 99])
        shown = name.removesuffix("_ms")
        say(f"{shown}: n {len(ms)}, p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms")
    statuses = sum((person.statuses for person in people), Counter[int]())
    say(f"statuses {dict(statuses)}; requests that met no server {sum(p.away for p in people)}")
    ups = ", ".join(f"{seconds:.1f}" for seconds in studio.up_s)
    say(f"killed {studio.kills} times; seconds to the first answer of each start: {ups}")


def _judge(database: Database, people: list[Person], options: argparse.Namespace) -> None:
    with database.read() as session:
        there = set(session.query(Answer.client_uuid).all())
        stored = {row[0] for row in there}
        said = judgements(session)
        ids = sorted({one.clip_id for one in said})
        states = load_clips(session, ids)
    confirmed = [key for person in people for key, _ in person.confirmed]
    lost = [key for key in confirmed if key not in stored]
    say(f"confirmed answers {len(confirmed)}, lost {len(lost)}; stored {len(stored)}")
    counted = Counter(one.clip_id for one in said if one.counted)
    over = [clip for clip, n in counted.items() if n > 3]
    twice = len(said) - len({(one.clip_id, one.person) for one in said})
    by_vote = [state.state for state in states.values() if state.state.complete]
    inexact = [s for s in by_vote if not s.early_stop and len(s.votes) != 3]
    surplus = sum(not one.counted and one.value in ("yes", "no") for one in said)
    say(
        f"clips answered {len(ids)}, closed by vote {len(by_vote)}, of them not exact "
        f"{len(inexact)}; over {len(over)}; two by one person {twice}; surplus kept {surplus}"
    )
    _finish(database, options.people)


def _finish(database: Database, people: int) -> None:
    """Fresh people, after every lease ran out, finish what was begun: is anything stuck?"""
    later = utc_now() + timedelta(minutes=20)
    with database.write() as session:
        first = ensure_person(session, "late 0").id
        claim(session, first, 1, now=later)  # returns every lease
    with database.read() as session:
        states = [one.state for one in load_clips(session, _begun(database)).values()]
    held = sum(p.holder is not None and not p.filled for s in states for p in s.places)
    stuck = [s for s in states if not s.complete and not s.closed and not s.offered and held > 1]
    say(f"after the leases ran out: {held} held (by who was just asked), stuck {len(stuck)}")


def _begun(database: Database) -> list[str]:
    with database.read() as session:
        return sorted({one.clip_id for one in judgements(session)})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--clips", type=int, default=33_000)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--leavers", type=int, default=5)
    parser.add_argument("--kill-every", type=float, default=45, help="seconds, about; 0: never")
    parser.add_argument("--think", type=float, default=0, help="mean seconds before an answer")
    parser.add_argument("--early-stop", action="store_true", help="third vote only where needed")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

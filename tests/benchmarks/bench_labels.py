"""What labels in and out cost with 33,000 clips and three answers each.

    python -m tests.benchmarks.bench_labels [--clips 33000] [--workspace DIR]

Every format is exported and imported again into a workspace of the same clips; beside it a trivial
step (the same answers written as plain JSON), because only ratios to it may be compared between
machines. "peak" is the largest memory of a process that does this step alone.
The bounds asked for: import under 60 s, export under 15 s, on two cores.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import cast

from app.context import open_database
from app.services.backups import backup_labels, check_labels
from app.services.label_export import ExportRequest, Format, export_labels
from app.services.label_import import import_labels
from app.services.label_reading import Source
from app.workspace import Workspace, open_workspace
from db.clips import add_clips
from db.engine import Database
from db.labelling import create_batch, record_answers
from db.records import ClipRecord, ImportedAnswer
from tests.benchmarks.large_workspace import a_clip

PEOPLE = ("Ada", "Ben", "Cem")
FORMATS: tuple[tuple[Format, str], ...] = (
    ("csv", "labels.csv"),
    ("parquet", "labels.parquet"),
    ("hf", "labels"),
    ("label-studio", "labels.json"),
    ("tsv", "labels.tsv"),
)
IMPORTED: tuple[Source, ...] = ("csv", "parquet", "label-studio")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=33_000)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        _step(given.workspace, given.step)
        return
    with tempfile.TemporaryDirectory() as folder:
        root = given.workspace or Path(folder)
        _build(root, given.clips)
        steps: list[str] = [f"export {name}" for name, _ in FORMATS]
        steps += [f"import {name}" for name in IMPORTED]
        trivial = 0.0
        for step in ["trivial", *steps, "backup", "check"]:
            command = [sys.executable, "-m", "tests.benchmarks.bench_labels"]
            done = subprocess.run(
                [*command, "--workspace", str(root), "--step", step],
                capture_output=True,
                text=True,
                check=True,
            )
            found = json.loads(done.stdout)
            trivial = trivial or found["cpu_s"]
            sys.stdout.write(
                f"{step:22} {found['s']:7.2f} s  cpu {found['cpu_s']:6.2f} s  "
                f"{found['cpu_s'] / trivial:7.1f} x  peak {found['peak_mb']:5.0f} MB\n"
            )
            sys.stdout.flush()


def _build(root: Path, clips: int) -> None:
    """`full` has all answers; `empty-*` the same clips and none."""
    records = [_record(number) for number in range(clips)]
    for name in ("full", *(f"empty-{source}" for source in IMPORTED)):
        with closing(open_database(open_workspace(root / name, create=True))) as database:
            with database.write() as session:
                add_clips(session, records)
            if name == "full":
                _answer(database, records)


def _answer(database: Database, clips: list[ClipRecord]) -> None:
    answers = [
        ImportedAnswer(
            person,
            clip.clip_id,
            "yes" if (number * 7 + place) % 5 else "no",
            decision_ms=700 + number % 900,
            plays=1 + number % 2,
            heard=True,
            volume=1.0,
            studio_version="0.1.0",
        )
        for number, clip in enumerate(clips)
        for place, person in enumerate(PEOPLE)
    ]
    with database.write() as session:
        batch = create_batch(session, "all clips", [clip.clip_id for clip in clips])
        record_answers(session, batch.id, answers)


def _record(number: int) -> ClipRecord:
    clip = a_clip(number)
    return ClipRecord(**{name: getattr(clip, name) for name in ClipRecord.__slots__})


def _step(root: Path, step: str) -> None:
    """One step in a process of its own; its seconds and its memory as JSON."""
    workspace = open_workspace(root / "full")
    start, cpu = time.perf_counter(), time.process_time()
    _do(root, workspace, step)
    spent, cpu = time.perf_counter() - start, time.process_time() - cpu
    # Not ru_maxrss, which begins with what the parent had.
    status = Path("/proc/self/status").read_text()
    peak_mb = int(status.split("VmHWM:")[1].split()[0]) / 1024
    sys.stdout.write(json.dumps({"s": spent, "cpu_s": cpu, "peak_mb": peak_mb}) + "\n")


def _do(root: Path, workspace: Workspace, step: str) -> None:
    names: dict[str, str] = dict(FORMATS)
    kind, _, name = step.partition(" ")
    if kind == "trivial":
        rows = [{"clip_id": f"{n:016x}", "person": "Ada", "value": "yes"} for n in range(99_000)]
        (root / "trivial.json").write_text(json.dumps(rows))
    elif kind == "import":
        place = open_workspace(root / f"empty-{name}")
        source = cast(Source, name)
        with closing(open_database(place)) as database:
            report = import_labels(database, root / names[source], source)
        assert report.stored
    else:
        with closing(open_database(workspace)) as database:
            if kind == "backup":
                backup_labels(database, root / "backup.db", force=True)
            elif kind == "check":
                assert not check_labels(database).findings
            else:
                wanted = cast(Format, name)
                export_labels(database, ExportRequest(root / names[wanted], wanted, force=True))


if __name__ == "__main__":
    main()

"""How long the desk's routes take with 33,000 clips and 99,000 answers.

    python -m tests.benchmarks.bench_desk [--clips 33000] [--rounds 20] [--workspace DIR]

The answers are spread over days of work. A real studio is asked over HTTP, as in
`bench_studio`: "first" is the first answer after the start, the trivial route stands beside. Then
somebody answers between any two questions, so that no figure is the one kept from before; a clip
is decided and taken back; and one person's whole work is voided and brought back.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from app.services.ingest import ALL_CLIPS
from tests.benchmarks.bench_studio import OPEN_CLIPS, Browser, label, memory, say, studio, table
from tests.benchmarks.large_workspace import build_labelled

PAGES = {
    "about": "/api/desk",
    "batches": "/api/desk/batches",
    "people": "/api/desk/people",
    "agreement": "/api/desk/agreement",
    "queue, first 20": "/api/desk/queue",
    "voids": "/api/desk/voids",
    "audit": "/api/desk/audit",
}


def measure(address: str, pid: int, rounds: int) -> Browser:
    lead = Browser(address, pid)
    lead.sign_in("Dora", ALL_CLIPS)
    for _ in range(rounds):
        for name, path in PAGES.items():
            lead.ask(name, path)
        lead.ask("preview of a batch", "/api/desk/batches/preview", {"stratify": "verb"})
    for _ in range(rounds):
        for name, path in PAGES.items():
            label(lead, "meanwhile", 1)
            lead.ask(f"{name}, after an answer", path)
    (clip, *_) = lead.ask("queue, first 20", PAGES["queue, first 20"])["clips"]
    for _ in range(rounds):
        sent = {"clip_id": clip["clip_id"], "label": "yes"}
        lead.ask("decide", "/api/desk/decide", sent)
        lead.ask("take the decision back", "/api/desk/decide/undo", {"clip_id": clip["clip_id"]})
    person = lead.ask("about", PAGES["about"])["people"][0]["id"]
    for _ in range(3):
        found = lead.ask("void: preview", "/api/desk/voids/preview", {"person_id": person})
        sent = {"person_id": person, "reason": "muted", "expected": found["answers"]}
        made = lead.ask(f"void: {found['answers']:,} answers", "/api/desk/voids", sent)
        lead.ask("people, after a void", PAGES["people"])
        lead.ask("void: undo", f"/api/desk/voids/{made['id']}/undo", {})
    say(f"memory of the studio: {memory(pid)}")
    return lead


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=33_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--workspace", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-desk-") as folder:
        root = (chosen.workspace or Path(folder)) / "labelled"
        if not root.exists():
            start = time.perf_counter()
            build_labelled(root, chosen.clips, OPEN_CLIPS)
            say(f"made in {time.perf_counter() - start:.0f} s")
        say(f"{chosen.clips:,} clips of three answers each, {OPEN_CLIPS} open ones.")
        with studio(root) as (address, pid):
            table(measure(address, pid, chosen.rounds))
    sys.stdout.flush()


if __name__ == "__main__":
    main()

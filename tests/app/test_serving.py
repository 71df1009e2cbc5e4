"""A real studio: start, answers, refusals, jobs and runs over HTTP, stop."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app.conftest import ROOT, Sounding

STARTS_WITHIN_S = 90.0  # on a loaded machine; alone it is some seconds


@dataclass
class Studio:
    """A serving process with its workspace."""

    process: subprocess.Popen[str]
    workspace: Path
    address: str
    client: httpx.Client

    def get(self, path: str) -> Any:
        return self.client.get(path).raise_for_status().json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.client.post(path, json=body or {}).raise_for_status().json()

    def wait(self, look: Callable[[], Any], seconds: float = 60.0) -> Any:
        """Look until something true is seen."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := look():
                return found
            time.sleep(0.2)
        raise AssertionError("waited in vain")


def start(workspace: Path, *words: str) -> Studio:
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "-w", str(workspace), "--port", "0", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("Studio"):
            address = line.split()[1]
            return Studio(process, workspace, address, httpx.Client(base_url=address, timeout=30))
    raise AssertionError("".join(said))


@pytest.fixture(scope="module")
def studio(
    tmp_path_factory: pytest.TempPathFactory, ingested: Path, world: Path
) -> Iterator[Studio]:
    workspace = shutil.copytree(ingested, tmp_path_factory.mktemp("served") / "workspace")
    begun = time.monotonic()
    found = start(workspace, "--data", str(world))
    assert time.monotonic() - begun < STARTS_WITHIN_S
    yield found
    found.client.close()
    found.process.send_signal(signal.SIGINT)
    assert found.process.wait(20) == 0


def test_the_page_names_no_other_machine(studio: Studio) -> None:
    page = studio.client.get("/")
    assert page.status_code == 200
    for foreign in ("fonts.googleapis.com", "cdn.", "cdnjs", "unpkg", '<script src="http'):
        assert foreign not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_versioned_files_are_kept_and_modules_are_asked_for_again(studio: Studio) -> None:
    kept = studio.client.get("/static/plotly.min.js?v=1")
    assert "immutable" in kept.headers["cache-control"]
    assert kept.headers["content-encoding"] == "gzip"
    assert kept.text.startswith("/**\n* plotly.js")
    module = studio.client.get("/static/dom.js")
    assert module.headers["cache-control"] == "no-cache"
    assert module.headers["content-type"].startswith("text/javascript")
    tag = {"if-none-match": module.headers["etag"]}
    assert studio.client.get("/static/dom.js", headers=tag).status_code == 304
    plain = studio.client.get("/static/dom.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == module.text == (ROOT / "app/static/dom.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["/", "/annotate"])
def test_a_page_names_every_module_it_starts_with_so_that_they_come_at_once(
    studio: Studio, page: str
) -> None:
    answer = studio.client.get(page)
    links = answer.headers.get("link", "").split(", ") + answer.text.split("\n")
    named = {re.findall(r"/static/([\w.]+)", link)[0] for link in links if "modulepreload" in link}
    assert "dom.js" in named
    for name in named:
        text = studio.client.get(f"/static/{name}").text
        assert set(re.findall(r'^(?:import|}) .*"\./([\w-]+\.js)"', text, re.MULTILINE)) <= named


def test_small_answers_on_a_kept_connection_do_not_wait_for_acknowledgement(studio: Studio) -> None:
    """Nagle's algorithm and delayed acknowledgement together make every answer 40 ms late."""
    at = httpx.URL(studio.address)
    with socket.create_connection((at.host, at.port or 80)) as connection:
        took: list[float] = []
        for _ in range(12):
            start = time.perf_counter()
            host = f"{at.host}:{at.port}".encode()
            connection.sendall(b"GET /static/icon.svg HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
            answer = b""
            while b"</svg>" not in answer:
                answer += connection.recv(4096)
            took.append(time.perf_counter() - start)
        assert min(took[2:]) < 0.035


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fserver.py", "%2Fetc%2Fpasswd", "..%5Ccli.py"])
def test_no_name_leads_out_of_the_static_folder(studio: Studio, name: str) -> None:
    answer = studio.client.get(f"/static/{name}")
    assert answer.status_code in {403, 404}
    assert "import" not in answer.text


def test_tables_are_paged_and_filtered(studio: Studio) -> None:
    summary = studio.get("/api/data")
    assert (summary["clips"], summary["videos"], summary["dropped"]) == (24, 2, {})
    page = studio.get("/api/clips?offset=20&limit=10")
    assert (page["total"], len(page["rows"])) == (24, 4)
    verb, count = next(iter(summary["verbs"].items()))
    found = studio.get(f"/api/clips?verb={verb}")
    assert found["total"] == count
    assert {row["verb"] for row in found["rows"]} == {verb}
    assert studio.get("/api/videos")["total"] == 2
    assert studio.get("/api/dropped")["rows"] == []
    assert studio.client.get("/api/clips?limit=9999").status_code == 422


def test_a_second_studio_and_a_taken_port_are_refused(
    studio: Studio, sounding: Sounding, workspace: Path
) -> None:
    second = sounding("serve", "-w", studio.workspace, "--port", "0")
    assert second.code == 2
    assert studio.address in second.err
    assert str(studio.process.pid) in second.err
    port = studio.address.rsplit(":", 1)[1]
    taken = sounding("serve", "-w", workspace, "--port", port)
    assert taken.code == 2
    assert port in taken.err
    assert "--port" in taken.err


def test_only_this_machine_may_look(studio: Studio, sounding: Sounding, workspace: Path) -> None:
    for host in ("0.0.0.0", "192.168.1.5", "::"):  # noqa: S104
        done = sounding("serve", "-w", workspace, "--host", host)
        assert done.code == 2
        assert host in done.err
        assert "accounts" in done.err
    stranger = studio.client.get("/api/data", headers={"host": "evil.example"})
    assert stranger.status_code == 421
    other = studio.client.post("/api/runs", json={}, headers={"origin": "https://evil.example"})
    assert other.status_code == 403


def test_ingest_takes_ids_of_what_it_listed_and_no_path(studio: Studio) -> None:
    sources = studio.get("/api/sources")["sources"]
    assert not any("/" in source["id"] for source in sources)
    file = next(s["id"] for s in sources if s["kind"] == "ego4d" and "narration" in s["name"])
    folder = next(s["id"] for s in sources if s["kind"] == "videos")
    for bad in ("/etc/passwd", "../narration.json", folder):
        refused = studio.client.post("/api/ingest", json={"narrations": bad, "videos": folder})
        assert refused.status_code == 422
        assert "list" in refused.json()["detail"]
    job = studio.post("/api/ingest", {"narrations": file, "videos": folder})
    done = studio.wait(lambda: ended(studio, job["id"]))
    assert done["state"] == "finished", done
    assert studio.get("/api/data")["clips"] == 24


def test_a_job_that_fails_says_why_and_an_unknown_one_is_404(studio: Studio) -> None:
    assert studio.client.get("/api/jobs/nobody").status_code == 404
    assert studio.client.post("/api/jobs/nobody/cancel").status_code == 404
    assert studio.client.post("/api/world").status_code == 409


def test_a_run_of_six_steps_has_curves_and_a_map(studio: Studio) -> None:
    settings = {"max_steps": "6", "batch_size": "8"}
    asked = {"preset": "demo", "settings": settings}
    estimate = studio.post("/api/runs/estimate", asked)
    assert (estimate["steps"], estimate["train_clips"]) == (
        6,
        studio.get("/api/data")["splits"]["train"],
    )
    assert (
        "batch_siz"
        in studio.post("/api/runs/estimate", {"settings": {"batch_siz": "1"}})["problem"]
    )
    run = studio.post("/api/runs", asked)["run"]
    done = studio.wait(lambda: rested(studio, run), 120)
    assert done["status"]["state"] == "finished", done
    points = studio.get(f"/api/runs/{run}/metrics")
    assert [row["step"] for row in points["rows"] if row["kind"] == "train"] == [1, 2, 3, 4, 5, 6]
    assert studio.get(f"/api/runs/{run}/metrics?from_step=7")["rows"] == []
    assert studio.get(f"/api/runs/{run}")["config"]["max_steps"] == 6
    assert studio.client.get("/api/runs/..%2F..").status_code == 404
    assert studio.client.post(f"/api/runs/{run}/resume").status_code == 422  # finished


def test_a_run_stops_at_a_step_and_one_that_is_killed_says_so(studio: Studio) -> None:
    settings = {"max_steps": "4000", "batch_size": "8"}
    run = studio.post("/api/runs", {"preset": "demo", "settings": settings})["run"]
    studio.wait(lambda: studio.get(f"/api/runs/{run}")["status"]["step"] >= 2, 120)
    studio.post(f"/api/runs/{run}/stop")
    stopped = studio.wait(lambda: rested(studio, run))
    assert stopped["status"]["state"] == "stopped"
    assert stopped["stages"] == ["align"]
    resumed = studio.post(f"/api/runs/{run}/resume")
    assert resumed["active"]
    os.kill(resumed["status"]["pid"], signal.SIGKILL)
    dead = studio.wait(lambda: rested(studio, run))
    assert dead["status"]["state"] == "failed"
    assert "Resume" in dead["status"]["error"]


def test_a_port_that_is_taken_by_anybody_is_named(sounding: Sounding, workspace: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = sounding("serve", "-w", workspace, "--port", str(port))
    assert done.code == 2
    assert f"Port {port}" in done.err


def ended(studio: Studio, job: str) -> dict[str, Any] | None:
    found = studio.get(f"/api/jobs/{job}")
    return None if found["active"] else found


def rested(studio: Studio, run: str) -> dict[str, Any] | None:
    found = studio.get(f"/api/runs/{run}")
    return None if found["active"] else found

"""Two labelling servers that a benchmark installs, starts, fills and asks alike: our studio and
Label Studio, each in a folder of its own with the SQLite store it takes by default."""

import json
import os
import re
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from abc import ABC, abstractmethod
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from app.context import open_database
from app.services.ingest import ALL_CLIPS, AT_ONCE, add_rows, everything
from app.workspace import open_workspace
from mc3core.data.clips import Clip

CONFIG = (
    '<View><Text name="t" value="$text"/><Choices name="c" toName="t">'
    '<Choice value="yes"/><Choice value="no"/></Choices></View>'
)


class Side(ABC):
    """A server: its process, and how a client talks to it."""

    name, page, answers_sql, keys_sql = "", "", "", ""

    def __init__(self, folder: Path) -> None:
        self.venv, self.data, self.log = folder / "venv", folder / "data", folder / "log"
        self.command: list[str] = []
        self.env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "PYTHONPATH")}
        self.database = Path()
        self.process: subprocess.Popen[bytes] | None = None
        self.people: list[dict[str, str]] = []
        self.saved: list[Any] = []
        folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    def install(self, *wanted: str) -> float:
        start = time.perf_counter()
        pip = [str(self.venv / "bin" / "pip"), "install", "--quiet", *wanted]
        for command in ([sys.executable, "-m", "venv", str(self.venv)], pip):
            subprocess.run(command, check=True, capture_output=True, text=True)
        return time.perf_counter() - start

    def start(self) -> float:
        """Seconds up to the first page."""
        start = time.perf_counter()
        with self.log.open("ab") as log:
            process = subprocess.Popen(self.command, stdout=log, stderr=log, env=self.env)
        self.process = process
        while True:
            try:
                if self.ask("GET", self.page, {})[0] == 200:
                    return time.perf_counter() - start
            except (OSError, HTTPException):
                if process.poll() is not None:
                    raise RuntimeError(self.log.read_text()[-2000:]) from None
            time.sleep(0.05)

    def restart(self) -> float:
        self.stop()
        return self.start()

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def ask(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
        """Status, text and cookie, over a connection of its own."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=120)) as connection:
            told = headers | ({"Content-Type": "application/json"} if body is not None else {})
            connection.request(method, path, None if body is None else json.dumps(body), told)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheader("set-cookie")

    def rows(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.database, timeout=60)) as connection:
            return connection.execute(sql).fetchall()

    def over(self) -> int:
        return sum(count > 3 for (count,) in self.rows(self.answers_sql))

    def locked(self) -> int:
        """How often a request met it: the last line of each such traceback."""
        found = self.log.read_text(errors="replace")
        return len(re.findall(r"^(?:django|sqlalchemy)\S*Error: .*database is locked", found, re.M))

    def missing(self) -> int:
        """How many acknowledged answers it no longer has."""
        there = {key for (key,) in self.rows(self.keys_sql)}
        return sum(key not in there for key in self.saved)

    def megabytes(self) -> float:
        return float(subprocess.check_output(["du", "-sm", self.venv], text=True).split()[0])

    def version(self, package: str) -> str:
        ask = f"import importlib.metadata as m; print(m.version({package!r}))"
        python = str(self.venv / "bin" / "python")
        return subprocess.check_output([python, "-c", ask], text=True).strip()

    @abstractmethod
    def fill(self, clips: list[Clip]) -> None: ...

    @abstractmethod
    def sign_up(self, number: int) -> dict[str, str]: ...

    @abstractmethod
    def next(self, me: dict[str, str]) -> Any: ...

    @abstractmethod
    def save(self, me: dict[str, str], task: Any, value: str) -> Any:
        """Status, and the key that the server knows the answer by."""


class Ours(Side):
    name, page = "ours", "/annotate"
    answers_sql = (
        "SELECT count(*) FROM answer JOIN assignment ON assignment.id = assignment_id "
        "GROUP BY clip_id"
    )
    keys_sql = "SELECT client_uuid FROM answer"

    def __init__(self, folder: Path, installed: bool) -> None:
        super().__init__(folder)
        sounding = [str(self.venv / "bin" / "sounding")]
        if installed:
            sounding = [sys.executable, "-c", "from app.cli import main; main()"]
        self.command = [*sounding, "serve", "--workspace", str(self.data), "--port", str(self.port)]
        self.workspace = open_workspace(self.data, create=True)
        self.database = self.workspace.database

    def fill(self, clips: list[Clip]) -> None:
        with closing(open_database(self.workspace)) as database:
            for start in range(0, len(clips), AT_ONCE):
                add_rows(database, clips[start : start + AT_ONCE], [], everything)

    def sign_up(self, number: int) -> dict[str, str]:
        body = {"name": f"person {number}", "batch": ALL_CLIPS}
        return {"Cookie": self.ask("POST", "/api/session", {}, body)[2].split(";")[0]}

    def next(self, me: dict[str, str]) -> Any:
        status, text, _ = self.ask("POST", "/api/claim", me, {"count": 1})
        return status, (json.loads(text)["clips"] or [None])[0] if status == 200 else None

    def save(self, me: dict[str, str], task: Any, value: str) -> Any:
        body = {"client_uuid": str(uuid.uuid4()), "assignment": task["assignment"], "plays": 1}
        body |= {"clip_id": task["clip"]["clip_id"], "value": value, "heard": True}
        return self.ask("POST", "/api/answers", me, body)[0], body["client_uuid"]


class LabelStudio(Side):
    name, page = "Label Studio", "/user/login/"
    answers_sql = "SELECT count(*) FROM task_completion WHERE NOT was_cancelled GROUP BY task_id"
    keys_sql = "SELECT id FROM task_completion"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.data.mkdir()
        self.database, token = self.data / "label_studio.sqlite3", secrets.token_hex(20)
        self.env |= {"LABEL_STUDIO_BASE_DATA_DIR": str(self.data), "SENTRY_DSN": ""}
        self.env |= {"COLLECT_ANALYTICS": "0", "LATEST_VERSION_CHECK": "0"}
        self.command = [str(self.venv / "bin" / "label-studio"), "start", "--no-browser"]
        self.command += ["--internal-host", "127.0.0.1", "--port", str(self.port)]
        self.command += ["--username", "lead@studio.local", "--password", secrets.token_hex(8)]
        self.command += ["--user-token", token, "--enable-legacy-api-token"]
        self.lead = {"Authorization": f"Token {token}"}

    def fill(self, clips: list[Clip]) -> None:
        project = {"title": "clips", "label_config": CONFIG, "maximum_annotations": 3}
        made = self.ask("POST", "/api/projects", self.lead, project)
        self.project = f"/api/projects/{json.loads(made[1])['id']}"
        tasks = [{"data": {"text": clip.narration, "clip_id": clip.clip_id}} for clip in clips]
        status, text, _ = self.ask("POST", f"{self.project}/import", self.lead, tasks)
        if status != 201 or json.loads(text)["task_count"] != len(clips):
            raise RuntimeError(f"import: {status} {text[:300]!r}")

    def sign_up(self, number: int) -> dict[str, str]:
        jar, at = CookieJar(), f"http://127.0.0.1:{self.port}"
        browser = build_opener(HTTPCookieProcessor(jar))
        browser.open(f"{at}/user/signup/").read()
        form = {"email": f"person{number}@studio.local", "password": secrets.token_hex(8)}
        form["csrfmiddlewaretoken"] = next(c.value or "" for c in jar if c.name == "csrftoken")
        browser.open(f"{at}/user/signup/", urlencode(form).encode()).read()
        token = json.loads(browser.open(f"{at}/api/current-user/token").read())["token"]
        return {"Authorization": f"Token {token}"}

    def next(self, me: dict[str, str]) -> Any:
        status, text, _ = self.ask("GET", f"{self.project}/next", me)
        return (200, None) if status == 404 else (status, status == 200 and json.loads(text)["id"])

    def save(self, me: dict[str, str], task: Any, value: str) -> Any:
        choice = {"from_name": "c", "to_name": "t", "type": "choices"}
        body = {"result": [choice | {"value": {"choices": [value]}}], "lead_time": 1}
        status, text, _ = self.ask("POST", f"/api/tasks/{task}/annotations", me, body)
        return status, json.loads(text)["id"] if status == 201 else None

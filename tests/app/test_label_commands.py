"""`sounding labels export|import|backup|restore|check` as commands: codes, words, locks."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.context import open_database
from app.services.backups import backup_labels, check_labels, restore_labels
from app.services.label_export import ExportRequest, export_labels
from app.workspace import Workspace, hold_studio_lock
from db.backup import inspect_backup
from db.labelling import create_batch
from db.people import ensure_person
from mc3core.errors import InputError, RunError
from tests.app.conftest import ROOT, Sounding
from tests.app.workspaces import make_workspace
from tests.db.conftest import postgres

__all__ = ["postgres"]  # a fixture


@pytest.fixture
def labelled(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "workspace", 16, media=0)


def people_of(workspace: Workspace) -> int:
    with closing(sqlite3.connect(workspace.database)) as database:
        return database.execute("SELECT count(*) FROM person").fetchone()[0]


def test_out_in_and_checked(sounding: Sounding, labelled: Workspace, tmp_path: Path) -> None:
    root, file = labelled.root, tmp_path / "labels.csv"
    out = sounding("labels", "export", "-w", root, "--to", file, "--json")
    assert out.json["clips"] == 16
    again = sounding("labels", "export", "-w", root, "--to", file)
    assert again.code == 2 and "--force" in again.err
    back = sounding("labels", "import", file, "-w", root)
    assert back.code == 0
    assert "were here already" in back.out
    file.write_text("clip_id,person,value\nnobody,Ada,yes\n")
    wrong = sounding("labels", "import", file, "-w", root, "--json")
    assert (wrong.code, wrong.out) == (2, "")
    assert f"{file}, row 2: there is no clip nobody" in wrong.err
    sound = sounding("labels", "check", "-w", root, "--json").json
    assert sound["sound"] and sound["findings"] == []


def test_check_names_what_is_broken_and_ends_with_1(
    sounding: Sounding, labelled: Workspace
) -> None:
    with closing(sqlite3.connect(labelled.database)) as database:
        database.execute("UPDATE batch SET slots_per_clip = 2")
        database.commit()
    done = sounding("labels", "check", "-w", labelled.root)
    assert done.code == 1
    assert "Broken: no clip counts more answers than it needs" in done.err
    assert ": 3 of 2" in done.err


def test_a_backup_comes_back_and_what_it_replaced_is_kept(
    sounding: Sounding, labelled: Workspace, tmp_path: Path
) -> None:
    root, file = labelled.root, tmp_path / "labels.db"
    assert sounding("labels", "backup", "-w", root, "--to", file).code == 0
    refused = sounding("labels", "backup", "-w", root, "--to", file)
    assert refused.code == 2 and "--force" in refused.err
    with closing(open_database(labelled)) as database, database.write() as session:
        ensure_person(session, "Later")
    done = sounding("labels", "restore", file, "-w", root, "--json")
    assert people_of(labelled) == 3
    kept = Path(done.json["kept"])
    assert kept.parent == root and kept.name.startswith("sounding.db.before-restore-")
    with closing(sqlite3.connect(kept)) as database:
        assert database.execute("SELECT count(*) FROM person").fetchone()[0] == 4
    assert sounding("labels", "check", "-w", root).code == 0


def test_restore_waits_for_nobody(labelled: Workspace, sounding: Sounding, tmp_path: Path) -> None:
    file = tmp_path / "labels.db"
    assert sounding("labels", "backup", "-w", labelled.root, "--to", file).code == 0
    before = labelled.database.read_bytes()
    with hold_studio_lock(labelled, "127.0.0.1", 7860), pytest.raises(InputError, match="7860"):
        restore_labels(labelled, file)
    with closing(open_database(labelled)) as database, database.read() as session:
        create_batch(session, "unfinished")  # somebody has it open
        with pytest.raises(RunError, match="Another command"):
            restore_labels(labelled, file)
    file.write_text("no database")
    with pytest.raises(InputError, match="no backup"):
        restore_labels(labelled, file)
    assert labelled.database.read_bytes() == before
    assert not list(labelled.root.glob("*before-restore*"))


def test_a_damaged_database_is_what_one_restores(
    labelled: Workspace, sounding: Sounding, tmp_path: Path
) -> None:
    file = tmp_path / "labels.db"
    assert sounding("labels", "backup", "-w", labelled.root, "--to", file).code == 0
    labelled.database.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert sounding("labels", "check", "-w", labelled.root).code == 1
    report = restore_labels(labelled, file)
    assert report.kept is not None and Path(report.kept).read_bytes()[:20].endswith(b"\xff")
    assert people_of(labelled) == 3


def test_labels_move_to_postgresql_and_back(
    labelled: Workspace, postgres: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with closing(open_database(labelled)) as database:
        backup_labels(database, tmp_path / "a.db")
        export_labels(database, ExportRequest(tmp_path / "a.csv"))
    postgres.psql("CREATE DATABASE moved;")
    monkeypatch.setenv("DATABASE_URL", postgres.get_uri("moved"))
    report = restore_labels(labelled, tmp_path / "a.db")
    assert report.kept is not None
    assert inspect_backup(Path(report.kept)) == report.revision
    with closing(open_database(labelled)) as database:
        assert database.dialect == "postgresql"
        assert check_labels(database).findings == ()
        export_labels(database, ExportRequest(tmp_path / "b.csv"))
        backup_labels(database, tmp_path / "b.db")
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()
    monkeypatch.delenv("DATABASE_URL")
    restore_labels(labelled, tmp_path / "b.db")
    with closing(open_database(labelled)) as database:
        export_labels(database, ExportRequest(tmp_path / "c.csv"))
    assert (tmp_path / "c.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()


def test_a_backup_that_is_killed_leaves_no_file(labelled: Workspace, tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "import db.backup\n"
        "db.backup.inspect_backup = lambda path: os._exit(9)\n"
        f"sys.argv = ['sounding', 'labels', 'backup', '-w', {str(labelled.root)!r}, "
        f"'--to', {str(tmp_path / 'b.db')!r}]\n"
        "from app.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert not (tmp_path / "b.db").exists()

"""Opening a database: what is refused, and how; what survives."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from db.clips import add_clips, count_clips
from db.engine import Database, DatabaseError
from db.filesystem import network_file_system
from db.records import ClipRecord

MOUNTS = """overlay / overlay rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sda1 /home/local\\040disk ext4 rw 0 0
//nas/share /mnt/nas cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ana/workspace", "nfs4"),
        ("/home/local disk/workspace", None),
        ("/homework", None),
        ("/mnt/nas", "cifs"),
        ("/srv", None),
    ],
)
def test_a_network_file_system_is_recognised_by_the_longest_mount(
    path: str, kind: str | None
) -> None:
    assert network_file_system(Path(path), MOUNTS) == kind


def test_a_workspace_on_a_network_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_nfs(_: Path) -> str:
        return "nfs4"

    monkeypatch.setattr("db.engine.network_file_system", on_nfs)
    with pytest.raises(DatabaseError, match=r"nfs4.*local disk.*DATABASE_URL"):
        Database.open(tmp_path / "sounding.db")
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_a_newer_version_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "sounding.db"
    Database.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(DatabaseError, match=r"9999.*newer version"):
        Database.open(path)


@pytest.mark.parametrize("content", [b"not a database at all, but long enough" * 40, b"short"])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sounding.db"
    path.write_bytes(content)
    with pytest.raises(DatabaseError, match=r"sounding\.db.*not a database"):
        Database.open(path)
    assert path.read_bytes() == content


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="absent is not a folder"):
        Database.open(tmp_path / "absent" / "sounding.db")


def test_a_read_only_place_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:  # root may write anywhere, so the question itself is answered for it

        def refused(*_: object) -> bool:
            return False

        monkeypatch.setattr("db.engine.os.access", refused)
    else:
        tmp_path.chmod(0o500)
    with pytest.raises(DatabaseError, match="read-only"):
        Database.open(tmp_path / "sounding.db")


def test_postgres_that_does_not_answer_is_named() -> None:
    with pytest.raises(DatabaseError, match="PostgreSQL"):
        Database.open("postgresql://nobody@127.0.0.1:1/none")


def test_a_write_that_fails_changes_nothing(database: Database, clips: list[str]) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.execute(text("DELETE FROM clip"))
        raise ZeroDivisionError
    with database.read() as session:
        assert count_clips(session) == len(clips)


def test_writes_of_another_process_wait_their_turn(tmp_path: Path) -> None:
    """Four processes add clips in small transactions; none is refused, nothing is lost."""
    path = tmp_path / "sounding.db"
    Database.open(path).close()
    code = (
        "import sys\n"
        "from db.engine import Database\n"
        "from db.clips import add_clips\n"
        "from db.records import ClipRecord\n"
        "path, start = sys.argv[1], int(sys.argv[2])\n"
        "database = Database.open(path)\n"
        "for n in range(start, start + 25):\n"
        "    what = (f'{n:016x}', 'v', 'a', 's', 'n', 0., 0., 1.5, 'test', None, None, ())\n"
        "    row = ClipRecord(*what)\n"
        "    with database.write() as session: add_clips(session, [row])\n"
    )
    commands = [[sys.executable, "-c", code, str(path), str(1000 * n)] for n in range(4)]
    running = [subprocess.Popen(command) for command in commands]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    database = Database.open(path)
    with database.read() as session:
        assert count_clips(session) == 100
    database.close()


def test_an_answered_write_survives_the_death_of_its_process(tmp_path: Path) -> None:
    path = tmp_path / "sounding.db"
    code = (
        "import os, signal, sys\n"
        "from db.engine import Database\n"
        "from db.people import ensure_person\n"
        "database = Database.open(sys.argv[1])\n"
        "with database.write() as session: ensure_person(session, 'kept')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert killed.returncode == -9
    database = Database.open(path)
    with database.read() as session:
        assert session.execute(text("SELECT name FROM person")).scalar() == "kept"
    database.close()


def test_text_that_no_database_can_hold_is_kept_as_far_as_it_goes(database: Database) -> None:
    odd = ClipRecord(
        "0" * 16,
        "../..\ud800",
        "a\0b",
        "s",
        "<b>\udfff🔪" * 3,
        0.0,
        0.0,
        1.5,
        "test",
        None,
        None,
        (),
    )
    with database.write() as session:
        add_clips(session, [odd])
    with database.read() as session:
        assert count_clips(session) == 1

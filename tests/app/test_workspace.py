"""Opening a workspace: what is refused, and what the refusal says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import app.workspace
from app.workspace import FORMAT, hold_studio_lock, open_workspace, refuse_second_studio
from mc3core.errors import InputError
from tests.app.conftest import ROOT, Sounding

NOBODY = 65534


def test_a_new_workspace_says_its_format_and_opens_again(tmp_path: Path) -> None:
    made = open_workspace(tmp_path / "a" / "b", create=True)
    assert json.loads((made.root / "workspace.json").read_text()) == {"format": FORMAT}
    assert open_workspace(made.root) == made
    assert made.media.is_dir()


def test_no_workspace_names_the_commands_that_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="sounding ingest"):
        open_workspace(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(InputError, match="holds other files"):
        open_workspace(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file"):
        open_workspace(tmp_path / "file", create=True)


def test_a_newer_format_is_refused_by_every_command(sounding: Sounding, tmp_path: Path) -> None:
    (tmp_path / "workspace.json").write_text('{"format": 99}')
    for words in (("serve",), ("train",), ("labels", "stats"), ("embed", "--run", "x")):
        done = sounding(*words, "-w", tmp_path)
        assert done.code == 2
        assert "newer version" in done.err
        assert "99" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["workspace.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "x"}', "{}"])
def test_a_damaged_marker_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "workspace.json").write_text(text)
    with pytest.raises(InputError, match=r"workspace\.json"):
        open_workspace(tmp_path)


def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    open_workspace(tmp_path / "w", create=True)
    (tmp_path / "w").chmod(0o555)
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from app.workspace import open_workspace\n"
        f"if os.getuid() == 0: os.setuid({NOBODY})\n"
        "try: open_workspace(Path(sys.argv[1]))\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    for folder in (tmp_path, *tmp_path.parents):  # nobody must reach it at all
        if os.getuid() == 0 and folder.is_relative_to("/tmp/pytest-of-root"):  # noqa: S108
            folder.chmod(folder.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "w")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    (tmp_path / "w").chmod(0o755)
    assert done.stdout.startswith("InputError"), done.stdout + done.stderr
    assert "cannot be written" in done.stdout


def test_a_network_file_system_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nfs(_: Path) -> str:
        return "nfs4"

    monkeypatch.setattr(app.workspace, "network_file_system", nfs)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(InputError, match=r"nfs4.*local disk"):
        open_workspace(tmp_path / "w", create=True)
    assert not (tmp_path / "w").exists()
    monkeypatch.setenv("DATABASE_URL", "postgresql://host/labels")
    assert open_workspace(tmp_path / "w", create=True).root.exists()


def test_a_second_studio_is_refused_naming_the_first(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "w", create=True)
    with hold_studio_lock(workspace, "127.0.0.1", 7999):
        with pytest.raises(InputError, match=rf"http://127\.0\.0\.1:7999 \(process {os.getpid()}"):
            refuse_second_studio(workspace)
        with (
            pytest.raises(InputError, match="already serves"),
            hold_studio_lock(workspace, "127.0.0.1", 8000),
        ):
            pass
    refuse_second_studio(workspace)

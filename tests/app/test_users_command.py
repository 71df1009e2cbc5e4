"""`sounding users`, and what `serve` asks for before it lets other machines in."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.workspace import open_workspace
from tests.app.conftest import ROOT, Sounding

PASSWORD = "correct horse battery"  # noqa: S105


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Empty: accounts need no clips."""
    return open_workspace(tmp_path / "workspace", create=True).root


def add(workspace: Path, name: str, role: str, password: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "app.cli", "users", "add", name, "--role", role),
            *("--password-stdin", "-w", str(workspace)),
        ],
        cwd=ROOT,
        input=password,
        capture_output=True,
        text=True,
        check=False,
    )


def test_accounts_from_the_first_admin_to_the_last_removal(
    workspace: Path, sounding: Sounding
) -> None:
    listed = sounding("users", "list", "-w", workspace, "--json").json
    assert listed == {"accounts": False, "users": [], "invitations": []}
    added = add(workspace, "Ada", "admin", PASSWORD + "\n")
    assert (added.returncode, added.stdout) == (0, "Ada may sign in as admin.\n")
    assert PASSWORD not in added.stdout + added.stderr

    at = ("--at", "https://lab.example/sounding/")
    asked = sounding("users", "add", "Ana", "-w", workspace, "--days", "2", *at, "--json").json
    assert asked["invitation"].startswith("https://lab.example/sounding/join#")
    made = sounding("users", "invite", "--role", "lead", "-w", workspace)
    assert "http://127.0.0.1:7860/join#" in made.out

    listed = sounding("users", "list", "-w", workspace, "--json").json
    assert listed["accounts"]
    assert [(one["name"], one["role"], one["password"]) for one in listed["users"]] == [
        ("Ada", "admin", True),
        ("Ana", "annotator", False),
    ]
    assert [one["name"] for one in listed["invitations"]] == ["Ana", None]
    shown = sounding("users", "list", "-w", workspace).out
    assert "no password" in shown and "(anybody with the link)" in shown

    changed = sounding("users", "role", "ana", "--role", "lead", "-w", workspace, "--json").json
    assert (changed["role"], changed["was"]) == ("lead", "annotator")
    gone = sounding("users", "remove", "Ada", "-w", workspace)
    assert gone.code == 0
    assert "nobody needs one" in gone.err  # and nobody beyond this machine gets in
    assert sounding("users", "list", "-w", workspace, "--json").json["accounts"] is False


def test_what_cannot_be_is_refused_with_the_way_on(workspace: Path, sounding: Sounding) -> None:
    for name, password, sentence in (
        ("Ana", "short", "at least 10 characters"),
        ("Ana", "", "at least 10 characters"),
        ("   ", PASSWORD, "Type a name"),
        ("x" * 61, PASSWORD, "at most 60"),
    ):
        refused = add(workspace, name, "lead", password)
        assert (refused.returncode, sentence in refused.stderr) == (2, True), refused.stderr
    assert add(workspace, "Ana", "lead", PASSWORD).returncode == 0
    twice = add(workspace, "ANA", "admin", PASSWORD)
    assert twice.returncode == 2 and "sounding users role" in twice.stderr
    assert add(workspace, "Bo", "emperor", PASSWORD).returncode == 2
    nobody = sounding("users", "remove", "Nobody", "-w", workspace)
    assert nobody.code == 2 and "users list" in nobody.err


@pytest.mark.parametrize("words", [("add",), ("list",), ("role",), ("remove",), ("invite",)])
def test_each_command_has_an_example(words: tuple[str, ...], sounding: Sounding) -> None:
    assert "Example: " in sounding("users", *words, "--help").out.replace("\n", " ")


def test_a_name_that_turns_the_line_around_does_not(workspace: Path, sounding: Sounding) -> None:
    assert add(workspace, "\u202enimda", "annotator", PASSWORD).returncode == 0
    assert "\\u202enimda" in sounding("users", "list", "-w", workspace).out


def test_serving_to_others_asks_for_accounts_then_for_tls(
    workspace: Path, sounding: Sounding
) -> None:
    public = ("--behind-tls", "https://lab.example/sounding")
    for words in (("--host", "0.0.0.0"), public):  # noqa: S104
        refused = sounding("serve", "-w", workspace, *words)
        assert refused.code == 2
        assert "sounding users add" in refused.err
    assert add(workspace, "Ada", "admin", PASSWORD).returncode == 0
    plain = sounding("serve", "-w", workspace, "--host", "0.0.0.0")  # noqa: S104
    assert plain.code == 2
    assert "--behind-tls https://" in plain.err
    odd = sounding("serve", "-w", workspace, "--behind-tls", "http://lab.example")
    assert odd.code == 2 and "https://" in odd.err

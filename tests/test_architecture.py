"""The borders of the house: who may import whom, what stays lazy, no file a drawer."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("mc3core", "annotation", "db", "app")

STUDIO_ONLY = {"gradio", "sqlalchemy", "alembic", "plotly", "fastapi", "typer", "pandas"}
# What each package may never import, at any depth and even lazily.
FORBIDDEN: dict[str, set[str]] = {
    "mc3core": {"app", "db", "annotation", *STUDIO_ONLY, "umap"},
    "annotation": {"app", "db", "mc3core", "torch", "transformers", "av", *STUDIO_ONLY},
    "db": {
        "app",
        "mc3core",
        "torch",
        "transformers",
        "av",
        *(STUDIO_ONLY - {"sqlalchemy", "alembic"}),
    },
    "app": {"torch", "transformers"},
}
# Inside app: pages draw, services know; nothing points back up.
FORBIDDEN_IN_APP: dict[str, set[str]] = {
    "app/services": {"app.pages", "app.api", "app.server", "gradio", "fastapi"},
    "app/api": {"app.pages", "gradio"},
    "app/pages": {"db", "mc3core", "annotation", "sqlalchemy"},
}
# Dependencies that cost seconds: imported inside the function that needs them, never at the top of
# a module that the command line or the label-only server loads.
HEAVY = {"torch", "transformers", "sklearn", "scipy", "umap", "numba", "gradio", "av", "pandas"}
LIGHT_MODULES = (
    "mc3core",
    "mc3core.config",
    "mc3core.data.clips",
    "mc3core.methods.registry",
    "mc3core.training.run_dir",
    "annotation.labels",
    "app.cli",
)
DRAWERS = {"utils.py", "helpers.py", "common.py", "misc.py"}
LONGEST_FILE = 400


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively; write the whole name"
            yield node.lineno, node.module or ""
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def crossings(path: Path, forbidden: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for line, name in imports(path)
        if any(name == banned or name.startswith(f"{banned}.") for banned in forbidden)
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_package_imports_across_a_border(package: str) -> None:
    found = [line for path in modules(package) for line in crossings(path, FORBIDDEN[package])]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", FORBIDDEN_IN_APP)
def test_pages_call_services_and_services_know_no_page(folder: str) -> None:
    found = [line for path in modules(folder) for line in crossings(path, FORBIDDEN_IN_APP[folder])]
    assert not found, "\n".join(found)


def test_gradio_is_imported_only_by_pages_and_the_server_that_mounts_them() -> None:
    allowed = {ROOT / "app/server.py", *modules("app/pages")}
    found = [
        line
        for path in modules("app")
        if path not in allowed
        for line in crossings(path, {"gradio"})
    ]
    assert not found, "\n".join(found)


def test_db_takes_records_and_the_pure_protocol_from_annotation() -> None:
    protocol = tuple(
        f"annotation.{name}"
        for name in (
            *("labels", "label_rows", "voting", "assignment", "protocol"),
            *("checks", "exams", "shares"),
        )
    )
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules("db")
        for line, name in imports(path)
        if name.startswith("annotation.") and not name.startswith(protocol)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("module", LIGHT_MODULES)
def test_light_modules_load_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({HEAVY!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_no_file_is_a_drawer_or_has_more_than_one_idea() -> None:
    paths = [path for package in PACKAGES for path in modules(package)]
    assert not [path for path in paths if path.name in DRAWERS]
    long = {
        str(p.relative_to(ROOT)): n
        for p in paths
        if (n := len(p.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long


def test_the_top_level_holds_what_the_design_names() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    if not tracked:
        pytest.skip("not a git checkout")
    top = {line.split("/")[0] for line in tracked.splitlines()}
    named = {
        "pyproject.toml",
        "README.md",
        *PACKAGES,
        "tests",
        "assets",
        "Makefile",
        "LICENSE",
        "constraints.txt",
    }
    assert {name for name in top if not name.startswith(".")} <= named

"""The library alone is a wheel: mc3core without the studio; an extra brings that."""

import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STUDIO = ("gradio", "sqlalchemy", "plotly", "fastapi", "umap", "typer", "pandas")
WITHOUT_THE_STUDIO = f"""
import sys
for name in {STUDIO!r}:
    sys.modules[name] = None
import mc3core, mc3core.training.trainer, mc3core.evaluation.report, mc3core.data.ingest
print(mc3core.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = ["pip", "wheel", "--no-deps", "--no-build-isolation", "-q", "-w", str(out), str(ROOT)]
    subprocess.run([sys.executable, "-m", *command], check=True)
    (made,) = out.glob("*.whl")
    return made


def test_its_requirements_bring_no_studio_and_its_extra_does(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    needs = metadata.get_all("Requires-Dist") or []
    always = " ".join(need for need in needs if "extra ==" not in need).lower()
    studio = " ".join(need for need in needs if "extra == 'studio'" in need).lower()
    assert "torch" in always
    assert not [name for name in (*STUDIO, "alembic", "uvicorn") if name in always]
    assert all(name in studio for name in ("gradio", "sqlalchemy", "plotly", "alembic", "uvicorn"))


def test_it_holds_the_code_the_static_files_and_the_run_but_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {
        "mc3core", "annotation", "db", "app",
    }  # fmt: skip
    for name in (
        "app/static/map.js", "app/demo_run/config.json", "app/results/table2.json",
        "app/results/table3.json", "app/guidelines/guideline.txt", "db/migrations/env.py",
    ):  # fmt: skip
        assert name in names


def test_the_library_works_from_it_where_the_studio_is_absent(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_STUDIO],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "mc3core" / "__init__.py")

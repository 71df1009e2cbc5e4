"""A studio of our own routes with accounts, without Gradio's seconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.context import AppContext
from tests.app.accounts import fill, opened
from tests.app.people.studio import bare


@pytest.fixture
def context(tmp_path: Path) -> Iterator[AppContext]:
    with opened(tmp_path / "workspace") as found:
        yield found


@pytest.fixture
def app(context: AppContext) -> FastAPI:
    """Our own routes, without Gradio's seconds."""
    fill(context)
    return bare(context)

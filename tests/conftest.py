"""What tests of several packages share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that may not be copied here: SOUNDING_SHARED_DATA, or shared/data beside the
    repository; without it the test is skipped."""
    stated = os.environ.get("SOUNDING_SHARED_DATA")
    folder = Path(stated) if stated else Path(__file__).parents[2] / "shared" / "data"
    if not (folder / "real_clips").is_dir():
        pytest.skip(f"no real data: {folder} is not there (set SOUNDING_SHARED_DATA)")
    return folder

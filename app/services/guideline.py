"""The guideline that every workspace begins with."""

from functools import lru_cache
from pathlib import Path

import app
from db.check_records import GuidelineRecord
from db.engine import Database
from db.guidelines import install_guideline, present_guideline

HOME = Path(app.__file__).resolve().parent
# In a checkout it lies under assets/, in an installed wheel beside this package's code.
SHIPPED = (HOME.parent / "assets" / "guidelines", HOME / "guidelines")
NAME = "guideline.txt"


@lru_cache(maxsize=1)
def shipped_guideline() -> str:
    """The text that ships with the source."""
    path = next(folder / NAME for folder in SHIPPED if (folder / NAME).exists())
    return path.read_text(encoding="utf-8").strip()


def guideline_of(database: Database) -> GuidelineRecord:
    """The present version; the first reader of a new workspace installs version 1."""
    with database.read() as session:
        found = present_guideline(session)
    if found is None:
        with database.write() as session:
            install_guideline(session, shipped_guideline())
            found = present_guideline(session)
    assert found is not None
    return found

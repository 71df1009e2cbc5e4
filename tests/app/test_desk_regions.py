"""A batch in proportion over the regions of the newest map."""

from pathlib import Path

from app.services.atlas import Atlases
from app.services.desk_regions import regions
from tests.app.test_map_routes import lay_out
from tests.app.workspaces import make_workspace


def test_every_clip_on_the_map_has_its_region(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w", 48, media=0)
    lay_out(workspace, "joint")
    found = regions(workspace, Atlases(workspace))
    assert len(found) == 48 and 2 <= len(set(found.values())) <= 20

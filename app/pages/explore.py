"""*Explore*: the map, the clip that plays, and the clusters with their examples."""

from app.context import AppContext
from app.pages.component import mount_module


def build(_context: AppContext) -> None:
    """The tab; points, colours and clusters come from `/api/map`."""
    mount_module("explore.js", "page-explore")

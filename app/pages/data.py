"""*Data*: videos, clips, what was dropped and why, and the way in for one's own."""

from app.context import AppContext
from app.pages.component import mount_module


def build(context: AppContext) -> None:
    """The tab; its tables come page by page from `/api/clips`, `/api/videos`, `/api/dropped`."""
    mount_module("data.js", "page-data", {"workspace": str(context.workspace.root)})

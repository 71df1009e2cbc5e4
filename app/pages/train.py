"""*Train*: presets, a few fields, runs with their state, live curves."""

from app.context import AppContext
from app.pages.component import mount_module


def build(context: AppContext) -> None:
    """The tab; runs come from `/api/runs`, curve points from `/api/runs/{run}/metrics`."""
    mount_module("train.js", "page-train", {"workspace": str(context.workspace.root)})

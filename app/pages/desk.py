"""*Desk*: batches, people, agreement, adjudication, voiding, and who did what."""

from app.context import AppContext
from app.pages.component import mount_module


def build(_context: AppContext) -> None:
    """The tab; all of it comes from `/api/desk`."""
    mount_module("desk.js", "page-desk")

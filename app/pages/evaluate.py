"""*Evaluate*: scores against labels, with curves, intervals and the clips behind them."""

from app.context import AppContext
from app.pages.component import mount_module


def build(_context: AppContext) -> None:
    """The tab; reports come from `/api/evaluation`."""
    mount_module("evaluate.js", "page-evaluate")

"""The demo workspace."""
from app.context import AppContext


def start_building(context: AppContext) -> None:
    """Go on building."""

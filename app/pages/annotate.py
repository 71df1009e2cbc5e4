"""*Annotate*: hear a clip, answer by one key. Its script never speaks to Gradio."""

from app.context import AppContext
from app.pages.component import mount_module


def build(context: AppContext) -> None:
    """The tab; the same component stands alone at `/annotate`."""
    mount_module("annotate.js", "page-annotate", {"standalone": False})

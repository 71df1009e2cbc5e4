"""The frame of the studio: header, tabs, theme. Pages fill the tabs."""

from collections.abc import Callable

import gradio as gr
from fastapi import FastAPI
from gradio.themes import Base

from app.api.preload import Preload
from app.api.static import static_url, stylesheets
from app.context import AppContext
from app.pages import annotate, data, desk, evaluate, explore, train
from app.pages.component import mount_module
from app.services.demo import about

SYSTEM_FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
SYSTEM_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")

# Annotate stands first, so Gradio draws it whichever tab is wanted.
FIRST_MODULES = ("shell.js", "header.js", "annotate.js")
TABS: tuple[tuple[str, Callable[[AppContext], None]], ...] = (
    ("Annotate", annotate.build),
    ("Data", data.build),
    ("Desk", desk.build),
    ("Explore", explore.build),
    ("Train", train.build),
    ("Evaluate", evaluate.build),
)


def mount_shell(app: FastAPI, context: AppContext) -> FastAPI:
    """Mount the Gradio studio at "/", after every route of ours."""
    app.add_middleware(Preload, modules=FIRST_MODULES)
    return gr.mount_gradio_app(
        app,
        build(context),
        path="/",
        root_path=None if (public := context.settings.public) is None else public.url,
        theme=Base(font=SYSTEM_FONT, font_mono=SYSTEM_MONO),
        head=_head(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        max_file_size="1mb",
    )


def build(context: AppContext) -> gr.Blocks:
    """One header and one tab a page; the tab stands in the URL's hash (`shell.js`)."""
    with gr.Blocks(title="sounding", analytics_enabled=False, fill_width=True) as blocks:
        mount_module(
            "header.js",
            "studio-header",
            {"workspace": context.workspace.root.name, "about": about(context.workspace)},
        )
        with gr.Tabs(elem_id="studio-tabs"):
            for name, build_page in TABS:
                with gr.Tab(name, id=name.lower(), elem_id=f"tab-{name.lower()}"):
                    build_page(context)
    blocks.queue(default_concurrency_limit=None)
    return blocks


def _head() -> str:
    return (
        "".join(f'<link rel="stylesheet" href="{static_url(name)}">' for name in stylesheets())
        + f'<link rel="icon" href="{static_url("icon.svg")}" type="image/svg+xml">'
        + '<script type="module" src="./static/shell.js"></script>'
    )

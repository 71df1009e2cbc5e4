"""A page is one `gr.HTML` whose script is a module of ours; Gradio never touches what it draws."""

import json
from typing import Any

import gradio as gr


def mount_module(module: str, elem_id: str, options: dict[str, Any] | None = None) -> None:
    """Place a component that imports `static/<module>` and calls its `mount(element, options)`.

    The template is constant: a value that changes would rebuild the DOM and lose zoom and players.
    The address is named from the page's own: the studio may stand under a sub-path.
    """
    gr.HTML(
        html_template=f'<div class="page" id="{elem_id}"></div>',
        js_on_load=(
            f"import(new URL('static/{module}', document.baseURI)).then("
            f"(page) => page.mount(element.querySelector('.page'), {json.dumps(options or {})}))"
            ".catch((error) => { element.querySelector('.page').textContent = "
            "'This page could not start: ' + error; });"
        ),
        apply_default_css=False,
        container=False,
        padding=False,
    )

"""`/annotate`: the labelling component alone, without Gradio, for people who see nothing else."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.api.static import modules_of, static_url

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>sounding: annotate</title>
<link rel="icon" href="{icon}" type="image/svg+xml">
<link rel="stylesheet" href="{studio}">
<link rel="stylesheet" href="{annotate}">
<link rel="stylesheet" href="{screens}">
{modules}
<script type="module" src="./static/annotate_page.js"></script>
</head>
<body class="an-alone"><main class="page" id="annotate"></main>
<noscript>The studio needs JavaScript.</noscript></body>
</html>
"""


def router() -> APIRouter:
    api = APIRouter()

    @api.get("/annotate", response_class=HTMLResponse)
    def page() -> HTMLResponse:
        return HTMLResponse(
            _PAGE.format(
                icon=static_url("icon.svg"),
                studio=static_url("studio.css"),
                annotate=static_url("annotate.css"),
                screens=static_url("annotate_screens.css"),
                modules="\n".join(
                    f'<link rel="modulepreload" href="./static/{name}">'
                    for name in modules_of("annotate_page.js")
                ),
            )
        )

    return api

"""Pages without Gradio, each one module: signing in, joining by an invitation, one's account."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access import look
from app.api.static import modules_of, static_url
from app.context import AppContext

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>sounding: {title}</title>
<link rel="icon" href="{icon}" type="image/svg+xml">
<link rel="stylesheet" href="{studio}">
<link rel="stylesheet" href="{door}">
{modules}
<script type="module" src="./static/{module}"></script>
</head>
<body class="door"><main class="page" id="door"></main>
<noscript>The studio needs JavaScript.</noscript></body>
</html>
"""


def router(context: AppContext) -> APIRouter:
    api = APIRouter()

    @api.get("/signin", response_class=HTMLResponse)
    def sign_in(request: Request) -> Response:
        asker = look(request, context.database, context.settings.public is not None)
        if not asker.accounts:
            return RedirectResponse(f"{context.settings.base}/", 303)
        return _page("sign in", "signin.js")

    @api.get("/join", response_class=HTMLResponse)
    def join() -> Response:
        return _page("join", "join.js")

    @api.get("/account", response_class=HTMLResponse)
    def account() -> Response:
        return _page("account", "account.js")

    return api


def nothing() -> APIRouter:
    """The end of our own paths, after every route of ours: what is none of them is not Gradio's,
    whose pages and files stand under whatever path is left."""
    api = APIRouter()

    def refuse() -> None:
        raise HTTPException(404, "Not found.")

    every = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    for first in ("api", "media", "poster", "annotate", "signin", "join", "account"):
        for path in (f"/{first}", f"/{first}/{{rest:path}}"):
            api.add_api_route(path, refuse, methods=every)
    return api


def _page(title: str, module: str) -> HTMLResponse:
    return HTMLResponse(
        _PAGE.format(
            title=title,
            icon=static_url("icon.svg"),
            studio=static_url("studio.css"),
            door=static_url("door.css"),
            module=module,
            modules="\n".join(
                f'<link rel="modulepreload" href="./static/{name}">' for name in modules_of(module)
            ),
        ),
        headers={"Cache-Control": "no-store"},
    )

"""What the studio's page needs first, named in a header: Gradio names it only once it has started,
a second later, and one module after another."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.static import modules_of, static_url, stylesheets


class Preload:
    """ASGI middleware that adds a Link header to the page at "/"."""

    def __init__(self, app: ASGIApp, modules: tuple[str, ...]) -> None:
        styles = [f"<{static_url(name)}>; rel=preload; as=style" for name in stylesheets()]
        scripts = [f"<./static/{name}>; rel=modulepreload" for name in modules_of(*modules)]
        self._app = app
        self._link = (b"link", ", ".join([*styles, *scripts]).encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return

        async def linked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), self._link]}
            await send(message)

        await self._app(scope, receive, linked)

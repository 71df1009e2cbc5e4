"""The guard, in front of our routes and of a real Gradio application."""

from pathlib import Path

import gradio as gr
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from app.security import BODY_LIMIT, SESSION_COOKIE, guard

HOST = "127.0.0.1:7860"
HOME = f"http://{HOST}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    app = FastAPI()

    @app.get("/api/thing")
    def thing() -> dict[str, bool]:
        return {"ok": True}

    @app.post("/api/thing")
    async def change(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    @app.get("/api/cookies")
    def cookies(response: Response) -> None:
        response.set_cookie(SESSION_COOKIE, "ours")
        response.set_cookie("theirs", "no")
        response.headers["Cookie"] = "echo"

    guard(app)
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.HTML("hello")
    folder = tmp_path_factory.mktemp("allowed")
    (folder / "secret.txt").write_text("secret")
    gr.mount_gradio_app(app, blocks, path="/", allowed_paths=[str(folder)], ssr_mode=False)
    client = TestClient(app, base_url=HOME)
    client.headers["x-folder"] = str(folder)
    return client


@pytest.mark.parametrize("host", [HOST, "localhost:7860", "LOCALHOST", "[::1]:80", "127.0.0.1"])
def test_loopback_names_are_answered_whatever_the_port(client: TestClient, host: str) -> None:
    assert client.get("/api/thing", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil@127.0.0.1",
        "127.0.0.1:7860/x",
        "[::1",
        "",
        "x:y",
    ],
)
@pytest.mark.parametrize("path", ["/api/thing", "/", "/config"])
def test_any_other_name_is_refused(client: TestClient, host: str, path: str) -> None:
    assert client.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
)
def test_other_pages_cannot_change_anything(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/api/thing", headers=headers).status_code == 403
    assert client.post("/gradio_api/queue/join", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": HOME},
        {"Origin": HOME, "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
    ],
)
def test_our_own_pages_and_tools_can(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/api/thing", headers=headers).status_code == 200


def test_other_pages_may_link_here_but_not_read_or_embed(client: TestClient) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    page = client.get("/", headers=link)
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["cross-origin-resource-policy"] == "same-origin"
    embed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert client.get("/api/thing", headers=embed).status_code == 403
    read = client.get("/config", headers={"Origin": "https://evil.example"})
    assert read.status_code == 403 and "access-control-allow-origin" not in read.headers


@pytest.mark.parametrize("path", ["/api/thing", "/", "/config", "/nothing/here"])
def test_every_answer_binds_the_browser(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "default-src 'self'" in headers["content-security-policy"]


def test_scripts_from_strings_are_allowed_to_gradio_only(client: TestClient) -> None:
    assert "unsafe-eval" in client.get("/").headers["content-security-policy"]
    assert (
        "unsafe"
        not in client.get("/api/thing").headers["content-security-policy"].split("script-src")[1]
    )


@pytest.mark.parametrize("prefix", ["/gradio_api", ""])
def test_gradios_file_route_is_shut_with_its_cookie_echo(client: TestClient, prefix: str) -> None:
    folder = client.headers["x-folder"]
    for path in (Path(folder) / "secret.txt", "/etc/passwd"):
        answer = client.get(
            f"{prefix}/file={path}",
            headers={"Range": "bytes=0-3", "Cookie": f"{SESSION_COOKIE}=mine"},
        )
        assert answer.status_code == 404
        assert "mine" not in str(answer.headers) and b"secr" not in answer.content


@pytest.mark.parametrize(
    "path",
    [
        "upload",
        "proxy=http://x",
        "stream/1",
        "monitoring",
        "run-history/connect",
        "file/x",
        "login",
    ],
)
def test_gradio_routes_that_nobody_uses_are_shut(client: TestClient, path: str) -> None:
    assert client.get(f"/gradio_api/{path}").status_code == 404
    assert client.post(f"/gradio_api/{path}").status_code == 404


def test_only_our_cookie_leaves(client: TestClient) -> None:
    headers = client.get("/api/cookies").headers
    assert headers.get_list("set-cookie") == [f"{SESSION_COOKIE}=ours; Path=/; SameSite=lax"]
    assert "cookie" not in headers


def test_a_large_body_is_refused_announced_or_not(client: TestClient) -> None:
    assert client.post("/api/thing", content=b"x" * BODY_LIMIT).json() == {"bytes": BODY_LIMIT}
    assert client.post("/api/thing", content=b"x" * (BODY_LIMIT + 1)).status_code == 413
    chunks = (b"x" * 65536 for _ in range(BODY_LIMIT // 65536 + 1))
    assert client.post("/api/thing", content=chunks).status_code == 413
    assert client.post("/api/thing", headers={"Content-Length": "-1"}).status_code == 413

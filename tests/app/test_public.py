"""Behind a TLS proxy: who may speak to the port, under which name, on which sub-path."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from app.public import public_address
from app.security import SESSION_COOKIE, guard
from app.settings import Settings, check_open
from mc3core.errors import InputError
from tests.app.accounts import browser, fill, opened, sign_in
from tests.app.people.studio import bare

URL = "https://lab.example/sounding"
PROXY = "10.0.0.5"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def echo() -> FastAPI:
    """Says what a route sees of a request."""
    app = FastAPI()

    @app.api_route("/api/{rest:path}", methods=["GET", "POST"])
    def sees(request: Request) -> dict[str, object]:
        return {
            "path": request.scope["path"],
            "root_path": request.scope["root_path"],
            "url": str(request.url),
            "client": request.client.host if request.client else None,
            "headers": sorted(set(request.headers)),
        }

    guard(app, Settings(public=public_address(URL, (PROXY,))))
    return app


def ask(app: FastAPI, peer: str = PROXY, home: str = "https://lab.example") -> TestClient:
    return TestClient(app, base_url=home, client=(peer, 1), follow_redirects=False)


@pytest.mark.parametrize("peer", [PROXY, "127.0.0.1", "::1", "::ffff:10.0.0.5"])
def test_the_proxy_may_speak_with_and_without_the_sub_path(echo: FastAPI, peer: str) -> None:
    for path in ("/api/x", "/sounding/api/x"):
        seen = ask(echo, peer).get(path).json()
        assert (seen["path"], seen["root_path"]) == ("/api/x", "")
        assert seen["url"] == "https://lab.example/api/x"


@pytest.mark.parametrize("peer", ["10.0.0.6", "192.0.2.1", "2001:db8::1", "", "testclient"])
def test_plain_http_from_anybody_else_is_refused_with_the_fix(echo: FastAPI, peer: str) -> None:
    answer = ask(echo, peer).get("/api/x")
    assert answer.status_code == 403
    assert f"{URL}/" in answer.json()["detail"] and "--proxy" in answer.json()["detail"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "evil.example", "lab.example.evil"])
def test_only_the_public_name_is_answered(echo: FastAPI, host: str) -> None:
    assert ask(echo).get("/api/x", headers={"Host": host}).status_code == 421
    assert ask(echo).get("/api/x", headers={"Host": "LAB.example:443"}).status_code == 200


def test_only_the_public_origin_may_change_anything(echo: FastAPI) -> None:
    client = ask(echo)
    assert client.post("/api/x", headers={"Origin": "https://lab.example"}).status_code == 200
    for origin in ("http://lab.example", "https://lab.example:8443", "https://evil.example"):
        assert client.post("/api/x", headers={"Origin": origin}).status_code == 403
        spoofed = {"Origin": origin, "X-Forwarded-Host": origin.split("/")[-1]}
        assert client.post("/api/x", headers=spoofed).status_code == 403


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),  # the first is what a client claims
        ("2001:db8::7", "2001:db8::7"),
        ("<script>", PROXY),
        ("", PROXY),
    ],
)
def test_only_the_proxys_own_hop_is_believed(echo: FastAPI, said: str, client: str) -> None:
    headers = {
        "X-Forwarded-For": said,
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "for=6.6.6.6",
        "X-Real-IP": "6.6.6.6",
    }
    seen = ask(echo).get("/api/x", headers=headers).json()
    assert seen["client"] == client
    assert not [name for name in seen["headers"] if "forward" in name or name == "x-real-ip"]


def test_on_loopback_no_forwarding_header_is_believed() -> None:
    app = FastAPI()

    @app.get("/api/x")
    def sees(request: Request) -> dict[str, object]:
        return {"client": request.client and request.client.host, "url": str(request.url)}

    guard(app)
    headers = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https"}
    seen = browser(app).get("/api/x", headers=headers).json()
    assert seen == {"client": "127.0.0.1", "url": "http://127.0.0.1:7860/api/x"}


def test_the_bare_sub_path_leads_to_its_folder(echo: FastAPI) -> None:
    answer = ask(echo).get("/sounding")
    assert (answer.status_code, answer.headers["location"]) == (308, "/sounding/")
    assert ask(echo).get("/soundingx/api/x").status_code == 404


def test_gradios_shut_routes_stay_shut_under_the_sub_path(echo: FastAPI) -> None:
    for path in ("/sounding/gradio_api/file=/etc/passwd", "/gradio_api/upload"):
        assert ask(echo).get(path).status_code == 404


def test_the_cookie_is_secure_and_stays_on_the_sub_path(tmp_path: Path) -> None:
    settings = Settings(public=public_address(URL))
    with opened(tmp_path / "workspace", settings) as context:
        fill(context)
        app = bare(context)
        client = ask(app, "127.0.0.1", URL)
        cookie = sign_in(client, "Ana").headers["set-cookie"]
        for word in ("Secure", "HttpOnly", "SameSite=lax", "Path=/sounding"):
            assert word in cookie
        assert ask(app, "127.0.0.1").get("/annotate").headers["location"] == (
            "/sounding/signin?to=annotate"
        )


def test_no_account_left_never_opens_a_public_studio(tmp_path: Path) -> None:
    """On loopback the last password's end would let everybody in."""
    settings = Settings(public=public_address(URL))
    with opened(tmp_path / "workspace", settings) as context:
        client = ask(bare(context), "127.0.0.1")
        assert client.get("/api/users").status_code == 401
        assert client.post("/api/session", json={"name": "Eve"}).status_code == 401
        assert SESSION_COOKIE not in client.cookies


@pytest.mark.parametrize(
    "url",
    [
        "http://lab.example",
        "lab.example",
        "https://",
        "https://lab.example/?x",
        "https://lab.example/#x",
        "https://me:secret@lab.example",
        "https://lab.example/a b",
        "https://lab.example/../x",
        "https://lab.example//x",
        "https://lab.example:port",
        "https://[::1",
    ],
)
def test_odd_public_addresses_are_refused_with_an_example(url: str) -> None:
    with pytest.raises(InputError, match=r"https://lab\.example\.org"):
        public_address(url)


@pytest.mark.parametrize(
    ("url", "origin", "base"),
    [
        ("https://lab.example", "https://lab.example", ""),
        ("https://Lab.Example:443/", "https://lab.example", ""),
        ("https://lab.example:8443/a/b/", "https://lab.example:8443", "/a/b"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]", "/x"),
    ],
)
def test_public_addresses(url: str, origin: str, base: str) -> None:
    found = public_address(url)
    assert (found.origin, found.base) == (origin, base)


def test_odd_proxies_are_refused() -> None:
    with pytest.raises(InputError, match=r"10\.0\.0\.5"):
        public_address(URL, ("proxy.example",))


def test_what_opens_the_studio_to_others_needs_accounts_and_tls() -> None:
    public = public_address(URL)
    for host in ("127.0.0.1", "localhost", "::1"):
        check_open(host, None, accounts=False)
    check_open("0.0.0.0", public, accounts=True)  # noqa: S104
    with pytest.raises(InputError, match="sounding users add"):
        check_open("0.0.0.0", None, accounts=False)  # noqa: S104
    with pytest.raises(InputError, match="sounding users add"):
        check_open("127.0.0.1", public, accounts=False)
    with pytest.raises(InputError, match="--behind-tls https://"):
        check_open("192.168.1.5", None, accounts=True)


# What would leave the sub-path: an address from the root that `at` or `api` has not seen.
_FROM_THE_ROOT = re.compile(
    r"(?:fetch\(|src[:=]\s*|href[:=]\s*|poster\s*=\s*|import\(|location\.\w+\(|new EventSource\()"
    r"""\s*["'`]/(?!/)"""
)


def test_no_script_or_page_names_an_address_from_the_root() -> None:
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for folder, kinds in (("app/static", "*.js"), ("app/static", "*.css"), ("app", "**/*.py"))
        for path in sorted((ROOT / folder).glob(kinds))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _FROM_THE_ROOT.search(line) or 'src="/' in line or 'href="/' in line or "url(/" in line
    ]
    assert not found, "use at() of base.js: " + "; ".join(found)

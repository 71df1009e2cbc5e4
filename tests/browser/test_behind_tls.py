"""The studio behind a TLS proxy, under a sub-path, 250 ms away: sign in, label, map, train."""

import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.context import AppContext, open_database
from app.public import public_address
from app.server import build_app, listen
from app.settings import Settings
from db.accounts import add_account, set_password
from db.engine import Database
from db.invitations import invite
from db.labelling import my_answers
from db.people import ensure_person
from tests.app.accounts import PASSWORD, password_hash
from tests.app.test_map_routes import lay_out
from tests.app.workspaces import RUN, make_workspace
from tests.browser.tls import proxied, self_signed

ONE_WAY_S = 0.125
BASE = "/lab"
PATIENCE = 30_000  # ms; a loaded machine, and six connections of 250 ms each


class Place:
    """The studio as the world sees it."""

    def __init__(self, url: str, database: Database) -> None:
        self.url = url
        self.database = database


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    workspace = make_workspace(folder / "workspace", 24)
    lay_out(workspace, "joint")
    database = open_database(workspace)
    with database.write() as session:
        for person in (
            add_account(session, "Lea", "lead"),
            add_account(session, "Ana", "annotator"),
            add_account(session, "Ada", "admin"),
        ):
            set_password(session, person.id, password_hash())
    outside = socket.create_server(("127.0.0.1", 0))
    public = public_address(f"https://localhost:{outside.getsockname()[1]}{BASE}")
    settings = Settings(public=public)
    with ExitStack() as stack:
        listener = stack.enter_context(listen("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(
                build_app(AppContext(workspace, database, settings)),
                log_level="warning",
                proxy_headers=False,
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        stack.enter_context(proxied(outside, port, BASE, self_signed(folder), ONE_WAY_S))
        yield Place(public.url.rstrip("/"), database)
        server.should_exit = True
        thread.join(10)
    database.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that takes the certificate of the test's proxy."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, ignore_https_errors=True
    )
    yield context
    context.close()


@contextmanager
def stray(page: Page) -> Generator[list[str]]:
    """Requests that left the sub-path, or were not answered well."""
    found: list[str] = []
    page.on(
        "response",
        lambda answer: (
            found.append(f"{answer.status} {answer.url}")
            if f"{BASE}/" not in answer.url or answer.status >= 400
            else None
        ),
    )
    yield found


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")


def answers_of(place: Place, name: str) -> list[str]:
    with place.database.write() as session:
        person = ensure_person(session, name)
        return [one.value for one in my_answers(session, person.id)]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_sign_in_label_map_and_train_from_far_away(
    page: Page, place: Place, record_property: Callable[[str, object], None]
) -> None:
    took: dict[str, float] = {}
    with stray(page) as strays:
        page.goto(f"{place.url}/")
        expect(page).to_have_url(f"{place.url}/signin")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=PATIENCE)
        assert page.evaluate("isSecureContext && !!crypto.randomUUID")

        def inside() -> None:
            sign_in(page, "Lea")
            expect(page.locator("#tab-train-button")).to_be_visible(timeout=PATIENCE)
            expect(page.locator(".studio-header .account")).to_have_text("Lea", timeout=PATIENCE)

        took["sign in, studio drawn"] = timed(inside)
        cookie = next(one for one in page.context.cookies() if one["name"] == "sounding_session")  # type: ignore[typeddict-item]
        assert cookie.get("secure") and cookie.get("httpOnly")
        assert (cookie.get("sameSite"), cookie.get("path")) == ("Lax", BASE)

        def mapped() -> None:
            page.locator("#tab-explore-button").click()
            page.wait_for_selector(".map-plot canvas", timeout=PATIENCE)
            page.wait_for_function(
                "() => document.querySelector('.map-plot').data?.length > 1", timeout=PATIENCE
            )

        took["map"] = timed(mapped)

        def train() -> None:
            page.locator("#tab-train-button").click()
            expect(page.locator("#page-train")).to_contain_text(RUN, timeout=PATIENCE)

        took["train"] = timed(train)
    assert not strays, strays
    for step, seconds in took.items():
        record_property(step, round(seconds, 2))
        print(f"{step}: {seconds:.1f} s")  # noqa: T201


def test_an_annotator_labels_by_keyboard_from_far_away_and_sees_nothing_else(
    page: Page, place: Place
) -> None:
    page.add_init_script("localStorage.setItem('sounding-level', String(Date.now()))")
    with stray(page) as strays:
        page.goto(f"{place.url}/annotate")
        expect(page).to_have_url(f"{place.url}/signin?to=annotate")
        page.get_by_label("Name").wait_for(timeout=PATIENCE)
        sign_in(page, "Ana")
        page.wait_for_url(f"{place.url}/annotate", timeout=PATIENCE)
        expect(page.get_by_label("Name")).to_have_value("Ana", timeout=PATIENCE)
        page.keyboard.press("Enter")
        expect(page.locator(".an-root")).to_have_attribute("data-phase", "work", timeout=PATIENCE)
        expect(page.locator(".an-answers")).to_have_class(re.compile("an-live"), timeout=PATIENCE)
        page.keyboard.press("y")
        expect(page.locator(".an-count")).to_contain_text("1 /", timeout=PATIENCE)
        expect(page.locator(".an-pill")).to_have_text("saved", timeout=PATIENCE)
    assert not strays, strays
    for _ in range(100):
        if answers_of(place, "Ana"):
            break
        page.wait_for_timeout(50)
    assert answers_of(place, "Ana") == ["yes"]
    page.goto(f"{place.url}/#train")  # nothing of the studio is for annotators
    expect(page).to_have_url(re.compile(re.escape(f"{place.url}/annotate")))
    assert page.request.get(f"{place.url}/config").status == 403


def test_a_session_that_ends_leads_to_the_sign_in_page_and_back(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/signin?to=annotate")
    page.get_by_label("Name").wait_for(timeout=PATIENCE)
    page.get_by_label("Name").fill("Ana")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "Name or password is not right.", timeout=PATIENCE
    )
    sign_in(page, "Ana")
    page.wait_for_url(f"{place.url}/annotate", timeout=PATIENCE)
    page.get_by_label("Name").wait_for(timeout=PATIENCE)
    page.context.clear_cookies()
    page.keyboard.press("Enter")  # asks for clips: nobody is signed in
    page.wait_for_url(f"{place.url}/signin?to=annotate", timeout=PATIENCE)


def test_an_invitation_becomes_an_account_and_its_token_leaves_the_address(
    page: Page, place: Place
) -> None:
    with place.database.write() as session:
        token = invite(session, "lead", 1)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{place.url}/join#{token}")
    page.get_by_label("Name").wait_for(timeout=PATIENCE)
    assert page.url == f"{place.url}/join"
    page.get_by_label("Name").fill("<b>Nia</b> \u202ex")
    page.get_by_label(re.compile("^Password")).fill("a fine sentence")
    page.keyboard.press("Enter")
    expect(page.locator(".studio-header .account")).to_have_text(
        "<b>Nia</b> \u202ex", timeout=PATIENCE
    )
    assert not [url for url in asked if token in url.split("#")[0]]
    page.goto(f"{place.url}/join#{token}")
    expect(page.get_by_role("heading")).to_have_text("This link does not work", timeout=PATIENCE)


def test_an_admin_invites_changes_and_removes_from_the_account_page(
    page: Page, place: Place
) -> None:
    page.goto(f"{place.url}/account")
    page.get_by_label("Name").wait_for(timeout=PATIENCE)
    sign_in(page, "Ada")
    page.get_by_role("heading", name="Everybody").wait_for(timeout=PATIENCE)
    page.get_by_label("Name (empty").fill("Zoe")
    page.get_by_role("button", name="Invite").click()
    expect(page.locator(".door-made code")).to_contain_text(f"{place.url}/join#", timeout=PATIENCE)
    page.get_by_label("Role of Zoe").select_option("researcher")
    page.wait_for_timeout(1000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove Zoe").click()
    expect(page.locator("tr", has_text="removed").get_by_text("Zoe")).to_be_visible(
        timeout=PATIENCE
    )


def test_the_sign_in_page_is_readable_in_both_themes(chromium: Browser, place: Place) -> None:
    for scheme, least in (("light", 200), ("dark", 0)):
        context = chromium.new_context(ignore_https_errors=True, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{place.url}/signin")
        page.get_by_label("Name").wait_for(timeout=PATIENCE)
        card = page.locator(".door-card").evaluate("e => getComputedStyle(e).backgroundColor")
        red = int(re.findall(r"\d+", card)[0])
        assert (red > 200) == (least > 0)
        context.close()

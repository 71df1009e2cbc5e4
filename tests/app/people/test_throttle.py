"""Guessing is slowed down, and tells nothing by its time."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.throttle import Throttle, address_key
from tests.app.accounts import HOME, browser, sign_in


def test_an_unknown_name_takes_as_long_as_a_wrong_password(app: FastAPI) -> None:
    def fastest(name: str) -> float:
        took: list[float] = []
        for _ in range(4):
            start = time.perf_counter()
            assert sign_in(browser(app), name, "wrong horse battery").status_code == 401
            took.append(time.perf_counter() - start)
        return min(took)

    fastest("warm up")
    known, unknown = fastest("Ana"), fastest("Nobody here")
    assert 0.5 < known / unknown < 2


def test_guessing_is_slowed_down_by_name_whoever_guesses(app: FastAPI) -> None:
    client = browser(app)
    for _ in range(10):
        assert sign_in(client, "Ana", "wrong horse battery").status_code == 401
    late = sign_in(client, "ＡＮＡ ")
    assert late.status_code == 429  # even the right password
    assert 800 < int(late.headers["retry-after"]) <= 900
    assert late.json()["detail"] == "Too many tries. Wait 15 minutes, then try again."
    assert sign_in(client, "Lea").status_code == 200


def test_guessing_is_slowed_down_by_address_whatever_the_names(app: FastAPI) -> None:
    client = browser(app)
    for number in range(40):
        assert sign_in(client, f"name {number}", "x").status_code == 401
    assert sign_in(client, "Lea").status_code == 429
    elsewhere = TestClient(app, base_url="http://127.0.0.1:7860", client=("::1", 1))
    assert sign_in(elsewhere, "Lea").status_code == 200


def test_a_flood_of_tries_leaves_threads_for_everybody_else(app: FastAPI) -> None:
    client = browser(app, "Ana")
    with ThreadPoolExecutor(60) as pool:
        flood = [
            pool.submit(
                sign_in, TestClient(app, base_url=HOME, client=(f"10.0.0.{n}", 1)), f"n {n}"
            )
            for n in range(60)
        ]
        assert client.get("/api/progress").status_code == 200
        found = {one.result().status_code for one in flood}
    assert found <= {401, 503}
    assert sign_in(client, "Ana").status_code == 200


def test_who_signs_in_rightly_is_never_slowed_down(app: FastAPI) -> None:
    client = browser(app)
    assert {sign_in(client, "Ana").status_code for _ in range(12)} == {200}


def test_a_window_slides_and_a_flood_of_keys_is_forgotten() -> None:
    now = [0.0]
    throttle = Throttle(2, 10, clock=lambda: now[0])
    assert [throttle.take("a") for _ in range(3)] == [0, 0, 10]
    now[0] = 6.5
    assert throttle.take("a") == 4
    throttle.give_back("a")
    assert throttle.take("a") == 0
    now[0] = 10.5
    assert throttle.take("a") == 0
    for number in range(20_001):
        throttle.take(f"other {number}")
    assert throttle.take("a") == 0


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8::1", "2001:0db8:0000:0000"),
        ("2001:db8:0:0:ffff::9", "2001:0db8:0000:0000"),
        ("no address", "no address"),
    ],
)
def test_addresses_of_one_line_are_one(address: str, key: str) -> None:
    assert address_key(address) == key

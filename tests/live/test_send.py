"""Warnings on their way to a hook: in order, at least once, and never in the way."""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from dualprev_rules.cli import watch_send
from dualprev_rules.cli.watch_address import MQTT, address
from dualprev_rules.cli.watch_send import Outbox, courier
from dualprev_rules.problems import DualprevError


@contextmanager
def hook(*answers: int) -> Generator[tuple[str, list[Any]]]:
    """A hook that gives these answers, then 204; what was said with an answer of 2xx is listed."""
    said: list[Any] = []
    coming = iter(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = next(coming, 204)
            # Before the answer: whoever has it may look.
            if status < 300:
                said.append((self.path, self.headers.get("Authorization"), json.loads(body)))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            said.append("redirected")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base has it
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", said
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def test_what_fails_is_sent_again_and_keeps_its_place() -> None:
    with hook(500, 302, 404) as (where, said):
        outbox = Outbox(courier(f"{where}/mes?token=1"), ['{"id": "0"}'], pause=0.01)
        for number in (1, 2):
            outbox.put(json.dumps({"id": str(number), "title": "甲烷"}))
        assert outbox.close() == []
    assert [each[2]["id"] for each in said] == ["0", "1", "2"]
    assert {each[0] for each in said} == {"/mes?token=1"}
    assert said[-1][2]["title"] == "甲烷"
    problems = outbox.problems()
    assert [problem.code for problem in problems] == ["cli.not-delivered"] * 3
    assert "302" in problems[1].text("en")
    assert "token" not in "".join(problem.show("en") for problem in problems)


def test_what_is_refused_for_good_does_not_hold_up_the_others() -> None:
    with hook(429, 400, 400, 400, 400, 400) as (where, said):
        outbox = Outbox(courier(where), pause=0.01)
        for number in range(3):
            outbox.put(json.dumps({"id": str(number)}))
        while len(said) < 2:
            time.sleep(0.01)
        assert outbox.waiting() == ['{"id": "0"}']
    assert [each[2]["id"] for each in said] == ["1", "2"]
    assert [p.given for p in outbox.problems() if p.code == "cli.hook-refused"] == ["0"]
    with hook() as (where, said):
        again = Outbox(courier(where), outbox.waiting())
        assert again.close() == []
    assert [each[2]["id"] for each in said] == ["0"]


def test_a_hook_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_send, "PATIENCE", 0.2)
    release = Event()

    class Slow:
        address = address("http://x/", "http")

        def deliver(self, warning: str) -> None:
            release.wait()

    outbox = Outbox(Slow())
    start = time.monotonic()
    for number in range(1_000):
        outbox.put(json.dumps({"id": str(number)}))
    assert time.monotonic() - start < 60  # 200 were each waited for
    assert [json.loads(each)["id"] for each in outbox.close()] == [str(n) for n in range(1_000)]
    release.set()


def test_beyond_what_may_wait_the_oldest_is_given_up_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_send, "MOST_WAITING", 3)
    monkeypatch.setattr(watch_send, "PATIENCE", 0.05)

    class Away:
        address = address("http://x/", "http")

        def deliver(self, warning: str) -> None:
            raise ConnectionError("away")

    outbox = Outbox(Away(), pause=9)
    for number in range(5):
        outbox.put(json.dumps({"id": str(number)}))
    assert [json.loads(each)["id"] for each in outbox.close()] == ["2", "3", "4"]
    given_up = [p.given for p in outbox.problems() if p.code == "cli.given-up"]
    assert given_up == ["0", "1"]


def test_a_password_goes_to_the_hook_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    with hook() as (where, said):
        outbox = Outbox(courier(where.replace("//", "//me:p%40ss@")))
        outbox.put("{}")
        assert outbox.close() == []
    assert said[0][1] == "Basic bWU6cEBzcw=="
    assert "ss" not in outbox.to.address.shown.partition("://")[2]
    monkeypatch.setenv("DUALPREV_WATCH_PASSWORD", "secret")
    found = address("mqtts://me@[::1]/a/#", *MQTT)
    assert (found.host, found.port, found.rest, found.password) == ("::1", None, "a/#", "secret")
    assert found.shown == "mqtts://[::1]/a/#"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "x",
        "ftp://x/",
        "http://",
        "mqtt://host",
        "mqtt://host/",
        "mqtt://h:port/t",
        "mqtt://h/+/t",
        "http://[x/",
    ],
)
def test_what_is_no_address_is_told(given: str) -> None:
    with pytest.raises(DualprevError) as refused:
        courier(given)
    assert refused.value.code == "cli.address"

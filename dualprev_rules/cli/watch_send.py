"""Warnings on their way to a hook or broker: in order, at least once, and never in the way of the watch.

One that the receiver refuses again and again lets the others pass, and is sent again at the next start.
"""

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from threading import Condition, Thread
from typing import Protocol

from dualprev_rules.cli.watch_address import HTTP, MQTT, Address, address
from dualprev_rules.problems import Problem, problem

MOST_WAITING = 10_000
"""Warnings that wait for one address at most; beyond that the oldest is given up, and reported."""
PATIENCE = 10.0
"""Seconds for one delivery, and for what is left when the watch ends."""
_LONGEST = 60.0
"""Seconds between two tries at most."""


_TRIES = 5
"""How often a warning that the receiver refuses is sent before the next one has its turn."""
_PASSING = frozenset({408, 425, 429})
"""Answers of 4xx that are no refusal of what was sent."""


class RefusedError(OSError):
    """The receiver has answered that it does not take this."""


class Courier(Protocol):
    """Brings a warning to an address."""

    address: Address

    def deliver(self, warning: str) -> None:
        """Return once it has surely arrived.

        Raises OSError where it may not have, RefusedError where the receiver does not take it.
        """
        ...


def courier(given: str) -> Courier:
    """Return the courier to an address. Raises DualprevError where it is none, or the extra is missing."""
    where = address(given, *HTTP, *MQTT)
    if where.scheme in HTTP:
        return HttpCourier(where)
    from dualprev_rules.cli.watch_mqtt import MqttCourier

    return MqttCourier(where)


class HttpCourier:
    """Posts a warning as JSON; an answer of 2xx says that it has arrived."""

    def __init__(self, where: Address) -> None:
        from urllib import request

        self.address = where
        host = f"[{where.host}]" if ":" in where.host else where.host
        port = f":{where.port}" if where.port is not None else ""
        self._url = f"{where.scheme}://{host}{port}/{where.rest}"
        self._headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "dualprev-rules"}
        if where.user is not None:
            both = f"{where.user}:{where.password or ''}".encode()
            self._headers["Authorization"] = f"Basic {base64.b64encode(both).decode('ascii')}"
        # Without a handler of redirects: a POST that is sent on becomes a GET without the warning.
        self._opener = request.OpenerDirector()
        for handler in (
            request.ProxyHandler(),
            request.HTTPHandler(),
            request.HTTPSHandler(),
            request.HTTPDefaultErrorHandler(),
            request.HTTPErrorProcessor(),
        ):
            self._opener.add_handler(handler)

    def deliver(self, warning: str) -> None:
        """Post it."""
        from http.client import HTTPException
        from urllib.error import HTTPError
        from urllib.request import Request

        body = warning.encode("utf-8", "backslashreplace")
        request = Request(self._url, body, self._headers, method="POST")  # noqa: S310 - http(s) alone
        try:
            # What is no 2xx is raised there.
            answer = self._opener.open(request, timeout=PATIENCE)
            if answer is not None:
                answer.close()
        except HTTPError as error:
            error.close()
            if 400 <= error.code < 500 and error.code not in _PASSING:
                raise RefusedError(str(error)) from error
            raise
        except (HTTPException, ValueError) as error:
            raise OSError(f"{type(error).__name__} {error}") from error


class Outbox:
    """What waits for one address; a thread of its own delivers it, and tries again until it has arrived."""

    def __init__(self, to: Courier, waiting: Iterable[str] = (), *, pause: float = 1.0) -> None:
        self.to = to
        self._pause = pause
        self._waiting = deque(waiting)
        self._refused: deque[str] = deque()
        self._problems: deque[Problem] = deque(maxlen=100)
        self._changed = Condition()
        self._ended = False
        self._thread = Thread(target=self._run, name=f"to {to.address.shown}", daemon=True)
        self._thread.start()

    def put(self, warning: str) -> None:
        """Take a warning."""
        with self._changed:
            self._waiting.append(warning)
            if len(self._refused) + len(self._waiting) > MOST_WAITING:
                self._say("cli.given-up", (self._refused or self._waiting).popleft())
            self._changed.notify()

    def waiting(self) -> list[str]:
        """Return what has not surely arrived, what was refused first."""
        with self._changed:
            return [*self._refused, *self._waiting]

    def problems(self) -> list[Problem]:
        """Return what has gone wrong since the last call."""
        found: list[Problem] = []
        with suppress(IndexError):
            while True:
                found.append(self._problems.popleft())
        return found

    def close(self) -> list[str]:
        """Wait a little for what is under way; return what has not arrived."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting, PATIENCE)
            self._ended = True
            self._changed.notify_all()
            return [*self._refused, *self._waiting]

    def _run(self) -> None:
        pause, refused = self._pause, 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._ended)
                if self._ended:
                    return
                warning = self._waiting[0]
            try:
                self.to.deliver(warning)
            except OSError as error:
                self._complain(error)
                refused = refused + 1 if isinstance(error, RefusedError) else 0
                if refused == _TRIES:
                    refused = 0
                    self._done(warning, refused=True)
                with self._changed:
                    if self._changed.wait_for(lambda: self._ended, pause):
                        return
                pause = min(2 * pause, _LONGEST)
            else:
                pause, refused = self._pause, 0
                self._done(warning)

    def _done(self, warning: str, *, refused: bool = False) -> None:
        with self._changed:
            # Meanwhile it may have been given up.
            if self._waiting and self._waiting[0] is warning:
                self._waiting.popleft()
                if refused:
                    self._refused.append(warning)
                    self._say("cli.hook-refused", warning)
            self._changed.notify_all()

    def _say(self, code: str, warning: str) -> None:
        given = str(json.loads(warning).get("id"))
        self._problems.append(problem(code, given=given, address=self.to.address.shown))

    def _complain(self, error: OSError) -> None:
        said = f"{type(error).__name__} {error}".strip()
        where, count = self.to.address.shown, len(self._waiting)
        self._problems.append(
            problem("cli.not-delivered", severity="warning", given=where, error=said, count=count)
        )

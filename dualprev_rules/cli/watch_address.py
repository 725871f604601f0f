"""Addresses of brokers and hooks, as the command line takes them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from dualprev_rules.problems import DualprevError, problem

MQTT = ("mqtt", "mqtts")
HTTP = ("http", "https")
_PASSWORD = "DUALPREV_WATCH_PASSWORD"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts."""

    scheme: str
    host: str
    port: int | None
    user: str | None
    password: str | None
    rest: str
    """The topic of a broker; path and query of a hook."""

    @property
    def shown(self) -> str:
        """The address without what is secret: password, and query of a hook."""
        port = f":{self.port}" if self.port is not None else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        rest = self.rest if self.scheme in MQTT else self.rest.partition("?")[0]
        return f"{self.scheme}://{host}{port}/{rest}"

    @property
    def mark(self) -> str:
        """The address in a checkpoint, in which nothing secret stands."""
        whole = "\n".join((self.shown, self.user or "", self.rest))
        return sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def is_mqtt(given: str) -> bool:
    """Tell whether a text is the address of a broker."""
    return given.partition("://")[0].lower() in MQTT


def address(given: str, *schemes: str) -> Address:
    """Read an address; where it names a user without a password that is a variable of the environment.

    Raises DualprevError where it is none of these schemes, or has no host, or no topic.
    """
    scheme, _, rest = given.partition("://")
    scheme = scheme.lower()
    # A topic may hold # and ?, which mean something else to urlsplit.
    authority, _, rest = rest.partition("/")
    try:
        parts = urlsplit(f"{scheme}://{authority}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, parts, port = None, urlsplit(""), None
    if scheme not in schemes or not host or (scheme in MQTT and not rest):
        shown = f"{scheme}://…" if "@" in given else given
        raise DualprevError(problem("cli.address", given=shown, nearest=", ".join(schemes)))
    user = unquote(parts.username) if parts.username is not None else None
    password = unquote(parts.password) if parts.password is not None else os.environ.get(_PASSWORD)
    return Address(scheme, host, port, user, password if user is not None else None, rest)

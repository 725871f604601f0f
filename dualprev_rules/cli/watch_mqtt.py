"""Readings from an MQTT broker, and warnings to one: quality of service 1, at least once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from queue import Empty, Full, Queue, SimpleQueue
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from dualprev_rules.cli.watch_address import MQTT, Address, address
from dualprev_rules.cli.watch_input import MOST_BYTES
from dualprev_rules.problems import DualprevError, Problem, problem

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage

PATIENCE = 10.0
"""Seconds for an answer of the broker."""
_PAUSE = 0.1


class _Message(NamedTuple):
    connection: int
    mid: int
    qos: int
    payload: bytes


def client_of(where: Address, client: str = "") -> Client:
    """Return a client that is not connected yet; one with a name has a session that the broker keeps.

    Raises DualprevError where the extra is not installed.
    """
    if find_spec("paho") is None:
        raise DualprevError(problem("cli.no-mqtt"))
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    # What arrives is acknowledged by who reads it, once it is in a checkpoint.
    made = Client(CallbackAPIVersion.VERSION2, client, clean_session=not client, manual_ack=True)
    if where.user is not None:
        made.username_pw_set(where.user, where.password)
    if where.scheme == "mqtts":
        cast("Any", made).tls_set()
    made.connect_timeout = PATIENCE
    made.reconnect_delay_set(1, 30)
    return made


def port_of(where: Address) -> int:
    """Return the port of a broker."""
    return where.port or (8883 if where.scheme == "mqtts" else 1883)


class MqttSource:
    """The readings of a topic. What was not in a checkpoint when the watch ended the broker sends again."""

    every = 10
    """A broker sends so many without an acknowledgement, and as many again: mosquitto 20."""
    start = 0
    mark = ""

    def __init__(self, where: Address, client: str) -> None:
        self.where = where
        self._read = 0
        self._connection = 0
        self._closing = False
        self._refused: str | None = None
        self._ready = Event()
        self._messages: Queue[_Message] = Queue(maxsize=1_000)
        self._unsaved: list[_Message] = []
        self._problems: SimpleQueue[Problem] = SimpleQueue()
        self._client = client_of(where, client)
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._came
        self._client.on_disconnect = self._lost

    def open(self) -> None:
        """Connect and subscribe. Raises DualprevError where the broker is away or refuses."""
        try:
            self._client.connect(self.where.host, port_of(self.where))
        except (OSError, ValueError) as error:
            raise self._fault(f"{type(error).__name__} {error}") from error
        self._client.loop_start()
        heard = self._ready.wait(PATIENCE)
        if not heard or self._refused is not None:
            self.close()
            raise self._fault(self._refused or f"{PATIENCE:g} s")

    def lines(self, stopped: Callable[[], bool]) -> Iterator[tuple[bytes, int]]:
        """Yield one message after another."""
        while not stopped():
            try:
                message = self._messages.get(timeout=_PAUSE)
            except Empty:
                yield b"", self._read
                continue
            self._read += 1
            self._unsaved.append(message)
            yield message.payload + b"\n", self._read

    def saved(self) -> None:
        """Acknowledge what was read; what came by a connection that is lost comes again, and is not."""
        for message in self._unsaved:
            if message.qos and message.connection == self._connection:
                self._client.ack(message.mid, message.qos)
        self._unsaved.clear()

    def problems(self) -> list[Problem]:
        """Return what has gone wrong since the last call."""
        found: list[Problem] = []
        with suppress(Empty):
            while True:
                found.append(self._problems.get_nowait())
        return found

    def close(self) -> None:
        """Leave the broker."""
        self._closing = True
        self._client.disconnect()
        self._client.loop_stop()

    def _fault(self, error: str) -> DualprevError:
        return DualprevError(problem("cli.broker", given=self.where.shown, error=error))

    # --- called by the thread of the client -----------------------------------------------------

    def _connected(self, client: Client, _: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            self._refuse(str(reason))
        else:
            try:
                client.subscribe(self.where.rest, qos=1)
            except ValueError as error:
                self._refuse(str(error))

    def _subscribed(self, client: Client, _: Any, mid: int, reasons: Any, properties: Any) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._refuse(refused[0])
        elif self._ready.is_set():
            self._problems.put(problem("cli.broker-back", severity="note", given=self.where.shown))
        self._ready.set()

    def _refuse(self, reason: str) -> None:
        if self._ready.is_set():
            self._tell(reason)
        self._refused = reason
        self._ready.set()

    def _came(self, client: Client, _: Any, message: MQTTMessage) -> None:
        # Of a payload that is refused for its length no more is kept than tells that it is too long.
        payload = bytes(message.payload[: MOST_BYTES + 1])
        made = _Message(self._connection, message.mid, message.qos, payload)
        while not self._closing:
            with suppress(Full):
                self._messages.put(made, timeout=1)
                return

    def _lost(self, client: Client, _: Any, flags: Any, reason: Any, properties: Any) -> None:
        self._connection += 1
        if not self._closing:
            self._tell(str(reason))

    def _tell(self, reason: str) -> None:
        self._problems.put(
            problem("cli.broker-lost", severity="warning", given=self.where.shown, error=reason)
        )


@contextmanager
def mqtt_source(readings: str, client: str) -> Generator[MqttSource]:
    """Open the topic of an address."""
    source = MqttSource(address(readings, *MQTT), client)
    source.open()
    try:
        yield source
    finally:
        source.close()


class MqttCourier:
    """Publishes a warning; the broker's acknowledgement says that it has arrived.

    Each has a connection of its own: warnings are few.
    """

    def __init__(self, where: Address) -> None:
        if set("+#") & set(where.rest):
            raise DualprevError(problem("cli.address", given=where.shown, nearest=", ".join(MQTT)))
        client_of(where)
        self.address = where

    def deliver(self, warning: str) -> None:
        """Publish it."""
        client, heard, said = client_of(self.address), Event(), list[str]()

        def connected(client: Client, _: Any, flags: Any, reason: Any, properties: Any) -> None:
            if reason.is_failure:
                said.append(str(reason))
            heard.set()

        client.on_connect = connected
        try:
            client.connect(self.address.host, port_of(self.address))
            client.loop_start()
            if not heard.wait(PATIENCE) or said:
                raise ConnectionError(said[0] if said else f"{PATIENCE:g} s")
            sent = client.publish(self.address.rest, warning.encode("utf-8", "backslashreplace"), qos=1)
            sent.wait_for_publish(PATIENCE)
            if not sent.is_published():
                raise TimeoutError(f"{PATIENCE:g} s")
        except (RuntimeError, ValueError) as error:
            raise OSError(str(error)) from error
        finally:
            client.disconnect()
            client.loop_stop()

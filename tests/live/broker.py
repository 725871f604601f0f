"""A mosquitto broker on loopback, for one test module."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def broker(folder: Path, port: int, *more: str) -> Generator[None]:
    """Run a broker that keeps any number of messages for who is away."""
    config = folder / f"mosquitto-{port}.conf"
    lines = (f"listener {port} 127.0.0.1", "allow_anonymous true", "max_queued_messages 0", *more)
    config.write_text("\n".join(lines) + "\n", "ascii")
    running = subprocess.Popen(["mosquitto", "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        running.kill()
        running.wait()


@contextmanager
def connected(port: int) -> Generator[Any]:
    """A client of that broker."""
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    client = Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", port)
    client.loop_start()
    yield client
    client.disconnect()
    client.loop_stop()


def publish(client: Any, topic: str, payloads: Sequence[bytes]) -> None:
    for payload in payloads:
        client.publish(topic, payload, qos=1).wait_for_publish(20)


def hear(client: Any, topic: str) -> Queue[bytes]:
    """Subscribe, and return what comes."""
    came: Queue[bytes] = Queue()
    ready: Queue[int] = Queue()
    client.on_message = lambda _client, _data, message: came.put(message.payload)
    client.on_subscribe = lambda _client, _data, mid, _reasons, _properties: ready.put(mid)
    client.subscribe(topic, qos=1)
    ready.get(timeout=20)
    return came

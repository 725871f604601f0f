"""A standalone cluster of Spark on loopback: a master and workers, each a process group of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

HOST = "127.0.0.1"
ROOT = Path(__file__).parents[2]
GO = "go"
ENVIRONMENT = {
    "SPARK_LOCAL_IP": HOST,
    # The machine's own name need not mean an address.
    "SPARK_LOCAL_HOSTNAME": "localhost",
    # What makes a process of Java cheap that lives for seconds.
    "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
_PATIENCE = 60


@dataclass
class Cluster:
    """A master and its workers, whose logs are in a folder."""

    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    master: str = ""

    def start(self, name: str, role: str, *arguments: str) -> None:
        spec = find_spec("pyspark")
        assert spec is not None
        assert spec.origin is not None
        home = Path(spec.origin).parent
        environment = {
            **os.environ,
            **ENVIRONMENT,
            "SPARK_HOME": str(home),
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_WORKER_DIR": str(self.folder / name),
        }
        with self._log(name).open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [home / "bin" / "spark-class", f"org.apache.spark.deploy.{role}", *arguments],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self, name: str, pattern: str) -> str:
        """Return what a process says, as soon as it does."""
        end = monotonic() + _PATIENCE
        while monotonic() < end:
            text = self._log(name).read_text("utf-8", "replace")
            if found := re.search(pattern, text):
                return found.group(0)
            assert self.processes[name].poll() is None, text
            sleep(0.2)
        raise AssertionError(text)

    def kill(self, name: str) -> None:
        """End a process and all that it started, at once."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


@contextmanager
def cluster(folder: Path, workers: int, memory: str = "600m") -> Iterator[Cluster]:
    """Start a master and workers of one core each."""
    made = Cluster(folder)
    try:
        made.start("master", "master.Master", "--host", HOST, "--port", "0", "--webui-port", "0")
        made.master = made.said("master", r"spark://[\d.]+:\d+")
        names = [f"worker{number}" for number in range(workers)]
        for name in names:
            options = ("--cores", "1", "--memory", memory, "--webui-port", "0")
            made.start(name, "worker.Worker", "--host", HOST, *options, made.master)
        for name in names:
            made.said(name, "Successfully registered with master")
        yield made
    finally:
        for name in [*made.processes]:
            made.kill(name)


@contextmanager
def session(master: str, memory: str = "512m") -> Iterator[Any]:
    """Start a session of Spark in this process, one executor of one core on each worker."""
    options = {
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.driver.memory": "512m",
        "spark.executor.memory": memory,
        "spark.executor.cores": 1,
        "spark.executorEnv.PYTHONPATH": str(ROOT),
        "spark.executorEnv.POLARS_MAX_THREADS": 1,
        "spark.scheduler.minRegisteredResourcesRatio": 1,
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.shuffle.partitions": 1,
        "spark.ui.enabled": "false",
    }
    before = dict(os.environ)
    os.environ.update({"PYSPARK_PYTHON": sys.executable, **ENVIRONMENT})
    builder = import_module("pyspark.sql").SparkSession.builder.master(master).appName("dualprev")
    for name, value in options.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    try:
        yield made
    finally:
        gateway = made.sparkContext._gateway
        made.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(30)
        os.environ.clear()
        os.environ.update(before)


def slowly(marks: str, batches: Iterable[Any]) -> Iterator[Any]:
    """Pass batches on once somebody says so; leave a mark for each time that it is begun."""
    Path(marks, uuid4().hex).touch()
    end = monotonic() + _PATIENCE
    while not Path(marks, GO).exists() and monotonic() < end:
        sleep(0.1)
    yield from batches

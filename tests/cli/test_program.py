"""The command as a program: statuses, encodings, pipes, faults of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dualprev_rules.cli import assess, guard
from dualprev_rules.engine import Engine
from tests.cli.run import DAY, PROGRAM, SITE, program, run


def test_json_on_stdout_is_utf8_and_alone_whatever_the_locale() -> None:
    done = program("assess", SITE, *DAY, "--json", "-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["enterprise"]["name"] == "测试堆场"
    assert "测试堆场" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--help",), 0),
        (("assess", SITE, *DAY), 0),
        (("assess", SITE, *DAY, "--fail-on", "major"), 1),
        (("assess", SITE, *DAY, "--fail-on", "nosuch"), 2),
        (("assess", SITE, "--pack", "nosuch", "--as-of", "2026-11-21"), 2),
        (("assess",), 2),
        ((), 2),
    ],
)
def test_exit_status(arguments: tuple[str, ...], status: int) -> None:
    done = program(*arguments)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("assess", SITE, *DAY, "--json", "-"), ("assess", SITE, *DAY), ("--help",), ("assess", "--help")],
)
def test_a_reader_that_goes_away_is_taken_calmly(arguments: tuple[str, ...]) -> None:
    running = subprocess.Popen([*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout is not None
    running.stdout.close()
    _, said = running.communicate(timeout=120)
    assert running.returncode == 0, said
    assert b"Traceback" not in said
    assert b"BrokenPipe" not in said


def test_a_pipe_that_closes_while_a_command_prints_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(Engine, "result_of", closed)
    done = run("assess", SITE, *DAY)
    assert (done.exit_code, "cli.fault" in done.output) == (0, False)


def test_fail_on_is_heard_where_nobody_reads() -> None:
    running = subprocess.Popen(
        [*PROGRAM, "assess", SITE, *DAY, "--fail-on", "major"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert running.stdout is not None
    running.stdout.close()
    assert running.wait(timeout=120) == 1


def test_a_fault_of_ours_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("made for the test")

    monkeypatch.setattr(Engine, "result_of", fail)
    done = run("assess", SITE, *DAY, "--lang", "en")
    assert done.exit_code == guard.Status.OUR_FAULT == 3
    assert "a fault of ours, not of your input: ZeroDivisionError: made for the test" in done.stderr
    assert "--debug" in done.stderr
    assert "Traceback" not in done.stderr
    done = run("assess", SITE, *DAY, "--debug")
    assert done.exit_code == 3
    assert "Traceback" in done.stderr
    assert "cli.fault" in done.stderr


def test_an_interruption_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Engine, "result_of", interrupt)
    done = run("assess", SITE, *DAY)
    assert done.exit_code == 130
    assert "Traceback" not in done.output


def test_a_name_does_not_steer_the_terminal(tmp_path: Path) -> None:
    site = tmp_path / "site.json"
    facts = {"enterprise": {"name": "厂\x1b[2J", "units": [{"id": "U\x1b[31m", "drums": "\x1b]0;owned\x07"}]}}
    site.write_text(json.dumps(facts), "utf-8")
    for command in (("assess", str(site)), ("ask", str(site)), ("explain", str(site), "yard.2020.02")):
        done = program(*command, *DAY)
        assert done.returncode == 0, done.stderr
        assert not set(done.stdout + done.stderr) & {"\x1b", "\x07"}


def test_half_a_character_in_the_input_is_written_as_json_can(tmp_path: Path) -> None:
    site = tmp_path / "site.json"
    site.write_text('{"enterprise": {"name": "a\\ud800b", "units": [{"id": "U1", "drums": 5}]}}', "utf-8")
    out = {kind: tmp_path / f"r.{kind}" for kind in ("json", "html", "xlsx")}
    options = [part for kind, file in out.items() for part in (f"--{kind}", str(file))]
    done = program("assess", str(site), *DAY, *options)
    assert done.returncode in (0, 2), done.stderr
    if done.returncode == 0:
        json.loads(out["json"].read_text("utf-8"))


def test_help_imports_nothing_heavy() -> None:
    """No timed assertion: what costs time is not imported."""
    code = (
        "import sys; sys.argv = ['dualprev', '--help']\n"
        "from dualprev_rules.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted(sys.modules.keys() & set(%r)))"
    ) % ["pydantic", "networkx", "pint", "jinja2", "openpyxl", "pluggy", "dualprev_rules.engine"]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_command_helps_in_both_languages() -> None:
    import re

    import typer

    group = typer.main.get_command(__import__("dualprev_rules.cli", fromlist=["app"]).app)
    waiting = [(name, command) for name, command in group.commands.items()]  # type: ignore[attr-defined]
    while waiting:
        name, command = waiting.pop()
        waiting += [(f"{name} {sub}", found) for sub, found in getattr(command, "commands", {}).items()]
        assert re.search(r"[\u4e00-\u9fff]", command.help or ""), name
        assert re.search(r"[A-Za-z]", command.help or ""), name
        for parameter in command.params:
            said = getattr(parameter, "help", None)
            assert parameter.name == "help" or re.search(r"[\u4e00-\u9fff]", said or ""), (
                f"{name} {parameter.name}"
            )


def test_only_the_command_line_reads_the_clock() -> None:
    package = Path(assess.__file__).parents[1]
    readers = sorted(
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if any(call in file.read_text("utf-8") for call in (".now(", ".today(", "time.time("))
    )
    assert readers == ["cli/options.py"]


def test_nothing_depends_on_the_working_folder(tmp_path: Path) -> None:
    site = Path(os.path.relpath(SITE, tmp_path))
    done = program("assess", str(site), *DAY, cwd=tmp_path)
    assert done.returncode == 0

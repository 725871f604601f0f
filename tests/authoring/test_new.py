"""A new pack can be checked, tested and built as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from dualprev_rules.cli import app
from dualprev_rules.cli.pack import new
from dualprev_rules.pack.spec import instruments
from tests.cli.run import run

SAID = (
    *("--title", '气瓶间"安全"要求', "--title-en", "Cylinder stores: safety", "--number", "T/A 1—2026"),
    *("--issuer", "示例协会", "--from", "2026-01-01", "--as-of", "2026-11-21"),
)


def test_it_lints_and_its_cases_pass(tmp_path: Path) -> None:
    made = run("pack", "new", "gas_store", "--out", str(tmp_path / "made"), *SAID)
    assert made.exit_code == 0, made.output
    pack = str(tmp_path / "made" / "dualprev_pack_gas_store")
    assert run("pack", "lint", pack, "--as-of", "2026-11-21", "--lang", "en").stdout.strip() == (
        "Errors: 0. Warnings: 0."
    )
    assert "3 passed" in run("pack", "test", pack, "--lang", "en").stdout
    assert "通道净宽小于最小净宽0.8 m" in run("pack", "say", pack, "--as-of", "2026-11-21").stdout


def test_it_can_be_built(tmp_path: Path) -> None:
    run("pack", "new", "gas_store", "--out", str(tmp_path / "made"), *SAID)
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path)]
    done = subprocess.run([*command, str(tmp_path / "made")], capture_output=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert [file.name for file in tmp_path.glob("*.whl")] == [
        "dualprev_pack_gas_store-0.1.0-py3-none-any.whl"
    ]


@pytest.mark.parametrize(
    ("lang", "first"), [("zh", "文件的中文名称"), ("en", "Title of the document in Chinese")]
)
def test_what_no_option_says_is_asked(lang: str, first: str, tmp_path: Path) -> None:
    answers = "气瓶间\nCylinder stores\nT/A 1—2026\n示例协会\n2026-01-01\n"
    arguments = ["pack", "new", "gas_store", "--out", str(tmp_path / "made"), "--lang", lang]
    done = CliRunner().invoke(app, arguments, input=answers)
    assert done.exit_code == 0, done.output
    assert first in done.output
    text = (tmp_path / "made" / "dualprev_pack_gas_store" / "pack.yaml").read_text("utf-8")
    assert 'title: {zh: "气瓶间", en: "Cylinder stores"}' in text


def test_nothing_is_overwritten_and_names_are_checked(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "mine.txt").write_text("x", "utf-8")
    refused = run("pack", "new", "gas_store", "--out", str(tmp_path / "made"), *SAID)
    assert refused.exit_code == 2
    assert "authoring.not-empty" in refused.stderr
    wrong = run("pack", "new", "Gas-Store", "--out", str(tmp_path / "other"), *SAID, "--lang", "en")
    assert wrong.exit_code == 2
    assert "write gas_store" in wrong.stderr
    chinese = run("pack", "new", "动火2", "--out", str(tmp_path / "other"), *SAID, "--lang", "en")
    assert "write my_pack" in chinese.stderr


def test_every_kind_of_document_can_be_chosen() -> None:
    assert get_args(new.Force) == get_args(instruments.Force)

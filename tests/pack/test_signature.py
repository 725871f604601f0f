"""Signed packs: what was changed is refused, and what was loaded before stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules import DualprevError, Engine
from dualprev_rules.pack.signature import FILE, check, key_pair
from tests.authoring.test_fmt import silo
from tests.cli.run import run

DAY = "2026-11-21"


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Path]:
    """Return a signed pack and the file of the public key."""
    pack, key = silo(tmp_path), tmp_path / "signer"
    done = run("pack", "sign", str(pack), "--key", str(key), "--new-key")
    assert done.exit_code == 0, done.output
    return pack, tmp_path / "signer.pub"


def codes(pack: Path, public: Path) -> list[str]:
    return [fault.code for fault in check(pack, [public])]


def test_a_signed_pack_is_loaded(signed: tuple[Path, Path]) -> None:
    pack, public = signed
    other = key_pair()[1].decode()
    engine = Engine.load(packs=[pack], as_of=DAY, keys=[other, public])
    assert "silo.2026.01" in engine.ruleset.rules
    assert run("pack", "check-signature", str(pack), "--key", str(public)).exit_code == 0


def test_what_was_changed_added_or_taken_away_is_refused_and_the_old_stays(signed: tuple[Path, Path]) -> None:
    pack, public = signed
    old = Engine.load(packs=[pack], as_of=DAY, keys=[public])
    rules = pack / "rules" / "venting.yaml"
    text = rules.read_bytes()
    rules.write_bytes(text.replace(b'"3"', b'"30"'))
    with pytest.raises(DualprevError) as caught:
        Engine.load(packs=[pack], as_of=DAY, keys=[public])
    assert [(p.code, p.given) for p in caught.value.problems] == [
        ("pack.changed-since-signed", "rules/venting.yaml")
    ]
    assert old.ruleset.rules["silo.2026.02"].parameters["thickest"].shown == "3 mm"
    rules.write_bytes(text)
    (pack / "rules" / "more.yaml").write_text("[]", "utf-8")
    (pack / "measures" / "silo.yaml").unlink()
    assert codes(pack, public) == ["pack.changed-since-signed"] * 2
    assert run("pack", "check-signature", str(pack), "--key", str(public)).exit_code == 2


def test_another_signer_and_no_signature_are_refused(signed: tuple[Path, Path], tmp_path: Path) -> None:
    pack, public = signed
    other = tmp_path / "other.pub"
    other.write_bytes(key_pair()[1])
    assert codes(pack, other) == ["pack.bad-signature"]
    (pack / FILE).write_text("{}", "utf-8")
    assert codes(pack, public) == ["pack.bad-signature"]
    (pack / FILE).unlink()
    assert codes(pack, public) == ["pack.unsigned"]


def test_what_is_no_key_is_told(signed: tuple[Path, Path]) -> None:
    pack, _ = signed
    with pytest.raises(DualprevError, match=r"pack\.no-signing-key"):
        check(pack, [pack / "pack.yaml"])
    assert run("pack", "sign", str(pack), "--key", str(pack / "pack.yaml")).exit_code == 2

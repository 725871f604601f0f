"""``dualprev pack sign`` and ``check-signature``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import Debug, Language


def sign(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="A folder. 规则包文件夹。")],
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="Private key (PEM). 私钥。")],
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Make the key first, with FILE.pub beside it. 先生成密钥。")
    ] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Sign a pack: hashes of its files, with Ed25519, in SIGNATURE.json (签名)."""
    from dualprev_rules.cli.output import complain
    from dualprev_rules.pack.read import read_pack
    from dualprev_rules.pack.signature import FILE, key_pair
    from dualprev_rules.pack.signature import sign as signed
    from dualprev_rules.problems import DualprevError, problem
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase

    errors = [fault for fault in read_pack(pack).problems if fault.severity == "error"]
    if errors:
        raise DualprevError(errors)
    if new_key:
        if key.exists():
            raise DualprevError(problem("authoring.not-empty", given=str(key)))
        private, public = key_pair()
        public_file = key.with_name(f"{key.name}.pub")
        key.touch(mode=0o600)
        write_files({key: private, public_file: public})
        complain(phrase("wrote", file=public_file).get(lang))
    if not key.is_file():
        raise DualprevError(problem("pack.no-signing-key", given=str(key)))
    write_files({pack / FILE: signed(pack, key.read_bytes())})
    complain(phrase("wrote", file=pack / FILE).get(lang))


def check_signature(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="Name or folder. 名称或文件夹。")],
    key: Annotated[
        list[Path], typer.Option("--key", metavar="FILE", help="Public key (PEM). Repeatable. 公钥。")
    ],
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Check the signature of a pack; status 2 where it is not as one of the keys signed it (验签)."""
    from dualprev_rules.cli.output import say
    from dualprev_rules.pack.registry import find_pack
    from dualprev_rules.pack.signature import check
    from dualprev_rules.problems import DualprevError
    from dualprev_rules.report.phrases import phrase

    root, _ = find_pack(pack)
    faults = check(root, key)
    if faults:
        raise DualprevError(faults)
    say(phrase("signed", pack=pack).get(lang))

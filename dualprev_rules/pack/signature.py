"""The signature of a pack: a list of the hashes of its files, signed with Ed25519.

``SIGNATURE.json`` stands beside ``pack.yaml``. It names every file that is read, and no other, so that
a file that was changed, added or taken away is noticed.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from dualprev_rules.problems import DualprevError, Place, Problem, problem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FILE = "SIGNATURE.json"
Key = str | Path
"""A public key in PEM: the text, or its file."""


def manifest(root: Path | Traversable) -> dict[str, str]:
    """Return the hash of each file of a pack that is read, by its path."""
    return {name: f"sha256:{sha256(data).hexdigest()}" for name, data in sorted(_walk(root, ""))}


def sign(root: Path, private: bytes) -> bytes:
    """Return the signature file of a pack; raises DualprevError for a key that is none."""
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as fault:
        raise DualprevError(problem("pack.needs-cryptography")) from fault
    try:
        loaded: Any = load_pem_private_key(private, None)
    except (ValueError, TypeError) as fault:
        raise DualprevError(problem("pack.no-signing-key", given=str(fault))) from fault
    if type(loaded).__name__ != "Ed25519PrivateKey" and not hasattr(loaded, "sign"):
        raise DualprevError(problem("pack.no-signing-key", given=type(loaded).__name__))
    key: Ed25519PrivateKey = loaded
    files = manifest(root)
    signed = b64encode(key.sign(_bytes(files))).decode()
    return (json.dumps({"files": files, "signature": signed}, indent=2, ensure_ascii=False) + "\n").encode()


def check(root: Path | Traversable, keys: Sequence[Key]) -> list[Problem]:
    """Return what is wrong with the signature of a pack; nothing where one of ``keys`` made it.

    Raises DualprevError for a key that cannot be read.
    """
    public = [_public(key) for key in keys]
    shown = root.as_posix() if isinstance(root, Path) else root.name
    file, place = root / FILE, Place(f"{shown}/{FILE}")
    if not file.is_file():
        return [problem("pack.unsigned", place=place, given=shown)]
    try:
        read = json.loads(file.read_bytes())
        files = cast("dict[str, str]", read["files"])
        signature = b64decode(read["signature"], validate=True)
        signed = _bytes(files)
    except (ValueError, KeyError, TypeError):
        return [problem("pack.bad-signature", place=place, given=shown)]
    if not any(_made(key, signature, signed) for key in public):
        return [problem("pack.bad-signature", place=place, given=shown)]
    now = manifest(root)
    changed = sorted(name for name in {*now, *files} if now.get(name) != files.get(name))
    return [
        problem("pack.changed-since-signed", place=Place(f"{shown}/{name}"), given=name) for name in changed
    ]


def key_pair() -> tuple[bytes, bytes]:
    """Return a new private key and its public key, both in PEM."""
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError as fault:
        raise DualprevError(problem("pack.needs-cryptography")) from fault
    key = Ed25519PrivateKey.generate()
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, public


def _public(key: Key) -> Ed25519PublicKey:
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError as fault:
        raise DualprevError(problem("pack.needs-cryptography")) from fault
    try:
        text = str(key)
        data = text.encode() if text.lstrip().startswith("-----BEGIN") else Path(key).read_bytes()
        loaded: Any = load_pem_public_key(data)
    except (OSError, ValueError) as fault:
        raise DualprevError(problem("pack.no-signing-key", given=str(fault))) from fault
    found: Ed25519PublicKey = loaded
    return found


def _made(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, signed)
    except (InvalidSignature, TypeError, AttributeError):  # a key of another kind verifies otherwise
        return False
    return True


def _bytes(files: Mapping[str, str]) -> bytes:
    return json.dumps(dict(sorted(files.items())), ensure_ascii=False, separators=(",", ":")).encode()


def _walk(root: Path | Traversable, below: str) -> Iterator[tuple[str, bytes]]:
    for entry in root.iterdir():
        name = f"{below}{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, f"{name}/")
        elif name.endswith((".yaml", ".csv")):
            yield name, entry.read_bytes()

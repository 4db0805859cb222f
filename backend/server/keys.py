"""Who may talk to the server: CURVE keys in files that only the user can read, and an allow-list of public keys.

`keys/server.json`   the server's pair
`keys/client.json`   the pair of this user's own clients, made with it
`keys/allowed.txt`   one public key a line, with a name behind it: further clients, by hand (remote machines)

No peer reaches a handler without a listed key: bytes of ZMTP 1.0, of HTTP or of nonsense end in the handshake.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
import zmq

from ..protocol.endpoint import CLIENT_KEY_FILE, KeyPair, read_key

SERVER_KEY_FILE = "keys/server.json"
ALLOWED_FILE = "keys/allowed.txt"


@dataclass(frozen=True)
class Keys:
    server: KeyPair
    allowed: frozenset[str]  # public keys, Z85

    def callback(self, domain: str, key: bytes) -> bool:
        """The question of pyzmq's authenticator (a credentials provider): may this client come in?"""
        return key.decode("ascii", "replace") in self.allowed


def open_keys(folder: Path) -> Keys:
    """The keys of a data folder, made where they are missing. Raises Unavailable for files that others can read."""
    (folder / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    server, client = (_read_or_make(folder / name) for name in (SERVER_KEY_FILE, CLIENT_KEY_FILE))
    return Keys(server, frozenset({client.public, *_listed(folder / ALLOWED_FILE)}))


def write_private(path: Path, data: bytes) -> None:
    """Writes a file that only the user can read, whole or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _read_or_make(path: Path) -> KeyPair:
    try:
        return read_key(path)
    except FileNotFoundError:
        public, secret = zmq.curve_keypair()
        write_private(path, msgspec.json.encode(KeyPair(public=public.decode(), secret=secret.decode())))
        return read_key(path)


def _listed(path: Path) -> list[str]:
    if not path.exists():
        return []
    words = [line.split() for line in path.read_text("utf-8").splitlines()]
    return [line[0] for line in words if line and not line[0].startswith("#") and len(line[0]) == 40]

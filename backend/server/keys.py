"""Who may talk to the server: CURVE keys in files that only the user can read, and an allow-list of public keys.

`keys/server.json`   the server's pair
`keys/client.json`   the pair of this user's own clients, made with it
`keys/allowed.txt`   one public key a line, with a name behind it: further clients, by hand (remote machines)

No peer reaches a handler without a listed key: bytes of ZMTP 1.0, of HTTP or of nonsense end in the handshake.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
import zmq

from ..protocol.endpoint import CLIENT_KEY_FILE, KeyPair, Pairing, read_key, write_private

SERVER_KEY_FILE = "keys/server.json"
ALLOWED_FILE = "keys/allowed.txt"


@dataclass(frozen=True)
class Keys:
    server: KeyPair
    allowed: frozenset[str]  # public keys, Z85
    listed: Path | None = None  # further ones, looked up when they come: one may be added while the server runs

    def callback(self, domain: str, key: bytes) -> bool:
        """The question of pyzmq's authenticator (a credentials provider): may this client come in?"""
        name = key.decode("ascii", "replace")
        return name in self.allowed or (self.listed is not None and name in _listed(self.listed))


def open_keys(folder: Path) -> Keys:
    """The keys of a data folder, made where they are missing. Raises Unavailable for files that others can read."""
    (folder / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    server, client = (_read_or_make(folder / name) for name in (SERVER_KEY_FILE, CLIENT_KEY_FILE))
    return Keys(server, frozenset({client.public}), folder / ALLOWED_FILE)


def invite(folder: Path, name: str, host: str, port: int) -> Pairing:
    """Admits another computer: makes a key for it, lists it under `name`, and returns what it is to be told."""
    keys = open_keys(folder)
    public, secret = (part.decode() for part in zmq.curve_keypair())
    allowed = folder / ALLOWED_FILE
    before = allowed.read_text("utf-8") if allowed.exists() else ""
    write_private(allowed, f"{before.rstrip()}\n{public} {' '.join(name.split())}\n".lstrip().encode())
    return Pairing(host=host, port=port, server_key=keys.server.public, client=KeyPair(public=public, secret=secret))


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

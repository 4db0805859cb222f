"""Where a client finds the server: the per-user data folder, what the server announces, and the client's key.

The set-up leaves `<folder>/backend.json`: which Python has what the backend needs.
The server prints its Endpoint as one JSON line and writes it to `<folder>/connection.json` (mode 0600) while it
runs. The keys lie in `<folder>/keys` (mode 0700), made by the server at its first start.
No sockets, no torch, no bpy.
"""

from __future__ import annotations

import base64
import os
import stat
import sys
from pathlib import Path

import msgspec

from .errors import InvalidMessage, NotFound, Unavailable

FOLDER_VARIABLE = "GREYBOX_FOLDER"
CONNECTION_FILE = "connection.json"
CLIENT_KEY_FILE = "keys/client.json"
INSTALLED_FILE = "backend.json"
PAIRING = "greybox-pair:"  # what a pairing string begins with
Z85_KEY = 40  # characters of a key


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    port: int
    session: str  # changes when the server was started again
    public_key: str  # the server's CURVE key, Z85
    folder: str
    version: str
    pid: int
    host: str = "127.0.0.1"

    @property
    def address(self) -> str:
        return f"tcp://{self.host}:{self.port}"


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """What the set-up leaves for a client that wants to start the server."""

    python: str


class KeyPair(msgspec.Struct, frozen=True, kw_only=True):
    """CURVE keys, 40 characters of Z85 each."""

    public: str
    secret: str

    def __repr__(self) -> str:  # a secret is never printed
        return f"KeyPair(public={self.public!r})"


class Pairing(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a client elsewhere needs, handed over as one text: it holds a secret, like a password."""

    host: str
    port: int
    server_key: str
    client: KeyPair


def pairing_text(pairing: Pairing) -> str:
    return PAIRING + base64.urlsafe_b64encode(msgspec.json.encode(pairing)).decode().rstrip("=")


def read_pairing(text: str) -> Pairing:
    """Raises InvalidMessage for a text that is no pairing string."""
    text = "".join(text.split())
    remedy = "Copy the whole line that 'install.py backend -- --pair NAME' prints on the other computer."
    body = text.removeprefix(PAIRING)
    if body == text or len(text) > 2000:
        raise InvalidMessage("This is no pairing string", remedy)
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        pairing = msgspec.json.decode(raw, type=Pairing)
    except (ValueError, msgspec.MsgspecError) as error:
        raise InvalidMessage("The pairing string is damaged", remedy) from error
    keys = (pairing.server_key, pairing.client.public, pairing.client.secret)
    if not pairing.host or not 1 <= pairing.port <= 65535 or any(len(key) != Z85_KEY for key in keys):
        raise InvalidMessage("The pairing string is incomplete", remedy)
    return pairing


def write_private(path: Path, data: bytes) -> None:
    """Writes a file that only the user can read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def default_folder() -> Path:
    """The data folder of this user: $GREYBOX_FOLDER, or where the system keeps the data of programs."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))) / "Greybox"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Greybox"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "greybox"


def remember_python(python: str = sys.executable, folder: Path | None = None) -> None:
    """Leaves word which Python has what the backend needs."""
    folder = folder or default_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / INSTALLED_FILE).write_bytes(msgspec.json.encode(Installed(python=python)))


def remembered_python(folder: Path) -> Path | None:
    """The Python that the set-up named, or None when there was none or the word cannot be read."""
    try:
        return Path(msgspec.json.decode((folder / INSTALLED_FILE).read_bytes(), type=Installed).python)
    except (OSError, msgspec.MsgspecError):
        return None


def read_endpoint(folder: Path) -> Endpoint:
    """What the server of `folder` announced. Raises NotFound when none runs there (or it was ended by force)."""
    try:
        return msgspec.json.decode((folder / CONNECTION_FILE).read_bytes(), type=Endpoint)
    except FileNotFoundError:
        raise NotFound(f"No backend runs in {folder}", "Start the backend.") from None
    except msgspec.MsgspecError as error:
        raise NotFound(f"{folder / CONNECTION_FILE} cannot be read: {error}", "Start the backend again.") from error


def read_client_key(folder: Path) -> KeyPair:
    """The key with which a client of this user proves itself. Raises NotFound, or Unavailable when others can
    read it."""
    try:
        return read_key(folder / CLIENT_KEY_FILE)
    except FileNotFoundError:
        raise NotFound(f"{folder} holds no key", "Start the backend once: it makes the key.") from None


def read_key(path: Path) -> KeyPair:
    """A key file that only its owner can read; a link in its place is not followed. Raises FileNotFoundError,
    Unavailable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unavailable(f"The key {path} cannot be read: {error.strerror}", "Delete it; it is made anew.") from error
    with open(descriptor, "rb") as file:
        if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise Unavailable(f"Others can read the key {path}", f"Run: chmod 600 '{path}'")
        data = file.read(4096)
    try:
        key = msgspec.json.decode(data, type=KeyPair)
    except msgspec.MsgspecError as error:
        raise Unavailable(f"The key {path} is damaged: {error}", "Delete it; it is made anew.") from error
    if len(key.public) != Z85_KEY or len(key.secret) != Z85_KEY:
        raise Unavailable(f"The key {path} is damaged: not 40 characters", "Delete it; it is made anew.")
    return key

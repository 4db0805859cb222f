"""Where the backend is, which Python runs it, and what is drawn in the viewport."""

# pyright: reportInvalidTypeForm=false
# (Blender reads properties from annotations)
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import bpy
import msgspec
from bpy.props import BoolProperty, EnumProperty, IntProperty, StringProperty

from ..backend.protocol.endpoint import (
    Z85_KEY,
    KeyPair,
    Pairing,
    default_folder,
    read_client_key,
    read_endpoint,
    read_key,
    write_private,
)
from ..backend.protocol.errors import NotFound, Unavailable
from .connection import Target
from .launcher import Backend, find_python

PACKAGE = __name__.rsplit(".", 2)[0]  # the extension; this package is one level below it
SOURCE = Path(__file__).resolve().parents[1]  # holds backend/, in the extension as in a checkout


class GreyboxPreferences(bpy.types.AddonPreferences):
    bl_idname = PACKAGE

    where: EnumProperty(
        name="Backend",
        items=[
            ("LOCAL", "This Computer", "Started when it is needed; keeps working when Blender is closed"),
            ("REMOTE", "Another Computer", "A backend that someone has started, by its address and keys"),
        ],
    )
    python: StringProperty(
        name="Python",
        description="The Python that has what the backend needs. Empty: the one that the set-up made",
        subtype="FILE_PATH",
    )
    folder: StringProperty(
        name="Data Folder",
        description="Keys, jobs and results. Empty: the usual place for this system",
        subtype="DIR_PATH",
    )
    device: StringProperty(
        name="Device",
        description="What the models run on: cpu, cuda:0, cuda:1 ... Empty: the first GPU, or else the CPU. "
        "Heard at the next start of the backend",
    )
    host: StringProperty(name="Host", description="Name or address of the other computer")
    port: IntProperty(name="Port", min=1, max=65535, default=47_100)
    server_key: StringProperty(name="Server Key", description="Public key of the backend, 40 characters")
    key_file: StringProperty(
        name="Own Key File", description="The key that the backend has been told to admit", subtype="FILE_PATH"
    )
    autostart: BoolProperty(
        name="Start With Generate", description="Start the backend when Generate needs it", default=True
    )
    labels: BoolProperty(name="Labels", description="Write prompt and state at every box in the viewport", default=True)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "where")
        if self.where == "LOCAL":
            layout.prop(self, "python")
            layout.prop(self, "folder")
            layout.prop(self, "device")
            layout.prop(self, "autostart")
            layout.operator("greybox.set_up", icon="IMPORT")
        else:
            for name in ("host", "port", "server_key", "key_file"):
                layout.prop(self, name)
        layout.operator("greybox.pair", icon="LINKED")
        layout.prop(self, "labels")


@dataclass(frozen=True)
class Settings:
    """The preferences as plain values; the defaults hold where the add-on is not enabled (tests, scripts)."""

    remote: bool = False
    python: str = ""
    folder: Path = Path()
    host: str = ""
    port: int = 0
    server_key: str = ""
    key_file: str = ""
    device: str = ""
    autostart: bool = True
    labels: bool = True

    def ready(self) -> bool:
        """Whether there is a backend that could be started or reached."""
        if self.remote:
            return bool(self.host and self.server_key)
        try:
            self.backend()
        except Unavailable:
            return False
        return True

    def backend(self) -> Backend:
        """Raises Unavailable where no Python is set up."""
        return Backend(find_python(SOURCE, self.folder, self.python), SOURCE, self.folder, self.device)

    def target(self) -> Target:
        """Where to connect. Raises NotFound or Unavailable; read on the connection's thread."""
        if not self.remote:
            endpoint = read_endpoint(self.folder)
            return Target(endpoint.address, endpoint.public_key, read_client_key(self.folder))
        if not self.host or len(self.server_key) != Z85_KEY:
            raise Unavailable("The other computer's host and key are not set", "Set them in the preferences.")
        return Target(f"tcp://{self.host}:{self.port}", self.server_key, self._own_key())

    def _own_key(self) -> KeyPair:
        if not self.key_file:
            return read_client_key(self.folder)
        try:
            return read_key(Path(self.key_file))
        except FileNotFoundError:
            raise NotFound(f"There is no key file {self.key_file}", "Correct it in the preferences.") from None


def read(context: bpy.types.Context | None = None) -> Settings:
    kept = stored(context or bpy.context)
    return Settings(folder=default_folder()) if kept is None else _plain(kept)


def stored(context: bpy.types.Context) -> GreyboxPreferences | None:
    """The preferences as Blender keeps them; None where the add-on is not enabled."""
    addon = context.preferences.addons.get(PACKAGE)
    return addon.preferences if addon else None


def pair(context: bpy.types.Context, pairing: Pairing) -> None:
    """Uses a backend elsewhere from now on. The secret goes into a file that only the user can read."""
    kept = stored(context)
    if kept is None:
        raise Unavailable("The add-on is not enabled", "Enable Greybox in the preferences.")
    folder = Path(bpy.path.abspath(kept.folder)) if kept.folder else default_folder()
    name = re.sub(r"[^a-z0-9]+", "-", pairing.host.lower()).strip("-")[:40] or "remote"
    file = folder / "keys" / f"pair-{name}.json"
    write_private(file, msgspec.json.encode(pairing.client))
    kept.host, kept.port, kept.server_key = pairing.host, pairing.port, pairing.server_key
    kept.key_file, kept.where = str(file), "REMOTE"


def _plain(stored: GreyboxPreferences) -> Settings:
    return Settings(
        remote=stored.where == "REMOTE",
        python=bpy.path.abspath(stored.python) if stored.python else "",
        folder=Path(bpy.path.abspath(stored.folder)) if stored.folder else default_folder(),
        host=stored.host.strip(),
        port=stored.port,
        server_key=stored.server_key.strip(),
        key_file=bpy.path.abspath(stored.key_file) if stored.key_file else "",
        device=stored.device.strip(),
        autostart=stored.autostart,
        labels=stored.labels,
    )


def register() -> None:
    bpy.utils.register_class(GreyboxPreferences)


def unregister() -> None:
    bpy.utils.unregister_class(GreyboxPreferences)

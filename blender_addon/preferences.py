"""Where the backend is, which Python runs it, and what is drawn in the viewport."""

# pyright: reportInvalidTypeForm=false
# (Blender reads properties from annotations)
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, StringProperty

from ..backend.protocol.endpoint import KeyPair, default_folder, read_client_key, read_endpoint, read_key
from ..backend.protocol.errors import NotFound, Unavailable
from .connection import Target
from .launcher import Backend, find_python

PACKAGE = __name__.rsplit(".", 2)[0]  # the extension; this package is one level below it
SOURCE = Path(__file__).resolve().parents[1]  # holds backend/, in the extension as in a checkout
Z85_KEY = 40  # characters


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
            layout.prop(self, "autostart")
        else:
            for name in ("host", "port", "server_key", "key_file"):
                layout.prop(self, name)
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
        return Backend(find_python(SOURCE, self.folder, self.python), SOURCE, self.folder)

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
    addon = (context or bpy.context).preferences.addons.get(PACKAGE)
    stored = addon.preferences if addon else None
    if stored is None:
        return Settings(folder=default_folder())
    return Settings(
        remote=stored.where == "REMOTE",
        python=bpy.path.abspath(stored.python) if stored.python else "",
        folder=Path(bpy.path.abspath(stored.folder)) if stored.folder else default_folder(),
        host=stored.host.strip(),
        port=stored.port,
        server_key=stored.server_key.strip(),
        key_file=bpy.path.abspath(stored.key_file) if stored.key_file else "",
        autostart=stored.autostart,
        labels=stored.labels,
    )


def register() -> None:
    bpy.utils.register_class(GreyboxPreferences)


def unregister() -> None:
    bpy.utils.unregister_class(GreyboxPreferences)

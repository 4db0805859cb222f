"""python -m backend.server: starts the server of a data folder, or finds the one that runs already.

Prints one JSON line with port, session, public_key, folder and version when clients can come, and nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import logging
import logging.handlers
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from ..generators.catalogue import on_this_machine
from ..protocol.endpoint import FOLDER_VARIABLE, Endpoint, default_folder, pairing_text, read_endpoint
from ..protocol.errors import GreyboxError
from ..protocol.messages import VERSION
from ..protocol.options import GeneratorInfo
from ..protocol.stages import WorkerKind
from ..weights.catalogue import weights_folder
from .keys import invite
from .lock import FolderLock
from .loop import Server, Settings
from .supervisor import Limits

LOG = "logs/server.log"
PORT = 47_100  # for clients elsewhere, where none is named
_log = logging.getLogger(__name__)
Command = Callable[[WorkerKind, str], Sequence[str]]


def main(
    arguments: Sequence[str] | None = None,
    generators: tuple[GeneratorInfo, ...] | None = None,
    command: Command | None = None,
    limits: Limits | None = None,
) -> int:
    """The exit code. Tests bring generators, workers and limits of their own."""
    options = _parser().parse_args(arguments)
    folder: Path = options.folder.expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if options.pair:
            return _pair(folder, options)
        lock = FolderLock(folder)
        if not lock.acquire():
            return _already_running(folder, lock)
        _log_to(folder / LOG)
        settings = Settings(
            folder=folder,
            generators=on_this_machine(weights_folder()) if generators is None else generators,
            workers=(("render", "cpu"), *(("generate", device) for device in options.device or ["auto"])),
            command=command or worker_command,
            renderers=_renderers(),
            host=options.host,
            port=options.port,
            idle_limit=options.idle_minutes * 60,
            limits=limits or Limits(),
        )
        asyncio.run(_serve(settings))
    except GreyboxError as error:
        print(f"{error.message}\n{error.remedy}".strip(), file=sys.stderr)
        return 2
    except OSError as error:
        print(f"The data folder {folder} cannot be used: {error}\nChoose another with --folder.", file=sys.stderr)
        return 2
    return 0


def _pair(folder: Path, options: argparse.Namespace) -> int:
    """Prints the text that lets another computer in, and how the server has to be started for it."""
    local = options.host in ("127.0.0.1", "*", "0.0.0.0")
    host = _own_address() if local else options.host
    port = options.port or PORT
    print(pairing_text(invite(folder, options.pair, host, port)))
    listen = "0.0.0.0" if local else options.host
    print(
        f"Paste the line above in Blender: Preferences > Add-ons > Greybox > Paste Pairing String.\n"
        f"It is a key: whoever has it can use this backend. Start the backend with:\n"
        f"  python install.py backend -- --host {listen} --port {port} --idle-minutes 0",
        file=sys.stderr,
    )
    return 0


def _own_address() -> str:
    """The address of this computer in its network, else its name. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation: only the route is looked up
            return probe.getsockname()[0]
        except OSError:
            return socket.gethostname()


def worker_command(kind: WorkerKind, device: str) -> Sequence[str]:
    package = (__package__ or "backend.server").rpartition(".")[0]
    return [sys.executable, "-m", f"{package}.workers.{kind}_worker", "--device", device]


async def _serve(settings: Settings) -> None:
    server = Server(settings)
    endpoint = server.start()
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGINT"):
        _on_signal(loop, getattr(signal, name), lambda name=name: server.stop(f"{name} was received"))
    if hasattr(signal, "SIGHUP"):  # it outlives the terminal, as it outlives Blender; the idle limit ends it
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    _announce(endpoint)
    _log.info("Serving %s at port %d", settings.folder, endpoint.port)
    await server.run()


def _on_signal(loop: asyncio.AbstractEventLoop, number: int, action: Callable[[], None]) -> None:
    try:
        loop.add_signal_handler(number, action)
    except NotImplementedError:  # Windows
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(action))


def _announce(endpoint: Endpoint) -> None:
    sys.stdout.write(msgspec.json.encode(endpoint).decode() + "\n")
    sys.stdout.flush()


def _already_running(folder: Path, lock: FolderLock, patience: float = 5.0) -> int:
    """Another server owns the folder: announces that one."""
    until = time.monotonic() + patience
    owner = lock.owner()
    while time.monotonic() < until:
        owner = lock.owner() or owner
        try:
            endpoint = read_endpoint(folder)
        except GreyboxError:
            endpoint = None
        if endpoint is not None and owner is not None and endpoint.pid == owner.pid:
            print(f"A backend (process {owner.pid}) already serves {folder}", file=sys.stderr)
            _announce(endpoint)
            return 0
        time.sleep(0.05)
    print(f"Process {owner.pid if owner else '?'} holds {folder} but does not serve it. End it.", file=sys.stderr)
    return 3


def _renderers() -> tuple[str, ...]:
    """What the render worker can draw with, without loading any of it."""
    return ("eevee", "cycles", "raster") if importlib.util.find_spec("bpy") else ("raster",)


def _log_to(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=1 << 20, backupCount=2, encoding="utf-8")
    logging.basicConfig(
        level=logging.INFO, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m backend.server",
        description="The Greybox backend: accepts jobs from Blender, runs them on workers, keeps the results. "
        "Prints one JSON line when it can be reached. Ctrl-C ends it; unfinished jobs go on at the next start.",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=default_folder(),
        help=f"where jobs, results, keys and logs are kept (default: %(default)s, or ${FOLDER_VARIABLE})",
    )
    parser.add_argument(
        "--idle-minutes",
        type=float,
        default=10.0,
        metavar="N",
        help="end by itself after so long without client and work; 0: never (default: %(default)g)",
    )
    parser.add_argument(
        "--device",
        action="append",
        metavar="D",
        help="one generate worker per --device: auto, cpu, cuda:0 ... (default: one, auto)",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address to listen on (default: %(default)s, this machine only); clients elsewhere need their key in "
        "keys/allowed.txt",
    )
    parser.add_argument("--port", type=int, default=0, metavar="N", help="port to listen on (default: any free one)")
    parser.add_argument(
        "--pair",
        metavar="NAME",
        help="admit another computer under this name: print its pairing string for Blender, and end",
    )
    parser.add_argument("--version", action="version", version=f"Greybox {VERSION}")
    return parser


if __name__ == "__main__":
    if sys.platform == "win32":  # pyzmq needs the loop that can wait for sockets
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    sys.exit(main())

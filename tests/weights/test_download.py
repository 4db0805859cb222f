"""Downloads against a small hub on loopback: resumed, hashed, and honest about what went wrong."""

import hashlib
import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from backend.protocol.errors import Unavailable
from backend.weights.catalogue import WeightSet
from backend.weights.download import DownloadFailed, download

COMMIT = "0" * 40
SET = WeightSet("tiny", "owner/tiny", ("weights/*",), 0.001, "test", needed=("weights/a.safetensors",))


class Hub(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {"weights/a.safetensors": b"a" * 5000, "README.md": b"not wanted"}
        self.wrong: dict[str, int] = {}  # how many times a file comes with wrong bytes
        self.gets: list[str] = []
        self.denied = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        if self.server.denied:
            self.send_response(403)
            self.send_header("X-Error-Code", "GatedRepo")
            self.end_headers()
            return
        if self.path.startswith("/api/"):
            listing = [
                {"type": "file", "path": name, "size": len(content), "oid": COMMIT}
                for name, content in self.server.files.items()
            ]
            self._send(json.dumps(listing).encode(), {}, body)
            return
        name = self.path.split("/resolve/")[1].split("/", 1)[1]
        content = self.server.files[name]
        headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', "X-Repo-Commit": COMMIT}
        if body:
            self.server.gets.append(name)
            if self.server.wrong.get(name, 0):
                self.server.wrong[name] -= 1
                content = b"x" * len(content)
        self._send(content, headers, body)

    def _send(self, content: bytes, headers: dict, body: bool) -> None:
        self.send_response(200)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def hub():
    server = Hub()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def fetch(hub: Hub, root: Path) -> Path:
    return download(SET, root, hub=HfApi(endpoint=hub.address, token=False))


def test_only_the_files_of_the_set_come_and_once(hub, tmp_path):
    folder = fetch(hub, tmp_path)
    assert (folder / "weights/a.safetensors").read_bytes() == b"a" * 5000
    assert not (folder / "README.md").exists()
    fetch(hub, tmp_path)
    assert hub.gets == ["weights/a.safetensors"]
    assert SET.present(tmp_path)


def test_wrong_bytes_of_the_right_size_are_fetched_again(hub, tmp_path):
    hub.wrong["weights/a.safetensors"] = 1
    fetch(hub, tmp_path)
    assert (tmp_path / "tiny/weights/a.safetensors").read_bytes() == b"a" * 5000


def test_wrong_bytes_twice_are_given_up_and_leave_nothing(hub, tmp_path):
    hub.wrong["weights/a.safetensors"] = 9
    with pytest.raises(DownloadFailed, match="wrong content twice"):
        fetch(hub, tmp_path)
    assert not SET.present(tmp_path)


def test_no_access_says_where_to_ask_for_it(hub, tmp_path):
    hub.denied = True
    with pytest.raises(Unavailable, match="No access") as caught:
        fetch(hub, tmp_path)
    assert "huggingface.co/owner/tiny" in caught.value.remedy


def test_a_file_from_an_address_is_hashed_and_kept(hub: Hub, tmp_path: Path) -> None:
    content = hub.files["weights/a.safetensors"]
    address = f"{hub.address}/owner/tiny/resolve/main/weights/a.safetensors"
    part = WeightSet("elsewhere", "owner/elsewhere", ("a.pth",), 0.001, "test", needed=("a.pth",), address=address)
    right = replace(part, sha256=hashlib.sha256(content).hexdigest())
    folder = download(right, tmp_path)
    assert (folder / "a.pth").read_bytes() == content and right.present(tmp_path)
    download(right, tmp_path)
    assert len(hub.gets) == 1  # it was there and right
    with pytest.raises(DownloadFailed, match="wrong content twice"):
        download(replace(part, name="other", sha256="0" * 64), tmp_path)
    assert not list((tmp_path / "other").iterdir())
    with pytest.raises(Unavailable, match="could not be fetched"):
        download(replace(right, name="third", address="http://127.0.0.1:9/nothing"), tmp_path)

"""backend/protocol/endpoint.py: finding the server, and keys that others cannot read."""

import os

import msgspec
import pytest

from backend.protocol import endpoint
from backend.protocol.errors import NotFound, Unavailable

KEY = endpoint.KeyPair(public="p" * 40, secret="s" * 40)


def test_an_endpoint_is_read_back(tmp_path):
    with pytest.raises(NotFound, match="No backend runs"):
        endpoint.read_endpoint(tmp_path)
    made = endpoint.Endpoint(port=7, session="s", public_key="k", folder="f", version="0", pid=1)
    (tmp_path / endpoint.CONNECTION_FILE).write_bytes(msgspec.json.encode(made))
    assert endpoint.read_endpoint(tmp_path) == made and made.address == "tcp://127.0.0.1:7"
    (tmp_path / endpoint.CONNECTION_FILE).write_bytes(b"{")
    with pytest.raises(NotFound, match="cannot be read"):
        endpoint.read_endpoint(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_key_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "key.json"
    path.write_bytes(msgspec.json.encode(KEY))
    path.chmod(0o644)
    with pytest.raises(Unavailable, match="Others can read"):
        endpoint.read_key(path)
    path.chmod(0o600)
    assert endpoint.read_key(path) == KEY
    link = tmp_path / "link.json"
    link.symlink_to(path)
    with pytest.raises(Unavailable, match="cannot be read"):
        endpoint.read_key(link)


def test_a_damaged_key_is_refused(tmp_path):
    path = tmp_path / "key.json"
    for content in (b"", b"null", b'{"public": "short", "secret": "short"}'):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(Unavailable, match="damaged"):
            endpoint.read_key(path)


def test_a_secret_is_never_printed():
    assert KEY.secret not in repr(KEY) + str(KEY)


def test_the_folder_can_be_named_and_is_the_users_otherwise(monkeypatch, tmp_path):
    monkeypatch.setenv(endpoint.FOLDER_VARIABLE, str(tmp_path))
    assert endpoint.default_folder() == tmp_path
    monkeypatch.delenv(endpoint.FOLDER_VARIABLE)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert tmp_path in endpoint.default_folder().parents

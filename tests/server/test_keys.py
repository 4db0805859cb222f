"""backend/server/keys.py: who may come in."""

import os

import pytest
import zmq

from backend.protocol.endpoint import read_client_key, read_pairing, write_private
from backend.protocol.errors import Unavailable
from backend.server.__main__ import main
from backend.server.keys import invite, open_keys


def test_keys_are_made_once_and_only_for_the_user(tmp_path):
    keys = open_keys(tmp_path)
    assert open_keys(tmp_path) == keys and len(keys.server.public) == 40
    for name in ("keys/server.json", "keys/client.json"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_only_listed_keys_are_let_in(tmp_path):
    keys = open_keys(tmp_path)
    own, other = read_client_key(tmp_path).public, zmq.curve_keypair()[0]
    assert keys.callback("greybox", own.encode()) and not keys.callback("greybox", other)
    assert not keys.callback("greybox", keys.server.public.encode()) and not keys.callback("greybox", b"\xff" * 40)
    (tmp_path / "keys/allowed.txt").write_text(f"# studio\n\n{other.decode()} workstation\ntoo-short\n")
    assert open_keys(tmp_path).callback("greybox", other)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_key_that_others_can_read_is_not_used(tmp_path):
    open_keys(tmp_path)
    (tmp_path / "keys/server.json").chmod(0o640)
    with pytest.raises(Unavailable, match="Others can read") as caught:
        open_keys(tmp_path)
    assert "chmod 600" in caught.value.remedy


def test_a_link_in_the_place_of_a_private_file_is_replaced_not_followed(tmp_path):
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    (tmp_path / "file").symlink_to(target)
    write_private(tmp_path / "file", b"secret")
    assert target.read_bytes() == b"precious" and not (tmp_path / "file").is_symlink()


def test_an_invited_computer_is_admitted_while_the_server_runs(tmp_path):
    keys = open_keys(tmp_path)
    pairing = invite(tmp_path, "the laptop", "render.local", 47100)
    assert keys.callback("greybox", pairing.client.public.encode())
    assert not keys.callback("greybox", b"x" * 40) and pairing.server_key == keys.server.public
    second = invite(tmp_path, "another", "render.local", 47100)
    assert keys.callback("greybox", second.client.public.encode()) and second.client != pairing.client
    assert "the laptop" in (tmp_path / "keys/allowed.txt").read_text()


def test_pair_prints_one_line_for_blender(tmp_path, capsys):
    assert main(["--folder", str(tmp_path), "--pair", "studio", "--host", "10.1.2.3"]) == 0
    said = capsys.readouterr()
    pairing = read_pairing(said.out)
    assert (pairing.host, pairing.port) == ("10.1.2.3", 47100) and said.out.count("\n") == 1
    assert "--host 10.1.2.3 --port 47100" in said.err and pairing.client.secret not in said.err

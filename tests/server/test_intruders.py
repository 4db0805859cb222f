"""T-N3: bytes of a browser, of ZMTP 1.0, of TLS or of nonsense, and clients with a wrong key or none, reach no
handler, and the real client does not notice them."""

import contextlib
import os
import random
import socket
import struct
import time

import pytest
import zmq

from backend.protocol import messages as m
from backend.protocol.endpoint import KeyPair, read_client_key
from backend.protocol.wire import encode
from tests.client import Client, box, job, serving

HELLO = bytes(encode(m.Hello(protocol=m.PROTOCOL, app="intruder"))[0])
SUBMIT = bytes(encode(m.Submit(request="x", job=job("intruder", box("a"))))[0])


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server")) as both:
        yield both


def rss_mb(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(file.read().split("VmRSS:")[1].split()[0]) / 1024


def zmtp_1(*frames):
    """Frames as ZMTP 1.0 sends them: an identity, then length, flags, body."""
    parts = [b"\x01\x00"]
    for number, frame in enumerate(frames):
        more = number < len(frames) - 1
        size = len(frame) + 1
        prefix = bytes([size]) if size < 255 else b"\xff" + struct.pack(">Q", size)
        parts.append(prefix + bytes([more]) + frame)
    return b"".join(parts)


def http(body, path="/"):
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://example.com\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(body)}\r\nUser-Agent: {'x' * 120}\r\n\r\n"
    )
    return head.encode() + body


def zmtp_3(mechanism):
    greeting = b"\xff" + bytes(8) + b"\x7f\x03\x00" + mechanism.ljust(20, b"\0") + b"\0" + bytes(31)
    ready = b"\x04\x26\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER\x08Identity\x00\x00\x00\x00"
    return greeting + ready + bytes([0, len(HELLO)]) + HELLO + bytes([0, len(SUBMIT) & 255]) + SUBMIT


def attacks():
    chance = random.Random(3)
    sled = b"\x01" * 4000
    yield "ZMTP 1.0", zmtp_1(HELLO) + zmtp_1(SUBMIT)[2:]
    yield "HTTP", http(zmtp_1(HELLO))
    for length in range(8):
        yield "HTTP with a sled", http(sled + zmtp_1(HELLO)[2:] + zmtp_1(SUBMIT)[2:], "/" + "a" * length)
    yield "HTTP GET", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    yield "TLS", bytes.fromhex("16030100c8010000c40303") + bytes(200)
    for mechanism in (b"NULL", b"PLAIN", b"CURVE", b"GSSAPI"):
        yield f"ZMTP 3 {mechanism.decode()}", zmtp_3(mechanism)
    for _ in range(40):
        yield "noise", chance.randbytes(chance.randrange(1, 3000))
    yield "zeros", bytes(100_000)
    yield "ones", b"\xff" * 100_000


def throw(port, data):
    """Connects, sends, and reads what comes until the other side closes or a moment has passed."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
        raw.sendall(data)
        raw.settimeout(0.05)
        return raw.recv(4096)
    return b""


def refused_and_clients(client):
    return client.ask(m.Status).clients, len(client.ask(m.ListJobs).jobs)


def test_no_bytes_of_strangers_reach_a_handler(pair):
    backend, client = pair
    before = refused_and_clients(client)
    for name, data in attacks():
        answer = throw(backend.endpoint.port, data)
        assert b"Welcome" not in answer and b"Refused" not in answer, name
    assert refused_and_clients(client) == before
    assert client.submit(job("mine", box("a"))).state == "queued" and client.wait("mine").state == "done"


@pytest.mark.parametrize("key", ["another", "none"])
def test_a_wrong_key_is_not_heard(pair, key):
    backend, client = pair
    before = refused_and_clients(client)
    with zmq.Context() as context, context.socket(zmq.DEALER) as stranger:
        stranger.setsockopt(zmq.LINGER, 0)
        if key == "another":
            stranger.curve_publickey, stranger.curve_secretkey = zmq.curve_keypair()
            stranger.curve_serverkey = backend.endpoint.public_key.encode()
        stranger.connect(backend.endpoint.address)
        for _ in range(5):
            with contextlib.suppress(zmq.Again):  # a refused peer is dropped, and then there is nobody to send to
                stranger.send(HELLO, zmq.NOBLOCK)
                stranger.send(SUBMIT, zmq.NOBLOCK)
        assert not stranger.poll(700)
    assert refused_and_clients(client) == before


def test_a_key_that_was_allowed_by_hand_is_heard(tmp_path):
    public, secret = (key.decode() for key in zmq.curve_keypair())
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys/allowed.txt").write_text(f"# the other machine\n{public} studio\n")
    with serving(tmp_path) as (backend, _):
        friend = Client(backend.endpoint, KeyPair(public=public, secret=secret))
        assert friend.welcome.version == m.VERSION
        friend.close()


def test_half_open_connections_cost_little_and_harm_nobody(pair):
    backend, client = pair
    port, before = backend.endpoint.port, rss_mb(backend.pid)
    for _ in range(5):
        crowd = []
        for _ in range(120):
            with contextlib.suppress(OSError):
                crowd.append(socket.create_connection(("127.0.0.1", port), timeout=1))
        for raw in crowd[::2]:
            with contextlib.suppress(OSError):
                raw.send(os.urandom(9))
        began = time.monotonic()
        assert isinstance(client.ask(m.Status), m.StatusReport)
        assert time.monotonic() - began < 1
        for raw in crowd:
            raw.close()
    growth = rss_mb(backend.pid) - before
    print(f"600 half-open connections: +{growth:.1f} MB")
    assert growth < 8


def test_a_client_that_does_not_read_is_no_burden(pair):
    backend, client = pair
    client.submit(job("big", box("a", "big"), texture_size=2048))
    client.wait("big")
    artifact = max(client.ask(m.ListJobs, jobs=("big",)).jobs[0].artifacts, key=lambda a: a.size)
    lazy = Client(backend.endpoint, read_client_key(backend.folder))
    before = rss_mb(backend.pid)
    for number in range(3000):
        lazy.say(m.Fetch(request=str(number), sha256=artifact.sha256))
    time.sleep(0.5)
    assert isinstance(client.ask(m.Status), m.StatusReport)
    assert rss_mb(backend.pid) - before < 60
    lazy.close()

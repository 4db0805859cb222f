"""backend/server/loop.py: how much GPU memory is free is looked at again, but not past a model of our own."""

import asyncio
import time
from types import SimpleNamespace

import pytest

from backend.protocol.messages import Device
from backend.server import devices, loop

CARD = Device(name="cuda:0", label="Card", memory_gb=24, free_gb=20)


CASES = [
    ((), {}, (CARD,), True),
    (("painter",), {}, (CARD,), False),  # our own model lies there, and would go for another
    ((), {"job": 1}, (CARD,), False),
    ((), {}, (), False),
]


@pytest.mark.parametrize(("loaded", "active", "gpus", "looked"), CASES)
def test_free_memory_is_that_without_our_own_models(monkeypatch, loaded, active, gpus, looked):
    less = Device(name="cuda:0", label="Card", memory_gb=24, free_gb=5)
    monkeypatch.setattr(devices, "gpus", lambda: (less,))
    supervisor = SimpleNamespace(
        view=lambda: SimpleNamespace(loaded=frozenset(loaded)), device="cuda:0", memory_gb=None
    )
    server = SimpleNamespace(
        _gpus=gpus, _on_gpu={"painter"}, _looked=time.monotonic() - 60, jobs=SimpleNamespace(active=active),
        dispatch=SimpleNamespace(supervisors=(supervisor,)),
    )  # fmt: skip

    async def look():
        tasks = []
        server._find_gpus = lambda: loop.Server._find_gpus(server)
        server._spawn_task = lambda work: tasks.append(asyncio.ensure_future(work))
        loop.Server._look_at_gpus_again(server)
        await asyncio.gather(*tasks)

    asyncio.run(look())
    assert (server._gpus == (less,)) is looked

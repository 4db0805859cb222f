"""Every generator by name: what it takes, gives and needs. Readable without torch; the server lists it.

Adding a generator: its GeneratorInfo here, its class in `generators/<name>/pipeline.py`, and one line in
`workers/generate_worker.py` that builds it.
"""

from __future__ import annotations

from ..protocol.options import GeneratorInfo

DRAFT = GeneratorInfo(
    name="draft",
    label="Draft",
    description="A procedural asset at once, from the words alone, on any CPU. Needs no weights.",
    gives=("mesh", "material"),
    takes=("box",),
    licence="GPL-3.0-or-later",
)

GENERATORS: tuple[GeneratorInfo, ...] = (DRAFT,)

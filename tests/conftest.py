"""The checkout under the name that Blender gives it.

As an installed extension the add-on is `bl_ext.<repository>.greybox.blender_addon` and reaches the protocol as
`..backend.protocol`. Here the repository root gets the package name `greybox`, so the same imports work.
"""

import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

if "greybox" not in sys.modules:
    root = types.ModuleType("greybox")
    root.__path__ = [str(ROOT)]
    sys.modules["greybox"] = root

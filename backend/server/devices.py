"""What this machine can compute on, found without torch: memory from the system, GPUs from nvidia-smi."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys

from ..protocol.messages import Device


def cpu() -> Device:
    total, free = _memory()
    name = platform.processor() or platform.machine()
    label = f"{os.cpu_count()} cores, {name}"
    return Device(name="cpu", label=label, memory_gb=round(total / 1e9, 1), free_gb=round(free / 1e9, 1))


def gpus() -> tuple[Device, ...]:
    """NVIDIA GPUs, or nothing where their driver does not answer within five seconds."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    query = [tool, "--query-gpu=index,name,memory.total,memory.free", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=5, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(filter(None, map(_gpu, answer.splitlines())))


def _gpu(line: str) -> Device | None:
    fields = [field.strip() for field in line.split(",")]
    try:
        index, name, total, free = fields
        total_gb, free_gb = float(total) * 2**20 / 1e9, float(free) * 2**20 / 1e9
    except ValueError:
        return None
    return Device(name=f"cuda:{index}", label=name, memory_gb=round(total_gb, 1), free_gb=round(free_gb, 1))


def _memory() -> tuple[int, int]:
    """(all, free) bytes of main memory."""
    if sys.platform == "win32":
        return _windows_memory()
    page = os.sysconf("SC_PAGE_SIZE")
    total = page * os.sysconf("SC_PHYS_PAGES")
    names = os.sysconf_names
    return total, page * os.sysconf("SC_AVPHYS_PAGES") if "SC_AVPHYS_PAGES" in names else total


def _windows_memory() -> tuple[int, int]:
    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "page", "page_free", "virtual", "vfree", "ext")),
        )

    status = Status()
    status.length = ctypes.sizeof(Status)
    ctypes.WinDLL("kernel32").GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined]
    return int(status.total), int(status.free)

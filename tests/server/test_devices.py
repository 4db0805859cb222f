"""backend/server/devices.py: what the machine has, without torch."""

import os
import stat

from backend.server import devices


def test_the_cpu_has_memory_and_some_is_free():
    cpu = devices.cpu()
    assert cpu.name == "cpu" and 0 < cpu.free_gb <= cpu.memory_gb and str(os.cpu_count()) in cpu.label


def _driver(folder, script):
    tool = folder / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)


def test_gpus_are_what_the_driver_says(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    _driver(tmp_path, "echo '0, NVIDIA H200, 143771, 140000'; echo '1, NVIDIA RTX 4090, 24564, 100'; echo garbage")
    first, second = devices.gpus()
    assert (first.name, first.label, round(first.memory_gb)) == ("cuda:0", "NVIDIA H200", 151)
    assert (second.name, second.free_gb) == ("cuda:1", 0.1)


def test_a_broken_driver_is_no_gpu(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    _driver(tmp_path, "echo 'NVIDIA-SMI has failed'; exit 9")
    assert devices.gpus() == ()
    (tmp_path / "nvidia-smi").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices.gpus() == ()

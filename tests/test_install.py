"""The installer's decisions, without installing anything."""

import json
import subprocess
import sys

import pytest

import install


def test_requirements_are_those_of_the_project_with_the_blender_that_is_wanted():
    chosen = install.requirements(("render", "dev"), "4.2.23")
    assert "bpy==4.2.23" in chosen
    assert any(r.startswith("torch==") for r in chosen)
    assert any(r.startswith("pytest==") for r in chosen)
    assert all("==" in r or ">=" in r for r in chosen)


def test_missing_libraries_are_named_with_the_package_that_brings_them(monkeypatch):
    monkeypatch.setattr(install, "LIBRARIES", {"libnowhere.so.9": "libnowhere9"})
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(install.Problem, match=r"libnowhere\.so\.9") as caught:
        install.require_libraries()
    assert "apt-get install libnowhere9" in str(caught.value)


@pytest.mark.parametrize(("needs", "cuda"), [(["nvidia-cudnn-cu13==9.1"], True), (["filelock"], False)])
def test_a_build_of_torch_that_brings_cuda_is_recognised_before_it_is_downloaded(monkeypatch, tmp_path, needs, cuda):
    report = json.dumps({"install": [{"metadata": {"requires_dist": needs}}]})
    done = subprocess.CompletedProcess([], 0, stdout=report, stderr="")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: done)
    assert install.default_torch_needs_cuda(tmp_path, "torch==2.13.0") is cuda


@pytest.mark.parametrize(
    ("version", "good"), [("4.1.1", False), ("4.2.0", True), ("5.2.2 LTS", True), ("does not start", False)]
)
def test_blenders_that_are_too_old_or_do_not_start_are_told_apart(version, good):
    assert install.blender_verdict(version)[0] is good


def test_a_failed_pip_leaves_its_log_and_no_stamp(monkeypatch, tmp_path):
    venv = tmp_path / "venv"
    monkeypatch.setattr(install, "make_venv", lambda venv, python: venv.mkdir())
    monkeypatch.setattr(install, "install_torch", lambda venv, requirement: None)
    failed = subprocess.CompletedProcess([], 1, stdout="no network", stderr="")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: failed)
    with pytest.raises(install.Problem, match="no network"):
        install.set_up(("render",), venv)
    assert (venv / "greybox-pip.log").read_text() == "no network"
    assert not (venv / install.STAMP).exists()


def test_a_finished_set_up_is_not_repeated(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(install, "make_venv", lambda venv, python: venv.mkdir(exist_ok=True))
    monkeypatch.setattr(install, "install_torch", lambda venv, requirement: None)
    monkeypatch.setattr(install, "pip", lambda venv, *arguments: calls.append(arguments))
    for _ in range(2):
        install.set_up(("render",), tmp_path / "venv")
    assert len(calls) == 1


def test_environments_of_other_blenders_go_without_the_networks_libraries(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(install, "make_venv", lambda venv, python: venv.mkdir())
    monkeypatch.setattr(install, "pip", lambda venv, *arguments: calls.extend(arguments))
    install.set_up(("render", "dev"), tmp_path / "venv", "5.2")
    assert "bpy==5.2.3" in calls
    assert not any(argument.startswith("torch") for argument in calls)


@pytest.mark.parametrize(
    ("gpu", "available", "word"), [(0.0, False, "wants a GPU"), (24.0, False, "not yet"), (24.0, True, "yes")]
)
def test_doctor_says_of_each_generator_what_will_happen(gpu, available, word):
    info = {"memory_gb": [["bf16", 20.0], ["stream", 6.0]], "available": available, "missing": "x", "remedy": "y"}
    assert word in install.generator_verdict(info, gpu)


def test_doctor_names_the_memory_modes_that_fit():
    info = {"memory_gb": [["bf16", 20.8], ["stream", 5.6]], "available": True, "missing": "", "remedy": ""}
    assert install.generator_verdict(info, 24.0) == "yes: bf16 (20.8 GB), stream (5.6 GB)"
    assert install.generator_verdict(info, 8.0) == "yes: stream (5.6 GB)"

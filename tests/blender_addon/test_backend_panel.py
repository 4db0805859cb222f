"""Set-up, downloads, pairing, logs: what runs beside Blender, and what is said about it."""

import os
import stat
import sys
import time
from pathlib import Path

import bpy
import pytest
from greybox.backend.protocol import messages as m
from greybox.backend.protocol.endpoint import KeyPair, Pairing, pairing_text, read_pairing
from greybox.backend.protocol.errors import InvalidMessage, Unavailable
from greybox.blender_addon import chores, installer, jobs, logs, preferences, remedies, report

from .test_jobs import pump, run

SCRIPT = """
import sys, time
print("@progress 0.25 Downloading torch", flush=True)
print("a line of its own")
time.sleep({wait})
print("@progress 0.75 Installing", flush=True)
sys.exit({code})
"""


@pytest.fixture(autouse=True)
def _no_chore_left():
    yield
    chores.stop()
    chores.unregister()


def begin(tmp_path, code=0, wait=0.0, done=lambda: None):
    command = [sys.executable, "-c", SCRIPT.format(code=code, wait=wait)]
    return chores.start("setup", "Set-up", command, tmp_path, os.environ, tmp_path / "log", done)


def follow(chore, wanted=lambda: chores.current().ended, seconds=10):
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline
        chore.looked = 0
        chores.tick()
        time.sleep(0.01)


def test_a_chore_moves_its_bar_and_ends(tmp_path):
    done = []
    chore = begin(tmp_path, wait=0.3, done=lambda: done.append(1))
    follow(chore, lambda: chore.share == 0.25)
    assert chore.text == "Downloading torch" and chores.running() and not done
    follow(chore)
    assert (chore.share, chore.error, done) == (1.0, "", [1])


def test_a_chore_that_fails_says_its_last_line(tmp_path):
    chore = begin(tmp_path, code=3)
    follow(chore)
    assert chore.error == "a line of its own" and chore.share == 0.75


def test_one_chore_at_a_time_and_it_can_be_interrupted(tmp_path):
    chore = begin(tmp_path, wait=30)
    with pytest.raises(OSError, match="still going on"):
        begin(tmp_path)
    chores.stop()
    assert chore.ended and "go on" in chore.error and chore.process.wait(5) is not None


def test_nothing_is_downloaded_while_the_user_is_offline(blender):
    if bpy.app.online_access:
        pytest.skip("this Blender may go online")
    assert not bpy.ops.greybox.set_up.poll()


def test_the_set_up_is_the_installer_of_this_source_into_the_data_folder(blender, tmp_path, monkeypatch):
    begun = []
    monkeypatch.setattr(chores, "start", lambda *a, **k: begun.append(a))
    installer.set_up(preferences.SOURCE, tmp_path / "data", lambda: None)
    name, _title, command, folder, variables, log, _done = begun[0]
    assert command[1:] == [str(preferences.SOURCE / "install.py"), "setup", "--into", str(tmp_path / "data")]
    assert (name, folder, log) == ("setup", preferences.SOURCE, tmp_path / "data" / "setup.log")
    assert "PYTHONHOME" not in variables and Path(command[0]).exists()


def test_without_any_python_the_remedy_is_told(monkeypatch):
    monkeypatch.setattr(installer.shutil, "which", lambda name: None)
    monkeypatch.setattr(sys, "executable", "/usr/bin/blender")
    with pytest.raises(Unavailable, match=r"3\.11"):
        installer.interpreter()


def test_room_on_the_disk_is_told_for_a_folder_that_is_not_there_yet(tmp_path):
    assert installer.free_gb(tmp_path / "a" / "b") > 0


PAIRING = Pairing(
    host="render.local", port=47100, server_key="s" * 40, client=KeyPair(public="p" * 40, secret="q" * 40)
)


def test_a_pairing_string_survives_a_paste_with_line_breaks():
    text = pairing_text(PAIRING)
    assert read_pairing(f"  {text[:50]}\n{text[50:]} \n") == PAIRING and " " not in text


@pytest.mark.parametrize("text", ["", "greybox-pair:", "greybox-pair:%%%", "http://x", "greybox-pair:" + "A" * 3000])
def test_other_texts_are_refused_with_the_command_that_prints_one(text):
    with pytest.raises(InvalidMessage) as caught:
        read_pairing(text)
    assert "--pair" in caught.value.remedy


class Stored:
    folder, host, port, server_key, key_file, where = "", "", 0, "", "", "LOCAL"


def test_pairing_keeps_the_secret_in_a_file_of_the_user(blender, monkeypatch, tmp_path):
    stored = Stored()
    monkeypatch.setattr(preferences, "stored", lambda context: stored)
    preferences.pair(blender, PAIRING)
    file = Path(stored.key_file)
    assert (stored.host, stored.port, stored.where) == ("render.local", 47100, "REMOTE")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and PAIRING.client.secret in file.read_text()
    assert PAIRING.client.secret not in str(vars(stored))


def test_the_report_holds_what_is_asked_for_and_no_path_of_the_user(blender, backend, box):
    sofa = box("Sofa", prompt="very secret sofa")
    backend.fail_boxes = {sofa.greybox.uid}
    (backend.folder / "logs").mkdir()
    (backend.folder / "logs" / "server.log").write_text(f"started in {Path.home()}/data\n")
    jobs.generate(blender, [sofa])
    job = run()[-1]
    text = report.text(blender, job.id)
    assert "worker-lost: The worker died" in text and bpy.app.version_string in text and "server.log" in text
    assert "secret" not in text and str(Path.home()) not in text and "tick:" in text


def test_logs_and_findings_become_texts(blender, backend):
    (backend.folder / "backend.log").write_text("it began\n")
    assert bpy.ops.greybox.open_log() == {"FINISHED"}
    assert "it began" in bpy.data.texts["Greybox Log"].as_string()
    jobs.connect(blender, start=False)
    pump(lambda: jobs.session().welcome)
    assert bpy.ops.greybox.doctor() == {"FINISHED"}
    assert "ok   The backend answers" in bpy.data.texts["Greybox Check"].as_string()
    assert len(logs.findings(blender)) > 3


def test_a_box_that_ran_out_of_memory_is_made_again_with_less(blender, backend, box):
    sofa = box("Sofa")
    sofa.greybox.generator = "pixal3d"
    gpu = m.Device(name="cuda:0", label="GPU", memory_gb=48, free_gb=40)
    backend.devices = (gpu,)
    backend.fail_boxes, backend.error = {sofa.greybox.uid}, ("out-of-memory", "Too large", "Make it smaller.")
    job = jobs.generate(blender, [sofa])
    run()
    (button,) = remedies.buttons(job.boxes[sofa.greybox.uid].code, job.id)
    backend.fail_boxes = set()
    assert bpy.ops.greybox.make_it_fit(**button.values) == {"FINISHED"}
    run()
    first, second = [message.job for message in backend.received if isinstance(message, m.Submit)]
    assert second.boxes == first.boxes and second.settings.options != first.settings.options
    assert len(sofa.greybox.variants) == 1


CODES = ("out-of-memory", "worker-lost", "disk-full", "link-lost", "not-set-up", "incompatible", "weights")


@pytest.mark.parametrize("code", CODES)
def test_every_error_has_a_button_that_exists(blender, code):
    found = remedies.buttons(code, "job-1", "seethrough3d")
    assert found
    for button in found:
        family, name = button.operator.split(".")
        properties = getattr(getattr(bpy.ops, family), name).get_rna_type().properties
        assert all(value in properties for value in button.values)

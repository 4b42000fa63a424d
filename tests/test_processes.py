"""The library starts no processes unasked; who wants several says so."""

import os
import subprocess
import sys

import pytest
from cifs import cif

from replicate import processes
from replicate.errors import ConfigError

# No `if __name__ == "__main__"`: a process started from here would run the script once more.
SCRIPT = """
import sys
from replicate.features import graph_building

graph_building.CHUNK, graph_building._WORTH_PROCESSES = 2, 4
cif = open('salt.cif').read()
print("once")
print(len(graph_building.graphs_from_structures([(str(i), cif) for i in range(12)]).graphs.ids))
"""


def test_a_plain_script_builds_the_graphs_of_many_crystals(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    (tmp_path / "salt.cif").write_text(cif(), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != processes.VARIABLE}
    options = {"env": environment, "cwd": tmp_path, "capture_output": True, "text": True, "timeout": 120}
    ended = subprocess.run([sys.executable, script], **options)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["once", "12"]


def test_one_process_unless_told(monkeypatch):
    monkeypatch.delenv(processes.VARIABLE, raising=False)
    assert processes.allowed() == 1
    monkeypatch.setenv(processes.VARIABLE, "3")
    assert processes.allowed() == 3
    for wrong in ("0", "-1", "many"):
        monkeypatch.setenv(processes.VARIABLE, wrong)
        with pytest.raises(ConfigError, match=wrong):
            processes.allowed()

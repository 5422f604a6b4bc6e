"""Every part of the desk killed while it works; benchmarks/consult_kills.py says how.

The longer run: `python -m benchmarks.consult_kills --kills 3000` (and `--database postgresql`).
"""

import subprocess
import sys

import dovecot
import postgres
import pytest


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost_sent_twice_or_stuck(database):
    if dovecot.program() is None:
        pytest.skip(dovecot.MISSING)
    if database == "postgresql" and postgres.programs() is None:
        pytest.skip(postgres.MISSING)
    # A process of its own: what is forked must hold no threads.
    command = [sys.executable, "-m", "benchmarks.consult_kills"]
    ran = subprocess.run(
        [*command, "--database", database, "--kills", "250"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "250 kills, 400 consults" in ran.stdout, ran.stderr
    assert ran.returncode == 0, ran.stdout + ran.stderr

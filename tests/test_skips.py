"""A skipped test is a skip at home and a failure where real parts are required."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

SUITE = {
    "test_called.py": "import pytest\n\ndef test_it():\n    pytest.skip('no such part')\n",
    "test_marked.py": (
        "import pytest\n\n@pytest.mark.skip(reason='no such part')\ndef test_it():\n    pass\n"
    ),
    "test_fixture.py": (
        "import pytest\n\n@pytest.fixture\ndef part():\n    pytest.skip('no such part')\n\n"
        "def test_it(part):\n    pass\n"
    ),
    "test_file.py": "import pytest\n\npytest.skip('no such part', allow_module_level=True)\n",
    "test_expected.py": (
        "import pytest\n\n@pytest.mark.xfail(reason='known')\ndef test_it():\n    assert False\n"
    ),
}


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The outcome of the suite in a folder of its own, with this repository's conftest."""
    for helper in Path(__file__).parent.glob("*.py"):
        if not helper.name.startswith("test_"):
            shutil.copy(helper, folder)
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    for name, text in SUITE.items():
        (folder / name).write_text(text, encoding="utf-8")
    plain = {name: value for name, value in os.environ.items() if name != "REQUIRE_REAL_PARTS"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "--continue-on-collection-errors", str(folder)],
        cwd=folder,
        env={**plain, **environment, "COLUMNS": "200", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_at_home_a_skip_is_a_skip(tmp_path):
    ended = run(tmp_path)
    assert "4 skipped, 1 xfailed" in ended.stdout
    assert ended.returncode == 0


def test_where_real_parts_are_required_every_kind_of_skip_fails_with_its_reason(tmp_path):
    ended = run(tmp_path, REQUIRE_REAL_PARTS="1")
    assert "1 failed, 1 xfailed, 3 errors" in ended.stdout
    assert ended.returncode != 0
    for name in SUITE.keys() - {"test_expected.py"}:
        assert re.search(rf"(?m)^(FAILED|ERROR) {name}.*nothing may be skipped", ended.stdout)

"""Settings, port, database, and the command itself."""

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from web.__main__ import listen
from web.database.engine import open_database
from web.settings import PORT, Settings, UnusableSetting, from_environment

TOP = Path(__file__).parents[2]


class TestStarting:
    def test_it_knows_whether_others_reach_it(self) -> None:
        for host in ("0.0.0.0", "192.168.1.20", "::", "clinic.example"):
            assert not from_environment({"ASSISTANT_HOST": host}).is_local
        for host in ("", "127.0.0.1", "127.0.0.9", "::1", "localhost"):
            assert from_environment({"ASSISTANT_HOST": host}).is_local
        opened = from_environment(
            {
                "ASSISTANT_HOST": "0.0.0.0",
                "ASSISTANT_HOST_NAMES": "clinic.example, desk",
            }
        )
        assert {"127.0.0.1", "clinic.example", "desk"} <= set(opened.host_names)
        assert "*" not in opened.host_names

    @pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
    def test_a_port_that_is_none_is_said(self, port: str) -> None:
        with pytest.raises(UnusableSetting, match="is not a port"):
            from_environment({"ASSISTANT_PORT": port})

    def test_the_database_stands_in_the_data_folder(self, tmp_path: Path) -> None:
        made = from_environment({"ASSISTANT_DATA": str(tmp_path)})
        assert made.database == f"sqlite:///{tmp_path}/conversations.sqlite"
        assert made.port is None

    @pytest.mark.parametrize("address", ["conversations", "nosuch://x/y", "sqlite:////proc/1/no/x"])
    def test_a_database_that_cannot_be_opened_is_said(self, address: str) -> None:
        with pytest.raises(UnusableSetting, match="ASSISTANT_DATA"):
            open_database(address)

    def test_a_taken_port_is_passed_over_or_said(self) -> None:
        with listen(Settings("")) as first:
            taken = first.getsockname()[1]
            assert taken >= PORT
            with listen(Settings("")) as second:
                assert second.getsockname()[1] > taken
            with pytest.raises(UnusableSetting, match="is taken"):
                listen(Settings("", port=taken))

    def test_nothing_heavy_is_imported_to_start(self) -> None:
        heavy = "torch|transformers|sentence_transformers|chromadb|langchain|onnxruntime"
        program = (
            "import sys, web.app; "
            f"print([m for m in sys.modules if __import__('re').fullmatch(r'{heavy}', m)])"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"

    def test_the_command_serves_the_page_and_prints_its_address(self, tmp_path: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {"ASSISTANT_DATA": str(tmp_path), "ASSISTANT_PORT": str(port), "PATH": ""}
        started = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "-m", "web"],
            cwd=TOP,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as server:
            try:
                assert server.stdout is not None
                entrance = server.stdout.readline().split()[-1]
                assert f"http://127.0.0.1:{port}/enter/" in entrance
                browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
                with browser.open(entrance, timeout=20) as reply:
                    assert reply.url == f"http://127.0.0.1:{port}/"
                    assert b"What should this visit be billed as?" in reply.read()
                assert time.monotonic() - started < 15  # 5 s on a machine that is not shared
            finally:
                server.terminate()
                _, errors = server.communicate(timeout=20)
        assert errors == ""

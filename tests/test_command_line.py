"""The `assistant` command as the contract fixes it, run as a real process."""

import json
import subprocess
import sys

import pytest


def run(*arguments, stdin="", data=None, **more):
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **more,
    )


@pytest.fixture(autouse=True)
def empty_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path))


def test_asks_once_and_prints_markdown_for_a_person():
    done = run("ask", "10 min 97110 and 20 min 97530, Medicare, PT")
    assert done.returncode == 0, done.stderr
    assert "97110 × 1 with GP" in done.stdout
    assert "[1] Medicare Claims Processing Manual" in done.stdout


def test_a_reader_that_stops_early_is_no_fault():
    command = [sys.executable, "-m", "assistant", "ask", "20 min of 97530, Medicare PT"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        process.stdout.close()
        assert process.wait(60) == 1
        assert process.stderr.read() == ""


def test_reads_stdin_and_prints_one_answer_as_json():
    done = run("ask", "--json", stdin="33 min 97110 and 7 min 97140, Medicare")
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert answer["kind"] == "claim"
    assert [(x["code"], x["units"]) for x in answer["claims"][0]["lines"]] == [
        ("97110", 2),
        ("97140", 1),
    ]
    assert answer["engine"] == "embedded"


def test_a_batch_answers_every_turn_in_order_and_goes_on_after_a_bad_line(tmp_path):
    lines = [
        json.dumps({"id": "c1", "messages": ["20 min of 97530, Medicare PT", "no, 25"]}),
        "not json",
        json.dumps({"id": "c3", "messages": []}),
        json.dumps({"id": "c4", "messages": ["squats"]}),
    ]
    batch = tmp_path / "messages.jsonl"
    batch.write_text("\n".join(lines))
    done = run("ask", "--batch", str(batch))
    first, second, third, fourth = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert [a["claims"][0]["lines"][0]["units"] for a in first["answers"]] == [1, 2]
    assert second["id"] is None
    assert "error" in second
    assert third["id"] == "c3"
    assert "error" in third
    assert fourth["answers"][0]["kind"] == "code_choice"


def test_unusable_arguments_have_their_own_status():
    assert run("ask", "--batch", "no-such-file.jsonl").returncode == 2
    assert run("ask", "--nonsense").returncode == 2
    assert run("ask", "a question", "--batch", "-").returncode == 2


def test_a_model_that_is_not_there_is_said_and_refused():
    done = run("ask", "--model", "openai:some-model", "20 min of 97530")
    assert done.returncode == 2
    assert "--model none" in done.stderr


def test_chat_holds_a_conversation():
    done = run("chat", stdin="20 min of 97530, Medicare, PT\nno, 25\n\n")
    assert done.returncode == 0
    assert "97530 × 1" in done.stdout
    assert "97530 × 2" in done.stdout


def test_nothing_heavy_is_imported_to_answer_a_visit():
    code = (
        "import sys\nfrom datetime import date\nfrom assistant.answering import Assistant\n"
        "from assistant.conversation import Inquiry\n"
        "Assistant.open().answer(Inquiry(('20 min of 97530, Medicare, PT',), date(2026, 11, 2)))\n"
        "heavy = {'torch', 'chromadb', 'langchain', 'langchain_core', 'sentence_transformers',"
        " 'onnxruntime', 'fastapi', 'sqlalchemy', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

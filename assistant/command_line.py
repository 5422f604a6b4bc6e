"""The `assistant` command: ask once, ask a batch, or chat in the terminal."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

from assistant import __version__
from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry

ALL_ANSWERED, SOME_FAILED, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the result is its exit status."""
    options = _parser().parse_args(arguments)
    fault = _fault(options)
    if fault:
        print(f"assistant: {fault}", file=sys.stderr)
        return UNUSABLE
    if options.command == "chat":
        return _chat(Assistant.open())
    if options.batch is not None:
        return _batch(options.batch)
    return _ask(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant", description="Coding and billing of US outpatient therapy, with sources."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="ask | chat")
    ask = commands.add_parser("ask", help="answer one question, or a batch of conversations")
    ask.add_argument("question", nargs="?", help="the question; left out, it is read from stdin")
    ask.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    ask.add_argument(
        "--batch", metavar="FILE", help='a JSON line each: {"id": …, "messages": [turn, …]}'
    )
    chat = commands.add_parser("chat", help="talk in the terminal; an empty line ends it")
    for command in (ask, chat):
        command.add_argument(
            "--model", default="none", metavar="none|provider:name", help="who reads and words"
        )
    return parser


def _fault(options: argparse.Namespace) -> str:
    if options.model != "none":
        return (
            f"--model {options.model}: this release answers with its embedded reader only; "
            "use --model none, or leave it out."
        )
    if options.command == "ask" and options.batch is not None:
        if options.question is not None:
            return "give a question or --batch, not both."
        if options.batch != "-" and not Path(options.batch).is_file():
            return f"{options.batch} is not a file."
    if options.command == "ask" and options.batch is None and options.question is None:
        if sys.stdin.isatty():
            return 'give a question: assistant ask "10 min 97110 and 20 min 97530, Medicare, PT"'
    return ""


def _ask(options: argparse.Namespace) -> int:
    question = options.question
    if question is None:
        question = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    answer = Assistant.open().answer(Inquiry((question,), date.today()))
    print(_json(answer.to_dict()) if options.json else terminal(answer))
    return ALL_ANSWERED


def _chat(assistant: Assistant) -> int:
    print("Ask about a visit, a code or a rule. An empty line ends it.")
    messages: tuple[str, ...] = ()
    while True:
        try:
            message = input("\nyou> ")
        except (EOFError, KeyboardInterrupt):
            print()
            return ALL_ANSWERED
        if not message.strip():
            return ALL_ANSWERED
        messages = (*messages, message)
        print(f"\n{terminal(assistant.answer(Inquiry(messages, date.today())))}")


def _batch(path: str) -> int:
    if path == "-":
        return _answer_lines(sys.stdin, sys.stdout)
    with Path(path).open(encoding="utf-8", errors="replace") as lines:
        return _answer_lines(lines, sys.stdout)


def _answer_lines(lines: TextIO, out: TextIO) -> int:
    assistant = Assistant.open()
    status = ALL_ANSWERED
    for line in lines:
        if not line.strip():
            continue
        result = _answer_line(assistant, line)
        if "error" in result:
            status = SOME_FAILED
        print(_json(result, indent=None), file=out, flush=True)
    return status


def _answer_line(assistant: Assistant, line: str) -> dict[str, object]:
    """One conversation's answers, or what is wrong with its line."""
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"not a line of JSON: {error}"}
    if not isinstance(given, dict):
        return {"id": None, "error": 'not an object with "id" and "messages".'}
    messages = given.get("messages")
    if (
        not isinstance(messages, list)
        or not messages
        or not all(isinstance(message, str) for message in messages)
    ):
        return {"id": given.get("id"), "error": '"messages" must be a list of texts, one a turn.'}
    today = date.today()
    turns = [tuple(messages[: n + 1]) for n in range(len(messages))]
    answers = [assistant.answer(Inquiry(turn, today)).to_dict() for turn in turns]
    return {"id": given.get("id"), "answers": answers}


def _json(value: object, indent: int | None = 2) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def terminal(answer: Answer) -> str:
    """The answer for a person at a terminal: its text, then the sources it numbers."""
    sources = [
        f"[{c.n}] {c.title}{', ' + c.locator if c.locator else ''} ({c.authority})"
        + (f"; {c.note}" if c.note else "")
        + (f"\n    {c.url}" if c.url else "")
        for c in answer.citations
    ]
    return "\n\n".join(filter(None, [answer.text, "\n".join(sources)]))

"""The `assistant` command: ask once, ask a batch, chat in the terminal, review a file."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

from assistant import __version__
from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry
from assistant.errors import KnowledgeError
from assistant.llm_agent import UnusableModel, model_settings
from assistant.review_file import Format
from assistant.visit_rows import COLUMNS

ALL_ANSWERED, SOME_FAILED, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the result is its exit status."""
    options = _parser().parse_args(arguments)
    fault = _fault(options)
    if fault:
        print(f"assistant: {fault}", file=sys.stderr)
        return UNUSABLE
    try:
        status = _run(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # whoever read the result has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_FAILED
    except (KnowledgeError, UnusableModel) as error:
        print(f"assistant: {error}", file=sys.stderr)
        return UNUSABLE


def _run(options: argparse.Namespace) -> int:
    if options.command == "chat":
        return _chat(_opened(options))
    if options.command == "evaluate":
        return _evaluate(options)
    if options.command == "review":
        return _review(options)
    if options.batch is not None:
        return _batch(_opened(options), options.batch)
    return _ask(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant", description="Coding and billing of US outpatient therapy, with sources."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="ask | chat | review | evaluate"
    )
    ask = commands.add_parser("ask", help="answer one question, or a batch of conversations")
    ask.add_argument("question", nargs="?", help="the question; left out, it is read from stdin")
    ask.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    ask.add_argument(
        "--batch", metavar="FILE", help='a JSON line each: {"id": …, "messages": [turn, …]}'
    )
    chat = commands.add_parser("chat", help="talk in the terminal; an empty line ends it")
    for command in (ask, chat):
        command.add_argument(
            "--model",
            metavar="none|provider:name",
            help="who words the answer; left out, what ASSISTANT_MODEL names, else none",
        )
    _add_review(commands)
    _add_evaluate(commands)
    return parser


def _add_evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    evaluate = commands.add_parser(
        "evaluate", help="run the benchmark with a language model (in a checkout)"
    )
    evaluate.add_argument("--model", required=True, metavar="none|provider:name")
    evaluate.add_argument("--times", type=int, default=1, metavar="N", help="default: 1")
    evaluate.add_argument("--items", type=int, metavar="N", help="only the first N items")
    evaluate.add_argument("--out", type=Path, metavar="FOLDER", help="of the result file")
    evaluate.add_argument(
        "--prices", type=float, nargs=2, metavar=("READ", "WRITTEN"),
        help="dollars for a million tokens, to reckon the cost",
    )  # fmt: skip


def _add_review(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    columns = "\n".join(f"  {name:16} {meaning}" for name, meaning in COLUMNS.items())
    review = commands.add_parser(
        "review",
        help="review a file of visits: claim lines, findings, questions",
        description="Review every visit of a CSV file, one row a service.",
        epilog=f"columns, named by the first line, in any order:\n{columns}\n\n"
        "Exit status: 0 all reviewed, 1 some visit failed (the result says which and why), "
        "2 unusable file.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    review.add_argument("visits", metavar="FILE", help='CSV file of visits, or "-" for stdin')
    review.add_argument("--out", metavar="FILE", help="where to write; left out, stdout")
    review.add_argument(
        "--format", type=Format, choices=list(Format), default=Format.CSV, help="default: csv"
    )


def _fault(options: argparse.Namespace) -> str:
    if options.command == "ask" and options.batch is not None:
        if options.question is not None:
            return "give a question or --batch, not both."
        if options.batch != "-" and not Path(options.batch).is_file():
            return f"{options.batch} is not a file."
    nothing_given = options.command == "ask" and options.batch is None and options.question is None
    if nothing_given and sys.stdin.isatty():
        return 'give a question: assistant ask "10 min 97110 and 20 min 97530, Medicare, PT"'
    return ""


def _ask(options: argparse.Namespace) -> int:
    gc.disable()  # one question: to look for rubbish while all is loaded takes a tenth of its time
    question = options.question
    if question is None:
        question = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    answer = _opened(options).answer(Inquiry((question,), date.today()))
    print(_json(answer.to_dict()) if options.json else terminal(answer))
    _tell_use(answer)
    return ALL_ANSWERED


def _tell_use(answer: Answer) -> None:
    """Say beside the answer what the day has used of the language model."""
    told = (answer.model or {}).get("budget", {}).get("told")
    if told:
        print(told, file=sys.stderr)


def _review(options: argparse.Namespace) -> int:
    from assistant import review_command  # draws its progress with rich, which a question need not

    assistant = Assistant.open()
    return review_command.run(
        options.visits, options.out, options.format, assistant.tools, assistant.knowledge
    )


def _evaluate(options: argparse.Namespace) -> int:
    from assistant import evaluate_command

    prices = tuple(options.prices) if options.prices else None
    times = max(1, options.times)
    try:
        written = evaluate_command.run(_opened(options), times, options.items, prices, options.out)
    except evaluate_command.NoBenchmark as error:
        print(f"assistant: {error}", file=sys.stderr)
        return UNUSABLE
    print(f"written: {written}")
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
        answer = assistant.answer(Inquiry(messages, date.today()))
        print(f"\n{terminal(answer)}")
        _tell_use(answer)


def _opened(options: argparse.Namespace) -> Assistant:
    assistant = Assistant.open(model=model_settings(options.model))
    assistant.check_model()
    return assistant


def _batch(assistant: Assistant, path: str) -> int:
    if path == "-":
        return _answer_lines(assistant, sys.stdin, sys.stdout)
    with Path(path).open(encoding="utf-8", errors="replace") as lines:
        return _answer_lines(assistant, lines, sys.stdout)


def _answer_lines(assistant: Assistant, lines: TextIO, out: TextIO) -> int:
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
    return "\n\n".join(filter(None, [answer.text, "\n".join(sources), _use(answer)]))


def _use(answer: Answer) -> str:
    """What the language model used for the answer."""
    if answer.model is None:
        return ""
    use = answer.model["use"]
    tokens = use["tokens_read"] + use["tokens_written"]
    return f"({answer.model['name']}: {use['calls']} calls, {tokens:,} tokens)"

"""`python -m web`: start the page and print its address; `python -m web --help`: the commands."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import signal
import socket
import sys

from assistant.errors import CodingError
from assistant.llm_agent import UnusableModel
from web.accounts.commands import parser, run
from web.settings import PORT, Settings, UnusableSetting, from_environment

NEXT_PORTS = 20


def listen(settings: Settings) -> socket.socket:
    """A socket bound to the port asked for, or to the first free one.

    Raises:
        UnusableSetting: it is taken, or the address is not this machine's.
    """
    if settings.port is not None:
        return _bound(settings.host, settings.port)
    for port in range(PORT, PORT + NEXT_PORTS):
        with contextlib.suppress(UnusableSetting):
            return _bound(settings.host, port)
    return _bound(settings.host, PORT)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere it would let two programs share the port
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        made.close()
        raise UnusableSetting(_why_not(host, port, error)) from error
    return made


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program (perhaps the page already runs: open "
            f"http://{host}:{port}/). Set ASSISTANT_PORT to another one."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is not open to you. Set ASSISTANT_PORT to one above 1023."
    return f"{host}:{port} cannot be listened on: {error.strerror}."


def serve(settings: Settings, listener: socket.socket) -> None:
    """Build the application and serve it until it is stopped."""
    import uvicorn  # after the port is bound: a taken port is said at once

    from web.app import create_app
    from web.consults.desk import NONE
    from web.consults.settings import desk_settings

    app = create_app(settings, desk=desk_settings(os.environ))
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/"
    entrance = app.state.safety.entrance
    if entrance:
        print(f"Therapy Coding Assistant: {address}enter/{entrance}")
        print("This address lets in whoever has it, until the program stops. Programs need an API")
        print("key: the page «Your account» makes one. Ctrl+C stops the program.", flush=True)
    else:
        print(f"Therapy Coding Assistant: {address}   (Ctrl+C stops it)", flush=True)
    consults = app.state.consults
    print(consults.announcement if consults else NONE, flush=True)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # addresses hold what was searched for
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # else it ends before it tidies up
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def main() -> int:
    """Serve, or run a command; 2 where it cannot be done as it was asked."""
    options = parser().parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        if options.room == "worker":
            from web.consults.worker import run_worker

            return run_worker(os.environ, check=options.check)
        settings = from_environment(os.environ)
        if options.room:
            return run(settings, options)
        with listen(settings) as listener:
            serve(settings, listener)
    except (UnusableSetting, UnusableModel, CodingError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

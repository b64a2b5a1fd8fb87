"""The web server: one ASGI process for pages and sockets. The rest of the code does not know which server it is."""

import contextlib
import gc
import resource
import socket
import sys
from importlib import import_module
from typing import Literal, assert_never

import uvicorn
from granian import Granian
from granian.constants import Interfaces, Loops

from config.frames import SharedFrames

Server = Literal["uvicorn", "granian"]
APPLICATION = "config.asgi:application"
# The room answers frames over 4 KB with an error and stays; only this is cut off unread.
_LARGEST_FRAME = 64 * 1024
_BACKLOG = 2048
# Milliseconds that sent bytes may wait for their reader.
_CUT_OFF_AFTER = 12_000


def serve(server: Server, host: str, port: int) -> None:
    """Serve until a SIGTERM or SIGINT; does not return before."""
    _allow_many_sockets()
    # What is loaded by now stays; the collector need not look through it again while rooms wait.
    import_module("config.asgi")
    gc.collect()
    gc.freeze()
    match server:
        case "uvicorn":
            _with_uvicorn(host, port)
        case "granian":
            _with_granian(host, port)
        case _:
            assert_never(server)


def _with_uvicorn(host: str, port: int) -> None:
    config = uvicorn.Config(
        APPLICATION,
        loop="uvloop",
        http="httptools",
        ws=SharedFrames,
        ws_max_size=_LARGEST_FRAME,
        ws_per_message_deflate=False,
        lifespan="off",
        backlog=_BACKLOG,
        # The client's address comes from one configured header, not from what any proxy says.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",  # not two lines for each socket
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    with _listener(host, port) as listener, contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not server.started:
        sys.exit("The web server did not start; the reason stands above.")


def _listener(host: str, port: int) -> socket.socket:
    """A listening socket; what it accepts inherits that a reader who takes nothing is cut off.

    The room closes such a socket after ten seconds, but a web server cannot say so to somebody who does not read, and waits
    for him without end. The kernel does not.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _CUT_OFF_AFTER)
    listener.bind((host, port))
    return listener


def _with_granian(host: str, port: int) -> None:
    Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        loop=Loops.uvloop,
        workers=1,
        backlog=_BACKLOG,
        log_access=False,
        workers_kill_timeout=3,
    ).serve()


def _allow_many_sockets() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

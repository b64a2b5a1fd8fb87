"""The web server: one ASGI process for pages and sockets. The rest of the code does not know which server it is."""

import resource
from typing import Any, Literal, assert_never

import uvicorn
from granian import Granian
from granian.constants import Interfaces, Loops

Server = Literal["uvicorn", "granian"]
APPLICATION = "config.asgi:application"
# The room answers frames over 4 KB with an error and stays; only this is cut off unread.
_LARGEST_FRAME = 64 * 1024
_BACKLOG = 2048
UVICORN: dict[str, Any] = {
    "loop": "uvloop",
    "http": "httptools",
    "ws": "websockets-sansio",
    "ws_max_size": _LARGEST_FRAME,
    "ws_per_message_deflate": False,
    "backlog": _BACKLOG,
    # The client's address comes from one configured header, not from what any proxy says.
    "proxy_headers": False,
    "server_header": False,
    "access_log": False,
    "log_config": None,
    "timeout_graceful_shutdown": 3,
}


def serve(server: Server, host: str, port: int) -> None:
    """Serve until a SIGTERM or SIGINT; does not return before."""
    _allow_many_sockets()
    match server:
        case "uvicorn":
            _with_uvicorn(host, port)
        case "granian":
            _with_granian(host, port)
        case _:
            assert_never(server)


def _with_uvicorn(host: str, port: int) -> None:
    uvicorn.run(
        APPLICATION,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
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

"""The servers: one process that needs nothing else, or several workers."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 8
# The defaults hang at 100 slow connections; these answered within 0.2 s with 150 of them.
CONNECTIONS, SLOW_SECONDS = 2000, 20
# A worker that is told to end while it still starts may never hear of it; without an end the parent waits for ever.
SECONDS_TO_END = 10


def serve_one(app: "WSGIApplication", host: str, port: int) -> None:
    """Serve from this process until it is stopped."""
    from waitress import serve  # noqa: PLC0415 -- only one of the servers is needed

    serve(
        app,
        host=host,
        port=port,
        threads=THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=SLOW_SECONDS,
        ident="ciss",
    )


def serve_several(host: str, port: int, workers: int) -> None:
    """Serve from several processes until they are stopped; each reads the settings itself."""
    from granian import Granian  # noqa: PLC0415 -- only one of the servers is needed
    from granian.constants import Interfaces  # noqa: PLC0415

    Granian(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        workers_kill_timeout=SECONDS_TO_END,
    ).serve()

"""The servers: one process that needs nothing else, or several workers."""

import logging
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from cissapp import create_app
from cissapp.foundation.background.rules import SECONDS_AT_THE_END
from cissapp.foundation.background.services import begin_serving, load_ahead
from cissapp.foundation.core.db import close_connections
from cissapp.foundation.web import overload
from cissapp.operate.operations.serving import first_process, logs, memory
from cissapp.operate.operations.serving.endings import SECONDS_TO_ANSWER, answer_in_time
from cissapp.operate.operations.serving.gate import Gate
from cissapp.operate.operations.serving.places import AT_ONCE, WAITING
from config import Config, share_counts

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger("ciss")

# The defaults hang at 100 slow connections; these answered within 0.2 s with 150 of them.
CONNECTIONS, SLOW_SECONDS = 2000, 20
# Apart from those that work or wait, a few threads turn away the other requests.
THREADS = AT_ONCE + WAITING + 4
# In granian, a thread waits for each body that arrives slowly, and for each slow reader. Threads start when
# needed; how many requests are handled at once is up to the gate.
SLOW_THREADS = 256
# An answer that is read slowly is buffered in a file. Beyond this size its thread would have to wait, too.
LONGEST_ANSWER = 200_000_000
# A process usually ends by itself, but one that is told to while it starts may miss it, and the parent would
# wait for ever. What stops the service waits for longer than this (`TimeoutStopSec`).
SECONDS_TO_END = SECONDS_TO_ANSWER + SECONDS_AT_THE_END + 2
LOOK = 0.5
SECONDS_OF_A_TURN = 0.0001
# For so long after a stop signal, connections that a proxy keeps open are still answered.
SECONDS_KEPT = 1.0
# Modules that would be loaded with the first request, too late to be shared.
LOADED_AHEAD = ("markdown_it", "prometheus_client.multiprocess")
# Otherwise each process would build templates, statements and forms of its own on first rendering these.
RENDERED_AHEAD = ("/", "/sign-in")

# The sockets of a server by their number, as waitress keeps them.
Sockets = dict[int, Any]


def serve_one(app: "WSGIApplication", host: str, port: int) -> None:
    """Serve from this process until it is told to end; requests that have begun are answered first."""
    from waitress.server import create_server  # noqa: PLC0415 -- only one of the servers is needed

    sockets: Sockets = {}
    server = create_server(
        Gate(app, whole=False),
        map=sockets,
        host=host,
        port=port,
        threads=THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=SLOW_SECONDS,
        outbuf_high_watermark=LONGEST_ANSWER,
        ident="ciss",
        # Proxy headers are trusted as far as CISS_PROXY_HOPS says. Without this line all people behind a proxy
        # would have one address, and one rate limit.
        clear_untrusted_proxy_headers=False,
    )
    server.print_listen("Serving on http://{}:{}")
    _until_told(sockets)
    _answer_begun(sockets, time.monotonic() + SECONDS_TO_ANSWER)
    server.task_dispatcher.shutdown(timeout=1)


def _until_told(sockets: Sockets) -> None:
    """Serve until SIGTERM or Ctrl+C; by default, SIGTERM would end the process in the middle of an answer."""
    told = threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_signal: told.set())
    try:
        while not told.is_set():
            _turn(sockets)
    except KeyboardInterrupt:
        return


def _answer_begun(sockets: Sockets, until: float) -> None:
    """Accept no new connection; continue until no request is under way, or until the time is over.

    Connections that a proxy keeps are not closed at once: it could be sending a request on one of them, and
    a form that may have arrived is not sent again to another process. Each further answer says that it is the last.
    """
    _stop_accepting(sockets)
    kept_until = time.monotonic() + SECONDS_KEPT
    wait = 0.0  # the first look only reads what has arrived meanwhile
    while time.monotonic() < until:
        _turn(sockets, wait)
        wait = LOOK
        channels = _channels(sockets)
        if not channels:
            return
        for one in channels:
            _answer_last(one)
            if time.monotonic() > kept_until and not _under_way(one):
                one.will_close = True


def _stop_accepting(sockets: Sockets) -> None:
    """Take the connections that have been made already, and refuse the next: a proxy then asks another process."""
    from waitress import wasyncore  # noqa: PLC0415 -- only one of the servers is needed

    # A connection that is made between the last look and the end is lost: other threads must not come between.
    sys.setswitchinterval(SECONDS_OF_A_TURN)
    for one in list(sockets.values()):
        if one.accepting:
            for _connection in range(CONNECTIONS):
                if not _has_arrived(one):
                    break
                one.handle_accept()
            wasyncore.dispatcher.close(one)
    for one in _channels(sockets):
        _answer_last(one)


def _channels(sockets: Sockets) -> list[Any]:
    return [one for one in sockets.values() if hasattr(one, "requests")]


def _answer_last(channel: Any) -> None:
    """Let the answers that are not under way say that the connection ends with them."""
    channel.task_class = _last_task
    for request in list(channel.requests):
        request.headers["CONNECTION"] = "close"


def _last_task(channel: Any, request: Any) -> Any:
    from waitress.task import WSGITask  # noqa: PLC0415 -- only one of the servers is needed

    request.headers["CONNECTION"] = "close"
    return WSGITask(channel, request)


def _has_arrived(one: Any) -> bool:
    """Return whether something waits to be read or accepted."""
    looked = select.poll()
    looked.register(one.socket, select.POLLIN)
    return bool(looked.poll(0))


def _under_way(channel: Any) -> bool:
    """Return whether a connection has a request that is arriving, being handled, or being answered."""
    begun = channel.request or channel.requests or channel.total_outbufs_len
    return bool(begun) or _has_arrived(channel)


def _turn(sockets: Sockets, wait: float = LOOK) -> None:
    """Read and write once what is ready, without blocking longer than a signal may be delayed."""
    from waitress import wasyncore  # noqa: PLC0415 -- only one of the servers is needed

    wasyncore.loop(timeout=wait, map=sockets, use_poll=True, count=1)


def serve_several(app: Flask | None, host: str, port: int, workers: int) -> None:
    """Serve from several processes until they are stopped; they share what this one has loaded, where they can.

    A forked process has the application already. Where processes are spawned instead, or without an
    application, each builds its own from the settings. This process then only waits for them.
    """
    from granian import Granian  # noqa: PLC0415 -- only one of the servers is needed
    from granian.constants import Interfaces  # noqa: PLC0415 -- slow import

    global _loaded  # noqa: PLW0603 -- the one way into a process that is split off
    _loaded = app
    counts = Path(tempfile.mkdtemp(prefix="ciss-counts-"))
    share_counts(counts)
    if app:
        _load_ahead(app)
    memory.settle()
    server: Any = Granian(
        f"{__name__}:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=SLOW_THREADS,
        workers_kill_timeout=SECONDS_TO_END,
        log_dictconfig=logs.of_granian(),
    )
    # Replaces a loop that could restart processes, and for that keeps a third copy of the application.
    server._serve_loop = lambda *_target: first_process.become(  # noqa: SLF001 -- it tells when all are split off
        str(counts), SECONDS_TO_END, [worker.inner.pid for worker in server.wrks]
    )
    signal.pthread_sigmask(signal.SIG_BLOCK, first_process.AWAITED)
    try:
        server.serve()
    finally:
        shutil.rmtree(counts, ignore_errors=True)


def _load_ahead(app: Flask) -> None:
    """Load what each process would load with its first requests, so that it exists once and is shared."""
    load_ahead(app)
    for name in LOADED_AHEAD:
        import_module(name)
    overload.render_ahead(app)
    for path in RENDERED_AHEAD:
        _render_ahead(app, path)


def _render_ahead(app: Flask, path: str) -> None:
    """Render a page and discard it; a forked process must not inherit an open connection."""
    with app.test_request_context(path, base_url=app.config["BASE_URL"]):
        try:
            app.dispatch_request()
        except SQLAlchemyError as error:
            # Visitors who request the page will see the error, or find it mended.
            log.warning("a page could not be rendered in advance: %s", type(error).__name__)
        finally:
            close_connections()


_loaded: Flask | None = None


def application() -> Gate:
    """Return the application for a process of the server, which also begins its background work."""
    answer_in_time()
    logs.init()  # the server has set up its own lines
    app = _loaded
    if app is None:
        app = create_app(Config.from_env())
        memory.settle()
    begin_serving(app)
    memory.return_free_memory_always()
    return Gate(app, whole=True)

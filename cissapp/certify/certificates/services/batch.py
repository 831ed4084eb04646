"""Publishes many reservations with several processes, each with a connection of its own to the database.

Each process has its share of the list. Should two ever take the same one, the row in the database decides
whose file counts. A process ends by itself when the one that started it is gone.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from uuid import UUID

from flask import Flask

from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.certify.certificates.services.publishing import PublishingResult, finish_together
from cissapp.foundation.core.db import db, session
from cissapp.people.notices.rules import MailRank
from cissapp.people.notices.services import hold_mails, rank_mails

Moment = Callable[[], datetime]
# Reservations per transaction and checkpoint: if a process dies, only these are made again. More would keep
# someone who saves an answer on SQLite waiting longer.
TOGETHER = 8


def publish_many(
    app: Flask, ids: Sequence[UUID], issuer: Issuer, *, workers: int, moment: Moment
) -> Iterator[PublishingResult]:
    """Publish reservations and yield the result of each, in the order in which they are finished.

    Mails are left to the service or to `ciss daily`. Whatever a dying process was working on is left out and
    stays reserved.
    """
    if workers <= 1 or len(ids) <= 1:
        yield from _publish_share(ids, issuer, moment)
        return
    # A connection cannot be used after a fork, so none is inherited.
    session.remove()
    db.engine.dispose()
    yield from _collect_results(_start_workers(app, ids, issuer, min(workers, len(ids)), moment))


def _publish_share(
    ids: Sequence[UUID], issuer: Issuer, moment: Moment
) -> Iterator[PublishingResult]:
    others = False
    for begin in range(0, len(ids), TOGETHER):
        with hold_mails(), rank_mails(MailRank.BATCH):
            finished = finish_together(
                ids[begin : begin + TOGETHER], issuer, moment=moment, one_of_many=others
            )
        # If all were published elsewhere or have to wait, none was fully examined on behalf of the next.
        others = others or any(one.published for one in finished)
        # The next batch has no use for what this one loaded.
        session.remove()
        yield from finished


def _start_workers(
    app: Flask, ids: Sequence[UUID], issuer: Issuer, workers: int, moment: Moment
) -> list[tuple[ForkProcess, Connection]]:
    made = []
    for place in range(workers):
        here, there = get_context("fork").Pipe(duplex=False)
        process = get_context("fork").Process(
            target=_work, args=(app, there, os.getpid(), (ids[place::workers], issuer, moment))
        )
        process.start()
        # Only the child process still holds this end: it closes when the process is gone.
        there.close()
        made.append((process, here))
    return made


def _work(
    app: Flask,
    answer: Connection,
    parent: int,
    share: tuple[Sequence[UUID], Issuer, Moment],
) -> None:
    with app.app_context():
        for finished in _publish_share(*share):
            if os.getppid() != parent:
                return
            answer.send(finished)
        session.remove()
        db.engine.dispose()


def _collect_results(processes: list[tuple[ForkProcess, Connection]]) -> Iterator[PublishingResult]:
    open_ends = [here for _process, here in processes]
    while open_ends:
        for here in wait(open_ends):
            if not isinstance(here, Connection):
                continue
            try:
                yield here.recv()
            except EOFError:
                open_ends.remove(here)
    for process, _here in processes:
        process.join()

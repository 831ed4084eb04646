"""Computes the figures of large groups daily and stores them."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from msgspec import to_builtins
from sqlalchemy import select

from cissapp.foundation.core.actor import Actor, SystemActor
from cissapp.foundation.core.db import read_before_write, session
from cissapp.foundation.core.roles import Role
from cissapp.people.schools.models import KeptFigures, NationalGroup
from cissapp.people.schools.queries.kept_figures import is_large
from cissapp.people.schools.rules import KeptKind


def keep_figures(
    kind: KeptKind,
    compute: Callable[[Actor], object],
    *,
    at: datetime,
    of_all: bool,
    of_groups: bool = True,
) -> int:
    """Compute figures for each large group, as its coordinator would see them; return how many were stored.

    `of_all` adds the secretariat's, which cover all groups together; `of_groups=False` leaves only those.
    """
    # Counting takes seconds, so it must not keep writers waiting.
    with read_before_write():
        found = {
            scope: compute(_reader(scope)) for scope in _scopes(of_all=of_all, of_groups=of_groups)
        }
    known = session.scalars(select(KeptFigures).where(KeptFigures.kind == kind))
    rows = {one.group_id: one for one in known}
    for scope, figures in found.items():
        row = rows.get(scope) or KeptFigures(kind=kind, group_id=scope)
        row.figures = to_builtins(figures, str_keys=True)
        row.computed_at = at
        session.add(row)
    session.flush()
    return len(found)


def _scopes(*, of_all: bool, of_groups: bool) -> list[UUID | None]:
    """List the large groups, and None for all together."""
    groups = session.scalars(select(NationalGroup.id).order_by(NationalGroup.id))
    scopes: list[UUID | None] = [one for one in groups if is_large(one)] if of_groups else []
    return [*scopes, None] if of_all and is_large(None) else scopes


def _reader(scope: UUID | None) -> Actor:
    role = Role.SECRETARIAT if scope is None else Role.COORDINATOR
    return SystemActor(role=role, group_id=scope)

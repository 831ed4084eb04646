"""Keeps figures of large groups from day to day."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select

from cissapp.foundation.core.actor import Actor, SystemActor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.schools.models import KeptFigures, NationalGroup
from cissapp.people.schools.queries.kept_figures import is_large
from cissapp.people.schools.rules import KeptKind

F = TypeVar("F")


def keep_figures(
    kind: KeptKind,
    shape: type[F],
    compute: Callable[[Actor], F],
    *,
    at: datetime,
    of_all: bool,
    of_groups: bool = True,
) -> int:
    """Compute figures for each large group, as its coordinator would see them; return how many were kept.

    `of_all`: for the secretariat, too, which sees all groups together. `of_groups=False`: for it alone.
    """
    scopes: list[UUID | None] = []
    if of_groups:
        groups = session.scalars(select(NationalGroup.id).order_by(NationalGroup.id))
        scopes += [one for one in groups if is_large(one)]
    if of_all and is_large(None):
        scopes.append(None)
    known = session.scalars(select(KeptFigures).where(KeptFigures.kind == kind))
    rows = {one.group_id: one for one in known}
    for scope in scopes:
        role = Role.SECRETARIAT if scope is None else Role.COORDINATOR
        found = compute(SystemActor(role=role, group_id=scope))
        row = rows.get(scope) or KeptFigures(kind=kind, group_id=scope)
        row.figures = TypeAdapter(shape).dump_python(found, mode="json")
        row.computed_at = at
        session.add(row)
    session.flush()
    return len(scopes)

"""The acting person: the few facts about them that permissions depend on."""

from typing import Protocol
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.roles import Role


class Actor(Protocol):
    """A person, or the system itself, that does something."""

    @property
    def id(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> Role | None: ...
    @property
    def school_id(self) -> UUID | None: ...
    @property
    def group_id(self) -> UUID | None: ...
    @property
    def country_code(self) -> str | None: ...
    @property
    def region_code(self) -> str | None: ...
    @property
    def guest_application_id(self) -> UUID | None: ...


class SystemActor(Struct, frozen=True):
    """The system, acting in commands, deadlines and the demo."""

    id: UUID | None = None
    name: str = "system"
    role: Role | None = None
    school_id: UUID | None = None
    group_id: UUID | None = None
    country_code: str | None = None
    region_code: str | None = None
    guest_application_id: UUID | None = None


SYSTEM = SystemActor()

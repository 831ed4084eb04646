"""Tables of countries, national groups, schools and tallies."""

from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.orm import (
    InstrumentedAttribute,
    Mapped,
    MappedSQLExpression,
    column_property,
    mapped_column,
    relationship,
    synonym,
)

from cissapp.foundation.core.db import Counter, Model, new_id
from cissapp.foundation.core.unicode import folded, heard_key, natural_key
from cissapp.people.schools.rules import Figure, KeptKind, Progress, Standing

Value = TypeVar("Value")
# Compared character by character, so both databases sort alike.
KEY_TEXT = Text().with_variant(Text(collation="C"), "postgresql")


class ProgrammeCountry(Model):
    """A country that the programme works in; its names and regions are in its pack."""

    __tablename__ = "country"

    code: Mapped[str] = mapped_column(primary_key=True)
    added_at: Mapped[datetime]
    added_by_id: Mapped[UUID | None]

    @property
    def id(self) -> str:
        """The code, under the name that the audit trail asks for."""
        return self.code


class RegionStatistic(Model):
    """State statistics of schools and pupils in a region or a country; rows are only added."""

    __tablename__ = "region_statistic"
    __table_args__ = (
        CheckConstraint("schools IS NOT NULL OR pupils IS NOT NULL", name="counts_something"),
        Index("ix_region_statistic_country_on", "country_code", "counted_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    region_code: Mapped[str | None]
    schools: Mapped[int | None]
    pupils: Mapped[int | None]
    counted_on: Mapped[date]
    source: Mapped[str]
    checked: Mapped[bool]
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[UUID | None]


class NationalGroup(Model):
    """A national ECPAT group; groups change and are closed, so each has its dates."""

    __tablename__ = "national_group"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    countries: Mapped[list["GroupCountry"]] = relationship(lazy="selectin")

    @property
    def country_codes(self) -> list[str]:
        """The countries whose schools the group reviews."""
        return sorted(one.country_code for one in self.countries)


class GroupLogo(Model):
    """A logo of a group's letterhead, by the hash of its file; kept for good, as certificates print it."""

    __tablename__ = "group_logo"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    file_key: Mapped[str] = mapped_column(unique=True)
    width: Mapped[int]
    height: Mapped[int]
    stored_at: Mapped[datetime]


class Letterhead(Model):
    """The current letterhead of a group: who signs and with which job title, its address, its logo.

    What a certificate prints of it is stored in the facts of the certificate.
    """

    __tablename__ = "letterhead"
    __table_args__ = (
        CheckConstraint(
            "(signatory_name = '') = (signatory_office = '')", name="signatory_with_office"
        ),
    )

    group_id: Mapped[UUID] = mapped_column(ForeignKey("national_group.id"), primary_key=True)
    signatory_name: Mapped[str]
    signatory_office: Mapped[str]
    address: Mapped[str]
    logo_sha256: Mapped[str | None] = mapped_column(ForeignKey("group_logo.sha256"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID | None]

    logo: Mapped[GroupLogo | None] = relationship(lazy="joined")

    @property
    def id(self) -> UUID:
        """The group, under the name that the audit trail asks for."""
        return self.group_id


class GroupCountry(Model):
    """A country that a group covers."""

    __tablename__ = "group_country"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("national_group.id"), primary_key=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), primary_key=True)


def _key_of_new(context: Any) -> str:
    given: dict[str, Any] = context.get_current_parameters()
    return natural_key(given["name"])


def _words_of_new(context: Any) -> str:
    given: dict[str, Any] = context.get_current_parameters()
    return folded(f"{given['name']} {given['locality']}")


def _sound_of_new(context: Any) -> str:
    given: dict[str, Any] = context.get_current_parameters()
    return heard_key(given["name"], given["locality"])


class School(Model):
    """A school: its facts from the register, and its progress and certification."""

    __tablename__ = "school"
    __table_args__ = (
        UniqueConstraint("country_code", "code"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level_1_to_3"),
        CheckConstraint(
            "(standing = 'none') = (level IS NULL) AND (level IS NULL) = (valid_until_on IS NULL)",
            name="standing_with_level_and_date",
        ),
        Index("ix_school_standing_until", "standing", "valid_until_on"),
        Index("ix_school_group_standing_until", "group_id", "standing", "valid_until_on"),
        # The certified schools of a region, wherever they stand among those of the country.
        Index(
            "ix_school_region_standing_until",
            "country_code",
            "region_code",
            "standing",
            "valid_until_on",
        ),
        # Keyset pagination of lists by name: of all schools, of a group, of a country, of a region.
        Index("ix_school_name_key_id", "name_key", "id"),
        Index("ix_school_group_id_name_key_id", "group_id", "name_key", "id"),
        Index("ix_school_country_name", "country_code", "name_key", "id"),
        Index("ix_school_region_name", "country_code", "region_code", "name_key", "id"),
        Index("ix_school_heard_key", "heard_key"),
        # Schools of a group that sound alike stand side by side in it.
        Index(
            "ix_school_group_sound", "group_id", "heard_key", "country_code", "only_for_id", "id"
        ),
        # Partial, for few schools: statistics of a column that is mostly empty make SQLite read all schools.
        Index(
            "ix_school_merged_into_id",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        # Partial, for the few invented ones: else SQLite would use it for the register and sort each page.
        Index(
            "ix_school_only_for_id",
            "only_for_id",
            sqlite_where=text("only_for_id IS NOT NULL"),
            postgresql_where=text("only_for_id IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    region_code: Mapped[str]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("national_group.id"))
    code: Mapped[str]
    name: Mapped[str]
    locality: Mapped[str]
    language: Mapped[str]
    pupils: Mapped[int | None]
    registered_at: Mapped[datetime]
    registered_by_id: Mapped[UUID | None]
    progress: Mapped[Progress] = mapped_column(default=Progress.REGISTERED)
    standing: Mapped[Standing] = mapped_column(default=Standing.NONE)
    level: Mapped[int | None]
    valid_until_on: Mapped[date | None]
    # Set for a school invented for calibration: it is not in the register, and only this person of the
    # group can find it. The table of persons belongs to a room above.
    only_for_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    # Keys for sorting and searching, both derived from name and place.
    name_key: Mapped[str] = mapped_column(KEY_TEXT, default=_key_of_new, server_default="")
    search_text: Mapped[str] = mapped_column(default=_words_of_new, server_default="")
    # How place and name sound, by which duplicates in the register are found, and the schools of a town.
    heard_key: Mapped[str] = mapped_column(KEY_TEXT, default=_sound_of_new, server_default="")
    # The school that this one was merged into. It keeps its code, so that no list creates it again.
    merged_into_id: Mapped[UUID | None]

    group: Mapped[NationalGroup] = relationship()

    school_id: Mapped[UUID] = synonym("id")

    __mapper_args__ = {"version_id_col": version}


@event.listens_for(School, "before_update")
def _follow_name(_mapper: Any, _connection: Any, school: School) -> None:
    """Update the sort and search keys when a school is renamed."""
    history = inspect(school).attrs
    if not any(history[name].history.has_changes() for name in ("name", "locality")):
        return
    school.name_key = natural_key(school.name)
    school.search_text = folded(f"{school.name} {school.locality}")
    school.heard_key = heard_key(school.name, school.locality)


def of_school(
    column: InstrumentedAttribute[Value], school_id: Mapped[Any]
) -> MappedSQLExpression[Value]:
    """Map a column of the school that a row belongs to, for use in permission scopes."""
    return column_property(
        select(column).where(School.id == school_id).correlate_except(School).scalar_subquery()
    )


class SchoolStatus(Model):
    """The status of a school from a given time until its next row. Rows are added and never changed.

    `is_counted` becomes false when a school leaves the register: merged with another one, or entered by
    mistake.
    """

    __tablename__ = "school_status"
    __table_args__ = (Index("ix_school_status_school_id_from_at", "school_id", "from_at", "id"),)

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"))
    from_at: Mapped[datetime]
    country_code: Mapped[str]
    region_code: Mapped[str]
    progress: Mapped[Progress]
    standing: Mapped[Standing]
    level: Mapped[int | None]
    is_counted: Mapped[bool] = mapped_column(default=True)


class Tally(Model):
    """The number of schools of a region in a category, updated with every change instead of recounted."""

    __tablename__ = "tally"
    __table_args__ = (CheckConstraint("count >= 0", name="count_not_negative"),)

    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    figure: Mapped[Figure] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class KeptFigures(Model):
    """Figures of a large national group, or of all groups, as computed by the daily job.

    Computing them for each reader would take longer the more schools there are. They contain no names.
    """

    __tablename__ = "kept_figures"
    __table_args__ = (UniqueConstraint("kind", "group_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[KeptKind]
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("national_group.id"))
    figures: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]

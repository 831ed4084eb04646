"""The vocabulary of the data map: how a column relates to a person, and what happens to it. Pure."""

from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_


class Place(StrEnum):
    """The place of a column: how it relates to a person."""

    PLAIN = "none"  # keys, counts, settings, words of the programme, public facts of institutions
    WORK = "operational"  # when and how something went; says nothing of anybody without the row beside it
    OWNER = "of whom"  # the person that the row is about
    WRITER = "written by"  # the person whose words the row holds
    AUTHOR = "done by"  # a person who did something to the row
    ADDRESS = "address"  # a mail address: the row is about whoever has it
    OWN = "own"  # a value about the person: name, address, device
    TEXT = "text"  # free words, in which somebody may be named
    FROZEN = "frozen text"  # free words that the database or a signature keeps from being changed
    HIDDEN = "hidden"  # opens something, or belongs to somebody else: never exported


PEOPLE = (Place.OWNER, Place.WRITER, Place.AUTHOR)
WORDS = (Place.ADDRESS, Place.OWN, Place.TEXT, Place.FROZEN)


class Basis(StrEnum):
    """The legal ground on which something is held; a data-protection officer confirms it."""

    INTEREST = "legitimate interest of the national group in running the programme"
    CONSENT = "wish of the person, who may end it at any time"
    ACCOUNTABILITY = "duty to be able to account for decisions"


class Purpose(StrEnum):
    """What something is held for."""

    ACCOUNT = "account"
    INVITING = "inviting"
    LEARNING = "learning"
    SCHOOL = "school"
    APPLICATION = "application"
    MENTORING = "mentoring"
    CERTIFICATE = "certificate"
    FIGURES = "figures"
    PROGRAM = "program"
    TRAIL = "trail"
    SERVICE = "service"


PURPOSE_NAMES: dict[Purpose, str] = {
    Purpose.ACCOUNT: N_("To let you sign in and to write to you"),
    Purpose.INVITING: N_("To bring schools and people into the programme"),
    Purpose.LEARNING: N_("To see when the training is done"),
    Purpose.SCHOOL: N_("A school’s documents, ways to report and plans"),
    Purpose.APPLICATION: N_("To review applications and to decide fairly"),
    Purpose.MENTORING: N_("To help a school prepare"),
    Purpose.CERTIFICATE: N_("Certificates that anyone can check"),
    Purpose.FIGURES: N_("Figures that count many people and name no one"),
    Purpose.PROGRAM: N_("To let your programs work on your behalf"),
    Purpose.TRAIL: N_("So that every decision can be traced"),
    Purpose.SERVICE: N_("To keep the service running"),
}
BASES: dict[Purpose, Basis] = {
    **dict.fromkeys(Purpose, Basis.INTEREST),
    Purpose.PROGRAM: Basis.CONSENT,
    Purpose.CERTIFICATE: Basis.ACCOUNTABILITY,
    Purpose.TRAIL: Basis.ACCOUNTABILITY,
}


class Keep(StrEnum):
    """How long something is held; the periods are in `modules/retention.yaml`."""

    ACCOUNT = "account"
    SESSION = "session"
    LINK = "link"
    DRAFT = "draft"
    MAIL = "mail"
    NOTICE = "notice"
    JOIN = "join"
    LIST = "list"
    SHORT = "short"
    SCHOOL = "school"
    CASE = "case"
    REGISTER = "register"
    TRAIL = "trail"
    CHANGED = "changed"


class Rows(StrEnum):
    """What an erasure does to the rows that are about the person."""

    KEPT = "kept"  # with the pseudonym in place of the person
    DELETED = "deleted"


class Kept(StrEnum):
    """Why a text stays after an erasure although it may name the person."""

    CASE = "case"
    CERTIFICATE = "certificate"
    DOCUMENT = "document"
    SCHOOL_NAME = "school_name"
    TRAIL = "trail"


KEPT_NAMES: dict[Kept, str] = {
    Kept.CASE: N_(
        "What was submitted, written or decided in an application. It was frozen so that nobody can change a decision afterwards. It stays with the application."
    ),
    Kept.CERTIFICATE: N_(
        "Certificates and their register. Who signed for the national group is part of what was signed."
    ),
    Kept.DOCUMENT: N_(
        "The school’s documents. They belong to the school, which can replace them. They are deleted some time after the decision."
    ),
    Kept.SCHOOL_NAME: N_("The name and place of the school itself."),
    Kept.TRAIL: N_("The activity log. It contains a number instead of the name."),
}


class Table(Struct, frozen=True):
    """A table with the place of each of its columns."""

    name: str
    purpose: Purpose
    keep: Keep
    columns: dict[str, Place]
    rows: Rows
    exception: Kept | None

    @property
    def basis(self) -> Basis:
        """Return the ground on which the table is held."""
        return BASES[self.purpose]

    @property
    def is_personal(self) -> bool:
        """Return whether the table holds anything of a person."""
        personal = {*PEOPLE, *WORDS, Place.HIDDEN}
        return not personal.isdisjoint(self.columns.values())

    def at(self, *places: Place) -> list[str]:
        """List the columns that have one of these places."""
        return [name for name, place in self.columns.items() if place in places]


def table(
    name: str,
    purpose: Purpose,
    keep: Keep,
    *,
    rows: Rows = Rows.KEPT,
    exception: Kept | None = None,
    **columns: str,
) -> Table:
    """Return a table of the map; columns are named by place: `owner="user_id"`, `text="title note"`.

    Raise ValueError if a column has two places, or a frozen text has no exception.
    """
    places: dict[str, Place] = {}
    for place, names in columns.items():
        for column in names.split():
            if column in places:
                raise ValueError(f"{name}.{column} is in two places")
            places[column] = Place[place.upper()]
    if (Place.FROZEN in places.values()) != (exception is not None):
        raise ValueError(f"{name}: a frozen text needs its exception, and only that")
    return Table(name, purpose, keep, places, rows, exception)

"""Shapes of what programs change, school imports and webhooks, and of what a token says about itself."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from cissapp.oversee.api.rules.shapes.common_parts import PAGE_ROWS, Cursor, Limit, Shape
from cissapp.oversee.api.rules.webhooks import CHOSEN_KINDS, URL_MARKS

MOST_SCHOOLS = 2_000


class TokenFacts(Shape):
    """The token that makes the request."""

    name: str
    scopes: list[str]
    role: str
    country: str | None
    region: str | None
    made_at: datetime
    ends_at: datetime


# --- import --------------------------------------------------------------------------------------


def _a_number(value: Any) -> Any:
    """Refuse `false` and "412", which would be taken for numbers."""
    if isinstance(value, bool | str):
        raise ValueError("must be a number")  # noqa: TRY004 -- pydantic takes no TypeError
    return value


Pupils = Annotated[int, Field(ge=0, le=1_000_000_000)]


class SchoolRow(Shape):
    """A school in a list, named by the columns of the CSV file; each value is checked row by row, and an empty row skipped."""

    country: Annotated[str, Field(max_length=40)] = ""
    region: Annotated[str, Field(max_length=200, description="Code or name of the region.")] = ""
    code: Annotated[
        str,
        Field(
            max_length=200,
            description="Its number in the state's register. Without one, the school is told by its name and place.",
        ),
    ] = ""
    name: Annotated[str, Field(max_length=1000)] = ""
    locality: Annotated[str, Field(max_length=1000)] = ""
    language: Annotated[str, Field(max_length=40)] = ""
    pupils: Annotated[Pupils | None, BeforeValidator(_a_number)] = None
    head_email: Annotated[str, Field(max_length=1000)] = ""
    head_name: Annotated[str, Field(max_length=1000)] = ""


class SchoolImport(Shape):
    """A list of schools."""

    schools: Annotated[list[SchoolRow], Field(min_length=1, max_length=MOST_SCHOOLS)]


class ImportValues(Shape):
    """Whether this is a dry run."""

    dry_run: Annotated[
        Literal["true", "false"],
        Field(description="`true`: say what would become of each row, and change nothing."),
    ] = "false"


class RowProblem(Shape):
    """What is wrong with a row, or worth knowing of it."""

    field: str
    message: str


class ImportedRow(Shape):
    """What became of a row."""

    row: Annotated[int, Field(description="From 1; of a CSV file the line in the file.")]
    code: Annotated[str, Field(description="As in the list; empty where it has none.")]
    name: str
    outcome: Literal[
        "created", "changed", "unchanged", "differs", "duplicate", "refused", "skipped"
    ]
    problems: list[RowProblem]


class ImportAnswer(Shape):
    """The outcome of a list; a school that already exists is never changed."""

    dry_run: bool
    counts: dict[str, int]
    unknown_columns: list[str]
    rows: list[ImportedRow]


# --- webhooks ------------------------------------------------------------------------------------

ChosenKind = Literal[
    "certificate.issued",
    "certificate.suspended",
    "certificate.reinstated",
    "certificate.withdrawn",
    "certificate.replaced",
    "certificate.expired",
    "month.frozen",
]


def _each_once(kinds: list[Any]) -> list[Any]:
    return list(dict.fromkeys(kinds))


class NewWebhook(Shape):
    """An address to be notified."""

    url: Annotated[
        str, Field(min_length=1, max_length=URL_MARKS, description="Begins with https://.")
    ]
    kinds: Annotated[
        list[ChosenKind],
        AfterValidator(_each_once),
        Field(min_length=1, max_length=2 * len(CHOSEN_KINDS), description="What it is told of."),
    ]


class WebhookFacts(Shape):
    """An address that is notified."""

    id: UUID
    url: str
    kinds: list[str]
    added_at: datetime
    stopped_at: datetime | None
    stopped_because: Literal["failed", "gone", "person_left", "role_changed"] | None


class AddedWebhook(WebhookFacts):
    """An address that is notified from now on."""

    secret: Annotated[str, Field(description="Checks the signatures. It is said this once.")]


class WebhookList(Shape):
    """Your webhooks."""

    items: list[WebhookFacts]


class MessageValues(Shape):
    """Which messages to list."""

    limit: Limit = PAGE_ROWS
    cursor: Cursor = None


class MessageFacts(Shape):
    """A message to a webhook, and what became of it."""

    id: UUID
    message_id: str
    kind: ChosenKind | Literal["webhook.test"]
    queued_at: datetime
    tries: int
    tried_at: datetime | None
    sent_at: datetime | None
    given_up_at: datetime | None
    next_try_at: datetime | None
    status: int | None
    error: Annotated[str | None, Field(description="Why there was no answer, in one word.")]


class MessagePage(Shape):
    """Some of the messages to a webhook, the newest first."""

    items: list[MessageFacts]
    next_cursor: str | None


# --- what a webhook gets -------------------------------------------------------------------------


class CertificateChange(Shape):
    """A changed certificate: public facts only."""

    number: str
    code: str
    school: str
    locality: str
    country: str
    region: str
    level: int
    valid_from: str
    valid_until: str
    verify: str


class FrozenFigures(Shape):
    """Which month of which country was frozen, and its version; figures are fetched with a token."""

    country: str
    month: str
    version: int


class WebhookBody(Shape):
    """The body of a message."""

    type: str
    timestamp: datetime
    data: CertificateChange | FrozenFigures | dict[str, str]

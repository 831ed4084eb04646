"""Everything that `/api/v1` can do, in one table from which routes, checks and the document are generated."""

from msgspec import Struct
from pydantic import BaseModel

from cissapp.foundation.access.permissions import Permission
from cissapp.oversee.api.rules.shapes import briefs, changes, common_parts, figures, register
from cissapp.oversee.api.rules.tokens import PERMISSIONS, TokenScope

CSV = "text/csv"
JSON = "application/json"


class Operation(Struct, frozen=True):
    """An operation that a program can request; with several scopes, a token needs one of them.

    `answer` is the shape of the answer, None if it has no body. `problems` are the kinds that only this
    operation has. `key` means that a repeated request is recognised by its `Idempotency-Key`.
    """

    name: str
    method: str
    path: str
    summary: str
    scopes: tuple[TokenScope, ...]
    answer: type[BaseModel] | None
    values: type[common_parts.Shape] = common_parts.NoValues
    body: type[common_parts.Shape] | None = None
    media_types: tuple[str, ...] = (JSON,)
    status: int = 200
    problems: tuple[str, ...] = ()
    key: bool = False

    @property
    def permission(self) -> Permission:
        """The right that the token's person needs."""
        known = {PERMISSIONS[scope] for scope in self.scopes}
        return known.pop() if len(known) == 1 else Permission.API_TOKEN_USE

    @property
    def path_names(self) -> list[str]:
        """The names in the path."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    @property
    def rule(self) -> str:
        """The path as a Flask URL rule."""
        parts = self.path.split("/")
        return "/".join(_rule_of(part) for part in parts)


def _rule_of(part: str) -> str:
    """Return a part of a path as Flask writes it; a number such as 17/3 is sent as 17%2F3, and arrives as it is."""
    if not part.startswith("{"):
        return part
    name = part[1:-1]
    kind = "path:" if name == "register_number" else "uuid:" if name.endswith("_id") else ""
    return f"<{kind}{name}>"


S = TokenScope
ANY = tuple(TokenScope)

TOKEN = Operation(
    "readToken", "GET", "/token", "What this token is, and what it may", ANY, changes.TokenFacts
)
COUNTRIES = Operation(
    "listCountries", "GET", "/countries", "The countries of the programme", ANY, figures.CountryList
)
REGIONS = Operation(
    "listRegions",
    "GET",
    "/countries/{country_code}/regions",
    "The regions of a country, as a tree",
    ANY,
    figures.RegionPage,
    figures.RegionValues,
)
DEFINITIONS = Operation(
    "listDefinitions", "GET", "/definitions", "What each figure counts", ANY, figures.DefinitionList
)
COUNTRY_FIGURES = Operation(
    "readCountryFigures",
    "GET",
    "/countries/{country_code}/figures",
    "The figures of a country and of all its regions",
    (S.FIGURES,),
    figures.AreaFigures,
    figures.FigureValues,
)
REGION_FIGURES = Operation(
    "readRegionFigures",
    "GET",
    "/countries/{country_code}/regions/{region_code}/figures",
    "The figures of a region and of all below it",
    (S.FIGURES,),
    figures.AreaFigures,
    figures.FigureValues,
)
MONTHS = Operation(
    "listMonths",
    "GET",
    "/countries/{country_code}/months",
    "The months whose figures are kept, and their corrections",
    (S.FIGURES,),
    briefs.MonthList,
    briefs.MonthValues,
)
REGION_MONTHS = Operation(
    "listRegionMonths",
    "GET",
    "/countries/{country_code}/regions/{region_code}/months",
    "The months whose figures of a region are kept: those of its country",
    (S.FIGURES,),
    briefs.MonthList,
    briefs.MonthValues,
)
COUNTRY_BRIEF = Operation(
    "readCountryBrief",
    "GET",
    "/countries/{country_code}/brief",
    "The brief of a country: what its page shows",
    (S.FIGURES,),
    briefs.BriefAnswer,
    briefs.BriefValues,
)
REGION_BRIEF = Operation(
    "readRegionBrief",
    "GET",
    "/countries/{country_code}/regions/{region_code}/brief",
    "The brief of a region",
    (S.FIGURES,),
    briefs.BriefAnswer,
    briefs.BriefValues,
)
REGISTER = Operation(
    "listCertifiedSchools",
    "GET",
    "/register",
    "The public register: schools whose certificate is in force",
    (S.REGISTER,),
    register.RegisterPage,
    register.RegisterValues,
)
SCHOOL = Operation(
    "readSchoolStatus",
    "GET",
    "/countries/{country_code}/schools/{register_number}",
    "The public status of a school, by its number in the state's register",
    (S.REGISTER,),
    register.SchoolStatus,
)
CERTIFICATE = Operation(
    "readCertificate",
    "GET",
    "/certificates/{code}",
    "What a certificate is worth today, by its code",
    (S.REGISTER,),
    register.CertificateAnswer,
)
IMPORT = Operation(
    "importSchools",
    "POST",
    "/schools/imports",
    "Import a list of schools, or only try it",
    (S.IMPORT,),
    changes.ImportAnswer,
    changes.ImportValues,
    changes.SchoolImport,
    (JSON, CSV),
    problems=("still_running", "key_used_otherwise"),
    key=True,
)
WEBHOOKS = Operation(
    "listWebhooks", "GET", "/webhooks", "Your webhooks", (S.WEBHOOKS,), changes.WebhookList
)
ADD_WEBHOOK = Operation(
    "addWebhook",
    "POST",
    "/webhooks",
    "Let an address be told of changes",
    (S.WEBHOOKS,),
    changes.AddedWebhook,
    body=changes.NewWebhook,
    status=201,
    problems=("refused",),
)
WEBHOOK = Operation(
    "readWebhook", "GET", "/webhooks/{webhook_id}", "A webhook", (S.WEBHOOKS,), changes.WebhookFacts
)
REMOVE_WEBHOOK = Operation(
    "removeWebhook",
    "DELETE",
    "/webhooks/{webhook_id}",
    "Remove a webhook and its messages",
    (S.WEBHOOKS,),
    None,
    status=204,
)
TEST_WEBHOOK = Operation(
    "testWebhook",
    "POST",
    "/webhooks/{webhook_id}/test",
    "Send a test message, or start a webhook that was stopped",
    (S.WEBHOOKS,),
    changes.MessageFacts,
    status=202,
)
MESSAGES = Operation(
    "listMessages",
    "GET",
    "/webhooks/{webhook_id}/messages",
    "What was sent to a webhook, and what became of it",
    (S.WEBHOOKS,),
    changes.MessagePage,
    changes.MessageValues,
)
SEND_AGAIN = Operation(
    "sendAgain",
    "POST",
    "/webhooks/{webhook_id}/messages/{webhook_message_id}/again",
    "Send a message once more",
    (S.WEBHOOKS,),
    changes.MessageFacts,
    status=202,
)

OPERATIONS = (
    TOKEN,
    COUNTRIES,
    REGIONS,
    DEFINITIONS,
    COUNTRY_FIGURES,
    REGION_FIGURES,
    MONTHS,
    REGION_MONTHS,
    COUNTRY_BRIEF,
    REGION_BRIEF,
    REGISTER,
    SCHOOL,
    CERTIFICATE,
    IMPORT,
    WEBHOOKS,
    ADD_WEBHOOK,
    WEBHOOK,
    REMOVE_WEBHOOK,
    TEST_WEBHOOK,
    MESSAGES,
    SEND_AGAIN,
)

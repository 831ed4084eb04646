"""What can go wrong for a program that asks: the kinds of problem details (RFC 9457), in one table."""

from msgspec import Struct


class ProblemKind(Struct, frozen=True):
    """A kind of problem: its name that stays, the status of HTTP, a title, and what the program can do."""

    code: str
    status: int
    title: str
    meaning: str


_ALL = (
    ProblemKind(
        "invalid_parameters",
        400,
        "A parameter is wrong",
        "`errors` names each parameter of the address or header and what is wrong with it.",
    ),
    ProblemKind(
        "not_understood",
        400,
        "Not understood",
        "The request could not be read. Nothing was changed.",
    ),
    ProblemKind(
        "token_missing",
        401,
        "A token is needed",
        "Send `Authorization: Bearer ciss_...`. A session of the pages is not accepted here.",
    ),
    ProblemKind(
        "token_unknown",
        401,
        "Nobody has this token",
        "Compare it with the one that was shown to you.",
    ),
    ProblemKind(
        "token_ended",
        401,
        "This token has ended",
        "`ended_at` says since when, and `reason` why. Make a new one on the page of tokens.",
    ),
    ProblemKind(
        "scope_missing",
        403,
        "This token is not for this",
        "`scopes` names those of which the token needs one. Make a token that has it.",
    ),
    ProblemKind(
        "role_without_right",
        403,
        "Not for your role",
        "The role of the person whose token this is does not include this.",
    ),
    ProblemKind(
        "not_found",
        404,
        "There is nothing here",
        "It does not exist, it is not public, or it is out of reach of the token's person.",
    ),
    ProblemKind(
        "method_not_allowed",
        405,
        "Not with this method",
        "The header `Allow` lists the methods of this address.",
    ),
    ProblemKind(
        "not_acceptable",
        406,
        "Answers are JSON only",
        "Send `Accept: application/json`, or no such header.",
    ),
    ProblemKind(
        "refused",
        409,
        "This is not possible now",
        "`detail` says why. Nothing was changed.",
    ),
    ProblemKind(
        "still_running",
        409,
        "The same request is still running",
        "A request with this `Idempotency-Key` has not ended. Ask again in some seconds.",
    ),
    ProblemKind("too_large", 413, "Too large", "Send fewer rows at once."),
    ProblemKind(
        "unsupported_media_type",
        415,
        "Not in this form",
        "The header `Content-Type` must be one of those that the document names.",
    ),
    ProblemKind(
        "invalid_body",
        422,
        "Something in the body is wrong",
        "`errors` names each place in the body and what is wrong there. Nothing was changed.",
    ),
    ProblemKind(
        "key_used_otherwise",
        422,
        "This Idempotency-Key was used for something else",
        "Use a new key for each list.",
    ),
    ProblemKind(
        "too_many_requests",
        429,
        "Too many requests",
        "Wait as many seconds as the header `Retry-After` says.",
    ),
    ProblemKind(
        "fault",
        500,
        "Something went wrong on our side",
        "Nothing was changed. Tell the operator the `reference`.",
    ),
    ProblemKind(
        "busy",
        503,
        "The service is busy",
        "Wait as many seconds as `Retry-After` says, and ask again.",
    ),
    ProblemKind(
        "storage_full",
        507,
        "There is no storage left",
        "What is there can be read; nothing can be saved.",
    ),
)

KINDS = {kind.code: kind for kind in _ALL}
# The kind of an error that only its status is known of.
OF_STATUS = {
    400: KINDS["not_understood"],
    403: KINDS["role_without_right"],
    404: KINDS["not_found"],
    405: KINDS["method_not_allowed"],
    409: KINDS["refused"],
    413: KINDS["too_large"],
    415: KINDS["unsupported_media_type"],
    429: KINDS["too_many_requests"],
    500: KINDS["fault"],
    503: KINDS["busy"],
    507: KINDS["storage_full"],
}

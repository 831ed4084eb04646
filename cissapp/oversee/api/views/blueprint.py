"""The blueprint of the room, and the problems that its endpoints return."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from cissapp.foundation.web import problem_details
from cissapp.foundation.web.problem_kinds import KINDS, ProblemKind

bp = Blueprint("api", "cissapp.oversee.api", template_folder="templates")


class ApiProblem(Exception):
    """An error that is returned to a program as problem details."""

    def __init__(
        self, code: str, detail: str = "", headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(code)
        self.kind: ProblemKind = KINDS[code]
        self.detail, self.headers, self.more = detail, headers, more


@bp.errorhandler(ApiProblem)
def _tell(error: ApiProblem) -> Response:
    return problem_details.problem(error.kind, error.detail, headers=error.headers, **error.more)

"""The choice of the lesson language, separate from that of the pages."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.foundation.web.own_paths import own_path
from cissapp.learn.learning.views.blueprint import bp
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.sessions import signed_in_person


@bp.post("/language")
@permit(Permission.ACCOUNT_USE)
def content_language() -> ResponseReturnValue:
    """Choose the language of lessons and questions; an empty choice follows that of the pages."""
    chosen = request.form.get("language", "")
    if chosen and chosen not in languages.offered_for_content():
        raise Missing
    accounts.choose_content_language(signed_in_person(), chosen or None, at=clock.now())
    return redirect(own_path(request.form.get("next")))

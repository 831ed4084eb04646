"""What is kept about people in a country, in plain words, for anybody."""

from flask import render_template
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import public
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import FactState
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.oversee.personal_data.phrases import kept_rows
from cissapp.oversee.personal_data.views.blueprint import bp
from cissapp.people.home.queries import group_names_by_country


@bp.get("/privacy/<country_code>")
@public
def privacy_in(country_code: str) -> ResponseReturnValue:
    """Show who is responsible in a country, what is kept and how long, and whom to ask."""
    country = content().countries.get(country_code.upper())
    if country is None:
        raise Missing
    authority = country.file.authority
    checked = authority is not None and authority.state is FactState.CHECKED
    return render_template(
        "personal_data/country.html",
        country=country.name(languages.current()),
        groups=group_names_by_country().get(country.code, []),
        kept=kept_rows(country.code),
        authority=authority if checked else None,
        times=country.retention,
        appeal_days=content().standard.decision.appeal.file_days,
    )

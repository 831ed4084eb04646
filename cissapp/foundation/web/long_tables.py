"""Says that a table has more rows than a spreadsheet can hold, before any of it is written."""

from http import HTTPStatus

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.web import filters
from cissapp.foundation.web.error_pages import page
from cissapp.foundation.web.spreadsheets import HEAD_ROWS

# ECMA-376 sets no limit to the rows of a sheet; Excel and LibreOffice open no more than 2 ** 20.
XLSX_ROWS = 2**20


def most_rows() -> int:
    """Return how many rows an XLSX file can have below its head."""
    return XLSX_ROWS - HEAD_ROWS


def too_long() -> ResponseReturnValue:
    """Render the page that leads from an XLSX file with too many rows to the CSV file of the same table."""
    asked = f"?{request.query_string.decode()}" if request.query_string else ""
    return page(
        HTTPStatus.CONFLICT,
        _("Too many rows for an XLSX file"),
        _(
            "Spreadsheets can open up to %(most)s rows, and this table has more. Download it as a CSV file.",
            most=filters.amount(XLSX_ROWS),
        ),
        action=(_("Download CSV"), f"{request.path.removesuffix('.xlsx')}.csv{asked}"),
    )

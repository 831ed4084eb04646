"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("enrolment", "cissapp.enrolment", template_folder="templates")

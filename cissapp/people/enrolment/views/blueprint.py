"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("enrolment", "cissapp.people.enrolment", template_folder="templates")

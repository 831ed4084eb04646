"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("factors", "cissapp.people.factors", template_folder="templates")

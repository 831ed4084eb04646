"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("personal_data", "cissapp.oversee.personal_data", template_folder="templates")

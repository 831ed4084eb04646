"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("accounts", "cissapp.people.accounts", template_folder="templates")

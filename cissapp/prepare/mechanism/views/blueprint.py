"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("mechanism", "cissapp.prepare.mechanism", template_folder="templates")

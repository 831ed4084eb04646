"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("history", "cissapp.review.history", template_folder="templates")

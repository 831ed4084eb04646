"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("followup", "cissapp.review.followup", template_folder="templates")

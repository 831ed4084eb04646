"""The blueprint of posters."""

from flask import Blueprint

bp = Blueprint("posters", "cissapp.prepare.posters", template_folder="templates")

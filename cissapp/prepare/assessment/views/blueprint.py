"""The blueprint of the self-assessment."""

from flask import Blueprint

bp = Blueprint("assessment", "cissapp.prepare.assessment", template_folder="templates")

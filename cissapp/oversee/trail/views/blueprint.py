"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("trail", "cissapp.oversee.trail", template_folder="templates")

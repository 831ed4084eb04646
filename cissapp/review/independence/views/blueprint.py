"""The blueprint of independence."""

from flask import Blueprint

bp = Blueprint("independence", __name__, template_folder="../templates")

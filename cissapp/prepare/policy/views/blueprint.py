"""The blueprint of the policy studio."""

from flask import Blueprint

bp = Blueprint("policy", "cissapp.prepare.policy", template_folder="templates")

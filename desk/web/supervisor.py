"""The supervisor face."""

from flask import Blueprint

blueprint = Blueprint("supervisor", __name__)

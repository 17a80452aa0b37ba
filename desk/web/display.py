"""The display face."""

from flask import Blueprint

blueprint = Blueprint("display", __name__)

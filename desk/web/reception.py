"""The reception face."""

from flask import Blueprint

blueprint = Blueprint("reception", __name__)

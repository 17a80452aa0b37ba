"""The counter face."""

from flask import Blueprint

blueprint = Blueprint("counter", __name__)

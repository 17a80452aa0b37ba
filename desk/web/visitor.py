"""The visitor face."""

from flask import Blueprint

blueprint = Blueprint("visitor", __name__)

"""What a visitor's browser may keep of a survey, so that its own Back works where our script does not run."""

from typing import Final

from flask import Response, request

# A browser without our script goes back to a page that was posted only if it may keep it, and asks for the form to be
# sent anew otherwise. It may until the answer is sent: then nothing is left to go back to.
ON_THE_WAY: Final = "private, no-cache"
SENT: Final = ("Clear-Site-Data", '"cache"')


def keep_until_sent(response: Response) -> Response:
    """Let the visitor's own browser go back until the answer is sent, and ask search engines not to list the pages."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = ON_THE_WAY if response.status_code in (200, 422) else "no-store"
    if (request.endpoint or "").endswith(".thanks"):
        response.headers["Cache-Control"] = "no-store"
        response.headers.set(*SENT)
    return response

"""The HTML faces of the desk, one module each: kiosk, counter, display, visitor, survey, supervisor, sign-in."""

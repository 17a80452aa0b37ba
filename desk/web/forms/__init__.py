"""WTForms of the faces; every field is rendered by the one `field()` macro."""

"""The satisfaction index and the scores: pages, published figures, documents."""

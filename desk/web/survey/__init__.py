"""The survey: by link, at posters and tablets, on paper; and the questionnaires it asks."""

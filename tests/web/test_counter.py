"""The counter console: one screen for an officer's day, by button and by key."""

def test_an_officer_off_duty_chooses_a_counter(web, desk_office):
    page = web.as_("Sari").get("/offices/1/counter")
    assert "Loket 1" in page.text

"""`desk person second-factor remove`: for who lost the phone, from the console."""


def test_it_is_taken_away_once(demo_desk):
    nobody = demo_desk.type("person", "second-factor", "remove", "nobody-here")
    none = demo_desk.type("person", "second-factor", "remove", "sari")
    assert (nobody.exit_code, none.exit_code) == (3, 3)
    assert "nobody-here" in nobody.output and "has no second factor" in none.output
    demo_desk.change(
        "INSERT INTO second_factors (person_id, sealed_secret, since, last_step, failures) "
        "SELECT id, 'x', 1, 1, 0 FROM people WHERE username = 'sari'"
    )
    assert "is gone" in demo_desk.does("person", "second-factor", "remove", "Sari")
    assert demo_desk.rows("SELECT count(*) FROM second_factors") == [(0,)]
    assert demo_desk.findings() == []

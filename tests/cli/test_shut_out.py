"""`desk person shut-out` and `let-in`: for an account in wrong hands, where nobody who may can sign in."""


def test_somebody_is_shut_out_whatever_they_have_and_let_in_again(demo_desk):
    nobody = demo_desk.type("person", "shut-out", "nobody-here")
    assert nobody.exit_code == 3 and "nobody-here" in nobody.output
    assert "let in already" in demo_desk.type("person", "let-in", "sari").output

    assert "Gaps" in demo_desk.does("person", "shut-out", "Sari")
    state = "SELECT is_shut_out, password_hash IS NULL, disabled_at IS NULL FROM people WHERE username = 'sari'"
    assert [tuple(map(bool, row)) for row in demo_desk.rows(state)] == [(True, True, False)]
    for useless in ("password", "code"):
        refused = demo_desk.type("person", useless, "sari")
        assert refused.exit_code == 3 and "desk person let-in sari" in refused.output
    again = demo_desk.type("person", "shut-out", "sari")
    assert again.exit_code == 3 and "as it is" in again.output

    assert "desk person code sari" in demo_desk.does("person", "let-in", "sari")
    assert [tuple(map(bool, row)) for row in demo_desk.rows(state)] == [(False, True, True)]
    assert demo_desk.findings() == []


def test_who_was_deactivated_is_let_in_again_with_the_password_they_had(demo_desk):
    demo_desk.change("UPDATE people SET disabled_at = 1, is_disabled_by_admin = true WHERE username = 'sari'")
    assert demo_desk.type("person", "password", "sari").exit_code == 3
    demo_desk.does("person", "let-in", "sari")
    rows = demo_desk.rows("SELECT disabled_at IS NULL, password_hash IS NULL FROM people WHERE username = 'sari'")
    assert [tuple(map(bool, row)) for row in rows] == [(True, False)]


def test_the_last_administrator_is_told_how_to_take_the_account_back(demo_desk):
    refused = demo_desk.type("person", "shut-out", "agus")
    assert refused.exit_code == 3
    assert "desk person password agus" in refused.output
    assert demo_desk.rows("SELECT count(*) FROM people WHERE disabled_at IS NOT NULL") == [(0,)]

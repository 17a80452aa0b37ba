"""`desk person keeps-server` and `administrator`: a server that nobody keeps, an office that nobody administers."""


def _keepers(desk):
    return [name for (name,) in desk.rows("SELECT username FROM people WHERE keeps_server ORDER BY username")]


def _refused(desk, *arguments):
    answer = desk.type("person", *arguments)
    assert answer.exit_code == 3
    return answer.output


def test_a_server_that_nobody_keeps_is_given_to_an_administrator(demo_desk):
    desk = demo_desk
    assert _keepers(desk) == ["agus"], "of the first demo office"
    assert "nobody-here" in _refused(desk, "keeps-server", "nobody-here")
    assert "already" in _refused(desk, "keeps-server", "agus")
    assert "desk person administrator sari" in _refused(desk, "keeps-server", "sari")
    assert "desk person password agus" in _refused(desk, "shut-out", "agus")
    desk.change("UPDATE people SET keeps_server = false")
    said = desk.type("check", "--only", "server-keeper").output
    assert "warning" in said and "desk person keeps-server" in said
    assert "keeps the server" in desk.does("person", "keeps-server", "Fatimah")
    assert _keepers(desk) == ["fatimah"]
    told = desk.rows("SELECT actor_kind FROM events WHERE payload LIKE '%keeps_server%'")
    assert [tuple(each) for each in told] == [("system",)]
    assert "Somebody keeps" in desk.does("check", "--only", "server-keeper")
    assert desk.findings() == []


def test_an_office_that_nobody_administers_gets_an_administrator(demo_desk):
    desk = demo_desk
    ((code,),) = desk.rows("SELECT code FROM offices WHERE id = 2")
    give = ("administrator", "agus", "--office")
    assert "page Staff" in _refused(desk, *give, code)
    assert "no office" in _refused(desk, *give, "elsewhere")
    desk.change("UPDATE people SET disabled_at = 1 WHERE username = 'fatimah'")
    assert "desk person administrator" in desk.type("check", "--only", "administrators").output
    assert "desk person let-in fatimah" in _refused(desk, "administrator", "fatimah", "--office", code)
    assert f"administers {code} now" in desk.does("person", *give, code)
    assert "page Staff" in _refused(desk, *give, code)
    desk.change("UPDATE people SET password_hash = NULL WHERE username = 'agus'")
    assert "desk person code agus" in _refused(desk, *give, code)
    rows = desk.rows("SELECT role, is_guest FROM memberships WHERE office_id = 2 AND role = 'admin' ORDER BY is_guest")
    assert [(role, bool(is_guest)) for role, is_guest in rows] == [("admin", False), ("admin", True)]
    assert desk.findings() == []


def test_who_opens_the_first_office_keeps_the_server_and_nobody_who_opens_a_later_one(empty_desk):
    for code in ("bandung", "cimahi"):
        place = ("--name", f"KPKNL {code}", "--code", code, "--zone", "Asia/Jakarta")
        empty_desk.does("init", *place, "--admin-username", f"agus.{code}")
    assert _keepers(empty_desk) == ["agus.bandung"]

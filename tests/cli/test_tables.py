"""`desk export` and `desk import`: what is written comes back, a dry run keeps nothing, a refused row refuses all."""

import pytest

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
OFFICE = ("--office", "jakarta")


def test_out_in_and_refused(demo_desk, tmp_path):
    for kind, suffix in (("calendars", "csv"), ("services", "xlsx"), ("staff", "csv")):
        file = tmp_path / f"{kind}.{suffix}"
        assert "rows were written" in demo_desk.does("export", kind, file, *OFFICE)
        assert "Nothing was changed" in demo_desk.does("import", kind, file, *OFFICE)
    file = tmp_path / "changed.csv"
    file.write_text("letter,quota,no_show_calls\nA,40,2\n")
    assert "quota '' -> '40'; no_show_calls '' -> '2'" in demo_desk.does(
        "import", "services", file, *OFFICE, "--dry-run"
    )
    assert demo_desk.rows("SELECT daily_quota FROM services WHERE series = 'A' AND office_id = 1") == [(None,)]
    assert "Taken over" in demo_desk.does("import", "services", file, *OFFICE)
    assert demo_desk.rows("SELECT daily_quota FROM services WHERE series = 'A' AND office_id = 1") == [(40,)]
    file.write_text("letter,quota\nA,41\nB,many\n")
    result = demo_desk.type("import", "services", file, *OFFICE)
    assert (result.exit_code, "line 3: B: refused: quota:" in result.stderr) == (1, True)
    file.write_bytes(b"\x89PNG\x00")
    assert demo_desk.type("import", "services", file, *OFFICE).exit_code == 3
    assert demo_desk.findings() == []

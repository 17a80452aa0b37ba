"""The demo office: its data (`*.toml`), loading it, and playing half a day in it. On the level of `desk.cli`.

Nobody in it is real, and no visitor is made up in the data: visitors come by the kiosk, or by `desk demo --day` through
the real operations.
"""

"""Which address of this machine links and QR codes name where none is set."""

import socket
import struct

import pytest

from desk.lan import chosen_address, read_address

LO, DOCKER, LAN, PUBLIC = ("lo", "127.0.0.1"), ("docker0", "172.17.0.1"), ("eth0", "192.168.1.5"), ("eth1", "8.8.4.4")
SELF_GIVEN = ("wlan0", "169.254.3.4")


@pytest.mark.parametrize(
    ("outward", "found", "chosen"),
    [
        ("10.1.2.3", [LAN], "10.1.2.3"),
        ("8.8.4.4", [DOCKER, PUBLIC], "8.8.4.4"),
        (None, [LO, DOCKER, SELF_GIVEN, LAN], "192.168.1.5"),
        ("127.0.0.1", [LO, LAN], "192.168.1.5"),
        (None, [LO, DOCKER], "172.17.0.1"),
        (None, [LO, SELF_GIVEN, PUBLIC], "127.0.0.1"),
        (None, [], "127.0.0.1"),
    ],
)
def test_without_a_way_elsewhere_a_private_address_is_chosen(outward, found, chosen):
    assert chosen_address(outward, found) == chosen


def test_the_kernel_s_answer_is_read():
    answer = struct.pack("16sHH4s", b"eth0", socket.AF_INET, 0, bytes((192, 168, 1, 5))) + bytes(232)
    assert read_address(answer) == "192.168.1.5"

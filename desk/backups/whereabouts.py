"""Where a folder of backups lies, seen from the data folder: what goes with the same disk, and with the same machine.

What cannot be known is taken for the worse: a disk of this machine that somebody carries home at night counts as one of
this machine. Only Linux tells which file systems come over the network.
"""

import os
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

MOUNTS: Final = Path("/proc/self/mountinfo")
OF_NETWORK: Final = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "glusterfs", "lustre"}
    | {"ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
)
_DEVICE: Final = 2  # which field of a line of `mountinfo` it is, see proc_pid_mountinfo(5)


class Whereabouts(StrEnum):
    """On the disk of the data folder, on another of this machine, or on another machine's."""

    SAME_DISK = "same_disk"
    SAME_MACHINE = "same_machine"
    ELSEWHERE = "elsewhere"


def whereabouts_of(folder: Path, data: Path, *, mounts: Path = MOUNTS) -> Whereabouts:
    """Return where a folder lies; of one that cannot be looked at, that it is on the same disk."""
    try:
        device, beside = folder.stat().st_dev, data.stat().st_dev
    except OSError:
        return Whereabouts.SAME_DISK
    if device == beside:
        return Whereabouts.SAME_DISK
    return Whereabouts.ELSEWHERE if _kind_of(device, mounts) in OF_NETWORK else Whereabouts.SAME_MACHINE


def _kind_of(device: int, mounts: Path) -> str:
    """Return the kind of a file system by the number of its device; empty where it is not told."""
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found = (line.partition(" - ") for line in lines if line.split()[_DEVICE : _DEVICE + 1] == [number])
    return next((after.split()[0] for _, _, after in found if after.split()), "")


def make_usable(folder: Path) -> None:
    """Make a folder for backups where there is none, in one that is there; raise `OSError` if none can be written."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with TemporaryFile(dir=folder):
        pass

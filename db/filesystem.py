"""Where a SQLite file may live: its write-ahead log needs memory shared by all its writers."""

import os
from pathlib import Path

_NETWORK = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smbfs", "smb3", "afs", "ncpfs", "ceph", "glusterfs", "lustre"),
        *("gpfs", "beegfs", "pvfs2", "orangefs", "fuse.sshfs", "fuse.s3fs", "fuse.gcsfuse"),
        *("fuse.rclone", "fuse.glusterfs", "fuse.ceph"),
    )
)
_MOUNTS = Path("/proc/self/mounts")


def network_file_system(path: Path, mounts: str | None = None) -> str | None:
    """Name the network file system `path` lies on, or None where it is local or unknown.

    `mounts` is the text of /proc/self/mounts (one mount a line: device, folder, type, ...).
    """
    if mounts is None:
        mounts = _MOUNTS.read_text(errors="replace") if _MOUNTS.exists() else ""
    place = os.path.realpath(path)
    longest, found = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        folder = fields[1].replace("\\040", " ").replace("\\134", "\\")
        inside = place == folder or place.startswith(folder.rstrip("/") + "/")
        if inside and len(folder) >= longest:
            longest, found = len(folder), fields[2]
    return found if found in _NETWORK else None

"""What a child is refused: space, large files, rights, a disk that can be written. All of it is the system's own."""

import ctypes
import os
import resource
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 1, 32, 4096, 16384, 1 << 18
_CAPABILITIES_3 = 0x20080522
_OVERRIDE_PERMISSIONS = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH


class NotAllowedError(Exception):
    """The machine does not let a test mount anything."""


def largest_file(n_bytes: int) -> None:
    """Let no file grow beyond a size."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))


def no_privileges() -> None:
    """Let permissions hold for root as well."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0), (ctypes.c_uint32 * 6)()
    libc.capget(header, sets)
    for effective_or_permitted in (0, 1):
        sets[effective_or_permitted] &= ~_OVERRIDE_PERMISSIONS
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")


def small_disk(folder: Path, n_bytes: int) -> None:
    """Put a disk of a size over a folder, for this process alone."""
    _own_mounts()
    _mount("tmpfs", folder, "tmpfs", 0, f"size={n_bytes}")


def read_only_disk(folder: Path) -> None:
    """Make the disk below a folder read-only, for this process alone."""
    _own_mounts()
    _mount(str(folder), folder, "", _BIND)
    _mount("none", folder, "", _BIND | _REMOUNT | _READ_ONLY)


def _own_mounts() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_MOUNTS | (_NEW_USER if user else 0)):
        raise NotAllowedError(f"unshare: {os.strerror(ctypes.get_errno())}")
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    _mount("none", Path("/"), "", _RECURSIVE | _PRIVATE)


def _mount(what: str, where: Path, kind: str, flags: int, options: str = "") -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    texts = (what.encode(), os.fsencode(where), kind.encode(), ctypes.c_ulong(flags), options.encode())
    if libc.mount(*texts):
        raise NotAllowedError(f"mount: {os.strerror(ctypes.get_errno())}")


def _nothing() -> None:
    pass


Limits = list[Callable[[], None]]


def _mounted(folder: Path, limit: Callable[[], None]) -> Limits:
    """Return a limit that needs a disk of its own, or skip."""
    from children import run

    folder.mkdir(exist_ok=True)
    if run(_nothing, env={}, limits=[partial(small_disk, folder, 4096)]).status:
        pytest.skip("this machine lets a test mount no disk of its own")
    return [limit]


def forbidden(folder: Path) -> Limits:
    """Let nobody write into a folder and those in it."""
    folder.mkdir(exist_ok=True)
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        path.chmod(0o555)
    return [no_privileges]


def read_only(folder: Path) -> Limits:
    return _mounted(folder, partial(read_only_disk, folder))


def full(folder: Path, n_bytes: int = 4096) -> Limits:
    return _mounted(folder, partial(small_disk, folder, n_bytes))


def a_file_in_the_way(folder: Path) -> Limits:
    folder.touch()
    return []


# What stands in the way of writing into a folder, and what a command must say of it.
READ_ONLY = [(forbidden, "permission is denied"), (read_only, "the disk is read-only")]
REFUSALS = [*READ_ONLY, (a_file_in_the_way, "a file stands where a folder must be")]
FULL = (full, "no space is left on the disk")

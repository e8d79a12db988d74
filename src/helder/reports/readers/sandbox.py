"""Gates that a process closes behind itself before it reads a file from outside: by ctypes, nothing to install.

Linux: limits, Landlock (files) and seccomp (calls), each where the kernel has it. Elsewhere: limits where there are
any. `close` says which gates hold, so that a page about the system can tell it openly.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from typing import Literal

Gate = Literal["limits", "files", "calls"]
"""limits: memory, processor time, no file written; files: none but named folders; calls: no network, no program."""

_NO_NEW_PRIVILEGES, _SECCOMP, _PARENT_DEATH = 38, 22, 1
_SIGKILL = 9
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # the same number on every machine
_READ = (1 << 2) | (1 << 3)  # a file's content, a folder's list
_FILE_ONLY = 1 << 2
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _ENOSYS = 1, 38
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_CLONE_THREAD = 0x00010000

# name: (x86-64, arm64)
_DENIED: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "fork": (57, None), "vfork": (58, None), "execve": (59, 221),
    "execveat": (322, 281), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268),
    "open_by_handle_at": (304, 265), "init_module": (175, 105), "finit_module": (313, 273),
    "kexec_load": (246, 104), "reboot": (169, 142), "setrlimit": (160, 164), "shmget": (29, 194), "msgget": (68, 186),
}  # fmt: skip
_SPECIAL = {"clone": (56, 220), "clone3": (435, 435), "prlimit64": (302, 261), "seccomp": (317, 277)}
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}


def close(memory: int, seconds: int, readable: Iterable[str]) -> tuple[Gate, ...]:
    """Closes every gate this system has, for good; gives those that hold.

    `memory` in bytes, `seconds` of processor time in all, `readable` the only folders and files that stay readable.
    Call it before threads start and before anything from outside is touched.
    """
    held: list[Gate] = []
    if _limit(memory, seconds):
        held.append("limits")
    if sys.platform == "linux":
        calls = ctypes.CDLL(None, use_errno=True)
        calls.prctl(_PARENT_DEATH, _SIGKILL, 0, 0, 0)
        if calls.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
            if _close_files(calls, readable):
                held.append("files")
            if _close_calls(calls):
                held.append("calls")
    return tuple(held)


def _limit(memory: int, seconds: int) -> bool:
    try:
        import resource
    except ImportError:  # Windows
        return False
    data = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    wanted = {data: memory, resource.RLIMIT_CPU: seconds, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0,
              resource.RLIMIT_NOFILE: 128}  # fmt: skip
    held = True
    for what, value in wanted.items():
        try:
            resource.setrlimit(what, (value, value))
        except (ValueError, OSError):
            held = False
    return held


def _close_files(calls: ctypes.CDLL, readable: Iterable[str]) -> bool:
    """Landlock: files can only be read, and only those named; on newer kernels no TCP and no signal out either."""
    version = calls.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    files = (1 << 13) - 1
    for since, bit in ((2, 13), (3, 14), (5, 15)):
        files |= (1 << bit) if version >= since else 0
    rules = struct.pack("QQQ", files, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    rules = rules[: 8 if version < 4 else 16 if version < 6 else 24]
    gate = calls.syscall(_LANDLOCK_CREATE, rules, len(rules), 0)
    if gate < 0:
        return False
    for path in readable:
        try:
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        access = _READ if os.path.isdir(path) else _FILE_ONLY
        calls.syscall(_LANDLOCK_ADD, gate, 1, struct.pack("=Qi", access, opened), 0)
        os.close(opened)
    held = calls.syscall(_LANDLOCK_RESTRICT, gate, 0) == 0
    os.close(gate)
    return bool(held)


def _close_calls(calls: ctypes.CDLL) -> bool:
    """seccomp: no network, no program or process started, no signal sent, no kernel door opened."""
    program = filter_program(platform.machine())
    if program is None:
        return False
    buffer = ctypes.create_string_buffer(program)
    header = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    return bool(calls.prctl(_SECCOMP, 2, header, 0, 0) == 0)


def filter_program(machine: str) -> bytes | None:
    """The seccomp filter for a kind of machine, eight bytes an instruction; None for one we have no numbers of."""
    if machine not in _MACHINES:
        return None
    architecture, column = _MACHINES[machine]
    number = {name: numbers[column] for name, numbers in _SPECIAL.items()}
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    steps += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _ERROR | _EPERM)]
    steps += [(_EQUAL, 0, 1, number["clone3"]), (_RETURN, 0, 0, _ERROR | _ENOSYS)]  # then libc asks for clone
    for denied in _DENIED.values():
        if denied[column] is not None:
            steps += [(_EQUAL, 0, 1, denied[column] or 0), (_RETURN, 0, 0, _ERROR | _EPERM)]
    # a thread may start, a process may not: clone's first argument
    steps += [(_EQUAL, 0, 4, number["clone"]), (_LOAD, 0, 0, 16), (_ANY_BIT, 1, 0, _CLONE_THREAD)]
    steps += [(_RETURN, 0, 0, _ERROR | _EPERM), (_RETURN, 0, 0, _ALLOW)]
    # limits may be read, not set: prlimit64's third argument
    steps += [(_EQUAL, 0, 5, number["prlimit64"]), (_LOAD, 0, 0, 32), (_EQUAL, 0, 2, 0), (_LOAD, 0, 0, 36)]
    steps += [(_EQUAL, 1, 0, 0), (_RETURN, 0, 0, _ERROR | _EPERM), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)

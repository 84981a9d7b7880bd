"""What processes of this machine use: processor seconds, memory, open files. Linux only."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
# Where these stand in /proc/<number>/stat, counted from what follows the name in brackets.
PARENT, GROUP, OWN_TIMES, TIMES_OF_ENDED = 1, 2, slice(11, 13), slice(13, 15)


def _stat(number: int) -> list[str]:
    return (PROC / str(number) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def _numbers(position: int, wanted: int) -> list[int]:
    found = []
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):
            if int(_stat(int(folder.name))[position]) == wanted:
                found.append(int(folder.name))
    return sorted(found)


def group(number: int) -> list[int]:
    """Give the processes of a process group."""
    return _numbers(GROUP, number)


def family(child: int) -> list[int]:
    """Give the parent of a process and all its children; nothing where the process is on another machine."""
    with suppress(OSError):
        parent = int(_stat(child)[PARENT])
        return [parent, *_numbers(PARENT, parent)] if parent > 1 else []
    return []


def seconds(numbers: Iterable[int]) -> float:
    """Add up the processor seconds of processes and of their children that have ended."""
    ticks = 0
    for number in numbers:
        with suppress(OSError):
            stat = _stat(number)
            ticks += sum(int(one) for one in (*stat[OWN_TIMES], *stat[TIMES_OF_ENDED]))
    return ticks / TICKS


def memory(number: int) -> int:
    """Give the bytes of a process, what it shares counted in parts (PSS); 0 where that may not be read."""
    with suppress(OSError):
        for line in (PROC / str(number) / "smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def open_files(numbers: Iterable[int]) -> int:
    """Count the open files and connections of processes."""
    found = 0
    for number in numbers:
        with suppress(OSError):
            found += len(list((PROC / str(number) / "fd").iterdir()))
    return found


def busy() -> str:
    """Say how busy the machine is: load average of the last minute, and how many cores there are."""
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def uses_of(file: Path, numbers: Iterable[int]) -> int:
    """Count how often processes have a file open."""
    found = 0
    for number in numbers:
        for link in (PROC / str(number) / "fd").glob("*"):
            with suppress(OSError):
                found += link.readlink() == file
    return found

"""Work in processes beside this one: forked from it, or where there is no fork, started anew.

A forked process begins with all that this one has imported and read. Each piece of work has one of
its own, so that nothing that it changes reaches the next one, and one that dies takes nobody along.
Started anew (Windows, macOS), a process imports everything for itself, and so stays for more work.
"""

from __future__ import annotations

import ctypes
import os
import random
import re
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import TypeVar

import numpy as np

Done = TypeVar("Done")
#: the process is to get a signal when its parent ends (prctl(2))
_PARENT_DEATH_SIGNAL = 1


def can_fork() -> bool:
    """Tell whether processes can be forked here; macOS has a fork that libraries do not bear."""
    return sys.platform == "linux"


def started(process: int) -> float:
    """Return when a process was started, in seconds since 1970; long ago where nothing tells."""
    try:
        ran = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
        boot = re.search(r"^btime (\d+)$", Path("/proc/stat").read_text(), re.MULTILINE)
        return int(boot[1]) + int(ran) / os.sysconf("SC_CLK_TCK") if boot else 0.0
    except (OSError, ValueError, IndexError):
        return 0.0


def apart(
    work: Sequence[Callable[[], Done]], at_once: int, *, died: Callable[[int, int], Done]
) -> Iterator[tuple[int, Done]]:
    """Do pieces of work in other processes, some at once, and give them as they end.

    Parameters
    ----------
    work : sequence of functions without arguments
        They and what they return are pickled; they are not to raise.
    at_once : int
        Nothing is done apart where it is 0, but one piece after another in this process.
    died : function
        Of the place of a piece whose process ended before it was done, and the signal or code with
        which it did: what stands in for it.

    Yields
    ------
    (int, object)
        The place in `work`, and what came of it. What still runs when nobody asks any more is
        killed; where there is no fork it ends, and nothing else begins.
    """
    if not at_once:
        return ((place, call()) for place, call in enumerate(work))
    return (forked if can_fork() else spawned)(work, at_once, died)


def forked(
    work: Sequence[Callable[[], Done]], at_once: int, died: Callable[[int, int], Done]
) -> Iterator[tuple[int, Done]]:
    """Do pieces of work as `apart`, each in a process forked from this one."""
    waiting, running = deque(enumerate(work)), {}
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                place, call = waiting.popleft()
                ours, theirs = Pipe(duplex=False)
                sys.stdout.flush()
                sys.stderr.flush()
                parent = os.getpid()
                if (pid := os.fork()) == 0:
                    _work(call, theirs, parent)
                theirs.close()
                running[ours] = place, pid
            for pipe in wait(list(running)):
                assert isinstance(pipe, Connection)
                place, pid = running.pop(pipe)
                try:
                    done = [pipe.recv()]
                except EOFError:
                    done = []
                pipe.close()
                _, status = os.waitpid(pid, 0)
                yield place, done[0] if done else died(place, os.waitstatus_to_exitcode(status))
    finally:
        for pipe, (_, pid) in running.items():
            pipe.close()
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def spawned(
    work: Sequence[Callable[[], Done]], at_once: int, died: Callable[[int, int], Done]
) -> Iterator[tuple[int, Done]]:
    """Do pieces of work as `apart`, in processes started anew, each for several.

    When one dies, what has not been done is told to have died with it.
    """
    workers = min(at_once, len(work)) or 1
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_hush)
    try:
        places = {pool.submit(call): place for place, call in enumerate(work)}
        for future in as_completed(places):
            try:
                done = future.result()
            except BrokenProcessPool:
                done = died(places[future], 1)
            yield places[future], done
    finally:
        pool.shutdown(cancel_futures=True)


def _hush() -> None:
    """Keep what libraries print while they start off the terminal; errors come back as values."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _work(call: Callable[[], object], pipe: Connection, parent: int) -> None:
    """Do the work in the forked process, which ends with it."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the signal was asked for
            return
        random.seed()
        np.random.seed()  # noqa: NPY002, for notebooks that use it: a fork repeats its numbers
        pipe.send(call())
        status = 0
    finally:
        os._exit(status)  # nothing of the parent's is closed, flushed or written a second time

"""Work in processes forked from this one: they begin with all that it has imported and read.

Each piece of work has a process of its own, so that nothing that it changes reaches the next one,
and one that dies takes nobody along. Only where there is a fork (Linux); see `available`.
"""

from __future__ import annotations

import ctypes
import os
import random
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, Pipe, wait
from typing import TypeVar

import numpy as np

Done = TypeVar("Done")
#: the process is to get a signal when its parent ends (prctl(2))
_PARENT_DEATH_SIGNAL = 1


def available() -> bool:
    """Tell whether processes can be forked here; macOS has a fork that libraries do not bear."""
    return sys.platform == "linux"


def forked(
    work: Sequence[Callable[[], Done]], at_once: int, *, died: Callable[[int, int], Done]
) -> Iterator[tuple[int, Done]]:
    """Do pieces of work in processes of their own, some at once, and give them as they end.

    Parameters
    ----------
    work : sequence of functions without arguments
        What they return is pickled; they are not to raise.
    at_once : int
    died : function
        Of the place of a piece whose process ended before it was done, and the signal or code with
        which it did: what stands in for it.

    Yields
    ------
    (int, object)
        The place in `work`, and what came of it. What still runs when nobody asks any more is
        killed.
    """
    waiting, running = deque(enumerate(work)), {}
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                place, call = waiting.popleft()
                ours, theirs = Pipe(duplex=False)
                sys.stdout.flush()
                sys.stderr.flush()
                if (pid := os.fork()) == 0:
                    _work(call, theirs)
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


def _work(call: Callable[[], object], pipe: Connection) -> None:
    """Do the work in the forked process, which ends with it."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        random.seed()
        np.random.seed()  # noqa: NPY002, for notebooks that use it: a fork repeats its numbers
        pipe.send(call())
        status = 0
    finally:
        os._exit(status)  # nothing of the parent's is closed, flushed or written a second time

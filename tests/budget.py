"""What a run of the tests may cost; imported first, before numpy is loaded."""

import os

DEEP = os.environ.get("PGI_DEEP") == "1"

# on small matrices a second thread costs and gains nothing; kernels inherit this
for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def often(number: int) -> int:
    """Return how many examples or simulated panels to draw: in a deep run twenty times as many."""
    return 20 * number if DEEP else number

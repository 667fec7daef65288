"""Where chunks of work are computed: in this process, on processes of its own, or on a cluster.

Each is a generator of (place, result) as they are completed, in any order, that ends within about a
second after `stop()` says so and then leaves no process and no task behind. Those of this machine
take turns, chunk by chunk.
"""

import os

from app.work.sweeps.cluster import available as cluster_available
from app.work.sweeps.cluster import on_cluster
from app.work.sweeps.here import in_process
from app.work.sweeps.processes import on_processes
from app.work.turns import Turns

TURNS = Turns(os.cpu_count() or 1)
"""Where the sweeps of all visitors take turns on this machine; training has places of its own."""

__all__ = ["TURNS", "cluster_available", "in_process", "on_cluster", "on_processes"]

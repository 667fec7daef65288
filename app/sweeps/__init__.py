"""Where chunks of work are computed: in this process, on processes of its own, or on a cluster.

Each is a generator of (place, result) as they are completed, in any order, that ends within about a
second after `stop()` says so and then leaves no process and no task behind.
"""

from app.sweeps.cluster import available as cluster_available
from app.sweeps.cluster import on_cluster
from app.sweeps.here import in_process
from app.sweeps.processes import on_processes

__all__ = ["cluster_available", "in_process", "on_cluster", "on_processes"]

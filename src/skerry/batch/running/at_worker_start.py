"""What a worker process does before its first map; Dask calls `dask_setup` in it."""

from __future__ import annotations

import signal
import threading
from typing import Any


def dask_setup(_worker: Any) -> None:
    """Leave Ctrl-C to the process that people talk to: it tells the workers when to stop."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)

"""How long PostgreSQL lets a connection of ours work, wait and idle before it intervenes, in milliseconds.

These are the limits for a page; long work sets its own (`foundation/core/bulk/long_work.py`).
"""

LIMITS = {
    "statement_timeout": 5_000,
    "lock_timeout": 2_000,
    "idle_in_transaction_session_timeout": 10_000,
}


def server_options() -> str:
    """Return the options that a connection sends to the server when it starts."""
    # JIT compilation takes longer than any of our reads: 4-6 s with it, 0.5 s without.
    return " ".join(["-c jit=off", *(f"-c {name}={limit}" for name, limit in LIMITS.items())])

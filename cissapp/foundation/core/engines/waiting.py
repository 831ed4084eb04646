"""How long PostgreSQL lets one of our connections work, wait and rest before it ends what goes on, in milliseconds.

Those are the limits of a page; long work asks for its own (`foundation/core/bulk/long_work.py`).
"""

LIMITS = {
    "statement_timeout": 5_000,
    "lock_timeout": 2_000,
    "idle_in_transaction_session_timeout": 10_000,
}


def server_options() -> str:
    """Return what a connection asks the server for when it begins."""
    # Compiling a plan takes longer than any of our reads: 4-6 s with it, 0.5 s without.
    return " ".join(["-c jit=off", *(f"-c {name}={limit}" for name, limit in LIMITS.items())])

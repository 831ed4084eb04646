"""What every room stands on: database, clock, errors, actor, storage, mail. Names no noun of the domain."""

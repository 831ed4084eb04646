"""The foundation of every room: database, clock, errors, actor, storage, mail. It knows no domain terms."""

"""The reporting mechanism: how a child or an adult reports, and what it still lacks."""

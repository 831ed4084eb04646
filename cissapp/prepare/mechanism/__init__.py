"""The reporting mechanism: how a child or an adult reports, and what is still wrong with it."""

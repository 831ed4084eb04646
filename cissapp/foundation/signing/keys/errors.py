"""What can be wrong with keys. Each carries one plain sentence for the operator."""


class NoKeys(Exception):
    """There is no key to sign with, or it may not sign."""


class ExposedKeys(NoKeys):
    """Others on the machine could read a private part, or change a public one; nothing is signed."""


class BrokenKeys(Exception):
    """A file of keys cannot be read, or its contents do not belong together."""


class AwayKeys(BrokenKeys):
    """The token that holds a private part cannot be reached now; another try may do."""

"""The two ways a command may end badly, so that the command line can tell them apart."""


class InputError(ValueError):
    """The caller gave something unusable (exit code 2); the message names it and the way out."""


class RunError(RuntimeError):
    """The work itself failed (exit code 1); the message names what failed and the way out."""

"""The two ways a command may end badly, so that the command line can tell them apart."""


class InputError(ValueError):
    """The caller gave something unusable (exit code 2). The message names it and says what to do."""


class RunError(RuntimeError):
    """The work itself failed (exit code 1). The message names what failed and says what to do."""

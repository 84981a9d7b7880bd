"""Why a way by the sign-on service ends; the messages are for the log."""


class Unreachable(Exception):
    """The service does not answer, or not with anything that makes sense."""


class TokenRefused(Exception):
    """The service, or a check of what it sent, says no."""

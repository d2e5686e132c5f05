"""Errors that a person can act on."""

import errno
import os
import re


class UserError(Exception):
    """Ends `./dev` with this one line on stderr and exit code 1.

    The text says what is wrong and what to do about it.
    """

    def __init__(self, message):
        super().__init__(" ".join(str(message).split()))


class Stopped(BaseException):
    """A signal asked us to stop. Not an Exception, so that nothing swallows it."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


_DISK_FULL = os.strerror(errno.ENOSPC)  # as every program words it

# How apt, pip, npm and their libraries say that they reach no one.
_NO_NETWORK = re.compile(
    r"Temporary failure|Could not resolve|Name or service not known"
    r"|Network is unreachable|Connection refused|Connection timed out"
    r"|Could not connect|Cannot initiate the connection|NewConnectionError"
    r"|ConnectTimeout|ProxyError|Cannot connect to proxy|EAI_AGAIN|ENOTFOUND"
    r"|ECONNREFUSED|Failed to establish a new connection"
)


def disk_full(where):
    return UserError(
        f"disk full: no space left for {where}; free some, or set PEYVAND_CACHE to a"
        " directory on a larger disk"
    )


def no_network(what):
    return UserError(
        f"no network: {what} cannot be fetched and the cache does not have it; connect"
        " (or set http_proxy and https_proxy) and run the command again"
    )


def known_failure(output, what):
    """The UserError for a program's output that tells of one of these, else None.

    `what` is what the program was to make.
    """
    if _DISK_FULL in output:
        return disk_full(what)
    if _NO_NETWORK.search(output):
        return no_network(what)
    return None


def last_error(output):
    """The line of a program's output that most likely says why it failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    pattern = re.compile(
        r"^([\w-]+\.)*\w*(Error|Exception)\b|.* (CRITICAL|FATAL) "
        r"|^(psql\S* )?(error: )?(ERROR|E|FATAL|error):"
    )
    errors = [line for line in lines if pattern.match(line)]
    return (errors or lines or ["no output"])[-1].rstrip(".")[:300]

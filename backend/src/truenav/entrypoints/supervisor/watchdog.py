"""Signals the supervisor's children when the supervisor is gone. Run only by `children.Watchdog`.

Reads "<pid> <signal>" lines; the end of the pipe without a "done" means the supervisor died.
"""

import os
import sys


def main() -> None:
    """Wait for the end of the pipe."""
    children: dict[int, int] = {}
    for line in sys.stdin:
        words = line.split()
        if words == ["done"]:
            return
        children[int(words[0])] = int(words[1])
    for pid, number in reversed(children.items()):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()

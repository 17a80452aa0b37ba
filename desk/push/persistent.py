"""Background threads that outlive what they lean on: a database that goes away is tried again, later and later."""

import logging
import threading
import time

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0


class Persistent(threading.Thread):
    """Makes `attempt` again and again until stopped. One that fails hurts nobody: it is logged, and made again."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.stopping = threading.Event()

    def attempt(self) -> None:
        """Work until `stopping` is set; raise when what it leans on is gone."""
        raise NotImplementedError

    def run(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                self.attempt()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next attempt may succeed
                if time.monotonic() - began > LONGEST_PAUSE_SECONDS:
                    pause = FIRST_PAUSE_SECONDS
                logger.warning("%s was interrupted (%s), again in %.1f s", self.name, type(error).__name__, pause)
                self.stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def stop(self) -> None:
        """Ask it to end; returns when it has, or after two seconds."""
        self.stopping.set()
        if self.is_alive():
            self.join(2)

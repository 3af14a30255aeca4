"""On which day something was last used, until that is written down.

A request that reads can't write, and one that writes would hold for all its time a row that other
requests of the same bot want, too. So days are kept here, and written once in a while.
"""

from datetime import date

from app.kit.clock import now


class Uses:
    """Days of things by their numbers, of this process. What was noted since it was last written
    goes with a crash.
    """

    def __init__(self) -> None:
        self._days: dict[int, date] = {}

    def note(self, number: int, known: date | None) -> None:
        """It is used now; ``known`` is the day that is written down."""
        today = now().date()
        if known is None or known < today:
            self._days[number] = today

    def last(self, number: int, known: date | None) -> date | None:
        """The day on which it was last used."""
        noted = self._days.get(number)
        return noted if known is None or (noted is not None and noted > known) else known

    def take(self) -> dict[int, date]:
        """What is to be written down. Whoever takes it writes it, or puts it back."""
        taken, self._days = self._days, {}
        return taken

    def put_back(self, days: dict[int, date]) -> None:
        """What could not be written down."""
        self._days = days | self._days

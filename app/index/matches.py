"""What a row of the index is held against: written for SQLite's FTS5 and as a ``tsquery``.

Terms are letters, digits and marks, so nothing that somebody typed can become an operator.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType

from app.index.asked import Choice, Phrase, Run
from app.index.models import SEARCH_TERMS, Look

_COLUMNS = {Look.TITLE: "{title} : ", Look.HEAD: "{title head} : ", Look.BODY: "{body} : "}
_WEIGHTS = {Look.TITLE: ":A", Look.HEAD: ":AB", Look.BODY: ":D"}


@dataclass(frozen=True)
class Match:
    """All of ``wanted`` and none of ``unwanted`` in one row, which is within ``scope``: all those
    are said by the row of its work.
    """

    look: Look
    scope: tuple[str, ...] = ()
    wanted: Sequence[Choice] = ()
    unwanted: Sequence[Phrase] = ()

    def fts5(self) -> str:
        """As an FTS5 expression."""
        columns = _COLUMNS.get(self.look, "")

        def run(terms: Run) -> str:
            return f'"{" ".join(terms)}"'

        scope = [f'"{each}"' for each in self.scope]
        wanted = [columns + _choice(each, run, " AND ", " OR ") for each in self.wanted]
        found = " AND ".join([*scope, *wanted])
        if not self.unwanted:
            return found
        return f"({found}) NOT {columns}{_choice(self.unwanted, run, ' AND ', ' OR ')}"

    def tsquery(self) -> str:
        """As a tsquery."""
        weights = _WEIGHTS.get(self.look, "")

        def run(terms: Run) -> str:
            return "(" + " <-> ".join(f"'{each}'{weights}" for each in terms) + ")"

        scope = [f"'{each}'" for each in self.scope]
        wanted = [_choice(each, run, " & ", " | ") for each in self.wanted]
        unwanted = [f"!{_choice(self.unwanted, run, ' & ', ' | ')}"] if self.unwanted else []
        return " & ".join([*scope, *wanted, *unwanted])


def _choice(choice: Iterable[Phrase], run: Callable[[Run], str], also: str, either: str) -> str:
    return f"({either.join(f'({also.join(map(run, phrase))})' for phrase in choice)})"


class matches(FunctionElement[bool]):  # noqa: N801 - it is called as a function of SQL
    """Whether a row of ``search_terms`` matches."""

    name = "matches"
    inherit_cache = True
    type = Boolean()

    def __init__(self, match: Match) -> None:
        # PostgreSQL has to see what is looked for when it plans: how many rows a word has decides
        # between its index and going through the newest. It is only ever made of terms.
        seen = bindparam(None, match.tsquery(), String(), literal_execute=True)
        super().__init__(SEARCH_TERMS.search_terms, bindparam(None, match.fts5(), String()), seen)

    def self_group(self, against: OperatorType | None = None) -> "matches":  # noqa: ARG002
        # SQLAlchemy would write "= 1" behind it on SQLite, which has no booleans.
        return self


@compiles(matches, "sqlite")
def _for_sqlite(element: matches, compiler: SQLCompiler, **options: Any) -> str:
    terms, fts5, _ = element.clauses
    return f"{compiler.process(terms, **options)} MATCH {compiler.process(fts5, **options)}"


@compiles(matches, "postgresql")
def _for_postgresql(element: matches, compiler: SQLCompiler, **options: Any) -> str:
    terms, _, tsquery = element.clauses
    written = compiler.process(tsquery, **options)
    return f"{compiler.process(terms, **options)} @@ CAST({written} AS tsquery)"

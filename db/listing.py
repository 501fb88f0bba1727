"""Long lists, a page at a time."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from db.gate import Work

PAGE_SIZE = 50

Row = TypeVar("Row")


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """One page of a list: its rows, how many there are in all, and which page this is, from 1."""

    rows: tuple[Row, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def one_page(work: Work, statement: Select[*tuple[Any, ...]], page: int) -> tuple[list[Any], int, int]:
    """The rows of a page, how many there are in all, and the page's number, brought into the list."""
    total = work.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    page = max(1, min(page, -(-total // PAGE_SIZE)))
    rows = work.session.execute(statement.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return list(rows), total, page

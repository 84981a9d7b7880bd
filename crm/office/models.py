"""Settings of the office, in one row."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Record

YEAR, NUMBER = "{jahr}", "{nummer}"


class Office(Record):
    """What stands on every paper; there is one row. `shows_examples` opens the public page of examples."""

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    name: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    base_address: Mapped[str] = mapped_column(String(300), default="")
    sender: Mapped[str] = mapped_column(String(254), default="")
    file_reference: Mapped[str] = mapped_column(String(100), default="")
    print_head: Mapped[str] = mapped_column(String(500), default="")
    officer: Mapped[str] = mapped_column(String(500), default="")
    shows_examples: Mapped[bool] = mapped_column(default=False)

    @property
    def letterhead(self) -> list[str]:
        """Lines at the top of a paper; without lines of its own, name and address."""
        lines = self.print_head or f"{self.name}\n{self.address}"
        return [line for line in lines.split("\n") if line]

    def reference(self, year: int, number: int) -> str:
        """Make a file reference after the pattern: IKZ 2026/0042."""
        return self.file_reference.replace(YEAR, str(year)).replace(NUMBER, f"{number:04}")

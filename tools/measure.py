"""Measure the code: sizes of files, functions, templates and tests, and what is changed often.

.venv/bin/python tools/measure.py [--worst 5]
"""

import argparse
import ast
import statistics
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOTTEST = 5


def lines_of(path: Path) -> int:
    """Count the lines of a file."""
    return path.read_text(encoding="utf-8").count("\n")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Give (name, lines of the body without docstring) of every function of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            yield f"{path.relative_to(ROOT)}::{node.name}", lines


def sized(paths: Iterable[Path]) -> list[tuple[str, int]]:
    """Give (file, lines) of some files."""
    return [(str(path.relative_to(ROOT)), lines_of(path)) for path in paths]


def bodies(paths: Iterable[Path], wanted: Callable[[str], bool] = lambda name: True) -> list[tuple[str, int]]:
    """Give (function, lines) of some files."""
    return [one for path in paths for one in functions(path) if wanted(one[0].rpartition("::")[2])]


def show(title: str, sizes: list[tuple[str, int]], worst: int) -> None:
    """Print how many there are, their sum, the middle, what nine of ten stay below, the largest."""
    numbers = sorted(size for _name, size in sizes)
    nine = statistics.quantiles(numbers, n=10, method="inclusive")[-1]
    middle = statistics.median(numbers)
    print(f"{title:<12}{len(numbers):>7}{sum(numbers):>9}{middle:>8.0f}{nine:>8.0f}{numbers[-1]:>8}")
    for name, size in sorted(sizes, key=lambda one: -one[1])[:worst]:
        print(f"{'':<12}{size:>7}  {name}")


def changes() -> list[list[str]]:
    """Give the files of the program that each commit touched; nothing outside a checkout."""
    command = ["git", "log", "--no-merges", "--name-only", "--format=%x00"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    kept = (
        [line for line in one.split() if line.startswith(("crm/", "templates/")) and not line.endswith(".po")]
        for one in told.split("\0")
    )
    return [one for one in kept if one]


def show_changes(worst: int) -> None:
    """Print how many files a commit touches, and the share of commits that touch one of the five hottest."""
    commits = changes()
    if not commits:
        print("no history here")
        return
    counts = sorted(len(one) for one in commits)
    hot = Counter(name for one in commits for name in set(one)).most_common(max(HOTTEST, worst))
    five = {name for name, _times in hot[:HOTTEST]}
    share = sum(1 for one in commits if five & set(one)) / len(commits)
    nine = counts[int(len(counts) * 0.9)]
    print(f"\n{len(commits)} commits; files of the program in one: 90 % {nine},", end=" ")
    print(f"median {statistics.median(counts):.0f}")
    print(f"{share:.0%} of them touch one of the {HOTTEST} hottest files")
    for name, times in hot[:worst]:
        print(f"{'':<12}{times:>7}  {name}")


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--worst", type=int, default=0, help="name so many of the largest of each kind")
    worst = asked.parse_args().worst
    code, tests = sorted((ROOT / "crm").rglob("*.py")), sorted((ROOT / "tests").rglob("*.py"))
    templates = sorted((ROOT / "templates").rglob("*.*"))
    print(f"{'':<12}{'number':>7}{'lines':>9}{'median':>8}{'90 %':>8}{'most':>8}")
    show("files", sized(code), worst)
    show("functions", bodies(code), worst)
    show("templates", sized(templates), worst)
    show("test files", sized(tests), worst)
    show("tests", bodies(tests, lambda name: name.startswith("test_")), worst)
    show_changes(worst)


if __name__ == "__main__":
    main()

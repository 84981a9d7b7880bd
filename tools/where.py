"""Say what each file is for, in its own first words; with words only those files that hold them all.

Words are looked for in paths, in first words, and in the names a file gives to its own things: constants,
functions, classes, macros. Which of these were meant stands behind the file.
"""

import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("crm", "templates", "benchmarks", "tools", "tests")
KINDS = {".py", ".js", ".css", ".html", ".sh"}
_COMMENT = re.compile(r"\A\s*(?:#![^\n]*\n)?(?:/\*(.*?)\*/|\{#(.*?)#\}|((?:(?:#|//)[^\n]*\n)+))", re.DOTALL)
_NAMED = re.compile(
    r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)|\{% macro (\w+)", re.MULTILINE
)


@dataclass(frozen=True)
class File:
    """A file with what it says about itself first, and the names of its own things."""

    path: str
    said: str
    names: tuple[str, ...]

    def line(self, words: list[str]) -> str:
        """Give the line that is shown: path, first words, and the names that hold one of the words."""
        meant = [name for name in self.names if any(word in name.casefold() for word in words)]
        return f"{self.path}: {self.said}" + (f" [{', '.join(meant)}]" if meant else "")


def read(path: Path, root: Path = ROOT) -> File:
    """Read what one file says; in tests the names are the sentences, and there are too many of them."""
    text, where = path.read_text(encoding="utf-8"), path.relative_to(root)
    if path.suffix == ".py":
        tree = ast.parse(text)
        said, names = ast.get_docstring(tree) or "", _names(tree)
    else:
        match = _COMMENT.match(text)
        said = next(filter(None, match.groups()), "") if match else ""
        said = re.sub(r"^(?:#|//)", "", said, flags=re.MULTILINE)
        names = [one or other for one, other in _NAMED.findall(text)]
    named = () if where.parts[0] == "tests" else tuple(dict.fromkeys(names))
    return File(str(where), " ".join(said.split("\n\n")[0].split()), named)


def _names(tree: ast.Module) -> list[str]:
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
    return found


def files(root: Path = ROOT) -> list[File]:
    """Read every file of the house."""
    found = (path for room in ROOMS for path in sorted((root / room).rglob("*")))
    return [read(path, root) for path in found if path.suffix in KINDS and "dist" not in path.parts]


def main(words: list[str]) -> int:
    """Print what was asked for; 1 where nothing holds all words."""
    wanted = [word.casefold() for word in words]
    lines = [one.line(wanted) for one in files()]
    right = [line for line in lines if all(word in line.casefold() for word in wanted)]
    print("\n".join(right or ["No file says so. The English words stand in docs/glossary.md."]))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

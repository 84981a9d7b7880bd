"""Say what each file is for, in its own first words; with words only those files that hold them all."""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("crm", "templates", "benchmarks", "tools", "tests")
_COMMENT = re.compile(r"\A\s*(?:#![^\n]*\n)?(?:/\*(.*?)\*/|\{#(.*?)#\}|((?:(?:#|//)[^\n]*\n)+))", re.DOTALL)


def first_words(path: Path) -> str:
    """Give the first paragraph a file says about itself, in one line; empty where it says nothing."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        said = ast.get_docstring(ast.parse(text)) or ""
    else:
        match = _COMMENT.match(text)
        said = next(filter(None, match.groups()), "") if match else ""
        said = re.sub(r"^(?:#|//)", "", said, flags=re.MULTILINE)
    return " ".join(said.split("\n\n")[0].split())


def files(root: Path = ROOT) -> dict[str, str]:
    """Give every file by its path with its first words."""
    found = (path for room in ROOMS for path in sorted((root / room).rglob("*")))
    kinds = {".py", ".js", ".css", ".html", ".sh"}
    return {
        str(path.relative_to(root)): first_words(path)
        for path in found
        if path.suffix in kinds and "dist" not in path.parts and "node_modules" not in path.parts
    }


def main(words: list[str]) -> int:
    """Print what was asked for; 1 where nothing holds all words."""
    wanted = [word.casefold() for word in words]
    lines = [f"{path}: {said}" for path, said in files().items() if said or path.endswith(".html")]
    right = [line for line in lines if all(word in line.casefold() for word in wanted)]
    print("\n".join(right or ["No file says so. The English words stand in docs/glossary.md."]))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

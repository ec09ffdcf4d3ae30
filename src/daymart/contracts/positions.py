"""Where in a YAML file a value stands, so that a message can name its line."""

from collections.abc import Sequence
from pathlib import Path

import yaml

Step = str | int
Found = tuple[tuple[Step, ...], str, str]
"""(path in the file, what was seen, remedy)"""


class Positions:
    """Line numbers of one YAML file by path, such as ("schema", 0, "properties", 3)."""

    def __init__(self, text: str) -> None:
        self._root = yaml.compose(text, Loader=yaml.SafeLoader)

    @classmethod
    def of_file(cls, path: Path) -> "Positions":
        return cls(path.read_text(encoding="utf-8"))

    def line(self, path: Sequence[Step]) -> int:
        """Return the line of `path`, or of its nearest ancestor that exists (1-based)."""
        node, line = self._root, 1
        for step in path:
            found = self._child(node, step)
            if found is None:
                break
            node, line = found
        return line

    @staticmethod
    def _child(node: yaml.Node | None, step: Step) -> tuple[yaml.Node, int] | None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == step:
                    return value, key.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            child = node.value[step]
            return child, child.start_mark.line + 1
        return None

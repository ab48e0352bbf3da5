"""What docs/api.md asks of each list of the transition, and the row that it shows of the answer."""

from __future__ import annotations

import re

from pathfinders.views.public.api_guide import EXAMPLES

LINE = re.compile(r"^\| `([a-z-]+/\?[^`]+)` \| `(\{.*\})` \|$", re.MULTILINE)
ASKED: list[tuple[str, str]] = LINE.findall((EXAMPLES.parent / "api.md").read_text(encoding="utf-8"))

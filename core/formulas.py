"""Text that a spreadsheet would take for a formula."""

import re

_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?", re.ASCII)
_TELEPHONE = re.compile(r"\+\d{1,3}( ?\(?\d+\)?)( \d+)*", re.ASCII)  # +1 416 555 0100; hyphens would subtract


def opens_a_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate it; numbers and telephone numbers such as +1 416 555 0100 it may."""
    return text.startswith(_SIGNS) and not (_NUMBER.fullmatch(text) or _TELEPHONE.fullmatch(text))

"""Letters that were broken on the way: read in another encoding, or lost.

UTF-8 that was opened as Windows-1252 shows «ạ» as «áº¡». Such a text can be told from any other,
since its marks and symbols are those of no language, and can be read back.
"""

from __future__ import annotations

import re

#: the bytes that a letter of Vietnamese goes on with, as Windows-1252 shows them
_BYTES = "".join(bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(0x80, 0xC0))
#: letters of Vietnamese as they come out: two bytes (ã, đ, ư), or three (ạ, ế)
_BROKEN = re.compile(f"[ÃÄÅÆ][{re.escape(_BYTES)}]|á[º»][{re.escape(_BYTES)}]")
#: what may stand behind a sound «Ã» or «á» at the end of a quotation
_CLOSING = set("”’»…")
#: what stands where a letter was
_LOST = "\ufffd"
_QUESTION = re.compile(r"[^\W\d_]\?[^\W\d_]")
#: question marks inside an address are its own
_ADDRESS = re.compile(r"\S*(?:://|www\.|=)\S*")


def mended(text: str) -> str | None:
    """Read back a text whose letters were broken, or return None where they are sound.

    Examples
    --------
    >>> mended("PhÃ²ng Káº¿ hoáº¡ch"), mended("Phòng Kế hoạch"), mended("«QUẢNG NGÃ»")
    ('Phòng Kế hoạch', None, None)
    """
    found = [] if text.isascii() else [one[0] for one in _BROKEN.finditer(text)]
    if all(one[-1] in _CLOSING for one in found):
        return None
    text = _BROKEN.sub(lambda one: _decoded(one[0]), text)
    # of «à» and «í» the second byte shows as a space, or not at all
    return re.sub("Ã", "í", re.sub("Ã( |$)", "à", text))


def broken(text: str) -> tuple[str, dict[str, object]] | None:
    """Say why a text cannot be meant as it stands: the rule it breaks and what fills its message.

    Examples
    --------
    >>> broken("t\ufffdnh")[0], broken("tá»‰nh")[0], broken("tỉnh")
    ('letters_lost', 'letters_broken', None)
    """
    if _LOST in text:
        return "letters_lost", {"got": text}
    meant = mended(text)
    return None if meant is None else ("letters_broken", {"got": text, "meant": meant})


def _decoded(piece: str) -> str:
    raw = bytes(_byte(letter) for letter in piece)
    return raw.decode("utf-8", "replace")


def _byte(letter: str) -> int:
    """Return the byte that Windows-1252 shows as a letter; five it leaves as they are."""
    try:
        return letter.encode("cp1252")[0]
    except UnicodeEncodeError:
        return ord(letter)


def doubtful(text: str) -> bool:
    """Tell whether question marks stand inside the words of a text, as where letters were lost.

    Examples
    --------
    >>> [doubtful(text) for text in ("t?nh L?ng S?n", "Xong chưa?", "https://vcci.vn/?id=1")]
    [True, False, False]
    """
    return "?" in text and bool(_QUESTION.search(_ADDRESS.sub(" ", text)))

"""Letters of TCVN 5712:1993 (TCVN3, «ABC»), in which older documents of offices are written."""

from __future__ import annotations

import re

_CODES = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ®¡¢£¤¥¦§"
_LETTERS = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĂÂÊÔƠƯĐ"
_UNICODE = str.maketrans(_CODES, _LETTERS)
#: signs that stand in no word of Unicode
_SIGNS = re.compile(r"[A-Za-z][µ¸¶·¹¨¾¼½©ª¬®]|[®§¸][a-z¶©]")
#: a text is written so where it has more of them than so many, and than this part of its words
FEW, PART = 5, 0.05


def is_tcvn3(text: str) -> bool:
    """Tell whether a text is written in the letters of TCVN3.

    Examples
    --------
    >>> is_tcvn3("PhÊn ®Êu ®¹t tõ 6,11 ®iÓm trë lªn, t¨ng 1,97 ®iÓm so víi n¨m 2023")
    True
    >>> is_tcvn3("Phấn đấu đạt từ 6,11 điểm trở lên, tăng 1,97 điểm so với năm 2023")
    False
    """
    return len(_SIGNS.findall(text)) >= max(FEW, PART * len(text.split()))


def from_tcvn3(text: str) -> str:
    """Write a text of TCVN3 in Unicode; capitals with marks become small letters, as there.

    Examples
    --------
    >>> from_tcvn3("§¶m b¶o tu©n thñ")
    'Đảm bảo tuân thủ'
    """
    return text.translate(_UNICODE)

"""From the bytes of a CIF as people have them to blocks that gemmi reads: encodings, stray characters, CIF 2.0.

Line breaks are never added or taken away, so that a line named in an error is the line of the file.
"""

from __future__ import annotations

import codecs
import math
import re
import unicodedata

import gemmi

from replicate.errors import DataError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = {
    "\x1f": "a gzip file, not its text",
    "PK\x03\x04": "a zip archive",
    "{": "JSON",
    "BZh": "a bzip2 file, not its text",
    "\xfd7zXZ": "an xz file, not its text",
}
_SIGNS = dict.fromkeys("−‐‑‒–—﹣－", "-") | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\xad", "")
_SIGNS |= {"’": "'", "‘": "'", "“": '"', "”": '"', "\x85": " ", "\u2028": " ", "\u2029": " ", "⁄": "/"}
_CHARACTERS = str.maketrans(_SIGNS)
_OVERLINED = re.compile("([1-6])[\u0304\u0305]")
_UNIT = re.compile(r"(?<=[\d).])[ \t]?[ÅÅ°](?!\S)")
# Categories whose dotted tags (DDLm, magCIF) mean what the undotted ones mean.
_DOTTED = (
    *("cell", "atom_site", "symmetry", "symmetry_equiv", "chemical_formula", "exptl_crystal"),
    *("space_group", "space_group_symop", "space_group_magn"),
    *("space_group_symop_magn_operation", "space_group_symop_magn_centering"),
)
_DOTTED_TAG = re.compile(rf"(?<!\S)_({'|'.join(_DOTTED)})\.(?=\w)", re.IGNORECASE)
_NEEDED = (
    ("_cell_length_a",),
    ("_symmetry_equiv_pos_as_xyz", "_space_group_symop_operation_xyz"),
    ("_atom_site_fract_x",),
)
_SYNTAX = re.compile(r"string:(\d+):\d+\(\d+\): (.*)", re.DOTALL)
_CIF_2 = "#\\#CIF_2"
# A comment, a text field, a value in three quotes or one (CIF 1: it ends before white space), brackets, a word.
_TOKEN = re.compile(
    r"""(?P<comment>(?<!\S)\#[^\n]*)|(?P<field>(?:(?<=\n)|\A);.*?\n;(?=\s|\Z))"""
    r"""|(?P<triple>(?<!\S)(?:'''.*?'''|\"{3}.*?\"{3}))|(?P<quoted>(?<!\S)(['"])[^\n]*?\5(?=\s|\Z))"""
    r"""|(?P<bracket>(?<!\S)[\[{])|(?P<word>\S+)""",
    re.DOTALL,
)
_BLOCK = re.compile(r"(?P<field>^;.*?^;(?=\s|\Z))|^[ \t]*(?P<head>data_\S*)", re.DOTALL | re.MULTILINE | re.IGNORECASE)
_FRACTION = re.compile(r"([-+]?\d+(?:\.\d*)?)/(\d+(?:\.\d*)?)")
_COMMA = re.compile(r"[-+]?\d*,\d+(\(\d+\))?")
_FORTRAN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[dD][-+]?\d+")


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 or UTF-32 by its mark, UTF-16 by its zero bytes, else Windows' Latin."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    start = content[:400]
    if len(start) > 3:
        for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            if start[first::2].count(0) > 0.9 * len(start[first::2]):
                return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def plain(text: str, name: str) -> str:
    """Return a CIF text in ASCII, with undotted tags, that says the same.

    Raises:
        DataError: it is another kind of file, or a zero byte or Ctrl-Z stands in its middle; names the line.
    """
    if not text.isascii() or "\0" in text or "\x1a" in text:
        text = _ascii(text, name)
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    # Most files state all in undotted tags.
    complete = all(any(tag in text for tag in tags) for tags in _NEEDED)
    if complete and "magn" not in text and "_atom_site." not in text:
        return text
    return _DOTTED_TAG.sub(r"_\1_", text)


def _ascii(text: str, name: str) -> str:
    if text.count("\0") > len(text) // 3:  # UTF-16 that was taken for UTF-8
        text = text.replace("\0", "").lstrip("\ufffd")
    text = text.removeprefix("ï»¿").lstrip("\ufeff").rstrip("\0\x1a \t\r\n") + "\n"
    for sign, called in (("\0", "a zero byte"), ("\x1a", "Ctrl-Z")):
        if sign in text and not text.startswith(tuple(_OTHER_FILES)):
            line = text[: text.index(sign)].count("\n") + 1
            raise DataError(f"not a readable CIF: line {line} holds {called}", file=name)
    text = _UNIT.sub("", _OVERLINED.sub(r"-\1", text)).translate(_CHARACTERS)
    text = "".join(c if c.isascii() else unicodedata.normalize("NFKC", c) for c in text)
    return text.translate(_CHARACTERS).encode("ascii", "replace").decode("ascii")


def blocks_of(text: str, name: str) -> list[gemmi.cif.Block]:
    """Return the blocks of a plain CIF text; what only CIF 2.0 has becomes a placeholder.

    Raises:
        DataError: it is no CIF; names line and cause.
    """
    if text.startswith(_CIF_2):
        text = _without_cif_2(text)
    try:
        return list(gemmi.cif.read_string(text))
    except (ValueError, RuntimeError, UnicodeDecodeError) as error:
        first = error
    if "duplicate block" in str(first) and len(parts := parted(text)) > 1:
        return [block for _, part in parts for block in blocks_of(part, name)]
    try:
        return list(gemmi.cif.read_string(_without_cif_2(text)))
    except (ValueError, RuntimeError, UnicodeDecodeError):
        raise _unreadable(text, first, name) from first


def _unreadable(text: str, error: Exception, name: str) -> DataError:
    for start, kind in _OTHER_FILES.items():
        if text.lstrip().startswith(start):
            return DataError(f"not a readable CIF: this is {kind}", file=name)
    if "data_" not in text.lower():
        return DataError("not a readable CIF: no line begins with data_", file=name)
    if (message := _SYNTAX.fullmatch(str(error))) is None:
        return DataError(f"not a readable CIF: {error}", file=name)
    number, cause = int(message[1]), message[2]
    line = "".join(text.split("\n")[number - 1 : number]).strip()
    cause = "a value without a tag, or a tag without a value" if cause == "parse error" else cause
    return DataError(f"not a readable CIF: line {number}: {cause}", file=name, value=line or None)


def _without_cif_2(text: str) -> str:
    """Return a text whose lists, tables and values in three quotes, which CIF 1 does not know, are placeholders."""
    parts, at = [], 0
    while (token := _TOKEN.search(text, at)) is not None:
        start, end, value = token.start(), token.end(), token[0]
        if token.lastgroup == "bracket":
            end = _closed(text, start)
            value = "'list'" + "\n" * text.count("\n", start, end)
        elif token.lastgroup == "triple":
            inner = value[3:-3]
            simple = "\n" not in inner and "'" not in inner
            value = f"'{inner}'" if simple else "'text'" + "\n" * inner.count("\n")
        parts += [text[at:start], value]
        at = end
    return "".join([*parts, text[at:]])


def _closed(text: str, start: int) -> int:
    """Return where the list or table that opens at ``start`` ends; without an end, the end of its first bracket."""
    depth, quote = 0, ""
    for at in range(start, len(text)):
        sign = text[at]
        if quote or sign in "'\"":
            quote = "" if sign == quote else quote or sign
            continue
        depth += (sign in "[{") - (sign in "]}")
        if depth == 0:
            return at + 1
    return start + 1


def parted(text: str) -> list[tuple[str, str]]:
    """Return (name, text) of each block of a CIF text, with empty lines in front so that line numbers hold."""
    heads = [match for match in _BLOCK.finditer(text) if match["head"]]
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return [
        (head["head"][5:], "\n" * text.count("\n", 0, head.start()) + text[head.start() : end])
        for head, end in zip(heads, ends, strict=True)
    ]


def number(value: str) -> float:
    """Return the number a CIF value states: quoted or not, with an uncertainty or not, or a fraction; else nan."""
    bare = gemmi.cif.as_string(value).strip() if value[:1] in ("'", '"', ";") else value
    if (fraction := _FRACTION.fullmatch(bare)) and float(fraction[2]):
        return float(fraction[1]) / float(fraction[2])
    if _FORTRAN.fullmatch(bare):
        bare = bare.replace("d", "e").replace("D", "e")
    return float(gemmi.cif.as_number(bare))


def trouble(value: str, text: str) -> str:
    """Return in words why a value is no number, with its line in the text; empty for a number or an unknown one."""
    if value in ("?", ".") or not math.isnan(number(value)):
        return ""
    bare = gemmi.cif.as_string(value).strip()
    lines = (i for i, line in enumerate(text.split("\n"), start=1) if value in line.split())
    place = next((f"line {line}: " for line in lines), "")
    if _COMMA.fullmatch(bare):
        return f"{place}{bare} has a decimal comma, write {bare.replace(',', '.')}"
    return f"{place}{bare or 'nothing'} is no number"

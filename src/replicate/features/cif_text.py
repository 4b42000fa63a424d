"""From the bytes of a CIF as people have them to blocks that gemmi reads: encodings, stray characters, CIF 2.0.

Line breaks are never added or taken away, so that a line named in an error is the line of the file.
"""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections.abc import Iterable

import gemmi

from replicate.errors import DataError

_SIGNS = dict.fromkeys("\u2212\u2010\u2012\u2013\u2014", "-") | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\xad", "")
_SIGNS |= {"’": "'", "‘": "'", "“": '"', "”": '"', "⁄": "/"}
_CHARACTERS = str.maketrans(_SIGNS)
# Dotted tags (DDLm, magCIF) mean what the undotted ones mean.
_DOTTED_TAG = re.compile(r"(_\w++)\.(?=\w)")
_SYNTAX = re.compile(r"string:(\d+):\d+\(\d+\): (.*)", re.DOTALL)
_CIF_2 = "#\\#CIF_2"
# A comment or text field, a value in three quotes, a value in one (it ends before white space), a list or table.
_CIF_2_VALUE = re.compile(
    r"""(?P<kept>(?<!\S)\#[^\n]*|(?:(?<=\n)|\A);.*?\n;(?=\s|\Z))|(?<!\S)(?P<quotes>'''|\"{3})(?P<inner>.*?)(?P=quotes)"""
    r"""|(?P<quoted>(?<!\S)(['"])[^\n]*?\5(?=\s|\Z))|(?<!\S)[\[{](?:[^\[\]{}]|[\[{][^\[\]{}]*[\]}])*[\]}]""",
    re.DOTALL,
)
_BLOCK = re.compile(r"(?P<field>^;.*?^;(?=\s|\Z))|^[ \t]*(?P<head>data_\S*)", re.DOTALL | re.MULTILINE | re.IGNORECASE)
_FRACTION = re.compile(r"([-+]?\d+(?:\.\d*)?)/(\d+(?:\.\d*)?)")


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-16 by its mark, else UTF-8, else Windows' Latin."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def plain(text: str) -> str:
    """Return a CIF text in ASCII, with undotted tags, that says the same."""
    text = text.rstrip("\0\x1a")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_CHARACTERS).encode("ascii", "replace").decode("ascii")
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    return _DOTTED_TAG.sub(r"\1_", text)


def blocks_of(text: str, name: str) -> list[gemmi.cif.Block]:
    """Return the blocks of a plain CIF text; what only CIF 2.0 has becomes a placeholder.

    Raises:
        DataError: it is no CIF; names line and cause.
    """
    if text.startswith(_CIF_2):
        text = _CIF_2_VALUE.sub(_in_cif_1, text)
    try:
        return list(gemmi.cif.read_string(text))
    except (ValueError, RuntimeError, UnicodeDecodeError) as error:
        if "duplicate block" in str(error):
            return list(gemmi.cif.read_string(text, check_level=0))
        raise _unreadable(text, error, name) from error


def _unreadable(text: str, error: Exception, name: str) -> DataError:
    if "data_" not in text.lower():
        return DataError("not a readable CIF: no line begins with data_", file=name)
    if (message := _SYNTAX.fullmatch(str(error))) is None:
        return DataError(f"not a readable CIF: {error}", file=name)
    number, cause = int(message[1]), message[2]
    line = "".join(text.split("\n")[number - 1 : number]).strip()
    cause = "a value without a tag, or a tag without a value" if cause == "parse error" else cause
    return DataError(f"not a readable CIF: line {number}: {cause}", file=name, value=line or None)


def _in_cif_1(value: re.Match[str]) -> str:
    """Return a value as CIF 1 can hold it: lists, tables and long values in three quotes only by their lines."""
    if value["kept"] or value["quoted"]:
        return value[0]
    inner = value["inner"]
    if inner and "\n" not in inner and "'" not in inner:
        return f"'{inner}'"
    return "'left out'" + "\n" * value[0].count("\n")


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
    return float(gemmi.cif.as_number(bare))


def trouble(values: Iterable[str], text: str) -> str:
    """Return in words which of some values is no number, with its line in the text; empty where all are, or unknown."""
    for value in values:
        if value not in ("?", ".") and math.isnan(number(value)):
            lines = (i for i, line in enumerate(text.split("\n"), start=1) if value in line.split())
            place = next((f"line {line}: " for line in lines), "")
            return f"; {place}{gemmi.cif.as_string(value).strip() or 'nothing'} is no number"
    return ""

"""What the fields of a class are, in words: for ``help()``, and for editors that look at run time.

The words below a field are written where the field is, and no interpreter keeps them: they are read out of the source
when somebody asks. What holds of a value, its rule says. Nothing of this is done at import.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from textwrap import fill, wrap
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from attrs import NOTHING, Attribute, fields

from heygen_async.rules import Between, Check, Count, Length, OneOf, rules_of

__all__ = ["LAST", "WIDTH", "Legend", "entry", "explain", "filled", "legend", "own_words", "short"]

WIDTH = 96
"""Columns: ``help()`` indents by four, so that a terminal of 100 shows it whole."""

LAST = ("idempotency_key", "extra")
"""What every request has; a reader looks for its own fields first."""


class Legend:
    """The docstring of a class, its fields included; made when somebody looks at it, and kept."""

    def __init__(self, words: str, title: str) -> None:
        self.words = words
        """What is written in the class."""
        self._title = title
        self._whole = ""

    def __get__(self, instance: object, owner: type) -> str:
        if not self._whole:
            self._whole = "\n\n".join(filter(None, [filled(self.words), legend(owner, self._title)]))
        return self._whole


def explain(cls: type, title: str) -> None:
    """Have the docstring of a class list its fields, under a title."""
    words = vars(cls).get("__doc__")
    if isinstance(words, str):  # attrs makes a class twice: the second one has it already
        cls.__doc__ = Legend(words, title)  # type: ignore[assignment]  # Python asks what is there for the text


def own_words(thing: Any) -> str:
    """Return the docstring that is written in a class or function, without what is added to it."""
    written = vars(thing).get("__doc__", thing.__doc__)
    return inspect.cleandoc(written.words if isinstance(written, Legend) else written or "")


def filled(words: str) -> str:
    """Wrap the paragraphs of a docstring; what is indented in it, such as an example, stays as it is."""
    parts = inspect.cleandoc(words).split("\n\n")
    return "\n\n".join(part if re.search(r"^ ", part, re.MULTILINE) else _wrapped(part) for part in parts)


def _wrapped(part: str) -> str:
    return fill(part, WIDTH, break_long_words=False, break_on_hyphens=False)


def legend(cls: Any, title: str) -> str:
    """List the fields of a class under a title; nothing for a class without fields."""
    given = inspect.signature(cls).parameters  # of a field with a converter they know what that takes
    listed = sorted((at for at in fields(cls) if at.init), key=_place)
    lines = [line for at in listed for line in _field(cls, at, given[at.name].annotation, told=title == "Args")]
    parts = ["\n".join([f"{title}:", *lines]) if lines else "", _wrapped(_between(cls))]
    return "\n\n".join(filter(None, parts))


def _between(cls: type) -> str:
    """Say what is checked between fields, if anything is."""
    words = " ".join((getattr(cls, "cross_check", Check.cross_check).__doc__ or "").split())
    rule = words.removeprefix("Check ")
    return "" if rule == words else f"Also checked: {rule}"


def entry(head: str, words: str) -> Iterator[str]:
    """Yield the lines of one thing in a list: its name, what it is, and what does not fit, indented."""
    text = f"{head}: {words}" if words else head
    indents = {"initial_indent": " " * 4, "subsequent_indent": " " * 8}
    yield from wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False, **indents)  # type: ignore[arg-type]  # both are text


def short(of: Any) -> str:
    """Name a type without the modules that it comes from."""
    origin, args = get_origin(of), get_args(of)
    if origin in {Union, UnionType}:
        return " | ".join(map(short, args))
    if origin is Literal:
        return _literal(args)
    if of is NoneType:
        return "None"
    name: str = getattr(origin or of, "__name__", str(of))
    return f"{name}[{', '.join(map(short, args))}]" if args else name


def _literal(words: Sequence[object]) -> str:
    """Write a literal type, and of one that has many words the first two: the rest is in the docstring."""
    shown = [*map(repr, words)]
    return f"Literal[{', '.join(shown if len(shown) <= 6 else [*shown[:2], '…'])}]"  # noqa: PLR2004  # two lines


def _place(at: "Attribute[Any]") -> tuple[bool, int]:
    """Sort a field: what is required comes first, what every request has comes last."""
    return at.default is not NOTHING, LAST.index(at.name) + 1 if at.name in LAST else 0


def _field(cls: type, at: "Attribute[Any]", of: Any, *, told: bool) -> Iterator[str]:
    """Yield the lines of one field; what holds of it is `told` of what we send, and nothing else is checked."""
    head, words = _type(of), _sayings(cls).get(at.name, "")
    if told:
        head += f", {_default(at)}"
        words = " ".join([words, *_bounds(cls, at, words)]).strip()
    yield from entry(f"{at.name} ({head})", words)


def _type(of: Any) -> str:
    """Name what may be given, without ``None``; the words of a literal type come with the bounds."""
    kinds = [kind for kind in _kinds(of) if kind is not NoneType]
    plain = [type(get_args(kind)[0]) if get_origin(kind) is Literal else kind for kind in kinds]
    return " | ".join(dict.fromkeys(map(short, plain)))


def _kinds(of: Any) -> Sequence[Any]:
    return get_args(of) if get_origin(of) in {Union, UnionType} else [of]


def _default(at: "Attribute[Any]") -> str:
    if at.default is NOTHING:
        return "required"
    factory = getattr(at.default, "factory", None)
    value = factory() if factory else at.default
    return "optional" if value is None or value in ((), {}, []) else f"default {value!r}"


def _bounds(cls: type, at: "Attribute[Any]", words: str) -> Iterator[str]:
    """Yield a sentence for the rule of a field, and one for the words of its type, unless `words` say so already."""
    rule = next((rule for name, _, rule in rules_of(cls) if name == at.name), None)
    known = [one for one in (rule, getattr(rule, "each", None)) if one is not None]
    yield from (_sentence(str(one)) for one in known if not _said(one, words))
    for kind in _kinds(at.type):
        for inner in (kind, *get_args(kind)):
            choice = OneOf(*map(str, get_args(inner)))
            if get_origin(inner) is Literal and choice != rule and not _said(choice, words):
                yield _sentence(f"{'' if inner is kind else 'each is '}{choice}")


def _said(rule: object, words: str) -> bool:
    """Tell whether the words below a field say already what its rule says."""
    if isinstance(rule, OneOf):
        return all(f"``{word}``" in words for word in rule.words)
    if str(rule) in words.replace("``", "") or not isinstance(rule, Between | Length | Count):
        return str(rule) in words.replace("``", "")
    *low, high = re.findall(r"-?\d[\d,.]*", str(rule))
    known = all(figure in {"0", "1"} or figure in words for figure in low)
    return known and re.search(rf"\b(to|and) {re.escape(high)}(?![\d,.]*\d)", words) is not None


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:].rstrip('.')}."


def _sayings(cls: type) -> Mapping[str, str]:
    """Return the words below the fields of a class, those that it inherits included."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        found |= _written(base.__module__).get(base.__qualname__, {})
    return found


@cache
def _written(module: str) -> Mapping[str, Mapping[str, str]]:
    """Read the words below fields out of the source of a module; nothing where there is none, as in a notebook."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, TypeError):
        return {}
    return {node.name: dict(_below(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _below(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, words in zip(node.body, node.body[1:], strict=False):
        match field, words:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, " ".join(text.split())

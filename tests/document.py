"""HeyGen's OpenAPI document: what it says of an operation, and JSON that it allows.

The document is not part of this repository: ``HEYGEN_OPENAPI`` says where it is.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from heygen_async.operation import Request

Schema = Mapping[str, Any]

WHERE = Path(os.environ.get("HEYGEN_OPENAPI", ""))
"""Where the document is; no file when nobody said so."""


class Document:
    """HeyGen's OpenAPI document."""

    def __init__(self, path: Path) -> None:
        self.content = json.loads(path.read_text("utf-8"))
        self.compared: set[tuple[type, str]] = set()
        """Which class was compared with which schema, by the test that is running."""

    def operations(self) -> set[tuple[str, str]]:
        """List method and path of everything that HeyGen documents."""
        return {(method.upper(), path) for path, item in self.content["paths"].items() for method in item}

    def operation(self, cls: type[Request[Any]]) -> Schema:
        """Find what the document says about the endpoint of a request class."""
        found: Schema = self.content["paths"][cls.endpoint.path][cls.endpoint.method.lower()]
        return found

    def resolved(self, schema: Schema) -> tuple[str, Schema]:
        """Follow references, and look through "or null"; the name is empty for a schema without one."""
        name = ""
        while True:
            choices = [choice for choice in schema.get("oneOf", ()) if choice != {"type": "null"}]
            if "$ref" in schema:
                name = schema["$ref"].rpartition("/")[2]
                schema = self.content["components"]["schemas"][name]
            elif len(choices) == 1 and "discriminator" not in schema:
                schema = choices[0]
            else:
                return name, schema

    def variants(self, schema: Schema) -> Mapping[str, Schema]:
        """List the kinds that a union holds, by their tag; those without one are put together, under an empty tag."""
        field = schema.get("discriminator", {}).get("propertyName", "type")
        named = [self.resolved(choice) for choice in schema.get("oneOf", schema.get("anyOf", ()))]
        kinds = {kind["properties"].get(field, {}).get("const", ""): {**kind, "x-name": name} for name, kind in named}
        if "" in kinds:
            plain = {name: kind for name, kind in named if "const" not in kind["properties"].get(field, {})}
            kinds[""] = {**_together(list(plain.values())), "x-name": " or ".join(plain)}
        return kinds

    def together(self, schema: Schema) -> Schema:
        """Return what a class that stands for all kinds of a union must have; any other schema as it is."""
        kinds = [self.resolved(choice)[1] for choice in schema.get("oneOf", schema.get("anyOf", ()))]
        return _together(kinds) if kinds else schema

    def answer_schema(self, method: str, path: str) -> Schema | None:
        """Find the schema of the successful answer of an operation; ``None``: the document has none."""
        content = self.content["paths"][path][method.lower()]["responses"]["200"].get("content")
        return content["application/json"]["schema"] if content else None

    def body_schema(self, cls: type[Request[Any]]) -> Schema:
        """Find the schema of the body that a request class writes."""
        content = self.operation(cls)["requestBody"]["content"]["application/json"]
        return content["schema"]

    def faults(self, schema: Schema, value: object) -> list[str]:
        """Say where `value` is not as `schema` has it."""
        validator = Draft202012Validator({**schema, "components": self.content["components"]})
        return [f"{fault.json_path}: {fault.message[:300]}" for fault in validator.iter_errors(value)]

    def allowed(self, schema: Schema) -> st.SearchStrategy[Any]:
        """Draw JSON that a schema allows; what may be null sometimes is."""
        return self._drawn[json.dumps(schema, sort_keys=True)]

    @cached_property
    def _drawn(self) -> "_Drawn":
        return _Drawn(self)


def _together(kinds: Sequence[Schema]) -> Schema:
    """Put several objects into one, which requires what all of them do."""
    properties = {name: {**each, "const": None} for kind in kinds for name, each in kind["properties"].items()}
    required = set.intersection(*(set(kind.get("required", ())) for kind in kinds))
    return {"properties": properties, "required": sorted(required), "type": "object"}


class _Drawn(dict[str, st.SearchStrategy[Any]]):
    """Strategies by schema, made once; deferred, because schemas may hold themselves."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document

    def __missing__(self, key: str) -> st.SearchStrategy[Any]:
        schema = json.loads(key)
        self[key] = st.deferred(lambda: self._of(schema))
        return self[key]

    def _of(self, schema: Schema) -> st.SearchStrategy[Any]:
        if "$ref" in schema:
            return self._document.allowed(self._document.resolved(schema)[1])
        if "oneOf" in schema or "anyOf" in schema:
            return st.one_of([self._document.allowed(each) for each in schema.get("oneOf", schema.get("anyOf"))])
        if "const" in schema:
            return st.just(schema["const"])
        kinds = schema.get("type", "object")
        of_kinds = [self._of_type(kind, schema) for kind in (kinds if isinstance(kinds, list) else [kinds])]
        return st.one_of(of_kinds)

    def _of_type(self, kind: str, schema: Schema) -> st.SearchStrategy[Any]:
        least, most = schema.get("minimum"), schema.get("maximum")
        words = [word for word in schema.get("enum", ()) if word is not None]
        text = st.text(min_size=schema.get("minLength", 0), max_size=20)
        kinds: Mapping[str, Callable[[], st.SearchStrategy[Any]]] = {
            "null": st.none,
            "boolean": st.booleans,
            "string": lambda: st.sampled_from(words) if words else text,
            "integer": lambda: st.integers(least, most),
            "number": lambda: st.floats(least, most, allow_nan=False, allow_infinity=False),
            "array": lambda: self._array(schema),
            "object": lambda: self._object(schema),
        }
        return kinds[kind]()

    def _array(self, schema: Schema) -> st.SearchStrategy[Any]:
        return st.lists(self._document.allowed(schema["items"]), min_size=schema.get("minItems", 0), max_size=3)

    def _object(self, schema: Schema) -> st.SearchStrategy[Any]:
        fields = {name: self._document.allowed(each) for name, each in schema.get("properties", {}).items()}
        required = set(schema.get("required", ()))
        if not fields:
            return st.dictionaries(st.text(max_size=5), st.integers(0, 9), max_size=2)
        optional = {name: each for name, each in fields.items() if name not in required}
        return st.fixed_dictionaries({name: fields[name] for name in sorted(required)}, optional=optional)

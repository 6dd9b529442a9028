"""The reference as a page: ``/api/v1/docs``, drawn here from the OpenAPI document, with nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, render_template

from inventory import errors
from inventory.api.problems import CODES

pages = Blueprint("api_docs_page", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object, or one parameter."""

    name: str
    type: str
    is_required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``asked`` and ``answered``: the fields of the body and of the answer; ``more``: the objects in them."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    asked: str
    answered: str


@pages.get("/docs")
def show() -> str:
    """The page. It stands open: it says how to ask, not what is in the stores."""
    spec = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    nouns = [(tag["name"], tag["description"], list(calls_of(spec, tag["name"]))) for tag in spec["tags"]]
    objects = [
        (name, shape.get("description", ""), fields_of(shape))
        for name, shape in sorted(spec["components"]["schemas"].items())
        if name != "PaginationMetadata"
    ]
    return render_template(
        "api/docs.html", about=spec["info"]["description"], nouns=nouns, objects=objects, refusals=refusals()
    )


def calls_of(spec: dict[str, Any], noun: str) -> Iterator[Call]:
    """The calls of a noun, in the order in which they were opened."""
    for path, methods in spec["paths"].items():
        for method, call in methods.items():
            if method == "parameters" or noun not in call["tags"]:
                continue
            parameters = [*methods.get("parameters", ()), *call.get("parameters", ())]
            answers = [call["responses"][code] for code in ("200", "201") if code in call["responses"]]
            yield Call(
                method.upper(),
                path,
                call.get("summary", ""),
                call.get("description", ""),
                [field_of(one["name"], one["schema"], one.get("required", False), one["in"]) for one in parameters],
                _named(call.get("requestBody", {})),
                _named(answers[0]) if answers else "",
            )


def fields_of(shape: dict[str, Any]) -> list[Field]:
    required = shape.get("required", [])
    return [field_of(name, one, name in required) for name, one in shape.get("properties", {}).items()]


def field_of(name: str, schema: dict[str, Any], is_required: bool, place: str = "") -> Field:
    limits = [
        f"{word} {schema[key]}"
        for key, word in (("minLength", "≥"), ("maxLength", "≤"), ("pattern", ""), ("format", ""))
        if schema.get(key) not in (None, "")
    ]
    if "enum" in schema:
        limits.append(" | ".join(str(one) for one in schema["enum"] if one is not None))
    return Field(name, _type_of(schema), is_required, " · ".join([place, *limits] if place else limits).strip(" ·"))


def _type_of(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _last(schema["$ref"])
    if "anyOf" in schema:
        return " | ".join(_type_of(one) for one in schema["anyOf"])
    kind = schema.get("type", "")
    if kind == "array":
        return f"[{_type_of(schema['items'])}]"
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


def _named(message: dict[str, Any]) -> str:
    schema = message.get("content", {}).get("application/json", {}).get("schema", {})
    return _last(schema["$ref"]) if "$ref" in schema else ""


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]


def refusals() -> list[tuple[str, int, str, str]]:
    """Every way the API says no: code, status, title, sentence."""
    known = {
        kind.code: (kind.code, kind.status, str(kind.title), str(kind.sentence)) for kind in _kinds(errors.Refusal)
    }
    for status, (code, title) in CODES.items():
        known.setdefault(code, (code, status, str(title), ""))
    return sorted(known.values(), key=lambda one: (one[1], one[0]))


def _kinds(kind: type[errors.Refusal]) -> Iterator[type[errors.Refusal]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _kinds(inner)

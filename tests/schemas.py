"""Schemas held more strictly than clients are told: nothing undeclared may come."""

from typing import Any


def closed(schema: Any) -> Any:
    """Return the same schema, but an object has the members that it declares and no others."""
    if isinstance(schema, dict):
        found = {name: closed(inner) for name, inner in schema.items()}
        is_object = isinstance(found.get("properties"), dict) and found.get("type") == "object"
        return {"additionalProperties": False, **found} if is_object else found
    return [closed(inner) for inner in schema] if isinstance(schema, list) else schema


def faults_in(found: Any, validator: Any) -> list[str]:
    """Return a sentence for each thing that is wrong with a value."""
    return [
        f"  /{'/'.join(str(step) for step in error.instance_path)}: {str(error).splitlines()[0]}"
        for error in validator.iter_errors(found)
    ]

"""What further looks of somebody can be made after: the templates and packs that every account has."""

from collections.abc import Sequence

from attrs import frozen

from heygen_async.emulator.refusals import Refusal, invalid, unknown

__all__ = ["TEMPLATES", "Template", "template_for"]


@frozen
class Template:
    """A template, or a pack of several looks."""

    id: str
    name: str
    prompts: Sequence[str]
    """What each look is like."""

    gender: str | None = None

    @property
    def type(self) -> str:
        """``template`` or ``look_pack``."""
        return "template" if len(self.prompts) == 1 else "look_pack"


TEMPLATES = (
    Template("office", "In the office", ("in a grey suit in an office",)),
    Template("gym", "At the gym", ("in a red T-shirt in a room with big windows, close-up",)),
    Template("beach", "At the beach", ("in a white shirt at the beach on a sunny day",)),
    Template("gala", "An evening out", ("in a black dress in the city at night",), "female"),
    Template("dinner", "A dinner jacket", ("in a black suit in the city at night",), "male"),
    Template(
        "business",
        "Business",
        ("in a navy suit in an office", "in a white shirt in the city", "in a beige jacket in a room"),
    ),
    Template(
        "travel",
        "Around the world",
        (
            "in a blue T-shirt at the beach",
            "in a green jacket in the hills",
            "in a red coat in the snow",
            "in a white shirt in the city at dusk",
        ),
    ),
)


def template_for(template_id: str, kind: str) -> Template:
    """Find a template of this type. Raises `Refusal`: 404, or 400 for one of the other type."""
    found = next((one for one in TEMPLATES if one.id == template_id), None)
    if found is None:
        raise _missing(template_id)
    if found.type != kind:
        raise invalid("template_id", f"{template_id} is a {found.type}, and no {kind}")
    return found


def _missing(template_id: str) -> Refusal:
    return unknown("look template", template_id, "resource_not_found")

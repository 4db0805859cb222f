"""What a user may set per generator, with ranges: drawn by the panel, checked by the server. No torch, no bpy."""

from __future__ import annotations

from msgspec import Struct

from .errors import InvalidScene

Value = bool | int | float | str


class IntOption(Struct, frozen=True, kw_only=True, tag="int"):
    name: str
    label: str
    tooltip: str
    default: int
    minimum: int
    maximum: int
    step: int = 1  # from `minimum` on; what lies between is refused


class FloatOption(Struct, frozen=True, kw_only=True, tag="float"):
    name: str
    label: str
    tooltip: str
    default: float
    minimum: float
    maximum: float


class BoolOption(Struct, frozen=True, kw_only=True, tag="bool"):
    name: str
    label: str
    tooltip: str
    default: bool


class ChoiceOption(Struct, frozen=True, kw_only=True, tag="choice"):
    name: str
    label: str
    tooltip: str
    default: str
    choices: tuple[tuple[str, str], ...]  # (value, label)


Option = IntOption | FloatOption | BoolOption | ChoiceOption


class GeneratorInfo(Struct, frozen=True, kw_only=True):
    """What a generator is, as the hello message tells it."""

    name: str
    label: str
    description: str
    gives: tuple[str, ...]  # stages that it can do: "image", "mesh", "material", "room"
    takes: tuple[str, ...]  # what it needs: "box", "image", "camera", "labels", "panorama"
    options: tuple[Option, ...] = ()
    available: bool = True
    missing: str = ""  # why it cannot run here
    remedy: str = ""
    memory_gb: tuple[tuple[str, float], ...] = ()  # (mode, expected peak of GPU memory); empty: none
    megapixel_gb: float = 0.0  # how the peak grows with its options width x height; `memory_gb` is for 1024 x 1024
    licence: str = ""


def resolve(options: tuple[Option, ...], given: dict[str, Value], generator: str) -> dict[str, Value]:
    """Defaults overlaid with what was given. Raises InvalidScene for unknown names and values out of range."""
    known = {option.name: option for option in options}
    for name in given:
        if name not in known:
            names = ", ".join(sorted(known)) or "none"
            raise InvalidScene(f"option '{name}' of {generator}", given[name], f"not an option (there are: {names})")
    return {name: _checked(option, given.get(name, option.default), generator) for name, option in known.items()}


def _checked(option: Option, value: Value, generator: str) -> Value:
    field = f"option '{option.name}' of {generator}"
    match option:
        case BoolOption():
            if not isinstance(value, bool):
                raise InvalidScene(field, value, "not true or false")
            return value
        case ChoiceOption():
            allowed = [choice for choice, _ in option.choices]
            if value not in allowed:
                raise InvalidScene(field, value, f"not one of {', '.join(allowed)}")
            return value
        case IntOption():
            if isinstance(value, bool) or not isinstance(value, int):
                raise InvalidScene(field, value, "not a whole number")
        case FloatOption():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise InvalidScene(field, value, "not a number")
    if not option.minimum <= value <= option.maximum:
        raise InvalidScene(field, value, f"not between {option.minimum:g} and {option.maximum:g}")
    if isinstance(option, IntOption) and (int(value) - option.minimum) % option.step:
        raise InvalidScene(field, value, f"not {option.minimum} and a multiple of {option.step}")
    return value

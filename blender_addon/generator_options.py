"""The options of each generator, as the backend's hello describes them, as properties that a panel can draw.

The values are kept in the scene as one text, `{"generator": {"option": value}}`: what another backend offers, or none
at the moment, stays in the file. The properties are a view of that text; they are made anew when a hello brings other
generators.
"""

# pyright: reportInvalidTypeForm=false
# (Blender reads properties from annotations)
from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import bpy
import msgspec
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, PointerProperty

from ..backend.protocol.options import BoolOption, ChoiceOption, FloatOption, GeneratorInfo, IntOption, Option, Value

Values = dict[str, dict[str, Value]]
ATTRIBUTE = "greybox_options"  # of the scene: the view
_shown: list[tuple[GeneratorInfo, ...]] = []  # none or one: what the view was made for
_classes: list[type] = []


def read(scene: bpy.types.Scene) -> Values:
    """Every value that the file keeps; what is no such text counts as none: files come from anywhere."""
    try:
        return msgspec.json.decode(scene.greybox.options or "{}", type=Values)
    except msgspec.MsgspecError:
        return {}


def write(scene: bpy.types.Scene, generator: str, changes: Mapping[str, Value]) -> None:
    values = read(scene)
    values[generator] = values.get(generator, {}) | dict(changes)
    scene.greybox.options = msgspec.json.encode(values).decode()


def reset(scene: bpy.types.Scene, generator: str) -> None:
    values = read(scene)
    values.pop(generator, None)
    scene.greybox.options = msgspec.json.encode(values).decode()


def value(scene: bpy.types.Scene, generator: str, option: Option) -> Value:
    """What is set, brought into the option's range, or its default."""
    return _usable(option, read(scene).get(generator, {}).get(option.name, option.default))


def for_job(scene: bpy.types.Scene, used: Iterable[str], known: tuple[GeneratorInfo, ...] | None) -> Values:
    """What a job of these generators is sent. Before the first hello (None) what the file keeps goes as it is."""
    values, used = read(scene), set(used)
    if known is None:
        return {name: given for name, given in values.items() if name in used and given}
    result: Values = {}
    for info in known:
        given = values.get(info.name, {})
        chosen = {option.name: _usable(option, given[option.name]) for option in info.options if option.name in given}
        if info.name in used and chosen:
            result[info.name] = chosen
    return result


def view(scene: bpy.types.Scene, generator: str) -> bpy.types.PropertyGroup | None:
    """The properties of one generator, to be drawn; None where it has no options or is not known now."""
    return getattr(getattr(scene, ATTRIBUTE, None), generator, None)


def show(generators: tuple[GeneratorInfo, ...]) -> None:
    """Makes the view for these generators. Not from a panel: Blender registers no classes while it draws."""
    if _shown and _shown[0] == generators:
        return
    hide()
    groups = {}
    for info in generators:
        if info.options and info.name.isidentifier():
            groups[info.name] = _register(f"GreyboxOptions_{info.name}", _properties(info))
    members = {name: PointerProperty(type=group, name=name) for name, group in groups.items()}
    setattr(bpy.types.Scene, ATTRIBUTE, PointerProperty(type=_register("GreyboxOptions", members)))
    _shown.append(generators)


def hide() -> None:
    _shown.clear()
    if hasattr(bpy.types.Scene, ATTRIBUTE):
        delattr(bpy.types.Scene, ATTRIBUTE)
    while _classes:
        bpy.utils.unregister_class(_classes.pop())


def _register(name: str, members: Mapping[str, object]) -> type:
    group = type(name, (bpy.types.PropertyGroup,), {"__annotations__": dict(members)})
    bpy.utils.register_class(group)
    _classes.append(group)
    return group


def _properties(info: GeneratorInfo) -> dict[str, object]:
    return {option.name: _property(info.name, option) for option in info.options}


def _property(generator: str, option: Option) -> object:
    words = {"name": option.label, "description": option.tooltip, "options": {"SKIP_SAVE"}}

    def get(group: bpy.types.PropertyGroup) -> Value:
        return value(group.id_data, generator, option)

    def set_(group: bpy.types.PropertyGroup, new: Value) -> None:
        write(group.id_data, generator, {option.name: _usable(option, new)})

    match option:
        case BoolOption():
            return BoolProperty(**words, default=option.default, get=get, set=set_)
        case IntOption():
            limits = {"min": option.minimum, "max": option.maximum, "step": option.step}
            return IntProperty(**words, **limits, default=option.default, get=get, set=set_)
        case FloatOption():
            limits = {"min": option.minimum, "max": option.maximum, "step": 10, "precision": 2}
            return FloatProperty(**words, **limits, default=option.default, get=get, set=set_)
    return _choice(generator, option, words)


def _choice(generator: str, option: ChoiceOption, words: dict) -> object:
    """An enumeration: Blender gives and takes the number of the item."""
    names = [name for name, _ in option.choices]

    def get(group: bpy.types.PropertyGroup) -> int:
        return names.index(str(value(group.id_data, generator, option)))

    def set_(group: bpy.types.PropertyGroup, index: int) -> None:
        write(group.id_data, generator, {option.name: names[index]})

    items = [(name, label, "", number) for number, (name, label) in enumerate(option.choices)]
    return EnumProperty(**words, items=items, default=option.default, get=get, set=set_)


def _usable(option: Option, given: Value) -> Value:
    """The value in the option's range and steps; its default for a value of another kind."""
    match option:
        case BoolOption():
            return given if isinstance(given, bool) else option.default
        case ChoiceOption():
            return given if given in [name for name, _ in option.choices] else option.default
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        return option.default
    if isinstance(option, IntOption):
        stepped = option.minimum + round((given - option.minimum) / option.step) * option.step
        return max(option.minimum, min(stepped, option.maximum))
    return round(float(max(option.minimum, min(given, option.maximum))), 6)  # Blender's floats have seven digits


def register() -> None:
    """The view is made with the first hello."""


def unregister() -> None:
    hide()

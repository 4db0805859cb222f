"""What a prompt says of the shape: "a lioness", "a christmas tree", "a stop sign" turn knobs that the seed would turn.

A prompt that names an option of a discrete knob gets it; `SAYINGS` are other words for options.
"""

from collections.abc import Mapping
from dataclasses import replace

from .asset import Choice, Kind, Style
from .words import singular, words

# too common to be meant: they say something of colour, size, place or count
_NOT_MEANT = frozenset(["none", "plain", "even", "single", "regular", "short", "long", "low", "high", "left", "right"])

SAYINGS: Mapping[str, Mapping[str, Mapping[str, str | int]]] = {
    "barrier": {"jersey": {"design": "concrete"}},
    "bicycle": {
        "racing": {"bars": "drop", "tyres": "road"},
        "mountain": {"bars": "flat", "tyres": "mountain"},
        "city": {"bars": "city", "tyres": "city"},
    },
    "boat": {
        "rowboat": {"use": "rowing"},
        "motorboat": {"use": "motor"},
        "speedboat": {"use": "motor"},
        "dinghy": {"use": "rowing"},
    },
    "cactus": {"saguaro": {"form": "column"}, "prickly pear": {"form": "pads"}, "barrel": {"form": "ball"}},
    "cow": {"ox": {"horns": "long"}},
    "deer": {"reindeer": {"antlers": "royal"}, "elk": {"antlers": "royal"}, "moose": {"antlers": "royal"}},
    "dog": {"labrador": {"breed": "retriever"}, "hound": {"breed": "beagle"}},
    "duck": {"mallard": {"sex": "drake"}},
    "flower pot": {"sunflower": {"kind": "daisy"}, "marguerite": {"kind": "daisy"}},
    "hen": {"rooster": {"sex": "cock"}, "chicken": {"sex": "hen"}},
    "litter bin": {"recycling": {"design": "wheelie"}},
    "mailbox": {"post box": {"design": "pillar"}, "postbox": {"design": "pillar"}},
    "man": {"bearded": {"beard": "beard"}, "jacket": {"top": "coat"}, "pullover": {"top": "sweater"}},
    "motorbike": {"chopper": {"body": "cruiser"}, "racing": {"body": "sport"}},
    "pine tree": {"xmas": {"dress": "christmas"}},
    "potted plant": {
        "monstera": {"leaves": "broad"},
        "rubber plant": {"leaves": "broad"},
        "snake plant": {"leaves": "sword"},
        "ficus": {"leaves": "tree"},
        "bonsai": {"leaves": "tree"},
        "dracaena": {"leaves": "spider"},
    },
    "road sign": {
        "stop": {"shape": "octagon", "mark": "bar"},
        "warning": {"shape": "triangle", "mark": "exclamation"},
        "direction": {"shape": "square", "mark": "arrow"},
    },
    "shoe": {"trainer": {"cut": "sneaker"}, "running": {"cut": "sneaker"}, "slipper": {"cut": "loafer"}},
    "spaceship": {"ufo": {"shape": "saucer"}, "starfighter": {"shape": "fighter"}},
    "tree": {"apple": {"fruit": "fruit"}, "cherry": {"fruit": "fruit"}, "fruit tree": {"fruit": "fruit"}},
    "truck": {"dump": {"load": "open"}, "tanker": {"load": "tank"}, "fire": {"load": "box"}},
    "van": {"delivery": {"load": "cargo"}, "minibus": {"load": "passengers"}, "ambulance": {"load": "cargo"}},
    "woman": {"jacket": {"top": "coat"}, "pullover": {"top": "sweater"}, "dress": {"bottom": "skirt"}},
}


def heeded(style: Style, kind: Kind, prompt: str) -> Style:
    """The style with those discrete knobs turned that the prompt speaks of."""
    said = f" {' '.join(singular(word) for word in words(prompt))} "
    values = dict(style.values)
    for name, knob in kind.knobs.items():
        if isinstance(knob, Choice):
            meant = [option for option in knob.options if _says(said, str(option))]
            values[name] = max(meant, key=lambda option: len(str(option)), default=values[name])
    for phrase, turned in SAYINGS.get(kind.name, {}).items():
        if _says(said, phrase):
            values |= turned
    return replace(style, values=values)


def _says(said: str, phrase: str) -> bool:
    return phrase not in _NOT_MEANT and not phrase.isdigit() and f" {' '.join(map(singular, phrase.split()))} " in said

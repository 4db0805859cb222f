"""Prompts as words: lower case, singular when asked, German put into English."""

import re

from .german import GERMAN

_WORD = re.compile(r"[a-zäöüß0-9][a-zäöüß0-9'-]*|,|;")
_QUOTED = re.compile(r"['\"‘“„«]([^'\"’”“»]{1,24})['\"’”“»](?![a-z])")
_IRREGULAR = {
    "knives": "knife",
    "shelves": "shelf",
    "leaves": "leaf",
    "wolves": "wolf",
    "loaves": "loaf",
    "scarves": "scarf",
    "people": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "feet": "foot",
    "mice": "mouse",
    "geese": "goose",
    "teeth": "tooth",
    "oxen": "ox",
    "calves": "calf",
    "hooves": "hoof",
    "dice": "die",
    "buses": "bus",
}
_ALREADY_SINGULAR = (
    "ss",
    "us",
    "tennis",
    "iris",
    "trellis",
    "lens",
    "jeans",
    "gas",
    "canvas",
    "atlas",
    "christmas",
    "stairs",
)
_FILLER = frozenset(
    [
        "a", "an", "the", "this", "that", "my", "our", "your", "his", "her", "its", "some", "one", "two", "three",
        "four", "five", "six", "small", "big", "large", "little", "tiny", "huge", "tall", "short", "old", "new",
        "modern", "vintage", "antique", "rustic", "elegant", "beautiful", "nice", "cute", "simple", "classic",
        "contemporary", "cozy", "cosy", "very", "slightly", "highly", "realistic", "high", "quality", "photo", "of",
        "style", "styled", "industrial", "scandinavian", "victorian", "minimalist", "baroque", "ein", "eine",
        "einen", "einem", "einer", "eines", "der", "die", "das", "den", "dem", "klein", "kleine", "kleiner",
        "kleines", "gross", "grosse", "grosser", "grosses", "groß", "große", "großer", "großes", "alt", "alte",
        "alter", "altes", "neu", "neue", "neuer", "neues", "moderne", "moderner", "modernes", "schön", "schöne",
        "schöner", "schönes",
    ]
)  # fmt: skip


def quoted(prompt: str) -> str:
    """What the prompt wants to be written on the thing ("a calendar which says 'CVPR'"), or ""."""
    found = _QUOTED.search(prompt)
    return found.group(1).strip() if found else ""


def words(prompt: str) -> list[str]:
    """Lower-case English words and commas, quotations left out: "Ein roter Stuhl" -> ["a", "red", "chair"]."""
    text = _QUOTED.sub(" ", prompt).lower().replace("'s ", " ").replace("’s ", " ")
    return [english for word in _WORD.findall(text) for english in _english(word).split()]


def _english(word: str) -> str:
    """A German word or compound in English ("samtsessel" -> "velvet armchair"), any other word as it is."""
    if word in GERMAN:
        return GERMAN[word]
    for cut in range(3, len(word) - 2):
        first, second = word[:cut], word[cut:]
        first = first if first in GERMAN else first.rstrip("sn")
        if first in GERMAN and second in GERMAN:
            return f"{GERMAN[first]} {GERMAN[second]}"
    return word


def singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 2 or not word.endswith("s") or word.endswith(_ALREADY_SINGULAR):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes", "toes")):
        return word[:-2]
    return word[:-1]


def is_filler(word: str) -> bool:
    """Articles, numbers, sizes and praise: words that name neither a thing nor a material."""
    return word in _FILLER

"""A prompt -> the kind that it names, or the nearest one, said aloud."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from .asset import Kind
from .thesaurus import NEAREST
from .words import is_filler, singular, words

# what follows describes the thing or its place, but is not the thing
_BREAKS = frozenset(
    [
        "with", "and", ",", ";", "under", "on", "in", "at", "by", "beside", "near", "behind", "above", "below", "next",
        "inside", "outside", "over", "which", "that", "who", "standing", "sitting", "lying", "made", "from", "for",
        "to", "facing", "against", "between", "around", "without", "says", "saying", "written", "of",
    ]
)  # fmt: skip
_MEASURES = frozenset(["pair", "set", "pile", "stack", "bunch", "group", "piece", "row", "heap", "slice", "herd"])
_TYPO = 0.8  # letters in common that make a misspelling
_BOX = ("cardboard", "box")


@dataclass(frozen=True)
class Match:
    """exact: the prompt names the kind or a synonym of it. note: what to tell the user, "" when exact.
    words: the prompt's words (singular) that name the kind."""

    kind: Kind
    exact: bool
    note: str
    words: tuple[str, ...]


def match(prompt: str, kinds: Sequence[Kind]) -> Match:
    """The head noun decides ("dog under the table" is a dog, "table lamp" a lamp); longer names win over shorter ones.

    What no kind and no synonym names becomes the nearest kind: by idea (a throne is an armchair), then by spelling."""
    by_name = {kind.name: kind for kind in kinds}
    names = {key: by_name[name] for key, name in _names(tuple((kind.name, kind.words) for kind in kinds)).items()}
    phrases = _phrases(words(prompt))
    for phrase in phrases:
        found = _last_longest(phrase, names)
        if found:
            return Match(names[found], True, "", _singular(found))
    for phrase in phrases:
        found = _last_longest(phrase, _ideas())
        near = [by_name[name] for name in _ideas().get(found, ()) if name in by_name]
        if near:
            return _nearest(prompt, near[0], found)
    for phrase in phrases:
        for word in reversed(phrase):
            best, likeness = _closest(singular(word), names)
            if likeness >= _TYPO:
                return _nearest(prompt, names[best], (word,))
    return _unknown(prompt, phrases, names.get(_BOX, kinds[0]))


def _nearest(prompt: str, kind: Kind, found: tuple[str, ...]) -> Match:
    return Match(
        kind, False, f"Draft has no '{prompt.strip()}': made the nearest it knows, {_article(kind.name)}.", found
    )


def _unknown(prompt: str, phrases: list[list[str]], box: Kind) -> Match:
    """Nothing fits: a box for what is unknown, rather than the animal that happens to be spelt like it."""
    if any(not is_filler(word) for phrase in phrases for word in phrase):
        return _nearest(prompt, box, ())
    note = (
        f"The prompt '{prompt.strip()}' names nothing: made {_article(box.name)}. Write what should stand in the box."
    )
    return Match(box, False, note, ())


def _phrases(tokens: list[str]) -> list[list[str]]:
    """The words of the noun phrases, the head phrase first; "a pair of shoes" is about shoes."""
    phrases: list[list[str]] = [[]]
    for token in tokens:
        if token == "of" and phrases[-1] and singular(phrases[-1][-1]) in _MEASURES:
            phrases[-1].clear()
        elif token in _BREAKS:
            phrases.append([])
        else:
            phrases[-1].append(token)
    return [phrase for phrase in phrases if phrase]


def _last_longest(phrase: Sequence[str], names: Container[tuple[str, ...]]) -> tuple[str, ...]:
    """The longest run of words that is a name, as it stands or in singular; among equally long ones the last, or ()."""
    for length in range(min(4, len(phrase)), 0, -1):
        for start in range(len(phrase) - length, -1, -1):
            run = tuple(phrase[start : start + length])
            for form in (run, _singular(run)):
                if form in names:
                    return form
    return ()


@cache
def _names(kinds: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[tuple[str, ...], str]:
    """(name, synonyms) of each kind -> every name, as it stands and in singular -> the kind's name.

    A kind's own name beats another's synonym, a name as it stands beats another's singular, earlier kinds later."""
    found: dict[tuple[str, ...], str] = {}
    own = [(name, name) for name, _ in kinds]
    synonyms = [(synonym, name) for name, others in kinds for synonym in others]
    for entries in (own, synonyms):
        for spelt, name in entries:
            found.setdefault(tuple(words(spelt)), name)
        for spelt, name in entries:
            found.setdefault(_singular(words(spelt)), name)
    return found


def _singular(run: Sequence[str]) -> tuple[str, ...]:
    return tuple(singular(word) for word in run)


@cache
def _ideas() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Singular words of a thing -> the kinds that come nearest."""
    return {_singular(words(name)): kinds for name, kinds in NEAREST.items()}


def _closest(word: str, names: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], float]:
    """The name most like a word, and how alike they are, 0..1."""
    likeness = {name: SequenceMatcher(None, word, " ".join(name)).ratio() for name in names}
    best = max(likeness, key=lambda name: likeness[name])
    return best, likeness[best]


def _article(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"

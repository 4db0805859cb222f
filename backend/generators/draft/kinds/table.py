"""Every kind that Draft can build, family by family."""

from ..asset import Kind
from . import chairs, garden_seats, office_chair, sofas, stools

KINDS: tuple[Kind, ...] = (
    *sofas.KINDS,
    *chairs.KINDS,
    *office_chair.KINDS,
    *garden_seats.KINDS,
    *stools.KINDS,
)

"""Every kind that Draft can build, family by family."""

from ..asset import Kind
from . import beds, chairs, garden_seats, office_chair, sofas, stools, tables

KINDS: tuple[Kind, ...] = (
    *sofas.KINDS,
    *chairs.KINDS,
    *office_chair.KINDS,
    *garden_seats.KINDS,
    *stools.KINDS,
    *tables.KINDS,
    *beds.KINDS,
)

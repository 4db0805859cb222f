"""SeeThrough3D's asset table and the harmonising of scales (spec 2.4, 2.5).

Sizes are width, depth, height; front on +Y of the model's own frame. Scales are relative to a sedan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Size = tuple[float, float, float]

SCALES: dict[str, float] = {
    "bear": 0.53,
    "bicycle": 0.4,
    "bugatti": 1.0,
    "bulldozer": 1.78,
    "bus": 2.67,
    "cat": 0.11,
    "chair": 0.18,
    "coupe": 1.0,
    "cow": 0.56,
    "crow": 0.09,
    "deer": 0.44,
    "dog": 0.22,
    "elephant": 1.22,
    "ferrari": 1.05,
    "flamingo": 0.1,
    "fox": 0.22,
    "giraffe": 0.9,
    "goat": 0.33,
    "helicopter": 2.26,
    "hen": 0.09,
    "horse": 0.53,
    "jeep": 0.96,
    "kangaroo": 0.38,
    "lamborghini": 1.0,
    "lion": 0.56,
    "man": 0.38,
    "mclaren": 1.0,
    "motorbike": 0.44,
    "office chair": 0.2,
    "pickup truck": 1.22,
    "pig": 0.33,
    "pigeon": 0.067,
    "rabbit": 0.11,
    "scooter": 0.4,
    "sedan": 1.0,
    "sheep": 0.29,
    "shoe": 0.04,
    "sparrow": 0.033,
    "suv": 1.07,
    "table": 0.4,
    "teddy": 0.05,
    "tiger": 0.67,
    "tractor": 0.8,
    "van": 1.11,
    "vw beetle": 1.0,
    "wolf": 0.33,
    "zebra": 0.56,
}

SIZES: dict[str, Size] = {
    "bear": (0.8685373663902283, 2.0074028372764587, 1.2857528924942017),
    "bicycle": (0.5743007361888885, 2.0133426189422607, 1.182682991027832),
    "bugatti": (0.9556094408035278, 2.033474564552307, 0.5461225416511297),
    "bulldozer": (1.2856426239013672, 1.9998546838760376, 1.0304710331838578),
    "bus": (0.48695577681064606, 1.986203372478485, 0.491291344165802),
    "cat": (0.6998416483402252, 1.960756778717041, 1.0369921419769526),
    "chair": (1.6767011284828186, 1.9934629201889038, 2.848935477435589),
    "coupe": (0.9380050897598267, 2.0534865856170654, 0.6172858010977507),
    "cow": (0.5366194546222687, 1.9799630641937256, 0.9489188613370061),
    "crow": (0.7010018825531006, 2.008331775665283, 1.2123562708729878),
    "deer": (0.966431587934494, 2.001906156539917, 1.9278508826973848),
    "dog": (0.48326292634010315, 1.9920233488082886, 1.0910111768171191),
    "elephant": (0.9802295863628387, 1.9854269623756409, 1.2495988051523454),
    "ferrari": (0.9445404708385468, 2.0184216499328613, 0.5242162346839905),
    "fox": (0.41676126420497894, 1.9863719940185547, 1.1390248814132065),
    "giraffe": (0.5637421905994415, 1.9688766598701477, 2.1869965710211545),
    "goat": (0.4782395362854004, 1.965273916721344, 1.4010539876762778),
    "helicopter": (1.632551670074463, 1.9934810996055603, 0.6293885423801839),
    "hen": (1.384774386882782, 1.9839155077934265, 1.8129612877964973),
    "horse": (0.5143281817436218, 1.9924374222755432, 1.7067577205598354),
    "jeep": (1.0003425478935242, 2.002685308456421, 0.9388985354453325),
    "kangaroo": (0.7372884154319763, 1.9859288930892944, 1.5664213695563376),
    "lamborghini": (0.9080354869365692, 1.986598253250122, 0.48040400445461273),
    "lion": (0.7126862406730652, 1.9868420362472534, 1.401891286688624),
    "man": (0.9226661026477814, 0.8035905063152313, 1.9970132298767567),
    "mclaren": (0.9424576163291931, 2.0111409425735474, 0.5507624745368958),
    "motorbike": (0.8381992280483246, 1.9823859333992004, 1.1591935940086842),
    "office chair": (1.8896992206573486, 2.0077619552612305, 2.9209716487675905),
    "pickup truck": (0.8151641488075256, 2.0054861307144165, 0.6679797288961709),
    "pig": (0.6439856588840485, 1.9591883420944214, 1.0492417607456446),
    "pigeon": (0.5479887425899506, 1.9833636283874512, 1.4319716691970825),
    "rabbit": (1.0650021433830261, 1.967028796672821, 1.740325951948762),
    "scooter": (1.0933469533920288, 1.9912335276603699, 1.597629753203364),
    "sedan": (0.8740168809890747, 1.9981281161308289, 0.6566177010536194),
    "sheep": (0.5842794179916382, 1.9686223864555359, 1.4611446857452393),
    "shoe": (0.7477702796459198, 1.999648928642273, 0.8311009407043457),
    "sparrow": (0.66798996925354, 2.010431170463562, 1.2946552587673068),
    "suv": (0.9819134771823883, 2.0185737013816833, 0.7363432319834828),
    "table": (0.8164031505584717, 1.9846930503845215, 0.8194194677489577),
    "teddy": (1.9772093892097473, 1.591561198234558, 2.387673206278123),
    "tiger": (0.47328345477581024, 1.9984774589538574, 0.8520363578572869),
    "tractor": (1.3655235171318054, 1.9971157908439636, 1.3435530171555001),
    "van": (0.9972390830516815, 2.022454023361206, 0.9419758932199329),
    "vw beetle": (0.7697383761405945, 1.987672746181488, 0.7551042437554274),
    "wolf": (0.5194597393274307, 2.0115734338760376, 1.1255363821983337),
    "zebra": (0.6011254191398621, 2.0089014172554016, 1.5257515907287598),
}

CUSTOM = "Custom"  # the type of a box that is none of these


@dataclass(frozen=True)
class Subject:
    """A box as SeeThrough3D's own interface keeps it. Position counts from the orbit centre."""

    description: str
    type: str = CUSTOM
    position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    size: Size = (1.0, 1.0, 1.0)
    original_size: Size | None = None  # the table's, kept while the size is edited
    azimuth: float = 0.0  # degrees


def subject(description: str, type: str = CUSTOM) -> Subject:
    """A new box, with the size of its type where the table has one."""
    size = SIZES.get(type)
    return Subject(description, type, size=size or (1.0, 1.0, 1.0), original_size=size)


def harmonise(subjects: tuple[Subject, ...]) -> tuple[tuple[Subject, ...], str]:
    """The subjects at their true relative sizes, and the message that says so.

    Only subjects with a scale and an original size change: size from the table (edits are dropped), floor at 0.
    """
    eligible = [s for s in subjects if s.type != CUSTOM and s.type in SCALES and s.original_size is not None]
    if not subjects:
        return subjects, "No objects to harmonize"
    if not eligible:
        return subjects, "No objects with defined scales to harmonize (all are Custom)"
    largest = max(SCALES[s.type] for s in eligible)
    message = f"Harmonized {len(eligible)} objects based on largest scale: {largest}"
    return tuple(_harmonised(s, largest) if s in eligible else s for s in subjects), message


def _harmonised(subject: Subject, largest: float) -> Subject:
    assert subject.original_size is not None
    factor = SCALES[subject.type] / largest
    width, depth, height = subject.original_size
    x, y, _ = subject.position
    return replace(subject, size=(width * factor, depth * factor, height * factor), position=(x, y, 0.0))

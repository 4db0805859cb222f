"""Which words of a prompt mean which material, pattern, finish or part."""

# synonyms of the names in MATERIALS and GENERIC
MATERIAL_WORDS: dict[str, str] = {
    "wooden": "wood", "timber": "wood", "plywood": "birch", "spruce": "pine", "lacquered": "painted-wood",
    "painted": "painted-wood", "rattan": "wicker", "cane": "wicker", "woven": "wicker", "metallic": "metal",
    "robotic": "panels", "mechanical": "panels", "cybernetic": "panels", "inox": "stainless-steel",
    "stainless": "stainless-steel", "painted-metal": "powder-coat", "aluminum": "aluminium", "golden": "gold",
    "gilded": "gold", "gilt": "gold", "chromed": "chrome", "rusty": "rusty-metal", "rusted": "rusty-metal",
    "wrought": "iron", "cloth": "cotton", "upholstered": "fabric", "textile": "fabric", "satin": "silk",
    "jeans": "denim", "jean": "denim", "corduroy": "tweed", "woolen": "wool", "woollen": "wool", "knitted": "knit",
    "furry": "fur", "fluffy": "plush", "glassy": "glass", "transparent": "glass", "china": "porcelain",
    "clay": "terracotta", "earthenware": "stoneware", "pottery": "stoneware", "acrylic": "plastic",
    "vinyl": "plastic", "resin": "plastic", "polycarbonate": "plastic", "tyre": "rubber", "marbled": "marble",
    "cement": "concrete", "rocky": "stone", "limestone": "sandstone", "tiled": "tile", "dirt": "soil",
    "earth": "soil", "mud": "soil", "hay": "straw", "thatch": "straw", "leafy": "foliage", "mossy": "moss",
    "icy": "ice", "feather": "feathers", "feathered": "feathers", "scaly": "scales", "ivory": "bone",
    "tusk": "bone", "hoof": "horn", "cheetah": "leopard", "paint": "enamel", "lacquer": "enamel",
    "lightbulb": "glow", "bulb": "glow", "picture": "painting", "mirror-glass": "mirror", "juice": "liquid",
    "display": "screen", "seed": "paper", "banana-skin": "banana", "styrofoam": "foam", "sponge": "foam",
    "book": "books",
}  # fmt: skip

# materials that are colours where they cannot be materials: a gold sofa
ALSO_COLORS: dict[str, str] = {
    "gold": "golden", "silver": "silver", "bronze": "bronze", "copper": "rust", "slate": "slate", "sand": "sand",
    "terracotta": "terracotta", "coffee": "coffee", "moss": "moss", "bone": "ivory", "cherry": "cherry-red",
}  # fmt: skip

# words that are no material where they name the thing itself: a coffee table
ALSO_THINGS = frozenset(
    [
        "apple", "bamboo", "beak", "birch", "bone", "book", "bread", "brick", "bulb", "cactus", "cake", "camel",
        "candle", "cheese", "cherry", "chestnut", "citrus", "coffee", "coral", "cow", "display", "eye", "feather",
        "flower", "fruit", "giraffe", "grass", "hair", "horn", "ice", "leaf", "lemon", "leopard", "lime", "maple",
        "meat", "mirror", "nose", "oak", "olive", "orange", "painting", "paper", "peach", "petal", "picture",
        "pine", "plum", "print", "rose", "salmon", "sand", "screen", "snow", "stem", "straw", "tiger", "tile",
        "water", "wax", "wine", "zebra",
    ]
)  # fmt: skip

PATTERN_WORDS: dict[str, str] = {
    "striped": "striped", "stripe": "striped", "pinstriped": "striped", "checkered": "checkered",
    "checked": "checkered", "gingham": "checkered", "patched": "checkered", "plaid": "tartan", "tartan": "tartan",
    "dotted": "dotted", "polka": "dotted", "dot": "dotted", "spotted": "dotted", "floral": "floral",
    "flowered": "floral", "flowery": "floral", "patterned": "floral", "persian": "rug", "oriental": "rug",
}  # fmt: skip

COAT_PATTERNS: dict[str, str] = {"striped": "tiger", "dotted": "spots"}

# options of texture functions; those that a function does not have are ignored
FINISHES: dict[str, dict[str, float]] = {
    "glossy": {"gloss": 0.92},
    "shiny": {"gloss": 0.92, "roughness": 0.1},
    "polished": {"gloss": 0.9, "roughness": 0.12, "dents": 0.0},
    "varnished": {"gloss": 0.8},
    "matte": {"gloss": 0.1, "roughness": 0.5},
    "matt": {"gloss": 0.1, "roughness": 0.5},
    "raw": {"gloss": 0.0},
    "weathered": {"gloss": 0.0, "wear": 0.9, "worn": 0.9, "chips": 0.6},
    "worn": {"wear": 0.8, "worn": 0.9, "chips": 0.4},
    "distressed": {"wear": 1.0, "worn": 1.0, "chips": 0.6},
    "brushed": {"brushed": 1.0, "roughness": 0.3},
    "hammered": {"dents": 1.0},
    "frosted": {"frosted": 0.8},
    "speckled": {"speckles": 1.0},
    "clear": {"alpha": 0.2},
    "galvanized": {"roughness": 0.42},
    "wrinkled": {"wrinkles": 0.8},
}

GLOWING = frozenset(["neon", "glowing", "glow", "luminous", "illuminated", "lit"])

# words for the same part of a thing
PART_WORDS: tuple[frozenset[str], ...] = (
    frozenset(["leg", "foot", "base", "stand", "pedestal", "post", "pole", "metal", "tripod", "stem"]),
    frozenset(["cushion", "seat", "upholstery", "padding", "pad", "fabric"]),
    frozenset(["pillow", "throw"]),
    frozenset(["frame", "body", "structure", "case", "casing", "housing", "carcass", "shell", "wood"]),
    frozenset(["handle", "knob", "pull", "hardware", "fitting", "trim", "accent", "detail", "metal"]),
    frozenset(["shade", "lampshade"]),
    frozenset(["top", "tabletop", "worktop", "surface", "counter", "plate"]),
    frozenset(["door", "drawer", "front"]),
    frozenset(["wheel", "tire", "tyre"]),
    frozenset(["rim", "hub", "spoke"]),
    frozenset(["window", "glass", "windshield", "windscreen"]),
    frozenset(["pot", "planter", "vase", "pottery"]),
    frozenset(["leaf", "foliage", "crown"]),
    frozenset(["flower", "petal", "blossom", "bloom"]),
    frozenset(["shirt", "top", "jacket", "sweater", "coat", "suit", "clothes", "dress", "pullover"]),
    frozenset(["trousers", "trouser", "pants", "pant", "skirt", "shorts", "short"]),
    frozenset(["hair", "mane", "beard"]),
    frozenset(["blanket", "duvet", "bedding", "sheet", "cover", "quilt", "bedspread"]),
    frozenset(["bag", "saddle", "basket"]),
    frozenset(["screen", "display"]),
    frozenset(["face", "skin"]),
)

# where a quotation in the prompt is written, rather than on the main part
WRITTEN_PARTS = frozenset(["picture", "label", "title", "sign", "header", "cover", "screen", "page", "panel", "plate"])

# the next words are about the whole thing: a sofa in green velvet, a table of oak
HEAD_AGAIN = frozenset(["in", "of", "made", "from"])

# the next words are about where it is
AWAY = frozenset(
    [
        "under", "on", "at", "by", "beside", "near", "behind", "above", "below", "next", "inside", "outside", "over",
        "facing", "against", "between", "around", "without", "standing", "sitting", "lying",
    ]
)  # fmt: skip

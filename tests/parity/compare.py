"""The rules by which a value of ours is held against the reference's. See goldens/README.md, "Rules of comparison"."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from scipy.spatial import cKDTree


@dataclass(frozen=True)
class Check:
    """One compared value. `max_abs` and `max_rel` are over all elements; `allowed` says what was asked."""

    name: str
    passed: bool
    max_abs: float = 0.0
    max_rel: float = 0.0
    allowed: str = ""
    note: str = ""


def rule_for(name: str, tolerance: dict[str, dict]) -> dict:
    """The first pattern that matches, in the order written."""
    for pattern, rule in tolerance.items():
        if fnmatchcase(name, pattern):
            return rule
    return {"atol": 1e-4, "rtol": 1e-4}


def compare_outputs(ours: dict[str, Any], golden: dict[str, Any], tolerance: dict[str, dict]) -> list[Check]:
    """Every golden output against ours of the same name. A missing one fails."""
    checks = []
    mesh_faces = _mesh_pairs(golden, tolerance)
    for name, expected in golden.items():
        rule = rule_for(name, tolerance)
        if name not in ours:
            checks.append(Check(name, False, math.inf, math.inf, note="not produced"))
        elif name in mesh_faces.values():
            continue
        elif name in mesh_faces:
            faces = mesh_faces[name]
            checks.append(_compare_mesh(name, ours[name], ours.get(faces), expected, golden[faces], rule))
        else:
            checks.append(compare(name, ours[name], expected, rule))
    return checks


def compare(name: str, ours: Any, golden: Any, rule: dict) -> Check:
    """One value by one rule. Values of any array type; compared in float64."""
    a, b = to_array(ours), to_array(golden)
    allowed = _words(rule)
    if "stat" in rule or rule.get("fraction") == 0.0:
        return Check(name, True, allowed=allowed, note="informational")
    if rule.get("rows") == "set":
        return _compare_rows(name, a, b, rule)
    if a.shape != b.shape and not (a.size == b.size == 1):
        return Check(name, False, math.inf, math.inf, allowed, f"shape {a.shape}, expected {b.shape}")
    if not b.size:
        return Check(name, True, allowed=allowed)
    a = a.reshape(b.shape)
    difference, odd = _difference(a, b)
    max_abs = float(difference.max())
    max_rel = float((difference / np.maximum(np.abs(np.where(np.isfinite(b), b, 1)), 1e-12)).max())
    ok = _within(difference, b, rule) & ~odd
    share = float(ok.mean())
    return Check(
        name, share >= rule.get("fraction", 1.0), max_abs, max_rel, allowed, "" if ok.all() else f"{share:.5f}"
    )


def to_array(value: Any) -> np.ndarray:
    """float64 (complex128 for complex) on the CPU, from a tensor, an array, a list or a number."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.float() if value.is_floating_point() and value.element_size() < 4 else value
        value = value.numpy()
    array = np.asarray(value)
    return array if np.iscomplexobj(array) else array.astype(np.float64)


def _within(difference: np.ndarray, b: np.ndarray, rule: dict) -> np.ndarray:
    if rule.get("exact"):
        return difference == 0
    bound = np.abs(np.where(np.isfinite(b), b, 0))
    return difference <= rule.get("atol", 0.0) + rule.get("rtol", 0.0) * bound


def _difference(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """|a-b| with equal non-finite values counted as 0, and where exactly one side is non-finite."""
    finite_a, finite_b = np.isfinite(a), np.isfinite(b)
    both = finite_a & finite_b
    same = (np.isnan(a) & np.isnan(b)) | (~finite_a & ~finite_b & (a == b))
    with np.errstate(invalid="ignore"):
        difference = np.where(both, np.abs(a - b), 0.0)
    return difference, ~(both | same)


def _compare_rows(name: str, a: np.ndarray, b: np.ndarray, rule: dict) -> Check:
    allowed = _words(rule)
    fraction = rule.get("fraction", 1.0)
    if a.ndim != b.ndim or a.shape[1:] != b.shape[1:]:
        return Check(name, False, math.inf, math.inf, allowed, f"shape {a.shape}, expected {b.shape}")
    if not len(a) or not len(b):
        return Check(name, len(a) == len(b), allowed=allowed, note="" if len(a) == len(b) else "one side is empty")
    if fraction == 1.0 and len(np.unique(a, axis=0)) != len(np.unique(b, axis=0)) and rule.get("exact"):
        return Check(name, False, math.inf, math.inf, allowed, f"{len(a)} rows, expected {len(b)}")
    rows_a, rows_b = a.reshape(len(a), -1), b.reshape(len(b), -1)
    share_a, worst_a = _partnered(rows_a, rows_b, rows_b, rule)
    share_b, worst_b = _partnered(rows_b, rows_a, None, rule)
    worst = max(worst_a, worst_b)
    passed = min(share_a, share_b) >= fraction
    return Check(name, passed, worst, worst, allowed, "" if passed else f"{min(share_a, share_b):.5f} of rows")


def _partnered(rows: np.ndarray, others: np.ndarray, reference: np.ndarray | None, rule: dict) -> tuple[float, float]:
    """Share of `rows` with a partner among `others`, and the largest distance (per element) to the nearest."""
    distance, index = cKDTree(others).query(rows, p=math.inf)
    golden = others[index] if reference is not None else rows
    ok = _within(np.abs(rows - others[index]), golden, rule).all(axis=1)
    return float(ok.mean()), float(distance.max())


def _mesh_pairs(golden: dict[str, Any], tolerance: dict[str, dict]) -> dict[str, str]:
    """vertices name -> faces name, for the outputs under a "rows": "mesh" rule."""
    pairs = {}
    for name in golden:
        if rule_for(name, tolerance).get("rows") != "mesh":
            continue
        for ending, partner in (("_v", "_f"), (".vertices", ".faces")):
            faces = name.removesuffix(ending) + partner
            if name.endswith(ending) and faces in golden:
                pairs[name] = faces
        if name in ("v", "vertices"):
            pairs[name] = {"v": "f", "vertices": "faces"}[name]
    return pairs


def _compare_mesh(name: str, va: Any, fa: Any, vb: Any, fb: Any, rule: dict) -> Check:
    """Same counts and the same multiset of oriented triangles, whatever the order of vertices and faces."""
    allowed = _words(rule)
    if fa is None:
        return Check(name, False, math.inf, math.inf, allowed, "faces not produced")
    va, vb = to_array(va), to_array(vb)
    fa, fb = to_array(fa).astype(np.int64), to_array(fb).astype(np.int64)
    if va.shape != vb.shape or fa.shape != fb.shape:
        note = f"{len(va)} vertices and {len(fa)} faces, expected {len(vb)} and {len(fb)}"
        return Check(name, False, math.inf, math.inf, allowed, note)
    if not len(fa):
        return Check(name, True, allowed=allowed)
    a, b = va[fa].reshape(-1, 9), vb[fb].reshape(-1, 9)
    bound = rule.get("atol", 0.0) + rule.get("rtol", 0.0) * float(np.abs(vb).max(initial=0.0))
    worst = max(_nearest_triangle(a, b), _nearest_triangle(b, a))
    passed = worst <= max(bound, 1e-12)
    return Check(name, passed, worst, worst, allowed, "" if passed else "other triangles")


def _nearest_triangle(triangles: np.ndarray, others: np.ndarray) -> float:
    """Largest distance of a triangle (F,9) to its nearest among `others`, whichever corner comes first."""
    turned = np.concatenate([np.roll(others, 3 * corner, axis=1) for corner in range(3)])
    return float(cKDTree(turned).query(triangles, p=math.inf)[0].max())


def _words(rule: dict) -> str:
    if rule.get("exact"):
        return "exact"
    words = f"atol {rule.get('atol', 0):g} rtol {rule.get('rtol', 0):g}"
    return words + (f" for {rule['fraction']:g}" if "fraction" in rule else "")

"""Weights from the Hugging Face hub, or one address, into the weights folder: resumed where cut off, checked by hash.

The hub's client can finish "successfully" with wrong bytes of the right size, so every large file is hashed here and
compared with what the hub says; a wrong one is fetched once more, then given up. A file has its final name only when
it is right.
"""

from __future__ import annotations

import hashlib
import http.client
import shutil
import urllib.request
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError

from ..protocol.errors import DiskFull, GreyboxError, Unavailable
from .catalogue import WeightSet

Report = Callable[[str, int, int], None]  # (file, number of it, of how many)
SPARE_GB = 1.0
TIMEOUT_S = 30.0  # without a byte


class DownloadFailed(GreyboxError):
    code = "download-failed"


def download(
    part: WeightSet, root: Path, report: Report = lambda name, number, of: None, hub: HfApi | None = None
) -> Path:
    """Brings one set into `root`/<name> and returns that folder; files that are there and right are kept.

    Raises Unavailable (no access, no network), DiskFull, DownloadFailed (wrong bytes twice).
    """
    folder = part.folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    if part.address:
        report(part.files[0], 1, 1)
        _fetch_from_address(part, folder / part.files[0])
        return folder
    hub = hub or HfApi()
    try:
        names = [n for n in hub.list_repo_files(part.repository) if any(fnmatchcase(n, p) for p in part.files)]
    except (GatedRepoError, RepositoryNotFoundError) as error:
        raise _no_access(part) from error
    except (HfHubHTTPError, OSError) as error:
        raise Unavailable(f"The hub cannot be reached for {part.repository}: {error}", "Check the network.") from error
    missing = [name for name in names if not (folder / name).exists()]
    if missing:
        _require_space(part, folder)
    for number, name in enumerate(names, 1):
        report(name, number, len(names))
        _fetch(hub, part, folder, name)
    return folder


def _fetch(hub: HfApi, part: WeightSet, folder: Path, name: str) -> None:
    try:
        wanted = hub.get_hf_file_metadata(url=hf_hub_url(part.repository, name, endpoint=hub.endpoint)).etag or ""
        for _ in range(2):
            path = Path(hub.hf_hub_download(part.repository, name, local_dir=folder))
            if len(wanted) != 64 or sha256(path) == wanted:  # small files have a git hash, the hub's client checks size
                return
            path.unlink()
    except (GatedRepoError, RepositoryNotFoundError) as error:
        raise _no_access(part) from error
    except (HfHubHTTPError, LocalEntryNotFoundError) as error:
        raise Unavailable(
            f"{name} of {part.repository} could not be fetched: {error}", "Run it again to go on."
        ) from error
    raise DownloadFailed(f"{name} of {part.repository} came with wrong content twice", "Try again later.")


def _fetch_from_address(part: WeightSet, path: Path) -> None:
    """The one file of a set that lies elsewhere than on the hub."""
    if path.exists() and sha256(path) == part.sha256:
        return
    _require_space(part, path.parent)
    arriving = path.with_name(path.name + ".part")
    for _ in range(2):
        try:
            with urllib.request.urlopen(part.address, timeout=TIMEOUT_S) as answer, arriving.open("wb") as file:
                shutil.copyfileobj(answer, file)
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"{part.address} could not be fetched: {error}", "Check the network.") from error
        if sha256(arriving) == part.sha256:
            arriving.replace(path)
            return
        arriving.unlink()
    raise DownloadFailed(f"{part.address} came with wrong content twice", "Try again later.")


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _no_access(part: WeightSet) -> Unavailable:
    page = f"https://huggingface.co/{part.repository}"
    return Unavailable(
        f"No access to {part.repository}",
        f"Accept its licence at {page}, then log in once: .venv/bin/hf auth login"
        if part.gated
        else f"Look whether {page} still exists.",
    )


def _require_space(part: WeightSet, folder: Path) -> None:
    free = shutil.disk_usage(folder).free / 1e9
    if free < part.size_gb + SPARE_GB:
        raise DiskFull(
            f"{free:.1f} GB are free in {folder}, {part.name} needs {part.size_gb:.1f} GB",
            "Free some space, or name another folder in GREYBOX_WEIGHTS.",
        )

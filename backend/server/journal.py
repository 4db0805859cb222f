"""SQLite: what was asked, what has come of it, what was told. The server's memory across `kill -9`.

WAL with synchronous=FULL: what was acknowledged is there after a crash of the program or of the machine. Every
change of state is one transaction together with the event that tells of it, so a client that replays events from
its cursor sees exactly what the journal holds. The journal knows rows, not rules: jobs.py decides.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ..protocol.errors import Incompatible, Unavailable
from ..protocol.faults import point
from ..protocol.messages import ArtifactInfo, Event, JobRequest, JobState, JobSummary, StageState
from ..protocol.stages import StageTask

FILE = "journal.sqlite"
SCHEMA = 1
_TABLES = """
CREATE TABLE jobs(
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, title TEXT NOT NULL, request BLOB NOT NULL, inputs BLOB NOT NULL,
    warnings BLOB NOT NULL, state TEXT NOT NULL, cancelling INTEGER NOT NULL DEFAULT 0, created REAL NOT NULL,
    started REAL, code TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '', remedy TEXT NOT NULL DEFAULT '');
CREATE INDEX jobs_by_time ON jobs(created);
CREATE TABLE stages(
    job TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE, key TEXT NOT NULL, rank INTEGER NOT NULL,
    task BLOB NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0,
    crashes INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '', seconds REAL NOT NULL DEFAULT 0,
    code TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '', remedy TEXT NOT NULL DEFAULT '',
    notes BLOB, PRIMARY KEY(job, key));
CREATE INDEX stages_by_digest ON stages(digest) WHERE state = 'done';
CREATE TABLE artifacts(
    job TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE, key TEXT NOT NULL, stage TEXT NOT NULL,
    box TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, media TEXT NOT NULL,
    PRIMARY KEY(job, stage, box, name));
CREATE INDEX artifacts_by_hash ON artifacts(sha256);
CREATE TABLE events(
    cursor INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
    body BLOB NOT NULL);
CREATE INDEX events_by_job ON events(job);
CREATE TABLE durations(
    stage TEXT NOT NULL, generator TEXT NOT NULL, seconds REAL NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY(stage, generator));
"""
_log = logging.getLogger(__name__)
_encode = msgspec.msgpack.encode


class JobRow(msgspec.Struct, kw_only=True):
    id: str
    digest: str
    request: JobRequest
    inputs: dict[str, str]  # name of an uploaded picture -> its hash
    warnings: tuple[str, ...]
    state: JobState
    cancelling: bool
    created: float  # wall clock
    started: float | None = None


class StageRow(msgspec.Struct, kw_only=True):
    task: StageTask
    rank: int
    state: StageState = "waiting"
    attempts: int = 0  # how often a worker began it
    crashes: int = 0  # how often it took its worker along
    digest: str = ""  # of everything that it depends on
    seconds: float = 0.0
    code: str = ""
    message: str = ""
    remedy: str = ""
    notes: tuple[str, ...] = ()
    artifacts: tuple[ArtifactInfo, ...] = ()


class Journal:
    def __init__(self, folder: Path) -> None:
        """Opens or makes the journal. A damaged one is moved aside, loudly; the results are not touched.

        Raises Incompatible for a journal of a newer version, Unavailable where the disk does not give it.
        """
        self.path = folder / FILE
        self.notice = ""  # what a person should know about it
        try:
            self._db = _open(self.path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
                raise Unavailable(f"The journal {self.path} cannot be opened: {error}", "Check the disk.") from error
            aside = self.path.with_name(f"{FILE}.damaged-{int(time.time())}")
            self.notice = (
                f"The list of jobs was damaged ({error}); it is kept as {aside} and was made again from the folders."
            )
            _log.error("%s", self.notice)
            for suffix in ("", "-wal", "-shm"):
                broken = self.path.with_name(FILE + suffix)
                if broken.exists():
                    broken.rename(aside.with_name(aside.name + suffix))
            self._db = _open(self.path)
        self.cursor = self._one("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or none of it; what is inside is durable when this returns."""
        cursor = self.cursor
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            point("journal.commit")
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has rolled back already
                self._db.execute("ROLLBACK")
            self.cursor = cursor
            raise

    # ---- writing, inside a transaction

    def add_job(self, row: JobRow, stages: list[StageRow]) -> None:
        self._db.execute(
            "INSERT INTO jobs(id, digest, title, request, inputs, warnings, state, created) VALUES(?,?,?,?,?,?,?,?)",
            (row.id, row.digest, row.request.title, _encode(row.request), _encode(row.inputs), _encode(row.warnings),
             row.state, row.created),
        )  # fmt: skip
        self._db.executemany(
            "INSERT INTO stages(job, key, rank, task) VALUES(?,?,?,?)",
            [(row.id, stage.task.key, stage.rank, _encode(stage.task)) for stage in stages],
        )

    def put_job(self, row: JobRow, code: str = "", message: str = "", remedy: str = "") -> None:
        self._db.execute(
            "UPDATE jobs SET state=?, cancelling=?, started=?, code=?, message=?, remedy=? WHERE id=?",
            (row.state, row.cancelling, row.started, code, message, remedy, row.id),
        )

    def put_stage(self, job: str, stage: StageRow) -> None:
        self._db.execute(
            "UPDATE stages SET state=?, attempts=?, crashes=?, digest=?, seconds=?, code=?, message=?, remedy=?,"
            " notes=? WHERE job=? AND key=?",
            (stage.state, stage.attempts, stage.crashes, stage.digest, stage.seconds, stage.code, stage.message,
             stage.remedy, _encode(stage.notes), job, stage.task.key),
        )  # fmt: skip

    def put_artifacts(self, job: str, stage: StageRow) -> None:
        self._db.execute("DELETE FROM artifacts WHERE job=? AND key=?", (job, stage.task.key))
        self._db.executemany(
            "INSERT INTO artifacts VALUES(?,?,?,?,?,?,?,?)",
            [(job, stage.task.key, a.stage, a.box, a.name, a.sha256, a.size, a.media) for a in stage.artifacts],
        )

    def tell(self, event: Event) -> None:
        """Gives the event the next cursor and keeps it for every client that has not seen it."""
        self.cursor += 1
        event = msgspec.structs.replace(event, cursor=self.cursor)
        self._db.execute("INSERT INTO events VALUES(?,?,?)", (self.cursor, event.job, _encode(event)))

    def learn(self, stage: str, generator: str, seconds: float) -> None:
        """Moves the expected duration towards what it took: half the way, so a cold start is soon forgotten."""
        row = self._db.execute(
            "SELECT seconds, count FROM durations WHERE stage=? AND generator=?", (stage, generator)
        ).fetchone()
        mean, count = row or (seconds, 0)
        mean += (seconds - mean) / min(count + 1, 2)
        self._db.execute("INSERT OR REPLACE INTO durations VALUES(?,?,?,?)", (stage, generator, mean, count + 1))

    def delete_job(self, job: str) -> list[str]:
        """Forgets a job; the hashes of results that no other job has."""
        unused = self._db.execute(
            "SELECT DISTINCT sha256 FROM artifacts a WHERE job=? AND NOT EXISTS"
            " (SELECT 1 FROM artifacts b WHERE b.sha256 = a.sha256 AND b.job <> a.job)",
            (job,),
        ).fetchall()
        self._db.execute("DELETE FROM jobs WHERE id=?", (job,))
        return [row[0] for row in unused]

    # ---- reading

    def job(self, job: str) -> tuple[JobRow, dict[str, StageRow]] | None:
        row = self._db.execute(
            "SELECT id, digest, request, inputs, warnings, state, cancelling, created, started FROM jobs WHERE id=?",
            (job,),
        ).fetchone()
        if row is None:
            return None
        decode = msgspec.msgpack.decode
        head = JobRow(
            id=row[0],
            digest=row[1],
            request=decode(row[2], type=JobRequest),
            inputs=decode(row[3], type=dict[str, str]),
            warnings=decode(row[4], type=tuple[str, ...]),
            state=row[5],
            cancelling=bool(row[6]),
            created=row[7],
            started=row[8],
        )
        return head, self._stages(job)

    def unfinished(self) -> list[str]:
        rows = self._db.execute("SELECT id FROM jobs WHERE state IN ('queued', 'running') ORDER BY created, id")
        return [row[0] for row in rows]

    def digest_of(self, job: str) -> str | None:
        row = self._db.execute("SELECT digest FROM jobs WHERE id=?", (job,)).fetchone()
        return row[0] if row else None

    def summaries(self, jobs: tuple[str, ...], limit: int) -> list[JobSummary]:
        """Newest first."""
        chosen = f"WHERE id IN ({','.join('?' * len(jobs))})" if jobs else ""
        rows = self._db.execute(
            "SELECT id, title, state, created, code, message, remedy,"
            " (SELECT count(*) FROM stages WHERE job = id AND state = 'done'),"
            " (SELECT count(*) FROM stages WHERE job = id)"
            f" FROM jobs {chosen} ORDER BY created DESC, id LIMIT ?",
            (*jobs, limit),
        ).fetchall()
        return [
            JobSummary(
                job=row[0],
                title=row[1],
                state=row[2],
                created=row[3],
                code=row[4],
                message=row[5],
                remedy=row[6],
                done=row[7],
                of=row[8],
                artifacts=self._artifacts("job=?", row[0]),
            )
            for row in rows
        ]

    def finished_alike(self, digest: str) -> tuple[StageRow, ...]:
        """Finished stages that depended on exactly the same, newest last."""
        rows = self._db.execute(
            "SELECT job, key FROM stages WHERE digest=? AND state='done' ORDER BY rowid DESC LIMIT 3", (digest,)
        ).fetchall()
        return tuple(self._stages(job)[key] for job, key in rows)

    def events_after(self, cursor: int, limit: int) -> list[tuple[int, bytes]]:
        """(cursor, encoded event) of what was told after `cursor`."""
        rows = self._db.execute(
            "SELECT cursor, body FROM events WHERE cursor > ? ORDER BY cursor LIMIT ?", (cursor, limit)
        )
        return rows.fetchall()

    def durations(self) -> dict[tuple[str, str], float]:
        return {(row[0], row[1]): row[2] for row in self._db.execute("SELECT stage, generator, seconds FROM durations")}

    def count_jobs(self) -> int:
        return self._one("SELECT count(*) FROM jobs")

    def _stages(self, job: str) -> dict[str, StageRow]:
        rows = self._db.execute(
            "SELECT task, rank, state, attempts, crashes, digest, seconds, code, message, remedy, notes, key"
            " FROM stages WHERE job=? ORDER BY rank",
            (job,),
        ).fetchall()
        return {
            row[11]: StageRow(
                task=msgspec.msgpack.decode(row[0], type=StageTask),
                rank=row[1],
                state=row[2],
                attempts=row[3],
                crashes=row[4],
                digest=row[5],
                seconds=row[6],
                code=row[7],
                message=row[8],
                remedy=row[9],
                notes=msgspec.msgpack.decode(row[10], type=tuple[str, ...]) if row[10] else (),
                artifacts=self._artifacts("job=? AND key=?", job, row[11]),
            )
            for row in rows
        }

    def _artifacts(self, where: str, *values: str) -> tuple[ArtifactInfo, ...]:
        rows = self._db.execute(
            f"SELECT stage, box, name, sha256, size, media FROM artifacts WHERE {where} ORDER BY stage, box, name",
            values,
        )
        return tuple(ArtifactInfo(stage=r[0], box=r[1], name=r[2], sha256=r[3], size=r[4], media=r[5]) for r in rows)

    def _one(self, query: str) -> int:
        return self._db.execute(query).fetchone()[0]


def _open(path: Path) -> sqlite3.Connection:
    """Raises sqlite3.DatabaseError for a file that is damaged, Incompatible for one of a newer version."""
    db = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        _prepare(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("PRAGMA cache_size=-512")  # KiB: lists are short, the server is to stay small
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA:
        raise Incompatible(
            f"The journal {path} was written by a newer Greybox (format {version}, known {SCHEMA})",
            "Update Greybox, or choose another folder.",
        )
    if version == 0:
        db.executescript(f"BEGIN; {_TABLES} PRAGMA user_version={SCHEMA}; COMMIT;")
    damage = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if damage != "ok":
        raise sqlite3.DatabaseError(damage)

"""How does a gradebook lie in its file?

One SQLite file. Everything that ever happened is a row of the ledger `entry`:
who, when, why, and which entry it takes the place of. What happened is in the
table of its kind, under the same number. Rows are only added; triggers refuse
anything else, so what a person decided cannot be lost, only superseded.

    entry       the ledger: number, time (UTC), who, why, kind, supersedes
    student     what is known of a student from then on (kind `student`)
    submission  a hand-in, named by the entry that made it known; one more
                row with the same `submission` corrects it
    member      the students of a submission row
    grading     one grading, with its whole report (JSON) and its basis
    criterion   the rows of a grading: verdict, points, max_points, reason
    decision    what a person did: points for a row that waited (`points`),
                points over a verdict (`override`), words (`comment`).
                criterion '' is the whole mark, student '' the whole team;
                below_* is what it was decided on
    undo        takes an entry back (undone 1) or brings it back (0)
    exported    what a learning system was given, to tell changes later

The marks of now are views over the newest rows that stand: `standing`,
`student_now`, `submission_now`, `grading_now`, `decision_now`, `row_now` (a
criterion of a student) and `mark_now` (the sum, or the override of the whole).
In the last two, student '' is the hand-in itself, without what was decided
for one of a team alone.

`PRAGMA user_version` is the version of all this. STEPS[n] brings version n to
n + 1, STEPS[0] makes an empty file a gradebook; a step is done as a whole.
"""

from __future__ import annotations

from typing import List

#: Says in the file's head that it is ours ("mngb").
APPLICATION = 0x6D6E6762

_TABLES = """
CREATE TABLE entry (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    who TEXT NOT NULL CHECK (who <> ''),
    why TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('student', 'submission', 'grading',
        'points', 'override', 'comment', 'undo', 'export')),
    supersedes INTEGER REFERENCES entry (entry)
);
CREATE TABLE student (
    entry INTEGER PRIMARY KEY REFERENCES entry (entry),
    student TEXT NOT NULL CHECK (student <> ''),
    name TEXT NOT NULL, sis_id TEXT NOT NULL, login TEXT NOT NULL,
    email TEXT NOT NULL, canvas_id TEXT NOT NULL, moodle_id TEXT NOT NULL,
    section TEXT NOT NULL, team TEXT NOT NULL
);
CREATE INDEX student_by_id ON student (student);
CREATE TABLE submission (
    entry INTEGER PRIMARY KEY REFERENCES entry (entry),
    submission INTEGER NOT NULL REFERENCES entry (entry),
    lab TEXT NOT NULL, name TEXT NOT NULL, attempt INTEGER NOT NULL,
    late_s REAL NOT NULL, received TEXT NOT NULL, path TEXT NOT NULL
);
CREATE INDEX submission_by_number ON submission (submission);
CREATE INDEX submission_by_name ON submission (lab, name, attempt);
CREATE TABLE member (
    entry INTEGER NOT NULL REFERENCES submission (entry),
    student TEXT NOT NULL CHECK (student <> ''),
    PRIMARY KEY (entry, student)
);
CREATE TABLE grading (
    entry INTEGER PRIMARY KEY REFERENCES entry (entry),
    submission INTEGER NOT NULL REFERENCES entry (entry),
    status TEXT NOT NULL, problem TEXT NOT NULL,
    points REAL NOT NULL, max_points REAL NOT NULL,
    seed INTEGER NOT NULL, backend TEXT NOT NULL,
    submission_sha256 TEXT NOT NULL, lab_sha256 TEXT NOT NULL,
    version TEXT NOT NULL, machine TEXT NOT NULL,
    report TEXT NOT NULL
);
CREATE INDEX grading_by_submission ON grading (submission);
CREATE TABLE criterion (
    entry INTEGER NOT NULL REFERENCES grading (entry),
    position INTEGER NOT NULL,
    criterion TEXT NOT NULL CHECK (criterion <> ''),
    title TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN
        ('pass', 'partial', 'fail', 'manual', 'not-judged')),
    points REAL NOT NULL, max_points REAL NOT NULL,
    bonus INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (entry, criterion)
);
CREATE TABLE decision (
    entry INTEGER PRIMARY KEY REFERENCES entry (entry),
    submission INTEGER NOT NULL REFERENCES entry (entry),
    criterion TEXT NOT NULL,
    student TEXT NOT NULL,
    points REAL,
    text TEXT NOT NULL,
    below_verdict TEXT NOT NULL, below_points REAL, below_max REAL,
    below_sha256 TEXT NOT NULL
);
CREATE INDEX decision_by_row ON decision (submission, criterion, student);
CREATE TABLE undo (
    entry INTEGER PRIMARY KEY REFERENCES entry (entry),
    target INTEGER NOT NULL REFERENCES entry (entry),
    undone INTEGER NOT NULL CHECK (undone IN (0, 1))
);
CREATE INDEX undo_by_target ON undo (target);
CREATE TABLE exported (
    entry INTEGER NOT NULL REFERENCES entry (entry),
    lab TEXT NOT NULL, student TEXT NOT NULL, points REAL NOT NULL,
    PRIMARY KEY (entry, student)
);
"""

_VIEWS = """
CREATE VIEW standing AS
SELECT e.* FROM entry e WHERE NOT COALESCE((
    SELECT u.undone FROM undo u WHERE u.target = e.entry
    ORDER BY u.entry DESC LIMIT 1), 0);
CREATE VIEW student_now AS
SELECT s.* FROM student s WHERE s.entry = (
    SELECT MAX(n.entry) FROM student n JOIN standing USING (entry)
    WHERE n.student = s.student);
CREATE VIEW submission_now AS
SELECT s.* FROM submission s WHERE s.entry = (
    SELECT MAX(n.entry) FROM submission n JOIN standing USING (entry)
    WHERE n.submission = s.submission);
CREATE VIEW grading_now AS
SELECT g.* FROM grading g WHERE g.entry = (
    SELECT MAX(n.entry) FROM grading n JOIN standing USING (entry)
    WHERE n.submission = g.submission);
CREATE VIEW decision_now AS
SELECT d.*, e.at, e.who, e.why, e.kind
FROM decision d JOIN entry e USING (entry) WHERE d.entry = (
    SELECT MAX(n.entry) FROM decision n JOIN standing s USING (entry)
    WHERE s.kind <> 'comment' AND n.submission = d.submission
    AND n.criterion = d.criterion AND n.student = d.student);
CREATE VIEW holder AS
SELECT s.submission, '' AS student, s.lab FROM submission_now s
UNION ALL
SELECT s.submission, m.student, s.lab
FROM submission_now s JOIN member m ON m.entry = s.entry;
CREATE VIEW row_now AS
SELECT h.submission, h.student, h.lab, g.entry AS grading,
    g.submission_sha256, c.position, c.criterion, c.title, c.verdict,
    c.points AS judged, c.max_points, c.bonus, c.reason,
    COALESCE(own.entry, team.entry) AS decision,
    CASE WHEN own.entry IS NULL THEN team.points ELSE own.points END
        AS decided
FROM holder h JOIN grading_now g USING (submission)
JOIN criterion c ON c.entry = g.entry
LEFT JOIN decision_now own ON own.submission = h.submission
    AND own.criterion = c.criterion AND own.student = h.student
    AND h.student <> ''
LEFT JOIN decision_now team ON team.submission = h.submission
    AND team.criterion = c.criterion AND team.student = '';
CREATE VIEW mark_now AS
SELECT h.submission, h.student, h.lab, g.entry AS grading, g.status,
    COALESCE(own.entry, team.entry) AS decision,
    COALESCE(r.points, g.points) AS points_of_rows,
    COALESCE(own.points, team.points, r.points, g.points) AS points,
    COALESCE(r.max_points, g.max_points) AS max_points,
    CASE WHEN COALESCE(own.entry, team.entry) IS NULL
        THEN COALESCE(r.pending, 0) ELSE 0 END AS pending_points
FROM holder h JOIN grading_now g USING (submission)
LEFT JOIN (SELECT submission, student,
        SUM(COALESCE(decided, judged)) AS points,
        SUM(CASE WHEN bonus THEN 0 ELSE max_points END) AS max_points,
        SUM(CASE WHEN decision IS NULL AND NOT bonus
            AND verdict IN ('manual', 'not-judged')
            THEN max_points ELSE 0 END) AS pending
    FROM row_now GROUP BY submission, student) r
    ON r.submission = h.submission AND r.student = h.student
LEFT JOIN decision_now own ON own.submission = h.submission
    AND own.criterion = '' AND own.student = h.student AND h.student <> ''
LEFT JOIN decision_now team ON team.submission = h.submission
    AND team.criterion = '' AND team.student = '';
"""


def _only_added(tables: str) -> str:
    """Triggers that refuse to change or remove a row."""
    return "".join(
        "CREATE TRIGGER %s_never_%s BEFORE %s ON %s BEGIN\n"
        "    SELECT RAISE(ABORT, 'a gradebook is only added to');\nEND;\n"
        % (table, action.lower(), action, table)
        for table in tables.split()
        for action in ("UPDATE", "DELETE")
    )


STEPS: List[str] = [
    _TABLES
    + _VIEWS
    + _only_added(
        "entry student submission member grading criterion decision undo"
        " exported"
    )
]

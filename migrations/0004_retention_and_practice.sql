-- How long what is held here is held (legal holds, what was reduced, what is destroyed), and the practice around deciding.

-- A projection of the workbooks: the hold that stands on a family.
CREATE TABLE holds (
    family_id UUID NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL
);

-- What a reduction left of a slot's keystrokes and drafts: words by author, and hashes. No projection.
CREATE TABLE reductions (
    slot_id UUID NOT NULL PRIMARY KEY,
    meeting_id UUID NOT NULL,
    family_id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX reductions_by_family ON reductions (family_id);

-- One person proposes that our copy of a child's records goes, another agrees; then it is destroyed.
CREATE TABLE expiries (
    child_id UUID NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,
    proposed_by UUID NOT NULL,
    rule TEXT NOT NULL,
    agreed_at TIMESTAMPTZ,
    agreed_by UUID,
    PRIMARY KEY (child_id, proposed_at)
);

-- code: made with the seal key, so that an emptied seal without it is found.
CREATE TABLE tombstones (
    child_id UUID NOT NULL,
    number BIGINT NOT NULL,
    destroyed_at TIMESTAMPTZ NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (child_id, number)
);

CREATE INDEX records_by_child ON records (child_id);
CREATE INDEX deliveries_by_child ON deliveries (child_id);

-- How often a meeting carried a step on to the next month. state: also carried, dropped.
ALTER TABLE steps ADD COLUMN carried BIGINT NOT NULL DEFAULT 0;

-- "Did we reach the right decisions?", asked once a month: how many of a team said what, and, apart from that and
-- without what they said, who was asked already.
CREATE TABLE opinions (
    team_id UUID NOT NULL,
    month TEXT NOT NULL,
    answer TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (team_id, month, answer)
);
CREATE TABLE opinions_given (
    team_id UUID NOT NULL,
    month TEXT NOT NULL,
    worker_hash TEXT NOT NULL,
    PRIMARY KEY (team_id, month, worker_hash)
);

-- A record-taker's running note of a meeting: theirs alone, gone when it is filed or the meeting's records are signed.
CREATE TABLE running_notes (
    id UUID NOT NULL PRIMARY KEY,
    meeting_id UUID NOT NULL,
    slot_id UUID NOT NULL,
    worker_id UUID NOT NULL,
    speaker UUID,
    text TEXT NOT NULL,
    check_later BOOLEAN NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX running_notes_by_meeting ON running_notes (meeting_id, worker_id);

-- When somebody is away, as they said themselves: a step due meanwhile is pointed out.
CREATE TABLE absences (
    worker_id UUID NOT NULL,
    starts DATE NOT NULL,
    ends DATE NOT NULL,
    PRIMARY KEY (worker_id, starts)
);

-- How long what is held here is held: legal holds, what was reduced, what is to be destroyed and what was.

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

-- Signed records are sealed and chained by child; what is signed goes on its way to the council's systems; what is
-- given away is noted with the person it was made for.

-- number: place in the child's chain. body: the canonical JSON whose SHA-256 is the hash. Nothing here is ever
-- changed; a body that retention has destroyed is empty, and its hash stays.
CREATE TABLE seals (
    child_id UUID NOT NULL,
    number BIGINT NOT NULL,
    record_id UUID NOT NULL,
    version BIGINT NOT NULL,
    family_id UUID NOT NULL,
    meeting_id UUID NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    before TEXT NOT NULL,
    PRIMARY KEY (child_id, number)
);
CREATE UNIQUE INDEX seals_by_record ON seals (record_id, version);

-- Where each chain ends, under a code that only the holder of the seal key can make.
CREATE TABLE heads (
    child_id UUID NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    code TEXT NOT NULL
);

-- state: waiting, sent, landed, failed, unknown, withdrawn.
CREATE TABLE deliveries (
    id UUID NOT NULL PRIMARY KEY,
    child_id UUID NOT NULL,
    record_id UUID NOT NULL,
    version BIGINT NOT NULL,
    target TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at TIMESTAMPTZ NOT NULL,
    told TEXT NOT NULL,
    queued_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX deliveries_by_version ON deliveries (record_id, version, target);
CREATE INDEX deliveries_by_state ON deliveries (state, next_at);

ALTER TABLE exports ADD COLUMN made_for TEXT NOT NULL DEFAULT '';
ALTER TABLE exports ADD COLUMN approved_by TEXT NOT NULL DEFAULT '';
ALTER TABLE exports ADD COLUMN record_id UUID;
CREATE INDEX exports_by_record ON exports (record_id);

-- What a browser keeps on its device until it is shared is encrypted; the key stays here and is given only
-- to the signed-in worker.
CREATE TABLE device_keys (
    worker_id UUID NOT NULL,
    device_id UUID NOT NULL,
    key BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (worker_id, device_id)
);

-- Words that came after a family was finished, filed by their authors.
CREATE TABLE late_contributions (
    family_id UUID NOT NULL,
    meeting_id UUID NOT NULL,
    worker_id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    held_on DATE NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (family_id, worker_id, at)
);
CREATE INDEX late_contributions_by_meeting ON late_contributions (meeting_id);

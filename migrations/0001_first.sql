-- The first schema: people and allocations as tables; meetings and workbooks as journals with projections; signed
-- records as seals with their deliveries.

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE teams (
    id UUID NOT NULL PRIMARY KEY,
    source_id TEXT UNIQUE,
    name TEXT NOT NULL,
    parent TEXT NOT NULL DEFAULT ''
);

-- discipline '' = the extract does not tell; a manager is asked once.
CREATE TABLE workers (
    id UUID NOT NULL PRIMARY KEY,
    source_id TEXT UNIQUE,
    staff_id TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    job_title TEXT NOT NULL DEFAULT '',
    discipline TEXT NOT NULL DEFAULT '',
    team_id UUID REFERENCES teams (id),
    by_hand BOOLEAN NOT NULL,
    -- Since when they have this discipline in this team.
    in_post_since TIMESTAMPTZ NOT NULL,
    -- The other entry of the same person, with which they sign in; what this one is allocated to counts as that one's.
    same_as UUID REFERENCES workers (id)
);
CREATE INDEX workers_by_same_as ON workers (same_as);

-- What workers were called before somebody changed their name: who looked is told by the name of then.
CREATE TABLE former_names (
    worker_id UUID NOT NULL REFERENCES workers (id),
    name TEXT NOT NULL,
    until TIMESTAMPTZ NOT NULL,
    changed_by UUID NOT NULL,
    PRIMARY KEY (worker_id, until)
);

CREATE TABLE accounts (
    worker_id UUID NOT NULL PRIMARY KEY REFERENCES workers (id),
    email TEXT NOT NULL UNIQUE,
    -- Empty until its holder has chosen a password.
    password_hash TEXT NOT NULL,
    -- Present for a guest: what is hashed is a one-time code, which works once until then.
    code_until TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    -- Nobody signs in any more from then on.
    ended_at TIMESTAMPTZ
);

-- A one-time link to choose a password: for an account that is new, or whose password is lost. Only the code's hash is kept.
CREATE TABLE invitations (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    worker_id UUID NOT NULL REFERENCES workers (id),
    made_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

-- What was done with accounts. by_worker: absent for a technician's command. what: a word of AccountAct.
CREATE TABLE account_acts (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    by_worker UUID,
    worker_id UUID NOT NULL,
    what TEXT NOT NULL,
    address TEXT NOT NULL
);
CREATE INDEX account_acts_by_worker ON account_acts (worker_id);

-- Who somebody is at an identity provider: the account is signed in to there and has no password. linked_by: who linked it;
-- its holder by an invitation, or an administrator.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    worker_id UUID NOT NULL UNIQUE REFERENCES accounts (worker_id),
    linked_by UUID NOT NULL,
    linked_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (issuer, subject)
);

-- browser, address: in words, for the list of where somebody is signed in. issuer, provider_session: at which provider it was
-- begun, and what the session there is called.
CREATE TABLE sessions (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    browser TEXT NOT NULL,
    address TEXT NOT NULL,
    issuer TEXT,
    provider_session TEXT,
    worker_id UUID NOT NULL REFERENCES workers (id),
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ
);

-- The second factor of an account: a secret shared with an app on its holder's phone. confirmed_at: absent until they have
-- typed a code of it. last_step: the time step of the last code that was taken; a code is taken once.
CREATE TABLE second_factors (
    worker_id UUID NOT NULL PRIMARY KEY REFERENCES workers (id),
    secret BYTEA NOT NULL,
    confirmed_at TIMESTAMPTZ,
    last_step BIGINT NOT NULL
);

-- One-time codes for whoever has lost the phone; only their hashes are kept.
CREATE TABLE recovery_codes (
    worker_id UUID NOT NULL REFERENCES workers (id),
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (worker_id, code_hash)
);

-- The password was right; the second factor is still to come. password_hash: the one that was right.
CREATE TABLE half_sign_ins (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    worker_id UUID NOT NULL REFERENCES workers (id),
    password_hash TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    -- How many wrong codes were typed.
    tries BIGINT NOT NULL DEFAULT 0
);

-- Tries to sign in, counted before the password is looked at. key: an account and a network, or one of them.
-- signed_in_at: when the account was last signed in to from that network.
CREATE TABLE sign_in_tries (
    key TEXT NOT NULL PRIMARY KEY,
    tries BIGINT NOT NULL,
    until TIMESTAMPTZ NOT NULL,
    signed_in_at TIMESTAMPTZ
);

CREATE TABLE people (
    id UUID NOT NULL PRIMARY KEY,
    source_id TEXT UNIQUE,
    forename TEXT NOT NULL,
    surname TEXT NOT NULL,
    sex TEXT NOT NULL DEFAULT '',
    born DATE,
    expected DATE,
    died DATE,
    adult BOOLEAN NOT NULL,
    by_hand BOOLEAN NOT NULL
);

CREATE TABLE families (
    id UUID NOT NULL PRIMARY KEY,
    source_id TEXT UNIQUE,
    reference TEXT NOT NULL UNIQUE,
    team_id UUID REFERENCES teams (id),
    discussed_on DATE,
    by_hand BOOLEAN NOT NULL
);

CREATE TABLE family_members (
    family_id UUID NOT NULL REFERENCES families (id),
    person_id UUID NOT NULL REFERENCES people (id),
    relation TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (family_id, person_id)
);
CREATE INDEX family_members_by_person ON family_members (person_id);

CREATE TABLE mothers (
    child_id UUID NOT NULL REFERENCES people (id),
    mother_id UUID NOT NULL REFERENCES people (id),
    PRIMARY KEY (child_id, mother_id)
);

-- An imported allocation is to a person, one made by hand to a family.
CREATE TABLE allocations (
    id UUID NOT NULL PRIMARY KEY,
    source_id TEXT UNIQUE,
    person_id UUID REFERENCES people (id),
    family_id UUID REFERENCES families (id),
    worker_id UUID REFERENCES workers (id),
    unknown_worker TEXT NOT NULL DEFAULT '',
    team_id UUID REFERENCES teams (id),
    role TEXT NOT NULL DEFAULT '',
    starts DATE NOT NULL,
    ends DATE,
    by_hand BOOLEAN NOT NULL
);
CREATE INDEX allocations_by_worker ON allocations (worker_id);
CREATE INDEX allocations_by_person ON allocations (person_id);
CREATE INDEX allocations_by_family ON allocations (family_id);

CREATE TABLE episodes (
    source_id TEXT NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    opened DATE,
    closed DATE
);
CREATE INDEX episodes_by_person ON episodes (person_id);

-- kind: cp, cin, plo. categories: one per line.
CREATE TABLE plans (
    source_id TEXT NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    starts DATE,
    ends DATE,
    categories TEXT NOT NULL DEFAULT ''
);
CREATE INDEX plans_by_person ON plans (person_id);

CREATE TABLE factors (
    person_id UUID NOT NULL REFERENCES people (id),
    code TEXT NOT NULL,
    assessed_on DATE,
    PRIMARY KEY (person_id, code)
);

CREATE TABLE visits (
    source_id TEXT NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    visited_on DATE NOT NULL,
    seen BOOLEAN NOT NULL,
    alone BOOLEAN NOT NULL
);
CREATE INDEX visits_by_person ON visits (person_id, visited_on);

-- What happened to a child, from the council's case system. kind: contact, referral, enquiry … outcomes: one code per line.
CREATE TABLE case_events (
    source_id TEXT NOT NULL PRIMARY KEY,
    child UUID NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    starts DATE,
    ends DATE,
    due DATE,
    about TEXT NOT NULL DEFAULT '',
    come_from TEXT NOT NULL DEFAULT '',
    outcomes TEXT NOT NULL DEFAULT '',
    ended TEXT NOT NULL DEFAULT ''
);
CREATE INDEX case_events_by_child ON case_events (child);

-- What a child needs, as a code; empty for none.
CREATE TABLE needs (
    source_id TEXT NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    code TEXT NOT NULL
);
CREATE INDEX needs_by_person ON needs (person_id);

-- What each row of an extract looked like when it was last read: a second load of the same changes
-- nothing, and what was corrected by hand stays.
CREATE TABLE import_rows (
    file TEXT NOT NULL,
    source_id TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (file, source_id)
);

CREATE TABLE journals (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    last BIGINT NOT NULL
);

CREATE TABLE events (
    journal_id UUID NOT NULL REFERENCES journals (id),
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    by_worker UUID NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (journal_id, seq)
);

-- A cache: deleting it changes nothing.
CREATE TABLE snapshots (
    journal_id UUID NOT NULL PRIMARY KEY REFERENCES journals (id),
    seq BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE outcomes (
    worker_id UUID NOT NULL,
    command_id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (worker_id, command_id)
);

-- Which browser writes as whom: an author id that no other page load ever gets.
CREATE TABLE pens (
    pen BIGINT NOT NULL PRIMARY KEY,
    worker_id UUID NOT NULL,
    on_behalf_of UUID,
    granted_at TIMESTAMPTZ NOT NULL
);

-- Projections: written with the events, rebuilt from them by a command.

CREATE TABLE meetings (
    id UUID NOT NULL PRIMARY KEY,
    team_id UUID NOT NULL,
    held_on DATE NOT NULL,
    starts TEXT NOT NULL,
    place TEXT NOT NULL,
    booked BIGINT NOT NULL,
    chair UUID NOT NULL,
    record_taker UUID,
    phase TEXT NOT NULL
);

CREATE TABLE slots (
    id UUID NOT NULL PRIMARY KEY,
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    family_id UUID NOT NULL,
    position BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    progress TEXT NOT NULL,
    -- The next supervision that was agreed.
    next_on DATE
);
CREATE INDEX slots_by_meeting ON slots (meeting_id);
CREATE INDEX slots_by_family ON slots (family_id);

-- Families taken off the agenda of an open meeting.
CREATE TABLE put_off (
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    family_id UUID NOT NULL,
    PRIMARY KEY (meeting_id, family_id)
);

-- Who stood out of a discussion to its end: it is closed to them wherever it is shown.
CREATE TABLE slot_out (
    slot_id UUID NOT NULL REFERENCES slots (id),
    worker_id UUID NOT NULL,
    PRIMARY KEY (slot_id, worker_id)
);
CREATE INDEX slot_out_by_worker ON slot_out (worker_id);

CREATE TABLE brought_in (
    slot_id UUID NOT NULL REFERENCES slots (id),
    worker_id UUID NOT NULL,
    PRIMARY KEY (slot_id, worker_id)
);

-- state: open, not_done, done.
CREATE TABLE steps (
    id UUID NOT NULL PRIMARY KEY,
    family_id UUID NOT NULL,
    meeting_id UUID NOT NULL,
    agreed_on DATE NOT NULL,
    owner UUID,
    what TEXT NOT NULL,
    with_whom TEXT NOT NULL,
    due DATE,
    first_due DATE,
    state TEXT NOT NULL,
    word TEXT NOT NULL,
    -- How often a meeting carried it on to the next month.
    carried BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX steps_by_owner ON steps (owner);
CREATE INDEX steps_by_family ON steps (family_id);

CREATE TABLE records (
    id UUID NOT NULL PRIMARY KEY,
    family_id UUID NOT NULL,
    child_id UUID NOT NULL,
    meeting_id UUID NOT NULL,
    held_on DATE NOT NULL,
    signed BOOLEAN NOT NULL,
    waits BOOLEAN NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX records_by_family ON records (family_id);
CREATE INDEX records_by_meeting ON records (meeting_id);

CREATE TABLE summaries (
    family_id UUID NOT NULL,
    worker_id UUID NOT NULL,
    month TEXT NOT NULL,
    text TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (family_id, worker_id, month)
);

-- A refused form, kept until it is shown again.
CREATE TABLE drafts (
    id UUID NOT NULL PRIMARY KEY,
    worker_id UUID,
    body TEXT NOT NULL,
    kept_at TIMESTAMPTZ NOT NULL
);

-- Who looked at what, and what was given out: one row for each family in it. what: a word of AccessKind.
CREATE TABLE access_log (
    chain_id UUID NOT NULL,
    number BIGINT NOT NULL,
    made_for_salt TEXT NOT NULL,
    made_for_code TEXT NOT NULL,
    hash TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    worker_id UUID NOT NULL,
    on_behalf_of UUID,
    made_for TEXT NOT NULL,
    family_id UUID,
    meeting_id UUID,
    record_id UUID,
    what TEXT NOT NULL,
    format TEXT NOT NULL,
    allowed_by TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (chain_id, number)
);
CREATE INDEX access_by_family ON access_log (family_id, at);
CREATE INDEX access_by_worker ON access_log (worker_id, at);
CREATE INDEX access_by_record ON access_log (record_id);

-- Each process chains its entries: where its chain begins and ends, and the ends of other chains that it saw then.
CREATE TABLE access_chains (
    id UUID NOT NULL PRIMARY KEY,
    began_at TIMESTAMPTZ NOT NULL,
    first_hash TEXT NOT NULL,
    kept_number BIGINT NOT NULL,
    kept_hash TEXT NOT NULL,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    code TEXT NOT NULL
);
CREATE TABLE access_ends (
    chain_id UUID NOT NULL,
    of_chain UUID NOT NULL,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (chain_id, of_chain)
);

-- What a question is asked about: one family, a team's families, or a meeting's. Ids of the three
-- never meet, so one parameter serves all.
CREATE INDEX families_by_team ON families (team_id);
CREATE VIEW scopes (scope_id, family_id) AS
    SELECT id, id FROM families
    UNION ALL SELECT team_id, id FROM families
    UNION ALL SELECT meeting_id, family_id FROM slots;

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

-- Each family's safety plan as it stands. body: the whole of it as JSON.
CREATE TABLE safety_plans (
    family_id UUID PRIMARY KEY,
    body TEXT NOT NULL
);

-- What children and adults gave in their own words. body: the whole of it, with who may read it, as JSON.
CREATE TABLE own_words (
    family_id UUID NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    given_on DATE NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (family_id, id)
);

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
    answer TEXT NOT NULL,
    queued_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX deliveries_by_version ON deliveries (record_id, version, target);
CREATE INDEX deliveries_by_state ON deliveries (state, next_at);

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

-- Roles given to workers. role: a word of Role. for_worker: in whose place, for cover. ends: the day from which it counts no
-- more. given_by, ended_by: absent for a technician's command. issuer: the identity provider whose group gives it.
CREATE TABLE grants (
    id UUID NOT NULL PRIMARY KEY,
    worker_id UUID NOT NULL REFERENCES workers (id),
    role TEXT NOT NULL,
    team_id UUID,
    for_worker UUID,
    starts DATE NOT NULL,
    ends DATE,
    given_by UUID,
    issuer TEXT,
    given_at TIMESTAMPTZ NOT NULL,
    ended_by UUID,
    ended_at TIMESTAMPTZ
);
CREATE INDEX grants_by_worker ON grants (worker_id);

-- Families that only named people know of.
CREATE TABLE locks (
    family_id UUID NOT NULL PRIMARY KEY REFERENCES families (id),
    why TEXT NOT NULL,
    locked_by UUID NOT NULL,
    locked_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE lock_names (
    family_id UUID NOT NULL REFERENCES families (id),
    worker_id UUID NOT NULL,
    PRIMARY KEY (family_id, worker_id)
);

-- Families opened for an hour by somebody who does not work with them. kind: a word of OpeningKind. review: what whoever
-- manages the team found.
CREATE TABLE openings (
    id UUID NOT NULL PRIMARY KEY,
    family_id UUID NOT NULL REFERENCES families (id),
    worker_id UUID NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    until TIMESTAMPTZ NOT NULL,
    reviewed_by UUID,
    reviewed_at TIMESTAMPTZ,
    review TEXT NOT NULL
);
CREATE INDEX openings_by_family ON openings (family_id, opened_at);
CREATE INDEX openings_by_worker ON openings (worker_id, until);

-- Families that somebody asks to open without those on them being told. The opening has the same id.
CREATE TABLE confidential_looks (
    id UUID NOT NULL PRIMARY KEY,
    family_id UUID NOT NULL REFERENCES families (id),
    worker_id UUID NOT NULL,
    reason TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    opened_at TIMESTAMPTZ
);

-- What leads said of them. answer: a word of LookAnswer. afterwards: of what was seen.
CREATE TABLE answers_to_looks (
    look_id UUID NOT NULL REFERENCES confidential_looks (id),
    worker_id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    answer TEXT NOT NULL,
    words TEXT NOT NULL,
    afterwards BOOLEAN NOT NULL,
    PRIMARY KEY (look_id, worker_id, afterwards)
);

-- What a manager found out about somebody who asked for a family of their team on a day and was not shown it.
CREATE TABLE refusal_answers (
    family_id UUID NOT NULL REFERENCES families (id),
    worker_id UUID NOT NULL,
    day DATE NOT NULL,
    answered_by UUID NOT NULL,
    answered_at TIMESTAMPTZ NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (family_id, worker_id, day)
);

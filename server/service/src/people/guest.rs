//! Guests from outside: invited for one family's discussion, let in by a one-time code that whoever invites passes on.

use super::session::Caller;
use crate::form::FormErrors;
use crate::ids::random;
use crate::meeting::Request;
use crate::meeting::room::Outcome;
use crate::security::SecurityEvent;
use crate::{Service, ServiceError};
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use domain::dates;
use domain::meeting::{Command, Refusal, Slot, view};
use domain::policy::MeetingPlanner;
use domain::status::AccountAct;
use domain::template::GUEST;
use domain::{CommandId, MeetingId, SlotId, WorkerId};
use std::sync::Arc;
use store::account::{Account, AccountNote};
use store::worker::Worker;

/// A code works at most so long before its meeting's day; nearer the day another one is made.
const CODE_WORKS: TimeDelta = TimeDelta::days(14);

/// Crockford's base 32: no two of its letters look alike.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// So many letters a code has: 60 bits, behind a slow hash.
const LENGTH: usize = 12;

/// An invitation's form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuestForm {
    /// Their name.
    pub name: String,
    /// Their role and organisation: "School nurse, Hillside School".
    pub role: String,
    /// The address they sign in with.
    pub email: String,
    /// Why they are needed, in a line.
    pub why: String,
}

/// A code that was made: it is known to whoever made it, and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestCode {
    /// For whom.
    pub name: String,
    /// In groups of four: "K7QM-2XPD-RT9W".
    pub code: String,
    /// Until when it works, once.
    pub until: DateTime<Utc>,
}

/// How a guest gets in now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuestAccess {
    /// They have not used their code, which works until then.
    Code(DateTime<Utc>),
    /// They are signed in, and their page was last used then.
    SignedIn(DateTime<Utc>),
    /// Not at all: they need another code.
    None,
}

/// A guest as whoever plans the meeting sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Who.
    pub worker: WorkerId,
    /// Their name.
    pub name: String,
    /// Their role and organisation.
    pub role: String,
    /// The address they sign in with.
    pub email: String,
    /// How they get in now.
    pub access: GuestAccess,
}

/// A family of a meeting with its guests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyGuests {
    /// Its place in the meeting.
    pub slot: SlotId,
    /// Its reference.
    pub reference: String,
    /// Whether its discussion is over: nobody is invited any more.
    pub over: bool,
    /// Its guests, by name.
    pub guests: Vec<Guest>,
}

impl Service {
    /// The families of a meeting that its planner may read, each with its guests.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not there.
    pub async fn guests(&self, planner: MeetingPlanner<'_>) -> Result<Vec<FamilyGuests>, ServiceError> {
        let mut families = Vec::new();
        for slot in self.slots_for(planner).await? {
            let Some(family) = slot.family else { continue };
            let mut guests = Vec::new();
            for worker in slot.members.keys().copied().filter(|worker| slot.is_guest(*worker)) {
                guests.push(self.guest(worker).await?);
            }
            guests.sort_by(|a: &Guest, b| a.name.cmp(&b.name));
            let row = self.inner.store.family(family).await?;
            families.push(FamilyGuests {
                slot: slot.id,
                reference: row.map(|row| row.reference).unwrap_or_default(),
                over: slot.progress.frozen(),
                guests,
            });
        }
        Ok(families)
    }

    async fn guest(&self, worker: WorkerId) -> Result<Guest, ServiceError> {
        let (directory, now) = (self.directory().await?, self.inner.clock.now());
        let account = self.inner.store.account_of(worker).await?;
        let sessions = self.inner.store.sessions_of(worker).await?;
        let signed_in = sessions.iter().find(|session| self.is_good(session, now)).map(|session| session.seen_at);
        let code = account.as_ref().filter(|account| account.opens(now)).and_then(|account| account.code_until);
        let access = match (signed_in, code) {
            (Some(at), _) => GuestAccess::SignedIn(at),
            (None, Some(until)) => GuestAccess::Code(until),
            (None, None) => GuestAccess::None,
        };
        Ok(Guest {
            worker,
            name: directory.name(worker).to_owned(),
            role: directory.discipline(worker).to_owned(),
            email: account.map(|account| account.email).unwrap_or_default(),
            access,
        })
    }

    /// Invites somebody from outside for one family's discussion: they belong to it from now on, and get a code. Whoever was
    /// invited before is the same guest.
    ///
    /// # Errors
    /// Field by field what cannot be used; the refusal where the discussion is over; [`ServiceError::NotFound`] where the
    /// planner may not read it.
    pub async fn invite_guest(
        &self, planner: MeetingPlanner<'_>, slot: SlotId, form: &GuestForm, caller: Caller<'_>,
    ) -> Result<GuestCode, ServiceError> {
        let slots = self.slots_for(planner).await?;
        let slot = slots.into_iter().find(|found| found.id == slot).ok_or(ServiceError::NotFound)?;
        let family = slot.family.ok_or(ServiceError::NotFound)?;
        let mut errors = FormErrors::default();
        let name = errors.text("name", "The name", &form.name, 120, true);
        let role = errors.text("role", "Their role", &form.role, 200, true);
        let why = errors.text("why", "Why they are needed", &form.why, 300, true);
        if self.inner.store.locks().await?.iter().any(|lock| lock.family == family) {
            errors.add("name", "This family is locked: only people who are named for it take part.");
        }
        errors.done()?;
        let account = self.guest_account(planner, &form.email, &name).await?;
        let worker = account.worker_id;
        self.keep_guest(&account, (&name, &role)).await?;
        let command = Command::BringIn { slot: slot.id, worker, why };
        match self.as_planner(planner, command).await? {
            // Invited again for the same discussion, they get another code.
            Outcome::Applied { .. } | Outcome::Refused { refusal: Refusal::Already } => {}
            Outcome::Refused { refusal } => return Err(refusal.into()),
        }
        self.make_code(planner, worker, caller, false).await
    }

    /// Another code for a guest of a meeting; where they are signed in, they are signed out.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where they are no guest of it that the planner may know of, or their account has ended.
    pub async fn new_guest_code(
        &self, planner: MeetingPlanner<'_>, worker: WorkerId, caller: Caller<'_>,
    ) -> Result<GuestCode, ServiceError> {
        let slots = self.slots_for(planner).await?;
        slots.iter().find(|slot| slot.is_guest(worker)).ok_or(ServiceError::NotFound)?;
        self.make_code(planner, worker, caller, true).await
    }

    /// Takes an invitation back, of a guest who has not taken part: they are signed out, and their code works no more.
    ///
    /// # Errors
    /// The refusal where they have taken part or the discussion is over; [`ServiceError::NotFound`] where they are no guest of it.
    pub async fn take_back_guest(
        &self, planner: MeetingPlanner<'_>, slot: SlotId, worker: WorkerId, caller: Caller<'_>,
    ) -> Result<(), ServiceError> {
        let slots = self.slots_for(planner).await?;
        slots.iter().find(|found| found.id == slot && found.is_guest(worker)).ok_or(ServiceError::NotFound)?;
        match self.as_planner(planner, Command::TakeBackBringIn { slot, worker }).await? {
            Outcome::Applied { .. } => {}
            Outcome::Refused { refusal } => return Err(refusal.into()),
        }
        let (by, now) = (planner.viewer().worker, self.inner.clock.now());
        let mut tx = self.inner.store.begin().await?;
        // Invited for another discussion they go on with what they have.
        if self.inner.store.brought_in_for(worker).await?.is_empty() {
            tx.end_code(worker).await?;
            tx.end_sessions_of(worker, &[]).await?;
        }
        tx.note_account(self.new_uuid(), &note(by, worker, AccountAct::GuestTakenBack, now, caller)).await?;
        tx.commit().await?;
        let back = SecurityEvent::Account { by: Some(by), whose: worker, what: AccountAct::GuestTakenBack };
        self.rights_changed_by(back, caller.address).await
    }

    /// What of a meeting its planner reads.
    async fn slots_for(&self, planner: MeetingPlanner<'_>) -> Result<Vec<Slot>, ServiceError> {
        let live = self.live(planner.meeting()).await?.ok_or(ServiceError::NotFound)?;
        Ok(view(&live.look().await.room, planner.viewer()).slots)
    }

    async fn as_planner(&self, planner: MeetingPlanner<'_>, command: Command) -> Result<Outcome, ServiceError> {
        let viewer = Arc::new(planner.viewer().clone());
        let id = CommandId::new(self.new_uuid());
        self.act(&viewer, planner.meeting(), id, Request::Command(command)).await
    }

    /// The account of whoever has this address: the guest who was invited with it before, or a new one.
    ///
    /// # Errors
    /// The field's message where it is no address, or a colleague's or another guest's.
    async fn guest_account(
        &self, planner: MeetingPlanner<'_>, email: &str, name: &str,
    ) -> Result<Account, ServiceError> {
        let directory = self.directory().await?;
        let known = self.inner.store.account(&super::account::written_address(email)).await?;
        let Some(known) = known else {
            let id = WorkerId::new(self.new_uuid());
            return Ok(Account::given(id, self.free_address(id, email).await?));
        };
        if !directory.is_guest(known.worker_id) {
            let message = format!(
                "{} is a colleague’s, with an account. The chair brings them in during the meeting.",
                known.email
            );
            return Err(ServiceError::field("email", message));
        }
        // Whoever holds the next code reads what is left to this guest elsewhere.
        if known.ended_at.is_some() || !self.plans_all_of(planner, known.worker_id).await? {
            let message = format!(
                "{} cannot be invited here: it is a guest of other discussions, or its account has ended. Use another address of theirs.",
                known.email
            );
            return Err(ServiceError::field("email", message));
        }
        let before = directory.name(known.worker_id);
        if before.to_lowercase() != name.to_lowercase() {
            let message = format!(
                "{} is the address of {before}, who was invited before. Each guest has an address of their own.",
                known.email
            );
            return Err(ServiceError::field("email", message));
        }
        Ok(known)
    }

    /// Whether the planner plans or runs every meeting that a guest was invited to, and reads the discussions.
    async fn plans_all_of(&self, planner: MeetingPlanner<'_>, guest: WorkerId) -> Result<bool, ServiceError> {
        let viewer = planner.viewer();
        for (meeting, slot) in self.inner.store.brought_in_for(guest).await? {
            let Some(live) = self.live(meeting).await? else { continue };
            let state = live.look().await;
            let plans = MeetingPlanner::of(&state.room, viewer).is_some();
            let reads = state.room.slot(slot).is_none_or(|slot| state.room.reads(viewer, slot));
            if !plans || !reads {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn keep_guest(&self, account: &Account, (name, role): (&str, &str)) -> Result<(), ServiceError> {
        let (worker, now) = (account.worker_id, self.inner.clock.now());
        let known = self.directory().await?.workers.get(&worker).cloned();
        let guest = known.unwrap_or_else(|| Worker {
            id: worker,
            source_id: None,
            staff_id: String::new(),
            name: name.to_owned(),
            job_title: String::new(),
            discipline: GUEST.to_owned(),
            team_id: None,
            by_hand: true,
            in_post_since: now,
        });
        let mut tx = self.inner.store.begin().await?;
        tx.keep_worker(&Worker { job_title: role.to_owned(), ..guest }).await?;
        if self.inner.store.account_of(worker).await?.is_none() {
            tx.keep_account(account, now).await?;
        }
        tx.commit().await?;
        self.rights_changed().await
    }

    async fn make_code(
        &self, planner: MeetingPlanner<'_>, worker: WorkerId, caller: Caller<'_>, signs_out: bool,
    ) -> Result<GuestCode, ServiceError> {
        let now = self.inner.clock.now();
        if !self.directory().await?.is_guest(worker) || !self.plans_all_of(planner, worker).await? {
            return Err(ServiceError::NotFound);
        }
        let code = new_code();
        let until = self.code_until(planner.meeting(), now).await?;
        let password_hash = self.inner.passwords.hash(code.clone()).await;
        let by = planner.viewer().worker;
        let mut tx = self.inner.store.begin().await?;
        if !tx.set_code(worker, &password_hash, until).await? {
            return Err(ServiceError::NotFound);
        }
        if signs_out {
            tx.end_sessions_of(worker, &[]).await?;
        }
        tx.note_account(self.new_uuid(), &note(by, worker, AccountAct::GuestInvited, now, caller)).await?;
        tx.commit().await?;
        let made = SecurityEvent::Account { by: Some(by), whose: worker, what: AccountAct::GuestInvited };
        self.rights_changed_by(made, caller.address).await?;
        Ok(GuestCode { name: self.directory().await?.name(worker).to_owned(), code: grouped(&code), until })
    }

    /// The end of the meeting's day, in London; a day from now once it has passed.
    async fn code_until(&self, meeting: MeetingId, now: DateTime<Utc>) -> Result<DateTime<Utc>, ServiceError> {
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let day = live.look().await.room.held_on;
        let end = day.checked_add_days(Days::new(1)).map(|next| dates::from_london(next.and_time(NaiveTime::MIN)));
        let end = end.filter(|end| *end > now).unwrap_or(now + TimeDelta::days(1));
        Ok(end.min(now + CODE_WORKS))
    }
}

fn note(by: WorkerId, worker_id: WorkerId, what: AccountAct, at: DateTime<Utc>, caller: Caller<'_>) -> AccountNote {
    AccountNote { at, by_worker: Some(by.uuid()), worker_id, what, address: caller.address.to_owned() }
}

fn new_code() -> String {
    random::<LENGTH>().into_iter().map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])).collect()
}

fn grouped(code: &str) -> String {
    code.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}

/// A code as it was made, however it was typed: small letters, spaces, an O for a zero.
pub(super) fn code_as_made(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric).map(|letter| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = new_code();
        assert_eq!(code.len(), LENGTH);
        assert_eq!(code_as_made(&grouped(&code)), code);
        assert_eq!(code_as_made(&format!(" {} ", grouped(&code).to_lowercase().replace('-', " "))), code);
        assert_eq!(code_as_made("o1l-I0"), "01110");
        assert_eq!(grouped("K7QM2XPDRT9W"), "K7QM-2XPD-RT9W");
    }
}

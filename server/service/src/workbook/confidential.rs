//! Confidential looks: asked for with a reason, agreed to by two leads, opened for an hour, looked at afterwards by the leads.

use crate::access::CONFIDENTIAL;
use crate::people::confirmation::ConfirmedIdentity;
use crate::people::second::Post;
use crate::security::{SecurityEvent, tell};
use crate::workbook::opening::for_an_hour;
use crate::{Service, ServiceError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::policy::{LEADS, LONGEST_REASON, Lead, LookState, OPEN_FOR, Opener};
use domain::record::Named;
use domain::status::{LookAnswer, OpeningKind};
use domain::viewer::Viewer;
use domain::{FamilyId, OpeningId, WorkerId};
use store::access::AccessEntry;
pub use store::confidential::{AnswerToLook, ConfidentialLook};

/// So long a look is listed.
const LISTED: TimeDelta = TimeDelta::days(366);

/// A look as whoever asked for it, or a lead, sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookLine {
    /// The look.
    pub look: ConfidentialLook,
    /// Who asked, with discipline.
    pub who: String,
    /// The family's reference.
    pub reference: String,
    /// What leads answered: who, and their words.
    pub answers: Vec<(String, AnswerToLook)>,
    /// How far it is.
    pub state: LookState,
    /// Whether something is asked of the viewer.
    pub asks: bool,
    /// For leads, once it was opened: what was looked at, oldest first.
    pub seen: Vec<AccessEntry>,
}

/// The confidential looks of one viewer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MyLooks {
    /// Those they asked for, newest first.
    pub asked: Vec<LookLine>,
    /// Those they answer as a lead: what waits for them first.
    pub to_answer: Vec<LookLine>,
}

impl Service {
    /// Asks two leads to agree to a confidential look.
    ///
    /// # Errors
    /// Field by field what cannot be used; a message where there are not two leads who could agree.
    pub async fn ask_for_look(
        &self, opener: Opener<'_>, confirmed: ConfirmedIdentity, (reference, reason): (&str, &str), from: &str,
    ) -> Result<(), ServiceError> {
        let viewer = opener.viewer();
        confirmed.is_of(viewer)?;
        let (family, reason) = self.family_to_open(viewer, (reference, reason), from).await?;
        let family = family.id;
        if self.family_reader(viewer, family).await.is_ok() {
            let message = "You read this family already; what you look at is written down as always.";
            return Err(ServiceError::field("reference", message));
        }
        if self.leads_for(viewer.worker, family).await? < LEADS {
            let message =
                "There are not two leads who could agree to this look. An administrator names them under Roles.";
            return Err(ServiceError::field("reason", message));
        }
        let look = ConfidentialLook {
            id: OpeningId::new(self.new_uuid()),
            family_id: family,
            worker_id: viewer.worker,
            reason,
            asked_at: self.inner.clock.now(),
            opened_at: None,
        };
        let mut tx = self.inner.store.begin().await?;
        tx.ask_for_look(&look).await?;
        tx.commit().await?;
        tell(SecurityEvent::ConfidentialLook { by: viewer.worker, family, what: "asked" }, from);
        Ok(())
    }

    /// How many leads could answer what somebody asks for about a family.
    async fn leads_for(&self, asker: WorkerId, family: FamilyId) -> Result<usize, ServiceError> {
        let mut leads = 0;
        for worker in self.leads().await? {
            let lead = self.viewer(worker).await?;
            leads += usize::from(self.is_lead_for(&lead, asker, family).await?);
        }
        Ok(leads)
    }

    /// Whether somebody is a lead for what is asked about a family: whoever reads it, as its manager does, is told of nothing.
    async fn is_lead_for(&self, viewer: &Viewer, asker: WorkerId, family: FamilyId) -> Result<bool, ServiceError> {
        if Lead::of(viewer, asker, family).is_none() {
            return Ok(false);
        }
        match self.family_reader(viewer, family).await {
            Ok(_) => Ok(false),
            Err(ServiceError::NotFound) => Ok(!self.closed_to(viewer).await?.contains(&family)),
            Err(error) => Err(error),
        }
    }

    /// What the viewer asked for, and what they answer as a lead.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn my_looks(&self, viewer: &Viewer) -> Result<MyLooks, ServiceError> {
        let mut mine = MyLooks::default();
        for line in self.look_lines(viewer).await? {
            let opened = matches!(line.state, LookState::Opened { .. });
            // What was seen is for those who agreed to it.
            let theirs = !opened || agreed(&line).contains(&viewer.worker);
            if viewer.is(line.look.worker_id) {
                mine.asked.push(LookLine { asks: line.state == LookState::Agreed, ..line });
            } else if theirs && self.is_lead_for(viewer, line.look.worker_id, line.look.family_id).await? {
                let seen = self.seen_in(&line.look).await?;
                mine.to_answer.push(LookLine { seen, ..line });
            }
        }
        mine.to_answer.sort_by_key(|line| !line.asks);
        Ok(mine)
    }

    /// How many confidential looks wait for the viewer.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn looks_waiting(&self, viewer: &Viewer) -> Result<usize, ServiceError> {
        if !viewer.leads {
            return Ok(0);
        }
        Ok(self.my_looks(viewer).await?.to_answer.iter().filter(|line| line.asks).count())
    }

    /// Agrees to a look, or says no.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to answer, or answered; the message where they are not another person
    /// than whoever asked or agreed before.
    pub async fn answer_look(
        &self, viewer: &Viewer, id: OpeningId, (agrees, words): (bool, &str), from: &str,
    ) -> Result<(), ServiceError> {
        let line = self.look_to_answer(viewer, id).await?;
        if !matches!(line.state, LookState::Asked { .. }) {
            return Err(ServiceError::NotFound);
        }
        if agrees {
            self.seconds(viewer, Post::Leads, (line.look.worker_id, line.look.asked_at)).await?;
            for agreed in agreed(&line) {
                self.leads_apart((viewer.worker, agreed), line.look.asked_at).await?;
            }
        }
        let answer = if agrees { LookAnswer::Agreed } else { LookAnswer::Refused };
        self.keep_answer(viewer, &line.look, (answer, words), from).await
    }

    /// Writes what a lead found about a look that was opened.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs, not opened, or they have.
    pub async fn review_look(
        &self, viewer: &Viewer, id: OpeningId, words: &str, from: &str,
    ) -> Result<(), ServiceError> {
        let line = self.look_to_answer(viewer, id).await?;
        if !matches!(line.state, LookState::Opened { .. }) {
            return Err(ServiceError::NotFound);
        }
        if words.trim().is_empty() {
            return Err(ServiceError::field("words", "What you found is empty. Fill it in."));
        }
        self.keep_answer(viewer, &line.look, (LookAnswer::Reviewed, words), from).await
    }

    /// Opens for an hour what two leads agreed to, for whoever asked. It is written into the access log first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs, or not agreed to, or its time is over.
    pub async fn open_look(
        &self, opener: Opener<'_>, confirmed: ConfirmedIdentity, id: OpeningId, from: &str,
    ) -> Result<FamilyId, ServiceError> {
        let viewer = opener.viewer();
        confirmed.is_of(viewer)?;
        let lines = self.look_lines(viewer).await?;
        let line = lines.into_iter().find(|line| line.look.id == id && line.look.worker_id == viewer.worker);
        let line = line.filter(|line| line.state == LookState::Agreed).ok_or(ServiceError::NotFound)?;
        // Two who answered in the same moment did not see each other.
        let leads = agreed(&line);
        for (at, one) in leads.iter().enumerate() {
            for other in &leads[at + 1..] {
                self.leads_apart((*one, *other), line.look.asked_at).await?;
            }
        }
        let (now, look) = (self.inner.clock.now(), line.look);
        let (kind, reason) = (OpeningKind::Confidential, look.reason);
        let opening = for_an_hour(id, (viewer.worker, look.family_id), (kind, reason), now);
        self.note_opening(viewer, &opening, from).await?;
        let mut tx = self.inner.store.begin().await?;
        if !tx.open_look(id, now).await? {
            return Err(ServiceError::NotFound);
        }
        tx.open_family(&opening).await?;
        tx.commit().await?;
        tell(SecurityEvent::ConfidentialLook { by: viewer.worker, family: opening.family_id, what: "opened" }, from);
        Ok(opening.family_id)
    }

    async fn look_to_answer(&self, viewer: &Viewer, id: OpeningId) -> Result<LookLine, ServiceError> {
        let line = self.look_lines(viewer).await?.into_iter().find(|line| line.look.id == id);
        let line = line.filter(|line| line.asks).ok_or(ServiceError::NotFound)?;
        let theirs = self.is_lead_for(viewer, line.look.worker_id, line.look.family_id).await?;
        if theirs { Ok(line) } else { Err(ServiceError::NotFound) }
    }

    async fn keep_answer(
        &self, viewer: &Viewer, look: &ConfidentialLook, (answer, words): (LookAnswer, &str), from: &str,
    ) -> Result<(), ServiceError> {
        let mut errors = crate::form::FormErrors::default();
        let words = errors.text("words", "What you say", words, LONGEST_REASON, false);
        errors.done()?;
        let (at, worker_id) = (self.inner.clock.now(), viewer.worker);
        let mut tx = self.inner.store.begin().await?;
        if !tx.answer_look(&AnswerToLook { look_id: look.id, worker_id, at, answer, words }).await? {
            return Err(ServiceError::NotFound);
        }
        tx.commit().await?;
        let what = answer.word();
        tell(SecurityEvent::ConfidentialLook { by: worker_id, family: look.family_id, what }, from);
        Ok(())
    }

    async fn look_lines(&self, viewer: &Viewer) -> Result<Vec<LookLine>, ServiceError> {
        let (directory, now) = (self.directory().await?, self.inner.clock.now());
        let looks = self.inner.store.confidential_looks(now - LISTED).await?;
        let answers = self.inner.store.answers_to_looks(now - LISTED).await?;
        let mut lines = Vec::new();
        for look in looks {
            let of_look: Vec<AnswerToLook> =
                answers.iter().filter(|answer| answer.look_id == look.id).cloned().collect();
            let words: Vec<LookAnswer> = of_look.iter().map(|answer| answer.answer).collect();
            let mine: Vec<LookAnswer> =
                of_look.iter().filter(|answer| answer.worker_id == viewer.worker).map(|answer| answer.answer).collect();
            let state = LookState::of(&words, look.asked_at, look.opened_at.is_some(), now);
            let family = self.inner.store.family(look.family_id).await?;
            lines.push(LookLine {
                who: directory.names.get(&look.worker_id).map(Named::in_words).unwrap_or_default(),
                reference: family.map(|family| family.reference).unwrap_or_default(),
                answers: of_look
                    .into_iter()
                    .map(|answer| (directory.name(answer.worker_id).to_owned(), answer))
                    .collect(),
                asks: state.asks(&mine),
                seen: Vec::new(),
                state,
                look,
            });
        }
        Ok(lines)
    }

    async fn seen_in(&self, look: &ConfidentialLook) -> Result<Vec<AccessEntry>, ServiceError> {
        let Some(opened) = look.opened_at else { return Ok(Vec::new()) };
        let times: (DateTime<Utc>, DateTime<Utc>) = (opened, opened + OPEN_FOR);
        let entries = self.inner.store.accesses_in_opening(look.worker_id, look.family_id, times).await?;
        Ok(entries.into_iter().filter(|entry| entry.allowed_by == CONFIDENTIAL).collect())
    }
}

/// The leads who agreed to a look.
fn agreed(line: &LookLine) -> Vec<WorkerId> {
    let agreed = line.answers.iter().filter(|(_, answer)| answer.answer == LookAnswer::Agreed);
    agreed.map(|(_, answer)| answer.worker_id).collect()
}

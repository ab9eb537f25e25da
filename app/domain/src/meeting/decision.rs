//! Decisions, and where each worker stands beside them.
//!
//! Nobody votes: the chair decides and confirms, stances and reasons stay beside the decision, and
//! silence or absence is never agreement.

use super::{Room, Slot};
use crate::mark::{Mark, Marked, Own};
use crate::template::Template;
use crate::{DecisionId, PersonId, StepId, WorkerId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Who makes this decision real.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// The meeting decides.
    #[default]
    DecidedHere,
    /// Somebody else does; the meeting recommends.
    RecommendedTo {
        /// Whom: "strategy discussion", "legal planning meeting".
        whom: String,
    },
}

impl Route {
    /// "Decided here" or "Recommended to the legal planning meeting".
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::DecidedHere => "Decided here".to_owned(),
            Self::RecommendedTo { whom } => format!("Recommended to {whom}"),
        }
    }
}

/// What is to be decided, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Key of the kind in the template.
    pub kind: String,
    /// Who makes it real.
    pub route: Route,
    /// The decision in the room's own words, where the kind does not say it all.
    #[serde(default)]
    pub what: String,
    /// The reason.
    pub why: String,
}

impl Wording {
    /// The name of its kind in the template.
    #[must_use]
    pub fn title(&self, template: &Template) -> String {
        template.kind(&self.kind).map_or_else(|| self.kind.clone(), |kind| kind.title.clone())
    }

    /// "Continue. Decided here. Mornings are calm": all of it in one line.
    #[must_use]
    pub fn in_words(&self, template: &Template) -> String {
        let parts = [self.title(template), self.route.title(), self.what.clone(), self.why.clone()];
        parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(". ")
    }
}

/// Where one worker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Agrees.
    Agree,
    /// Agrees with reservations.
    Reservations,
    /// Disagrees.
    Disagree,
}

impl Position {
    /// All three, with form word and title.
    pub const CHOICES: [(Self, &'static str, &'static str); 3] = [
        (Self::Agree, "agree", "Agree"),
        (Self::Reservations, "reservations", "Agree with reservations"),
        (Self::Disagree, "disagree", "Disagree"),
    ];

    /// The position behind a form's word.
    #[must_use]
    pub fn chosen(word: &str) -> Option<Self> {
        Self::CHOICES.into_iter().find(|(_, name, _)| *name == word).map(|(position, ..)| position)
    }

    /// "disagree. He was outside the school": without a full stop, so that words can follow.
    #[must_use]
    pub fn with_reason(self, reason: &str) -> String {
        let (title, reason) = (self.title().to_lowercase(), reason.trim().trim_end_matches('.'));
        if reason.is_empty() { title } else { format!("{title}. {reason}") }
    }

    /// What people read.
    #[must_use]
    pub fn title(self) -> &'static str {
        Self::CHOICES.into_iter().find(|(position, ..)| *position == self).map_or("", |(.., title)| title)
    }
}

/// One worker's stance on one wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stance {
    /// Where they stand.
    pub position: Position,
    /// Why; empty means "reason to follow" unless they agree.
    pub reason: Marked<String>,
    /// The wording it was given on.
    pub revision: u32,
    /// When it was given; a reason that followed changes nothing of it.
    pub at: DateTime<Utc>,
    /// Who recorded it, where they did not give it themselves.
    pub recorded_by: Option<WorkerId>,
    /// Whether the chair asked round the table and this was the answer.
    pub asked_round: bool,
}

impl Stance {
    /// Whose the words of this stance of `of` are, for `worker`.
    pub(super) fn own(&self, of: WorkerId, worker: WorkerId) -> Own {
        if of == worker {
            Own::Written
        } else if self.recorded_by == Some(worker) {
            Own::Recorded
        } else {
            Own::No
        }
    }

    /// Whether this is an objection that its author gave themselves.
    fn objects_themselves(&self) -> bool {
        self.recorded_by.is_none() && self.position != Position::Agree
    }

    /// Whether its author may still write its reason once the decision is confirmed: where they stand is settled, and a
    /// sentence that the confirmation came into is ended.
    #[must_use]
    pub fn completes_reason(&self) -> bool {
        self.reason_to_follow() || self.objects_themselves()
    }

    /// Whether a reason is still asked for: it is not there, and it is not one that this viewer may not read.
    #[must_use]
    pub fn reason_to_follow(&self) -> bool {
        self.position != Position::Agree && self.reason.trim().is_empty() && self.reason.mark != Mark::withheld()
    }
}

/// Where people stand on one wording: each of those who are asked is in one of five places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those who agree.
    pub agree: Vec<WorkerId>,
    /// Those who agree with reservations.
    pub reservations: Vec<WorkerId>,
    /// Those who disagree.
    pub disagree: Vec<WorkerId>,
    /// Those who have not answered, and are not marked as absent.
    pub silent: Vec<WorkerId>,
    /// Those who have not answered, and are not there.
    pub absent: Vec<WorkerId>,
}

/// The chair's confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Who.
    pub by: WorkerId,
    /// When.
    pub at: DateTime<Utc>,
    /// Present, asked for a stance, and did not answer on this wording.
    pub unanswered: BTreeSet<WorkerId>,
}

/// A confirmation that a later wording took the place of: the record says that it was, and who thought otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmedBefore {
    /// Who.
    pub by: WorkerId,
    /// When.
    pub at: DateTime<Utc>,
    /// The wording it was of.
    pub revision: u32,
    /// Who did not simply agree with that wording.
    pub objections: Vec<(WorkerId, Stance)>,
}

/// One decision on the table: for some children, in some wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// The children it is for.
    pub children: BTreeSet<PersonId>,
    /// The wording; absent until somebody words it. Its mark is about the reason.
    pub wording: Option<Marked<Wording>>,
    /// Earlier wordings by revision, so that a stance can say what it was given on.
    pub earlier: BTreeMap<u32, Wording>,
    /// Counts the wordings; 0 before the first.
    pub revision: u32,
    /// Where each worker stands.
    pub stances: BTreeMap<WorkerId, Stance>,
    /// The chair's confirmation of this revision.
    pub confirmed: Option<Confirmed>,
    /// When it was worded last, and by whom.
    pub worded: Option<(DateTime<Utc>, WorkerId)>,
    /// What somebody said themselves before another recorded something else for them: it is never lost by that.
    pub said_before: Vec<(WorkerId, Stance)>,
    /// Confirmations of earlier wordings, in order.
    pub confirmed_before: Vec<ConfirmedBefore>,
}

impl Decision {
    /// A decision not yet worded.
    #[must_use]
    pub const fn open(id: DecisionId, children: BTreeSet<PersonId>) -> Self {
        Self {
            id,
            children,
            wording: None,
            earlier: BTreeMap::new(),
            revision: 0,
            stances: BTreeMap::new(),
            confirmed: None,
            worded: None,
            said_before: Vec::new(),
            confirmed_before: Vec::new(),
        }
    }

    /// The step that its confirmation makes where it recommends something: one and the same, however often it is confirmed.
    #[must_use]
    pub fn first_step(&self) -> StepId {
        StepId::new(uuid::Uuid::new_v5(&self.id.uuid(), b"first step"))
    }

    /// Takes a stance. An objection of somebody's own stays beside what another records for them, until they say
    /// otherwise themselves.
    pub(super) fn stand(&mut self, worker: WorkerId, stance: Stance) {
        if stance.recorded_by.is_none() {
            self.said_before.retain(|(who, _)| *who != worker);
        } else if let Some(before) = self.stances.get(&worker).filter(|before| before.objects_themselves()) {
            self.said_before.push((worker, before.clone()));
        }
        self.stances.insert(worker, stance);
    }

    /// Takes one child out, for whom it is decided separately: in the same words until somebody words it otherwise. All are
    /// asked again, and where they stood on the common wording stays beside it.
    pub(super) fn apart(&mut self, id: DecisionId, child: PersonId, at: DateTime<Utc>, by: WorkerId) -> Self {
        self.children.remove(&child);
        let mut own = Self { id, children: BTreeSet::from([child]), ..self.clone() };
        if let Some(wording) = own.wording.clone() {
            own.reword(wording.content, at, by);
        }
        own
    }

    /// Takes another decision's children in. Who thought otherwise of that one is asked about this one, and not forgotten.
    pub(super) fn join(&mut self, apart: Self) {
        self.children.extend(apart.children);
        // What was said before they were put apart, both have.
        let said = apart.said_before.into_iter().filter(|said| !self.said_before.contains(said)).collect::<Vec<_>>();
        self.said_before.extend(said);
        let confirmed = apart.confirmed_before.into_iter().filter(|before| !self.confirmed_before.contains(before));
        let confirmed = confirmed.collect::<Vec<_>>();
        self.confirmed_before.extend(confirmed);
        for (worker, stance) in apart.stances.into_iter().filter(|(_, stance)| stance.position != Position::Agree) {
            match self.stances.get(&worker) {
                None => {
                    self.stances.insert(worker, Stance { revision: 0, ..stance });
                }
                Some(here) if here.recorded_by.is_some() && stance.objects_themselves() => {
                    self.said_before.push((worker, stance));
                }
                // They said themselves where they stand on this one.
                Some(_) => {}
            }
        }
    }

    /// Takes a new wording: it asks again, and no confirmation outlives it but as one that was.
    pub fn reword(&mut self, wording: Wording, at: DateTime<Utc>, by: WorkerId) {
        self.worded = Some((at, by));
        if let Some(confirmed) = self.confirmed.take() {
            let on_it = |stance: &Stance| stance.revision == self.revision && stance.position != Position::Agree;
            let objections = self.stances.iter().filter(|(_, stance)| on_it(stance));
            let objections = objections.map(|(worker, stance)| (*worker, stance.clone())).collect();
            let (by, at) = (confirmed.by, confirmed.at);
            self.confirmed_before.push(ConfirmedBefore { by, at, revision: self.revision, objections });
        }
        let mark = match self.wording.take() {
            Some(before) => {
                self.earlier.insert(self.revision, before.content);
                before.mark
            }
            None => Mark::default(),
        };
        self.wording = Some(Marked { content: wording, mark });
        self.revision += 1;
    }

    /// Whether this worker had reservations or disagreed, on this wording or an earlier one: they are asked
    /// themselves, and never counted in with all.
    #[must_use]
    pub fn objected(&self, worker: WorkerId) -> bool {
        self.stances.get(&worker).is_some_and(|stance| stance.position != Position::Agree)
    }

    /// Where those who belong to the discussion stand on the current wording.
    #[must_use]
    pub fn tally(&self, room: &Room, slot: &Slot) -> Tally {
        let mut tally = Tally::default();
        for worker in slot.members.keys().copied().filter(|worker| room.asked_for_stance(slot, *worker)) {
            let answer = self.stances.get(&worker).filter(|stance| stance.revision == self.revision);
            let among = match answer.map(|stance| stance.position) {
                Some(Position::Agree) => &mut tally.agree,
                Some(Position::Reservations) => &mut tally.reservations,
                Some(Position::Disagree) => &mut tally.disagree,
                None if slot.marked_absent(worker) => &mut tally.absent,
                None => &mut tally.silent,
            };
            among.push(worker);
        }
        tally
    }

    /// Whether this worker has said themselves where they stand on the current wording; what others recorded for them is not that.
    #[must_use]
    pub fn said_themselves(&self, worker: WorkerId) -> bool {
        self.stances.get(&worker).is_some_and(|stance| stance.revision == self.revision && stance.recorded_by.is_none())
    }

    /// Whether this worker stands somewhere on the current wording.
    #[must_use]
    pub fn answered(&self, worker: WorkerId) -> bool {
        self.stances.get(&worker).is_some_and(|stance| stance.revision == self.revision)
    }
}

//! A family's workbook as cards of a page.

use super::TitledText;
use super::safety_plan::SafetyPlanCard;
use crate::{AllocationId, FamilyId, MeetingId, PersonId, RecordId, StepId, WorkerId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A family as the team looks at it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FamilyCard {
    /// Its id.
    pub id: FamilyId,
    /// "FS-3012".
    pub reference: String,
    /// Children, eldest first.
    pub children: Vec<ChildCard>,
    /// Adults.
    pub adults: Vec<AdultCard>,
    /// Where it is safe to reach whom, from the safety plan: "Abigail: Tuesdays only"; empty where nobody has written it.
    pub safe_contact: String,
    /// Who works with them now.
    pub allocated: Vec<AllocatedCard>,
    /// The day last discussed.
    pub discussed: Option<NaiveDate>,
    /// "27 days ago".
    pub discussed_words: String,
    /// What somebody should look at: no social worker, due date passed.
    pub warnings: Vec<String>,
}

/// A family with its workbook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FamilyPage {
    /// The family.
    pub card: FamilyCard,
    /// Factors in words.
    pub factors: Vec<String>,
    /// Steps that are open, and those of the last meeting.
    pub steps: Vec<StepCard>,
    /// The newest that each person gave in their own words and the viewer reads, in the family's order.
    pub own_words: Vec<TitledText>,
    /// The safety plan, once there is one.
    pub safety_plan: Option<SafetyPlanCard>,
    /// The genogram as safe SVG, where anybody's ties are known.
    pub genogram: Option<String>,
    /// Each worker's latest summary.
    pub summaries: Vec<SummaryCard>,
    /// Earlier group supervisions, newest first.
    pub earlier: Vec<EarlierCard>,
    /// Words that came after a meeting, oldest first.
    pub late: Vec<LateCard>,
    /// Whether the workbook was left out for this viewer: what is not here may be there.
    pub reduced: bool,
}

impl FamilyPage {
    /// Leaves what names the family and its children, and nothing of the workbook.
    pub fn reduce(&mut self) {
        self.reduced = true;
        self.card.reduce();
        self.factors.clear();
        self.steps.clear();
        self.own_words.clear();
        self.safety_plan = None;
        self.genogram = None;
        self.summaries.clear();
        self.earlier.clear();
        self.late.clear();
    }
}

impl FamilyCard {
    /// "Ivy 3 years · Noah 7 months · unborn, due 14 February 2027".
    #[must_use]
    pub fn children_line(&self) -> String {
        self.children.iter().map(ChildCard::line).collect::<Vec<_>>().join(" · ")
    }

    /// First names of children and adults.
    #[must_use]
    pub fn first_names(&self) -> Vec<String> {
        let adults = self.adults.iter().filter_map(|adult| adult.name.split_whitespace().next());
        self.children.iter().map(|child| child.name.as_str()).chain(adults).map(str::to_owned).collect()
    }

    /// Leaves what names the family and its children, and nothing of the workbook.
    pub fn reduce(&mut self) {
        self.adults.clear();
        self.safe_contact.clear();
        self.allocated.clear();
        self.warnings.clear();
        for child in &mut self.children {
            child.plan.clear();
            child.seen.clear();
            child.needs.clear();
        }
    }

    /// The workers this card names.
    pub fn workers(&self) -> impl Iterator<Item = WorkerId> {
        self.allocated.iter().filter_map(|allocated| allocated.worker)
    }

    /// A child's first name; "a child" where they are not of this family any more.
    #[must_use]
    pub fn child_name(&self, id: PersonId) -> &str {
        self.children.iter().find(|child| child.id == id).map_or("a child", |child| child.name.as_str())
    }

    /// Children, eldest first, and adults, with what they are called on this page.
    pub fn people(&self) -> impl Iterator<Item = (PersonId, &str)> {
        let children = self.children.iter().map(|child| (child.id, child.name.as_str()));
        children.chain(self.adults.iter().map(|adult| (adult.id, adult.name.as_str())))
    }

    /// What a child or an adult is called on this page; "somebody" where they are not of this family any more.
    #[must_use]
    pub fn name_of(&self, id: PersonId) -> &str {
        self.people().find(|(person, _)| *person == id).map_or("somebody", |(_, name)| name)
    }

    /// Children in the family's order: eldest first, those unknown last.
    #[must_use]
    pub fn in_order(&self, children: impl IntoIterator<Item = PersonId>) -> Vec<PersonId> {
        let (mut ordered, mut unknown) = (vec![None; self.children.len()], Vec::new());
        for id in children {
            match self.children.iter().position(|child| child.id == id) {
                Some(at) => ordered[at] = Some(id),
                None => unknown.push(id),
            }
        }
        ordered.into_iter().flatten().chain(unknown).collect()
    }

    /// The kinds of plan of the children, each once, as the first child has it: "child protection plan, neglect, since 3 March 2026".
    #[must_use]
    pub fn plan_line(&self) -> String {
        let mut plans: Vec<&str> = Vec::new();
        for plan in self.children.iter().flat_map(|child| child.plan.split("; ")).filter(|plan| !plan.is_empty()) {
            let kind = |plan: &str| plan.split(", since").next().map(str::to_owned);
            if plans.iter().all(|other| kind(other) != kind(plan)) {
                plans.push(plan);
            }
        }
        plans.join("; ")
    }
}

/// A child of a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildCard {
    /// Their id.
    pub id: PersonId,
    /// First name; "unborn" where there is none yet.
    pub name: String,
    /// "3 years", "due 14 February 2027", "age not recorded".
    pub age: String,
    /// "child protection plan, neglect, since 3 March 2026"; empty for none.
    pub plan: String,
    /// "seen 12 November, alone 30 October", without the latter where it is said apart; empty where no visit is known.
    pub seen: String,
    /// "not seen alone since 20 April", where that is long ago; empty otherwise.
    pub long_not_alone: String,
    /// "hearing, special educational needs"; empty where none is told.
    pub needs: String,
    /// Whether they have died.
    pub has_died: bool,
}

impl ChildCard {
    /// "Ivy 3 years" or "unborn, due 14 February 2027".
    #[must_use]
    pub fn line(&self) -> String {
        let comma = if self.age.starts_with("due") { "," } else { "" };
        format!("{}{comma} {}", self.name, self.age)
    }
}

/// An adult of a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdultCard {
    /// Their id.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// "mother of Ivy and Noah", "father of Ivy, died 3 May 2026"; empty where nobody said.
    pub relation: String,
    /// When and how it is safe to reach them; empty where nobody has written it.
    pub contact: String,
    /// Whether they have died.
    pub has_died: bool,
}

impl AdultCard {
    /// "Abigail, mother of Ivy and Noah"; the name alone where nobody said what they are to the children.
    #[must_use]
    pub fn in_words(&self) -> String {
        if self.relation.is_empty() { self.name.clone() } else { format!("{}, {}", self.name, self.relation) }
    }
}

/// Somebody who works with a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocatedCard {
    /// The allocation, where it can be ended by hand.
    pub allocation: AllocationId,
    /// Who; absent where only a team or an unknown key is recorded.
    pub worker: Option<WorkerId>,
    /// Their name, "unknown worker 7999", or "allocated to team, no worker".
    pub name: String,
    /// Their discipline in words.
    pub discipline: String,
    /// Since when.
    pub since: NaiveDate,
    /// With whom: "Ivy and Noah".
    pub with: String,
}

/// A step agreed earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCard {
    /// Its id.
    pub id: StepId,
    /// What.
    pub what: String,
    /// Whose name.
    pub owner: String,
    /// Whether they do not work with the family any more, and somebody else takes it.
    pub owner_left: bool,
    /// Who may take it, by id and name, where the viewer hands it over.
    pub heirs: Vec<(WorkerId, String)>,
    /// Whether it is the viewer's own.
    pub mine: bool,
    /// Whether the viewer may say what became of it.
    pub answerable: bool,
    /// With whom.
    pub with: String,
    /// By when it is done now.
    pub due: Option<NaiveDate>,
    /// By when it was to be done when it was agreed, where that was another day.
    pub first_due: Option<NaiveDate>,
    /// The day it was agreed.
    pub agreed_on: NaiveDate,
    /// "open", "not_done" or "done".
    pub state: crate::status::StepStatus,
    /// A word why.
    pub word: String,
    /// How often a meeting carried it on.
    pub carried: i64,
    /// The family's reference.
    pub reference: String,
    /// Which family.
    pub family: FamilyId,
}

/// A worker's latest summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryCard {
    /// Whose.
    pub worker: WorkerId,
    /// Their name.
    pub name: String,
    /// Their discipline in words.
    pub discipline: String,
    /// "November 2026".
    pub month: String,
    /// Whether it is this month's.
    pub current: bool,
    /// Safe HTML.
    pub html: String,
}

/// One earlier group supervision of a family, for one child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierCard {
    /// The record.
    pub record: RecordId,
    /// The meeting.
    pub meeting: MeetingId,
    /// The day it was held.
    pub held_on: NaiveDate,
    /// Of which child.
    pub of: PersonId,
    /// The child's first name.
    pub child: String,
    /// The decision in one line.
    pub decision: String,
    /// Why.
    pub why: String,
}

/// Words that came after a family was finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateCard {
    /// For which meeting.
    pub meeting: MeetingId,
    /// The day it was held.
    pub held_on: NaiveDate,
    /// Whose.
    pub name: String,
    /// Their discipline in words.
    pub discipline: String,
    /// When it was filed.
    pub at: DateTime<Utc>,
    /// Safe HTML.
    pub html: String,
}

//! Minutes for one reader: the families they may see, no addresses, no marked text.

use crate::names::{file_name, first_name_in};
use crate::{Service, ServiceError};
use chrono::NaiveDate;
use domain::RecordId;
use domain::document::DRAFT;
use domain::mark::Mark;
use domain::meeting::{Area, Progress, Slot, view};
use domain::minutes::{ChildMinutes, FamilyMinutes, LateMinutes, Minutes};
use domain::policy::{MeetingReader, TeamStaff};
use domain::record::{self, LEFT_OUT, Record, RecordPart};
use domain::status::AccessKind;
use store::Uuid;
use store::access::AccessEntry;

/// Said at the top of every copy.
const NOTICE: &str = "For the team, not for the family. Do not send, print for or read out to family members: \
    each adult gets a message of their own.";

/// What a file of minutes is called: of which family, where it holds one alone, of which day and for whom, by first name.
#[must_use]
pub fn file_of(minutes: &Minutes, family: Option<&str>) -> String {
    let (day, reader) = (minutes.held_on.to_string(), first_name_in(&minutes.made_for));
    let draft = if minutes.status == DRAFT { "draft" } else { "" };
    file_name(&["minutes", family.unwrap_or_default(), &day, "for", reader, draft])
}

impl Service {
    /// The minutes of a meeting, or of the one family with this reference, for one reader. That they were given as
    /// `format` is written down.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not theirs to know.
    pub async fn minutes(
        &self, reader: MeetingReader<'_>, address: &str, part: Option<&str>, format: &str,
    ) -> Result<Minutes, ServiceError> {
        let (viewer, meeting) = (reader.viewer(), reader.meeting());
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let room = view(&live.look().await.room, viewer);
        let directory = self.directory().await?;
        let cards = self.cards(meeting.uuid(), viewer).await?;
        // What was corrected, completed and signed since the family was finished stands in the records.
        let records = self.inner.store.records_of_meeting(meeting).await?;
        let late = self.inner.store.late_of_meeting(meeting).await?;
        let now = self.inner.clock.now();
        let (mut withheld, mut ended, mut passages) = (0, 0, false);
        let (mut families, mut given) = (Vec::new(), Vec::new());
        let made_for = directory.name(viewer.worker).to_owned();
        let serves = TeamStaff::of(viewer, Some(room.team)).is_some();
        let allowed_by = if serves { "serves the meeting’s team" } else { "takes part in the meeting" };
        let mut unsigned = false;
        for slot in &room.slots {
            // A guest takes no drafts of records away: what is theirs is asked for by `own_parts`.
            let Some(family) = slot.family.filter(|_| !viewer.guest) else { continue };
            if slot.progress == Progress::Waiting {
                continue;
            }
            let Some(card) = cards.get(&family) else { continue };
            if part.is_some_and(|reference| reference != card.reference) {
                continue;
            }
            withheld += slot.boxes.values().filter(|text| text.withheld || !text.mark.is_open()).count();
            let frozen = matches!(slot.progress, Progress::Finished { .. });
            let recorded = |child: &&domain::PersonId| {
                // A record that is not here any more is not drafted anew.
                !frozen || records.iter().any(|record| (record.slot, record.child) == (slot.id, **child))
            };
            // Of a family that nobody discussed or wrote about there is nothing to say but that.
            let nothing =
                slot.begun_at.is_none() && slot.boxes.values().all(|text| text.prose.text().trim().is_empty());
            ended += slot.children.iter().filter(|child| !recorded(child)).count();
            let children = slot.children.iter().filter(recorded).map(|child| {
                let id = RecordId::new(Uuid::nil());
                let kept = records.iter().find(|record| (record.slot, record.child) == (slot.id, *child)).cloned();
                let drafted = || record::draft(&room, slot, family, *child, id, now, &directory.names);
                let mut record = kept.unwrap_or_else(drafted);
                passages |= has_passages(&record);
                withheld += without_marked(&mut record);
                let entry = card.children.iter().find(|entry| entry.id == *child);
                ChildMinutes {
                    name: entry.map_or_else(|| "a child".to_owned(), |entry| entry.name.clone()),
                    age: entry.map(|entry| entry.age.clone()).unwrap_or_default(),
                    record,
                }
            });
            let mut children: Vec<ChildMinutes> = if nothing { Vec::new() } else { children.collect() };
            // A postponed family has no record to be signed; one that is still discussed will have.
            unsigned |= match slot.progress {
                Progress::Postponed { .. } => false,
                Progress::Finished { .. } => children.iter().any(|child| !child.record.signed()),
                Progress::Waiting | Progress::InDiscussion { .. } => true,
            };
            children.sort_by_key(|child| card.children.iter().position(|entry| entry.id == child.record.child));
            given.push(AccessEntry {
                made_for: made_for.clone(),
                meeting_id: Some(meeting.uuid()),
                allowed_by: allowed_by.to_owned(),
                ..self.access_entry(viewer, address, family, (AccessKind::Minutes, format))
            });
            families.push(FamilyMinutes {
                reference: card.reference.clone(),
                state: state_words(slot),
                children,
                late: late
                    .iter()
                    .filter(|late| late.family_id == family)
                    .map(|late| LateMinutes {
                        who: directory
                            .names
                            .get(&late.worker_id)
                            .map_or_else(|| "unknown worker".to_owned(), record::Named::in_words),
                        at: late.at,
                        text: late.text.clone(),
                    })
                    .collect(),
            });
        }
        let seen = families.iter().flat_map(|family: &FamilyMinutes| &family.children);
        let signed = !unsigned && seen.clone().any(|child| child.record.signed());
        let status = if signed { "Signed" } else { DRAFT };
        self.write_accesses(&given).await?;
        let hidden = room.slots.iter().filter(|slot| slot.family.is_none()).count();
        let mut left_out = left_out(hidden, withheld, ended);
        if passages {
            left_out.push(format!("Passages that are in no copies: {LEFT_OUT} stands where they are."));
        }
        if part.is_some() {
            left_out.push("Other families of this meeting.".to_owned());
        }
        Ok(Minutes {
            meeting,
            council: self.inner.outside.council.clone(),
            team: directory.team(room.team).to_owned(),
            held_on: room.held_on,
            made_for,
            made_at: now,
            status: status.to_owned(),
            notice: NOTICE.to_owned(),
            left_out,
            chair: directory.name(room.chair).to_owned(),
            record_taker: room.record_taker.map(|taker| directory.name(taker).to_owned()),
            handovers: domain::record::handovers(&room, None, &directory.names)
                .iter()
                .map(domain::document::handover_words)
                .collect(),
            families,
        })
    }
}

/// What is left, of a meeting that is over, to somebody who was there for the day only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPart {
    /// The family's reference.
    pub reference: String,
    /// Their own words, as Markdown.
    pub words: String,
    /// The steps in their name: what, and by when.
    pub steps: Vec<(String, Option<NaiveDate>)>,
}

impl Service {
    /// The own words and steps of somebody who was in a closed meeting as guest, chair or record-taker of the day, of
    /// each family whose record is not signed yet.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not theirs to know.
    pub async fn own_parts(&self, reader: MeetingReader<'_>) -> Result<Vec<OwnPart>, ServiceError> {
        let (viewer, meeting) = (reader.viewer(), reader.meeting());
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let records = self.inner.store.records_of_meeting(meeting).await?;
        let state = live.look().await;
        let me = viewer.worker;
        let mut parts = Vec::new();
        for slot in state.room.slots.iter().filter(|slot| state.room.keeps_own(viewer, slot)) {
            let of_slot: Vec<&Record> = records.iter().filter(|record| record.slot == slot.id).collect();
            let Some(family) = slot.family.filter(|_| of_slot.iter().any(|record| !record.signed())) else { continue };
            let owned = slot.steps.iter().filter(|step| step.draft.owner.worker() == Some(me));
            let part = OwnPart {
                reference: self.inner.store.family(family).await?.map(|row| row.reference).unwrap_or_default(),
                words: slot.boxes.get(&Area::Analysis(me)).map(|text| text.prose.text()).unwrap_or_default(),
                steps: owned.map(|step| (step.draft.what.clone(), step.draft.due)).collect(),
            };
            if !part.words.is_empty() || !part.steps.is_empty() {
                parts.push(part);
            }
        }
        Ok(parts)
    }
}

/// Takes out what is marked on the record; gives how many parts the meeting itself does not count.
fn without_marked(record: &mut Record) -> usize {
    let of_the_meeting =
        |part: &RecordPart| matches!(part, RecordPart::Heard { .. } | RecordPart::Meaning | RecordPart::Life);
    let marked = |part: &RecordPart| record.mark_of(*part).is_some_and(|mark| !mark.is_open());
    let count = record.parts().iter().filter(|part| marked(part) && !of_the_meeting(part)).count();
    record.leave_out_marked();
    count
}

/// Whether a passage of it, in a part that the minutes hold, is kept out of copies.
fn has_passages(record: &Record) -> bool {
    let open = |part: &RecordPart| record.mark_of(*part).is_some_and(Mark::is_open);
    record.parts().iter().any(|part| open(part) && record.words(*part).is_some_and(|words| !words.passages.is_empty()))
}

fn state_words(slot: &Slot) -> String {
    match slot.progress {
        Progress::Postponed { .. } if slot.begun_at.is_none() => "Not discussed: the family stays due",
        Progress::Waiting => "Not started",
        Progress::InDiscussion { .. } => "Not finished",
        Progress::Finished { .. } => "Finished",
        Progress::Postponed { .. } => "Postponed: what was heard is kept, nothing was decided, the family stays due",
    }
    .to_owned()
}

fn left_out(hidden: usize, withheld: usize, ended: usize) -> Vec<String> {
    let mut left = vec![domain::document::copy::ADDRESSES.to_owned()];
    if hidden > 0 {
        left.push(format!("{hidden} other {} of this meeting.", if hidden == 1 { "family" } else { "families" }));
    }
    if ended > 0 {
        left.push(format!(
            "{ended} {} not held here any more.",
            if ended == 1 { "record that is" } else { "records that are" }
        ));
    }
    if withheld > 0 {
        left.push(format!(
            "{withheld} {} marked; those who may read {} find it in the meeting itself.",
            if withheld == 1 { "contribution that its writer" } else { "contributions that their writers" },
            if withheld == 1 { "it" } else { "them" }
        ));
    }
    left
}

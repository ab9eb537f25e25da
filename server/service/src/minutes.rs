//! Minutes for one reader: the families they may see, no addresses, no marked text.

use crate::{Service, ServiceError};
use domain::meeting::{Mark, Progress, Room, view};
use domain::minutes::{ChildMinutes, FamilyMinutes, LateMinutes, Minutes};
use domain::record::{self, Record};
use domain::viewer::Viewer;
use domain::{MeetingId, RecordId, dates};
use store::Uuid;
use store::export::Export;

/// Said at the top of every copy.
const NOTICE: &str = "For the team, not for the family. Do not send, print for or read out to family members: \
    each adult gets a message of their own.";

impl Service {
    /// The minutes of a meeting, for one reader, and a note that they were taken away as `format`.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the meeting is not theirs to know.
    pub async fn minutes(&self, viewer: &Viewer, meeting: MeetingId, format: &str) -> Result<Minutes, ServiceError> {
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let room = {
            let state = live.look().await;
            if !state.room.known_to(viewer) {
                return Err(ServiceError::NotFound);
            }
            view(&state.room, viewer)
        };
        let directory = self.directory().await?;
        let cards = self.cards(meeting.uuid(), viewer).await?;
        // What was corrected, completed and signed since the family was finished stands in the records.
        let mut records = self.inner.store.records(meeting.uuid()).await?;
        records.retain(|record| record.meeting == meeting);
        let late = self.inner.store.late_contributions(meeting.uuid()).await?;
        let now = self.inner.clock.now();
        let (mut withheld, mut ended) = (0, 0);
        let mut families = Vec::new();
        for slot in &room.slots {
            let Some(family) = slot.family else { continue };
            if slot.progress == Progress::Waiting {
                continue;
            }
            let Some(card) = cards.get(&family) else { continue };
            withheld +=
                slot.boxes.values().filter(|text| text.withheld || text.sealed || text.mark != Mark::None).count();
            let frozen = matches!(slot.progress, Progress::Finished { .. });
            let recorded = |child: &&domain::PersonId| {
                // A record that is not here any more is not drafted anew.
                !frozen || records.iter().any(|known| (known.slot, known.child) == (slot.id, **child))
            };
            ended += slot.children.iter().filter(|child| !recorded(child)).count();
            let children = slot.children.iter().filter(recorded).map(|child| {
                let id = RecordId::new(Uuid::nil());
                let kept = records.iter().find(|known| (known.slot, known.child) == (slot.id, *child)).cloned();
                let drafted = || record::draft(&room, slot, family, *child, id, now, &directory.names);
                let mut record = kept.unwrap_or_else(drafted);
                withheld += without_marked(&mut record);
                let told = card.children.iter().find(|told| told.id == *child);
                ChildMinutes {
                    name: told.map_or_else(|| "a child".to_owned(), |told| told.name.clone()),
                    age: told.map(|told| told.age.clone()).unwrap_or_default(),
                    record,
                }
            });
            let mut children: Vec<ChildMinutes> = children.collect();
            children.sort_by_key(|child| card.children.iter().position(|told| told.id == child.record.child));
            families.push(FamilyMinutes {
                reference: card.reference.clone(),
                state: state_words(&slot.progress),
                children,
                late: late
                    .iter()
                    .filter(|late| late.meeting_id == meeting && late.family_id == family)
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
        let signed = !families.is_empty() && seen.clone().all(|child| child.record.signed());
        let status = if signed { "Signed" } else { domain::document::DRAFT };
        let references = families.iter().map(|family| family.reference.clone()).collect::<Vec<_>>().join(", ");
        self.note_export(viewer, meeting, format, references).await?;
        let hidden = room.slots.iter().filter(|slot| slot.family.is_none()).count();
        Ok(Minutes {
            meeting,
            council: self.inner.outside.council.clone(),
            team: directory.team(room.team).to_owned(),
            held_on: room.held_on,
            made_for: directory.name(viewer.worker).to_owned(),
            made_at: now,
            status: status.to_owned(),
            notice: NOTICE.to_owned(),
            left_out: left_out(hidden, withheld, ended),
            chair: directory.name(room.chair).to_owned(),
            record_taker: room.record_taker.map(|taker| directory.name(taker).to_owned()),
            handovers: handovers(&room, &directory),
            families,
        })
    }

    async fn note_export(
        &self, viewer: &Viewer, meeting: MeetingId, format: &str, families: String,
    ) -> Result<(), ServiceError> {
        let export = Export {
            worker_id: viewer.worker,
            meeting_id: meeting,
            format: format.to_owned(),
            families,
            at: self.inner.clock.now(),
            made_for: String::new(),
            approved_by: String::new(),
            record_id: None,
        };
        self.note_copy(&export).await
    }

    /// Who took minutes away, for those who serve the teams, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn exports(&self, viewer: &Viewer) -> Result<Vec<(String, Export)>, ServiceError> {
        let directory = self.directory().await?;
        let mut exports = Vec::new();
        for team in viewer.manages.union(&viewer.records) {
            let of_team = self.inner.store.exports(*team, 200).await?;
            exports.extend(of_team.into_iter().map(|export| (directory.name(export.worker_id).to_owned(), export)));
        }
        exports.sort_by_key(|(_, export)| std::cmp::Reverse(export.at));
        Ok(exports)
    }
}

/// Takes out what is marked on the record; gives how many parts the meeting itself does not count.
fn without_marked(record: &mut Record) -> usize {
    let marked = record.kept_from.len();
    record.heard.retain(|heard| heard.mark == Mark::None);
    if record.meaning_mark != Mark::None {
        record.meaning.clear();
    }
    record.hold_back(&|_| false);
    record.life.addenda.retain(|added| added.kept_from.is_empty());
    marked
}

fn state_words(progress: &Progress) -> String {
    match progress {
        Progress::Waiting => "Not started",
        Progress::InDiscussion { .. } => "Not finished",
        Progress::Finished { .. } => "Finished",
        Progress::Adjourned { .. } => "Adjourned: what was heard is kept, nothing was decided, the family stays due",
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

fn handovers(room: &Room, directory: &crate::Directory) -> Vec<String> {
    room.handovers
        .iter()
        .map(|change| {
            let at = dates::clock(change.at);
            let by = directory.name(change.by);
            match change.to {
                Some(to) if change.taken => format!("{at}: {} took over {}.", directory.name(to), change.what),
                Some(to) => format!("{at}: {by} handed {} to {}.", change.what, directory.name(to)),
                None => format!("{at}: {} went back to the chair.", change.what),
            }
        })
        .collect()
}

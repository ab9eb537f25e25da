//! The headings of the discussion: a list one can look into and come back from. The room is at one of them.

use domain::meeting::{Area, Progress, Room, Slot};
use domain::template::Part;
use domain::{PersonId, SlotId};
use leptos::prelude::*;

use super::Live;
use super::agenda::{self, in_sight};
use super::{open_row, scene, views};
use crate::parts::erased::view;

/// The heading on the page: the one looked at, else the one the room is at; absent where the family is finished or postponed
/// and nobody looks back.
pub fn on_page(live: Live, id: SlotId) -> Option<usize> {
    let count = live.room(|room| room.template.stages.len());
    let looked = live.heading.get().filter(|at| *at < count);
    looked.or_else(|| {
        live.slot(id, |_, slot| match slot.progress {
            Progress::Waiting => Some(0),
            Progress::InDiscussion { stage, .. } => Some(stage),
            Progress::Finished { .. } | Progress::Postponed { .. } => None,
        })
    })
}

/// The list of headings. A tick means that something was done there, not that the room went past.
pub fn headings(live: Live, id: SlotId) -> impl IntoView {
    let meeting = live.page.with_untracked(|page| page.room.id);
    let names: Vec<String> =
        live.page.with_untracked(|page| page.room.template.stages.iter().map(|stage| stage.name.clone()).collect());
    let at = Memo::new(move |_| live.room_at(id));
    let reached = Memo::new(move |_| live.stage(id));
    let shown = Memo::new(move |_| on_page(live, id));
    let states = live.memo(id, |room, slot| {
        room.template.stages.iter().map(|stage| HeadingState::of(room, slot, stage.part)).collect::<Vec<_>>()
    });
    let over = live.memo(id, |_, slot| slot.progress.frozen());
    let begun = live.memo(id, |_, slot| slot.begun_at.is_some());
    let mine = Memo::new(move |_| mine_to_write(live, id));
    let row = NodeRef::new();
    in_sight(row, move || shown.get());
    view! {
        <nav class="cr-headings" aria-label="Headings">
            <ol node_ref=row on:focusin=move |event| agenda::on_focus(&event)>
                {names.into_iter().enumerate().map(|(index, name)| {
                    let state = Memo::new(move |_| states.with(|states| states.get(index).cloned().unwrap_or_default()));
                    // What is written ahead is looked at once the family is discussed.
                    let done = Memo::new(move |_| begun.get() && state.with(|state| *state == HeadingState::Done));
                    // What is lacking is said of headings the room has left.
                    let left = Memo::new(move |_| reached.get().map_or_else(|| over.get(), |at| index < at));
                    let lacks = Memo::new(move |_| {
                        let mine = (mine.get() == Some(index)).then(|| "yours to write".to_owned());
                        mine.or_else(|| state.with(|state| state.lacks()).filter(|_| left.get()))
                    });
                    view! {
                        <li class="cr-headings__one" class:cr-headings__one--now=move || at.get() == Some(index) class:cr-headings__one--shown=move || shown.get() == Some(index)>
                            <a href=format!("/meetings/{meeting}?slot={id}&heading={index}#scene") aria-current=move || (shown.get() == Some(index)).then_some("page")
                                on:click=move |event| look(live, id, index, &event)>
                                <span class="cr-headings__mark" aria-hidden="true">{move || if at.get() == Some(index) { "●" } else if done.get() { "✓" } else { "" }}</span>
                                <span class="cr-headings__name">{name}
                                {move || (at.get() == Some(index)).then(|| view! { <span class="govuk-visually-hidden">", the room is here"</span> })}
                                {move || done.get().then(|| view! { <span class="govuk-visually-hidden">", done"</span> })}
                                {move || lacks.get().map(|words| view! { " "<span class="cr-headings__note">{format!("· {words}")}</span> })}</span>
                            </a>
                        </li>
                    }
                }).collect_view()}
            </ol>
        </nav>
    }
}

/// A link to a heading, wherever it stands.
pub fn way(live: Live, id: SlotId, index: usize, label: String) -> impl IntoView {
    way_to_row(live, id, index, label, None)
}

/// The same, with a row of a list there open.
pub fn way_to_row(live: Live, id: SlotId, index: usize, label: String, row: Option<String>) -> impl IntoView {
    let meeting = live.page.with_untracked(|page| page.room.id);
    let of_row = row.as_ref().map(|row| format!("&row={row}")).unwrap_or_default();
    let turn = move |event: leptos::ev::MouseEvent| {
        look(live, id, index, &event);
        if let Some(row) = &row {
            open_row::open(live, row);
        }
    };
    view! {
        <a class="govuk-link" href=format!("/meetings/{meeting}?slot={id}&heading={index}{of_row}#scene") on:click=turn>{label}</a>
    }
}

/// Where the viewer writes their own view: the heading's number, and whether their box is empty.
pub fn mine(live: Live, id: SlotId) -> Option<(usize, bool)> {
    let me = live.me();
    let has_box = live.writable(id) && views::has_own_box(live, id);
    let at = |room: &Room, part: Part| room.template.stages.iter().position(|stage| stage.part == part);
    let heading = live.room(|room| at(room, Part::Analysis).or_else(|| at(room, Part::Round))).filter(|_| has_box)?;
    Some((heading, !live.slot(id, |_, slot| slot.has_words_of(me))))
}

/// The heading at which the viewer still has to write their view.
pub fn mine_to_write(live: Live, id: SlotId) -> Option<usize> {
    mine(live, id).filter(|(_, empty)| *empty).map(|(heading, _)| heading)
}

fn look(live: Live, id: SlotId, index: usize, event: &leptos::ev::MouseEvent) {
    event.prevent_default();
    let at = live.page.with_untracked(|page| {
        let progress = page.room.slot(id).map(|slot| slot.progress.clone());
        if let Some(Progress::InDiscussion { stage, .. }) = progress { Some(stage) } else { None }
    });
    live.visit();
    live.around.set(false);
    live.heading.set((at != Some(index)).then_some(index));
    scene::go_on_there();
}

/// What was done under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum HeadingState {
    #[default]
    Empty,
    /// Begun; what is still to come.
    Begun(String),
    Done,
    /// There is nothing to do there but to read.
    Read,
}

impl HeadingState {
    fn of(room: &Room, slot: &Slot, part: Part) -> Self {
        let done = |is: bool| if is { Self::Done } else { Self::Empty };
        // A tick means that it is written for every child.
        let filled = |of: fn(PersonId) -> Area| {
            let written = |child: &PersonId| {
                let text = slot.boxes.get(&of(*child));
                text.is_some_and(|text| text.withheld || !text.prose.text().trim().is_empty())
            };
            let empty = slot.children.iter().filter(|child| !written(child)).count();
            match empty {
                0 => Self::Done,
                all if all == slot.children.len() => Self::Empty,
                some => Self::Begun(format!("{some} empty")),
            }
        };
        match part {
            Part::CheckIn => {
                let unmarked = slot.members.keys().filter(|worker| !slot.attendance.contains_key(worker)).count();
                match (slot.attendance.is_empty(), unmarked) {
                    (true, _) => Self::Empty,
                    (false, 0) => Self::Done,
                    (false, unmarked) => Self::Begun(format!("{unmarked} not marked")),
                }
            }
            Part::LastSteps => done(!slot.last_steps.is_empty()),
            Part::Analysis | Part::Round => {
                let round = room.round(slot, |_| String::new());
                let waiting = round.waiting.iter().filter(|worker| !slot.marked_absent(**worker)).count();
                match (round.heard.is_empty(), waiting) {
                    (true, _) => Self::Empty,
                    (false, 0) => Self::Done,
                    (false, waiting) => Self::Begun(format!("{waiting} not written")),
                }
            }
            Part::Meaning => filled(Area::Meaning),
            Part::Life => filled(Area::Life),
            Part::Scales if slot.scales.revealed_at.is_some() => Self::Done,
            Part::Scales if !slot.scales.answers.is_empty() => Self::Begun("not revealed".to_owned()),
            Part::Scales => Self::Empty,
            Part::Decision => {
                let worded = slot.decisions.iter().filter(|decision| decision.wording.is_some()).count();
                let confirmed = slot.decisions.iter().filter(|decision| decision.confirmed.is_some()).count();
                match (worded, slot.decisions.len() - confirmed) {
                    (0, _) => Self::Empty,
                    (_, 0) => Self::Done,
                    _ => Self::Begun("not confirmed".to_owned()),
                }
            }
            Part::Steps => {
                let unowned = slot.steps.iter().filter(|step| step.draft.owner.worker().is_none()).count();
                if unowned > 0 {
                    Self::Begun(format!("{unowned} without a person"))
                } else {
                    done(!slot.steps.is_empty())
                }
            }
            Part::Conversation => done(!slot.conversations.is_empty()),
            Part::ReadBack => Self::Read,
        }
    }

    /// What is lacking, in a word or two; absent where nothing is.
    fn lacks(&self) -> Option<String> {
        match self {
            Self::Empty => Some("empty".to_owned()),
            Self::Begun(words) => Some(words.clone()),
            Self::Done | Self::Read => None,
        }
    }
}

//! The screen on the wall: what all present may see, readable at six metres, blank between families.

use domain::SlotId;
use domain::meeting::{Area, Progress};
use domain::template::Part;
use leptos::prelude::*;

use super::part::{address, parts};
use super::{Live, day};

/// The projector's page.
pub fn wall(live: Live) -> impl IntoView {
    let current = Memo::new(move |_| {
        live.room(|room| room.current.filter(|id| room.slot(*id).is_some_and(|slot| slot.family.is_some())))
    });
    view! {
        <div class="cr-wall" class:cr-live=move || live.line.get() != super::Line::Off>
            {move || match current.get() {
                None => view! { <h1 class="cr-wall__blank">{day(live)}</h1> }.into_any(),
                Some(id) => family(live, id).into_any(),
            }}
        </div>
    }
}

fn family(live: Live, id: SlotId) -> impl IntoView {
    let title = live.family(id, |family| (family.reference.clone(), family.children_line()));
    let stage = Memo::new(move |_| {
        live.slot(id, |room, slot| match slot.progress {
            Progress::InDiscussion { stage, .. } => room.template.stages.get(stage).cloned(),
            _ => None,
        })
    });
    // While it is read back, decisions and steps stand alone and large.
    let reads_back =
        Memo::new(move |_| stage.with(|stage| stage.as_ref().is_some_and(|stage| stage.part == Part::ReadBack)));
    let texts = Memo::new(move |_| {
        live.slot(id, |_, slot| {
            slot.boxes
                .iter()
                .filter(|(_, text)| !text.withheld)
                .map(|(area, text)| (*area, text.prose.text()))
                .filter(|(_, text)| !text.trim().is_empty())
                .collect::<Vec<_>>()
        })
    });
    view! {
        <h1 class="cr-wall__title">{title.0}" "<span>{title.1}</span></h1>
        {move || stage.get().map(|stage| view! { <p class="cr-wall__stage"><strong>{stage.title}</strong>" "{stage.prompt}</p> })}
        <div data-parts=address(live, id) class:cr-wall__read-back=move || reads_back.get()>{parts(live, id, "wall")}</div>
        <div class="cr-wall__texts" hidden=move || reads_back.get()>
            {move || texts.get().into_iter().map(|(area, text)| {
                let who = match area {
                    Area::Analysis(worker) => format!("{} · {}", live.name(worker), live.discipline(worker)),
                    Area::Meaning(child) | Area::Life(child) => live.family(id, |family| family.child_name(child).to_owned()),
                };
                view! { <section><h2>{who}</h2><p class="cr-plain">{text}</p></section> }
            }).collect_view()}
        </div>
    }
}

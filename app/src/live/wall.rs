//! The screen on the wall: what all present may see, readable at six metres, blank between families.

use domain::meeting::{Area, Progress};
use domain::template::Part;
use domain::{SlotId, dates};
use leptos::prelude::*;

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
    let decisions = Memo::new(move |_| live.slot(id, |_, slot| slot.decisions.clone()));
    let steps = Memo::new(move |_| live.slot(id, |_, slot| slot.steps.clone()));
    view! {
        <h1 class="cr-wall__title">{title.0}" "<span>{title.1}</span></h1>
        {move || stage.get().map(|stage| view! { <p class="cr-wall__stage"><strong>{stage.title}</strong>" "{stage.prompt}</p> })}
        <div class:cr-wall__read-back=move || reads_back.get()>
        {move || decisions.get().into_iter().filter_map(|decision| {
            let wording = decision.wording?;
            let names = live.family(id, |family| family.in_order(decision.children.iter().copied()).iter().map(|child| family.child_name(*child).to_owned()).collect::<Vec<_>>().join(", "));
            let kind = live.page.with(|page| page.room.template.kind(&wording.kind).map_or_else(String::new, |kind| kind.title.clone()));
            Some(view! { <section class="cr-wall__decision"><h2>{names}</h2><p><strong>{kind}</strong>" · "{wording.route.title()}</p><p>{wording.what}</p><p>{wording.why}</p></section> })
        }).collect_view()}
        {move || (!steps.get().is_empty()).then(|| view! {
            <section class="cr-wall__decision"><h2>"Next steps"</h2><ul>
                {steps.get().into_iter().map(|step| view! {
                    <li>{step.draft.what}" · "{step.draft.owner.worker().map_or_else(|| "nobody yet".to_owned(), |worker| live.name(worker))}{step.draft.due.map(|due| format!(" · {}", dates::plain_date(due)))}</li>
                }).collect_view()}
            </ul></section>
        })}
        </div>
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

//! The screen on the wall: one scene for each heading, of what all present may see, readable at six metres and scaled to fit;
//! blank between families and during a break.

use domain::SlotId;
use domain::meeting::{Area, Became};
use domain::template::Part;
use domain::{dates, template::Stage};
use leptos::prelude::*;

use super::Live;
use super::{people, read_back, scales, short_break, views};
use crate::live::Line;
use crate::parts::erased::view;

/// The wall's page.
pub fn wall(live: Live) -> impl IntoView {
    let current = Memo::new(move |_| {
        live.room(|room| room.current.filter(|id| room.slot(*id).is_some_and(|slot| slot.family.is_some())))
    });
    let element: NodeRef<leptos::html::Div> = NodeRef::new();
    fit(live, element);
    let rest = Memo::new(move |_| short_break::in_words(live));
    view! {
        <div class="cr-wall" class:cr-live=move || live.state.line.get() != Line::Off node_ref=element>
            {move || match (rest.get(), current.get()) {
                (Some(words), _) => view! { <h1 class="cr-wall__blank">{words}</h1> },
                (None, None) => view! {
                    <h1 class="cr-wall__blank">{live.room(|room| dates::long_date(room.held_on))}<br/>{move || dates::clock(live.state.now.get())}</h1>
                    <p class="cr-wall__next">{move || next_in_words(live)}</p>
                },
                (None, Some(id)) => untrack(|| family(live, id)).into_any(),
            }}
        </div>
    }
}

/// "The next family at about 10:19": which one it is, not everybody in the room may know.
fn next_in_words(live: Live) -> Option<String> {
    let now = live.state.now.get();
    let next =
        live.room(|room| room.to_come(now).first().and_then(|coming| coming.likely.filter(|_| room.is_open())))?;
    Some(format!("The next family at about {}", dates::clock(next)))
}

/// What became of last month's steps, counted: their words are on everybody's own page.
fn last_steps_in_words(live: Live, id: SlotId) -> String {
    let said: Vec<Became> = live.slot(id, |_, slot| slot.last_steps.iter().map(|said| said.became).collect());
    let counts = Became::ALL.into_iter().filter_map(|became| {
        let count = said.iter().filter(|one| **one == became).count();
        let words = match became {
            Became::Done => "done",
            Became::NotDone => "not done",
            Became::Carried => "carried on",
            Became::Dropped => "not needed any more",
        };
        (count > 0).then(|| format!("{count} {words}"))
    });
    let counts = counts.collect::<Vec<_>>().join(" · ");
    if counts.is_empty() { "Look at what was decided before, on your own device.".to_owned() } else { counts }
}

fn family(live: Live, id: SlotId) -> impl IntoView {
    let (reference, children) = live.in_agenda(id, |family| (family.reference.clone(), family.children.clone()));
    let stage: Memo<Option<Stage>> = Memo::new(move |_| {
        let at = live.stage(id)?;
        live.room(|room| room.template.stages.get(at).cloned())
    });
    let question = live.memo(id, |_, slot| slot.question.clone());
    let minutes = Memo::new(move |_| {
        let now = live.state.now.get();
        live.slot(id, |_, slot| (slot.progress.spent(now) / 60, slot.minutes))
    });
    view! {
        <h1 class="cr-wall__title"><strong>{reference}</strong>" "<span>{children}</span>
            <span class="cr-wall__time">{move || minutes.get().0}" of "{move || minutes.get().1}" min"</span></h1>
        {move || Some(question.get()).filter(|question| !question.is_empty()).map(|question| view! { <p class="cr-wall__question"><strong>"Today’s question: "</strong>{question}</p> })}
        {move || stage.get().map(|stage| untrack(|| scene(live, id, stage)))}
    }
}

fn scene(live: Live, id: SlotId, stage: Stage) -> impl IntoView {
    let part = stage.part;
    let content = match part {
        Part::Round | Part::Analysis => view! {
            {move || {
                let (next, rest) = views::order_of_speaking(live, id);
                view! {
                    {next.map(|next| view! { <p class="cr-wall__speaks">"Next: "<strong>{next}</strong></p> })}
                    {rest.map(|rest| view! { <p>{rest}</p> })}
                }
            }}
            {texts(live, id, |area| matches!(area, Area::Analysis(_)))}
        },
        Part::Meaning => texts(live, id, |area| matches!(area, Area::Meaning(_))).into_any(),
        Part::Life => texts(live, id, |area| matches!(area, Area::Life(_))).into_any(),
        Part::Scales => view! { <div class="cr-wall__spreads">{scales::spreads(live, id)}</div> },
        Part::Decision => view! { <div class="cr-wall__decided">{read_back::decisions(live, id)}</div> },
        Part::Steps | Part::Conversation | Part::ReadBack => {
            view! { <div class="cr-wall__decided">{read_back::content(live, id, dates::short_date)}</div> }
        }
        Part::CheckIn => view! { <p>{move || people::in_words(live, Some(id))}</p> },
        Part::LastSteps => view! { <p>{move || last_steps_in_words(live, id)}</p> },
    };
    let read_back = part == Part::ReadBack;
    view! {
        <div class:cr-wall__read-back=read_back>
            <h2 class="cr-wall__heading">{stage.title}</h2>
            {(!read_back && !stage.prompt.is_empty()).then(|| view! { <p class="cr-wall__prompt">{stage.prompt}</p> })}
            {content}
        </div>
    }
}

fn texts(live: Live, id: SlotId, of: fn(&Area) -> bool) -> impl IntoView {
    let texts = live.memo(id, move |_, slot| {
        let open = slot.boxes.iter().filter(|(area, text)| of(area) && !text.withheld);
        let written = open.map(|(area, text)| (*area, text.prose.text()));
        written.filter(|(_, text)| !text.trim().is_empty()).collect::<Vec<_>>()
    });
    view! {
        {move || texts.with(Vec::is_empty).then(|| view! { <p class="cr-wall__nothing">"Nothing is written yet."</p> })}
        <div class="cr-wall__texts">
            {move || texts.get().into_iter().map(|(area, text)| {
                let who = match area {
                    Area::Analysis(worker) => format!("{} · {}", live.name(worker), live.discipline(worker)),
                    Area::Meaning(child) | Area::Life(child) => live.child(id, child),
                };
                view! { <section><h3>{who}</h3><p class="cr-plain">{text}</p></section> }
            }).collect_view()}
        </div>
    }
}

/// Makes the type as large as lets the whole scene stand on the screen: the wall never scrolls and never cuts.
#[cfg(feature = "hydrate")]
fn fit(live: Live, element: NodeRef<leptos::html::Div>) {
    Effect::new(move |_| {
        live.page.track();
        let Some(wall) = element.get() else { return };
        request_animation_frame(move || {
            let seen = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
            for percent in (40..=140_u32).rev().step_by(4) {
                let scale = format!("{}.{:02}", percent / 100, percent % 100);
                let _ = web_sys::HtmlElement::style(&wall).set_property("--cr-wall-scale", &scale);
                let high = document().document_element().map_or(0, |root| root.scroll_height());
                if f64::from(high) <= seen + 1.0 {
                    break;
                }
            }
        });
    });
}

#[cfg(not(feature = "hydrate"))]
fn fit(_live: Live, _element: NodeRef<leptos::html::Div>) {}

//! One heading of one family's discussion, and what one does there.

use domain::meeting::{Phase, Progress, Room};
use domain::template::Part;
use domain::{SlotId, dates};
use leptos::prelude::*;

use super::Live;
use super::act::act_button;
use super::agenda::Elsewhere;
use super::headings::{self, on_page};
use super::{
    agenda, check_in, contingencies, conversation, decision, finished, last_steps, missing, next_date, note, options,
    read_back, scales, steps, text_box, views,
};
use crate::live::Line;
use crate::parts::erased::view;

/// The heading on the page.
pub fn scene(live: Live, id: SlotId) -> impl IntoView {
    let shown = Memo::new(move |_| on_page(live, id));
    view! {
        <section class="cr-scene" id="scene" tabindex="-1" aria-labelledby="heading">
            {move || match shown.get() {
                Some(at) => untrack(|| heading(live, id, at)).into_any(),
                None => untrack(|| finished::finished(live, id)).into_any(),
            }}
        </section>
    }
}

/// Where the link that led here has left the page, keyboard and screen reader go on at the scene.
#[cfg(feature = "hydrate")]
pub fn go_on_there() {
    request_animation_frame(super::focus::go_to_scene_if_lost);
}

/// Only a browser has a focus.
#[cfg(not(feature = "hydrate"))]
pub fn go_on_there() {}

/// Where somebody looks at another family: which one is discussed, and the way there; of one that they may not see, for which
/// they are needed next.
pub fn room_is_elsewhere(live: Live) -> impl IntoView {
    let meeting = live.page.with_untracked(|page| page.room.id);
    let elsewhere = agenda::elsewhere(live);
    move || {
        let words = match elsewhere.get()? {
            Elsewhere::Family(id) => view! {
                <p><span>"The room is at "<strong>{live.reference(id)}</strong>"."</span>" "<a class="govuk-link" href=format!("/meetings/{meeting}") on:click=move |event| agenda::go_back(live, &event)>"Go there"</a></p>
            },
            Elsewhere::Another { needed } => {
                // The page of a guest has no reference before their family's discussion: their list of meetings has it.
                let needed = needed.map(|(reference, at)| match reference.as_str() {
                    "" => format!(" You are needed at about {at}."),
                    reference => format!(" You are needed next for {reference}, at about {at}."),
                });
                view! { <p><span>"The room is at another family."{needed}</span></p> }
            }
        };
        Some(view! {
            <div class="cr-room-at cr-room-at--family" role="group" aria-label="Which family the room discusses">{words}</div>
        })
    }
}

/// Where somebody looks elsewhere: where the room is, and the way there.
pub fn room_is_at(live: Live, id: SlotId) -> impl IntoView {
    let shown = Memo::new(move |_| on_page(live, id));
    let meeting = live.page.with_untracked(|page| page.room.id);
    let elsewhere = agenda::elsewhere(live);
    // One line says where the room is: the family goes before the heading.
    let over = Memo::new(move |_| {
        shown.get().is_some() && elsewhere.with(Option::is_none) && live.slot(id, |_, slot| slot.progress.frozen())
    });
    let there = Memo::new(move |_| {
        if over.get() {
            let postponed = live.slot(id, |_, slot| matches!(slot.progress, Progress::Postponed { .. }));
            let end = if postponed { "This family is postponed." } else { "This family is finished." };
            return Some((end, String::new(), "See what was decided"));
        }
        let at = live.room_at(id)?;
        (shown.get() != Some(at))
            .then(|| live.room(|room| room.template.stages.get(at).map(|stage| stage.name.clone())))?
            .map(|name| ("The room is at ", format!("{name}."), "Go there"))
    });
    let mine = Memo::new(move |_| live.runs() && live.discussed(id));
    let reopens = Memo::new(move |_| {
        over.get()
            && live.chairs()
            && live.room(Room::is_open)
            && live.slot(id, |_, slot| matches!(slot.progress, Progress::Finished { .. }))
    });
    move || {
        there.get().map(|(words, name, way)| {
            let target = shown.get_untracked();
            view! {
                <div class="cr-room-at" role="group" aria-label="Where the room is">
                    <p><span>{words}<strong>{name}</strong></span>" "<a class="govuk-link" href=format!("/meetings/{meeting}?slot={id}") on:click=move |event| { event.prevent_default(); live.visit(); live.heading.set(None); }>{way}</a></p>
                    {move || reopens.get().then(|| act_button("reopen", Some(id), "Reopen this family", "cr-small-button"))}
                    {mine.get().then(|| target.map(|at| view! {
                        <super::act::Act act="stage" at=id key="stage-here">
                            <button type="submit" class="cr-small-button" name="form[stage]" value=at.to_string()>"Bring the room here"</button>
                        </super::act::Act>
                    }))}
                </div>
            }
        })
    }
}

/// Where the meeting does not discuss this family now: what it waits for, and the button that begins it.
pub fn before_it_begins(live: Live, id: SlotId) -> impl IntoView {
    let what = live.memo(id, move |room, slot| {
        let waiting = slot.progress == Progress::Waiting;
        Some((
            waiting,
            room.phase,
            room.current.map(|current| current == id),
            slot.progress.in_discussion(),
            room.chair,
        ))
    });
    move || {
        let (waiting, phase, current, begun, chair) = what.get()?;
        let (chairs, runs) = untrack(|| (live.chairs(), live.runs()));
        match phase {
            Phase::Planned if chairs => Some(act_button("open", None, "Open meeting", "govuk-button").into_any()),
            Phase::Planned => {
                Some(view! { <p class="govuk-body">{format!("Not open yet. {} opens it.", live.name(chair))}</p> })
            }
            Phase::Open { .. } if runs && current != Some(true) && (waiting || begun) => {
                let label = if begun { "Bring the room back to this family" } else { "Start this family" };
                // While another family is discussed this is not the next thing.
                let class = if current.is_some() { "govuk-button govuk-button--secondary" } else { "govuk-button" };
                let start = act_button("start", Some(id), label, class);
                Some(
                    view! { <div class="cr-begin">{start}{waiting.then(|| untrack(|| agenda::postpone(live, id)))}</div> },
                )
            }
            Phase::Open { .. } if waiting => {
                Some(view! { <p class="govuk-body cr-quiet">"This family has not begun. You can write already."</p> })
            }
            Phase::Open { .. } => None,
            Phase::Closed { at } => {
                let records =
                    |room: &Room| room.slots.iter().any(|slot| matches!(slot.progress, Progress::Finished { .. }));
                let manages = live.page.with_untracked(|page| page.manages && records(&page.room));
                Some(
                    view! { <p class="govuk-body">{format!("Closed at {}. ", dates::clock(at))}{manages.then(|| view! { <a class="govuk-link" href="/records">"Sign the records"</a> })}</p> },
                )
            }
        }
    }
}

fn heading(live: Live, id: SlotId, at: usize) -> impl IntoView {
    let stages = live.page.with_untracked(|page| page.room.template.stages.clone());
    let Some(stage) = stages.get(at).cloned() else { return ().into_any() };
    let own = |part: Part| stages.iter().any(|stage| stage.part == part);
    let (boxes, with_steps, with_check_in) = (!own(Part::Analysis), !own(Part::Steps), !own(Part::CheckIn));
    let last = at + 1 == stages.len();
    // What is missing stands above what is read back, below anything else.
    let missing_first = stage.part == Part::ReadBack;
    // It is asked where everybody comes in, and stays in sight after that; a new one comes with the next heading, so that
    // nothing moves under a caret.
    let asks = stage.part == Part::CheckIn || (stage.part == Part::LastSteps && (with_check_in || at == 0));
    let question = untrack(|| live.slot(id, |_, slot| slot.question.clone()));
    let question = Some(question).filter(|question| !asks && !question.is_empty());
    let mine = Memo::new(move |_| headings::mine(live, id).filter(|(mine, _)| *mine != at));
    let content = match stage.part {
        Part::CheckIn => check_in::check_in(live, id).into_any(),
        Part::LastSteps => view! {
            {(with_check_in || at == 0).then(|| check_in::check_in(live, id))}
            {last_steps::last_steps(live, id)}
        },
        Part::Life => text_box::lives(live, id).into_any(),
        Part::Round if !boxes => views::round(live, id).into_any(),
        Part::Round => views::views(live, id, true).into_any(),
        Part::Analysis => views::views(live, id, !own(Part::Round)).into_any(),
        Part::Scales => scales::scales(live, id).into_any(),
        Part::Meaning => text_box::meanings(live, id).into_any(),
        Part::Decision => view! {
            {decision::decisions(live, id)}
            {options::options(live, id)}
            {next_date::follows(live, id)}
            {with_steps.then(|| view! { {steps::steps(live, id)} {next_date::hints(live, id)} {contingencies::contingencies(live, id)} {next_date::next_date(live, id)} })}
        },
        Part::Steps => view! {
            {steps::steps(live, id)}
            {next_date::hints(live, id)}
            {contingencies::contingencies(live, id)}
            {conversation::conversations(live, id)}
            {next_date::next_date(live, id)}
        },
        Part::Conversation => conversation::conversations(live, id).into_any(),
        Part::ReadBack => read_back::read_back(live, id).into_any(),
    };
    view! {
        <div class="cr-scene__heading" data-heading=at.to_string()>
            <h2 class="govuk-heading-m" id="heading">{stage.title}</h2>
            <p class="cr-quiet cr-scene__prompt">{stage.prompt}</p>
            {question.map(|question| view! { <p class="govuk-body"><strong>"Today’s question: "</strong>{question}</p> })}
            {move || mine.get().map(|(mine, empty)| {
                let label = if empty { "Write my analysis" } else { "My analysis" };
                view! { <p class="govuk-body cr-on-phone">{headings::way(live, id, mine, label.to_owned())}</p> }
            })}
        </div>
        {before_it_begins(live, id)}
        {(last && missing_first).then(|| missing::missing(live, id, true))}
        {content}
        {(last && !missing_first).then(|| missing::missing(live, id, false))}
        {last.then(|| note::unfiled(live, id))}
    }
}

/// Where none of the meeting's families is the viewer's, or all are hidden from them.
pub fn without_family(live: Live) -> impl IntoView {
    let chair = live.room(|room| room.chair);
    let stepped_out = live.room(|room| room.slots.iter().any(|slot| slot.stands_out(live.me())));
    let meeting = live.page.with_untracked(|page| page.room.id);
    // For a guest: whether every discussion they are invited for is over.
    let invited = Memo::new(move |_| {
        live.room(|room| {
            let mine = room.slots.iter().filter(|slot| slot.is_guest(live.me()));
            mine.map(|slot| slot.progress.frozen()).reduce(|a, b| a && b)
        })
    });
    let opens = live.chairs() && live.room(|room| room.phase == Phase::Planned);
    // A page whose content was taken off it says nothing of an agenda.
    let empty = Memo::new(move |_| matches!(live.state.line.get(), Line::Ended | Line::SignedOut | Line::Leaving));
    view! {
        <section class="cr-scene" id="scene" tabindex="-1">
            {opens.then(|| act_button("open", None, "Open meeting", "govuk-button"))}
            {move || (!empty.get()).then(|| view! {
                <p class="govuk-body">{match invited.get() {
                    Some(false) => "You are invited for one family of this meeting. It opens here when the meeting comes to it.",
                    Some(true) => "The discussion you were invited for is over.",
                    None if stepped_out => "You stepped out of the discussion of your family here.",
                    None => "None of the families you work with is on this agenda.",
                }}</p>
                {(invited.get() == Some(true)).then(|| view! {
                    <p class="govuk-body"><a class="govuk-link" href=format!("/meetings/{meeting}/minutes")>"Your own words and steps"</a>" stay here until the record is signed."</p>
                })}
                <p class="govuk-body cr-quiet">{format!("{} chairs.", live.name(chair))}</p>
            })}
        </section>
    }
}

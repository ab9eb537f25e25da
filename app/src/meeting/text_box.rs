//! A box of prose: one's own analysis, another worker's, and what is written together about a child.

use domain::mark::{Mark, Readers};
use domain::meeting::{Area, Passage};
use domain::page::ChildCard;
use domain::{PersonId, SlotId, WorkerId};
use leptos::prelude::*;

use super::Live;
use super::act::{Act, act_button, fold, nothing};
use super::place::Place;
use super::{mark, open_row};
use crate::live::{Line, Saving};
use crate::parts::child::long_not_alone;
use crate::parts::erased::view;
use crate::parts::keyed::keyed;
use crate::parts::text_area::TextArea;

/// The children of the discussion, eldest first.
fn children(live: Live, id: SlotId) -> Memo<Vec<PersonId>> {
    Memo::new(move |_| {
        let children = live.slot(id, |_, slot| slot.children.clone());
        live.family(id, |family| family.in_order(children))
    })
}

/// What it means for each child: everybody's box, one per child.
pub fn meanings(live: Live, id: SlotId) -> impl IntoView {
    let children = children(live, id);
    view! {
        <ul class="cr-boxes">
            {keyed(move || children.get(), move |child| view! { <li>{text_box(live, id, Area::Meaning(child), true)}</li> })}
        </ul>
        {move || children.with(Vec::is_empty).then(|| nothing("A box for each child opens when the family is started."))}
    }
}

/// Each child's life now: one line that opens to their box.
pub fn lives(live: Live, id: SlotId) -> impl IntoView {
    let children = children(live, id);
    view! {
        <ul class="govuk-list cr-lives">
            {keyed(move || children.get(), move |child| view! { <li>{life(live, id, child, children)}</li> })}
        </ul>
        {move || children.with(Vec::is_empty).then(|| nothing("A box for each child opens when the family is started."))}
    }
}

/// One child's line: when they were seen, how what is written begins.
fn life(live: Live, id: SlotId, child: PersonId, children: Memo<Vec<PersonId>>) -> impl IntoView {
    let area = Area::Life(child);
    let text = live.memo(id, move |_, slot| slot.boxes.get(&area).map(|text| text.prose.text()).unwrap_or_default());
    let begins = move || {
        text.with(|text| {
            let words: Vec<&str> = text.split_whitespace().take(BEGINS + 1).collect();
            match words.len() {
                0 => "nothing written yet".to_owned(),
                count if count > BEGINS => format!("{} …", words[..BEGINS].join(" ")),
                _ => words.join(" "),
            }
        })
    };
    let card = live.family(id, |family| family.children.iter().find(|card| card.id == child).cloned());
    let line = card.as_ref().map_or_else(|| live.child(id, child), ChildCard::line);
    let seen =
        card.as_ref().map(|card| if card.seen.is_empty() { "no visit recorded".to_owned() } else { card.seen.clone() });
    let row = |child: &PersonId| format!("life-{child}");
    // The first child's box is open until another's is.
    let opened = move || children.with(|all| all.iter().copied().find(|child| open_row::is_open(live, &row(child))));
    let first = Memo::new(move |_| children.with(|all| all.first() == Some(&child)));
    let open = Memo::new(move |_| opened().map_or_else(|| first.get(), |opened| opened == child));
    // Where the first is open nothing closes it: it would open again by itself.
    let stays = Memo::new(move |_| first.get() && open.get());
    let key = row(&child);
    view! {
        <p class="govuk-body cr-life"><strong>{line.clone()}</strong>
            {move || (!open.get()).then(|| view! { <span class="cr-quiet">{format!(" · {}", begins())}</span> })}
            {let key = key.clone(); move || (!stays.get()).then(|| view! { " "{untrack(|| open_row::way(live, id, key.clone(), "Open", line.clone()))} })}</p>
        <p class="govuk-body-s cr-life__seen">{seen.map(|seen| view! { <span class="cr-quiet">{seen}</span> })}{card.as_ref().and_then(long_not_alone).map(|words| view! { " "{words} })}</p>
        {move || open.get().then(|| untrack(|| view! { <div data-row=key.clone()>{text_box(live, id, area, true)}</div> }))}
    }
}

/// So many words of what is written stand in a child's line.
const BEGINS: usize = 8;

#[derive(Clone, PartialEq)]
struct BoxMarks {
    mark: Mark,
    withheld: bool,
    hidden: bool,
    passages: Vec<Passage>,
    damaged: bool,
    recorded_by: Vec<WorkerId>,
    /// Whether its owner wrote in it too.
    in_part: bool,
}

/// A box. `mine` says that the viewer writes in it where it stands.
pub fn text_box(live: Live, id: SlotId, area: Area, mine: bool) -> impl IntoView {
    let about = live.memo(id, move |_, slot| {
        slot.boxes.get(&area).map(|text| BoxMarks {
            mark: text.mark.clone(),
            withheld: text.withheld,
            hidden: text.mark.hidden_until_reveal,
            passages: text.passages.clone(),
            damaged: text.damaged,
            recorded_by: text.recorded_by.iter().copied().collect(),
            in_part: !text.writers.is_empty(),
        })
    });
    let text = live.memo(id, move |_, slot| slot.boxes.get(&area).map(|text| text.prose.text()).unwrap_or_default());
    let title = title(live, id, area);
    let withheld = Memo::new(move |_| about.with(|about| about.as_ref().is_some_and(|about| about.withheld)));
    let hidden = Memo::new(move |_| about.with(|about| about.as_ref().is_some_and(|about| about.hidden)));
    let may_write = Memo::new(move |_| live.writable(id) && !withheld.get());
    // A box that closes while one types in it stays until one leaves it: what comes then can be filed late.
    let typing = RwSignal::new(false);
    // The field is not drawn anew while it stays.
    let writes = Memo::new(move |_| mine && (may_write.get() || typing.get()));
    let own = matches!(area, Area::Analysis(_));
    // Every box says whose family it is about.
    let reference = Some(live.reference(id)).filter(|reference| !reference.is_empty());
    let label = reference.iter().fold(title.clone(), |title, reference| format!("{title} · {reference}"));
    let (name, more) = (label.clone(), label.clone());
    view! {
        <div class="cr-box" class:cr-box--mine=mine role="group" aria-label=name on:focusin=move |_| typing.set(true) on:focusout=move |_| typing.set(false)>
            <div class="cr-box__head">
                <h3 class="cr-box__title">{title}{reference.map(|reference| view! { " · "<span class="cr-reference">{reference}</span> })}</h3>
                {move || note(live, about.get())}
                {move || writers(live, id, area).map(|names| view! { <span class="cr-box__note">{names}</span> })}
                {mine.then_some(move || save_state(live, id, area, own && may_write.get() && !text.with(String::is_empty)))}
                {(!mine).then_some(move || (!withheld.get() && !text.with(String::is_empty)).then(|| history(live, id, area)))}
                {(mine && own).then_some(move || (!text.with(String::is_empty)).then(|| history(live, id, area)))}
                // Nothing is kept from anybody before there is something.
                {(mine && !own).then_some(move || (may_write.get() && !text.with(String::is_empty)).then(|| untrack(|| menu(live, id, area, &more, text))))}
            </div>
            {move || if withheld.get() {
                view! { <p class="govuk-body cr-quiet">{move || if hidden.get() { "Given, and hidden until the chair reveals it." } else { "Something stands here that is kept for named people. Ask its writer or the chair." }}</p> }
            } else if writes.get() {
                untrack(|| writing(live, id, area, text, label.clone())).into_any()
            } else {
                view! { <div class="cr-box__text cr-plain">{move || text.get()}{move || text.with(String::is_empty).then(|| view! { <span class="cr-quiet">"nothing yet"</span> })}</div> }
            }}
            {(mine && own).then_some(move || may_write.get().then(|| untrack(|| readers(live, id, area, about, hidden))))}
        </div>
    }
}

fn restricted(about: Option<BoxMarks>) -> bool {
    about.is_some_and(|about| about.mark.readers != Readers::Team)
}

fn history(live: Live, id: SlotId, area: Area) -> impl IntoView {
    let meeting = live.page.with_untracked(|page| page.room.id);
    view! { <a class="govuk-link cr-box__history" href=format!("/meetings/{meeting}/boxes/{id}/{area}")>"History"</a> }
}

/// Under one's own box: who reads it, and the two ways to change that.
fn readers(live: Live, id: SlotId, area: Area, about: Memo<Option<BoxMarks>>, hidden: Memo<bool>) -> impl IntoView {
    let guests = Memo::new(move |_| {
        let guests = live.slot(id, |_, slot| {
            slot.members
                .keys()
                .copied()
                .filter(|worker| slot.is_guest(*worker) && *worker != live.me())
                .collect::<Vec<_>>()
        });
        let from_outside = if guests.len() == 1 { "a guest from outside" } else { "guests from outside" };
        (!guests.is_empty()).then(|| format!(", and so does {}, {from_outside}", live.names(guests)))
    });
    view! {
        <div class="cr-box__readers">
            {move || (!hidden.get() && !restricted(about.get())).then(|| view! {
                <p class="cr-box__note">{move || format!("Everyone who works with this family reads this as you type{}.", guests.get().unwrap_or_default())}</p>
            })}
            {move || {
                let (act, words) = if hidden.get() { ("show", "Show it now") } else { ("hide", "Hide until the chair reveals it") };
                untrack(|| act_button(act, Some(id), words, "cr-link-button"))
            }}
            {fold("Restrict who can read this", mark::marking(live, id, area))}
        </div>
    }
}

/// What is seldom needed of a child's box.
fn menu(live: Live, id: SlotId, area: Area, title: &str, text: Memo<String>) -> impl IntoView + use<> {
    view! {
        <details class="cr-more cr-box__more">
            <summary><span aria-hidden="true">"⋯"</span><span class="govuk-visually-hidden">"More about "{title.to_owned()}</span></summary>
            <div class="cr-more__content">
                {move || (!text.with(String::is_empty)).then(|| history(live, id, area))}
                {fold("Restrict who can read this", mark::marking(live, id, area))}
            </div>
        </details>
    }
}

/// Somebody's box, where another person records their words.
pub fn recorded(live: Live, id: SlotId, worker: WorkerId) -> impl IntoView {
    let area = Area::Analysis(worker);
    let text = live.memo(id, move |_, slot| slot.boxes.get(&area).map(|text| text.prose.text()).unwrap_or_default());
    let open = live
        .memo(id, move |_, slot| !slot.members.is_empty() && !slot.boxes.get(&area).is_some_and(|text| text.withheld));
    let label = format!("{} · {}", title(live, id, area), live.reference(id));
    move || {
        open.get().then(|| {
            untrack(|| {
                view! {
                    <div class="cr-box" role="group" aria-label=format!("For {}", live.name(worker))>
                        <div class="cr-box__head">{move || save_state(live, id, area, !text.with(String::is_empty))}</div>
                        {writing(live, id, area, text, label.clone())}
                    </div>
                }
            })
        })
    }
}

fn title(live: Live, id: SlotId, area: Area) -> String {
    match area {
        Area::Analysis(worker) => {
            let mine = worker == live.me();
            let who = if mine { "My analysis".to_owned() } else { live.name(worker) };
            let discipline = if mine { String::new() } else { live.discipline(worker) };
            [who, discipline].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        }
        Area::Meaning(child) | Area::Life(child) => live.family(id, |family| family.child_name(child).to_owned()),
    }
}

fn note(live: Live, about: Option<BoxMarks>) -> Option<impl IntoView> {
    let about = about?;
    let recorded = (!about.recorded_by.is_empty()).then(|| {
        format!(
            "{}recorded by {}",
            if about.in_part { "in part " } else { "" },
            about.recorded_by.iter().map(|worker| live.name(*worker)).collect::<Vec<_>>().join(" and ")
        )
    });
    let only = match &about.mark.readers {
        Readers::Team => None,
        Readers::Only { workers } => {
            Some(format!("only for {}", workers.iter().map(|worker| live.name(*worker)).collect::<Vec<_>>().join(", ")))
        }
    };
    let people = about.mark.not_in_copies_for.len();
    let never = (people > 0).then(|| format!("never in a copy for {people} of the family"));
    let passages = about.passages.len();
    let passages = (passages > 0).then(|| match passages {
        1 => "1 passage is left out of somebody’s copy".to_owned(),
        _ => format!("{passages} passages are left out of somebody’s copy"),
    });
    let why = Some(about.mark.reason.clone()).filter(|reason| !reason.is_empty());
    let why =
        why.map(|reason| if about.mark.is_open() { format!("shared: {reason}") } else { format!("why: {reason}") });
    let kept = only.into_iter().chain(never).chain(passages).chain(why);
    let hidden =
        (about.hidden && !about.withheld).then(|| "hidden: only you read it until the chair reveals it".to_owned());
    let damaged =
        about.damaged.then(|| "part of it cannot be read: ask your technician to run \"caseround doctor\"".to_owned());
    let words: Vec<String> = recorded.into_iter().chain(kept).chain(hidden).chain(damaged).collect();
    (!words.is_empty()).then(|| view! { <span class="cr-box__note">{words.join(" · ")}</span> })
}

/// "Ada Okafor is writing": to be read, not announced.
fn writers(live: Live, id: SlotId, area: Area) -> Option<String> {
    let me = live.me();
    let names = live.here.with(|here| {
        let writing = here.iter().filter(|here| here.writing == Some((id, area)) && here.worker != me);
        writing.map(|here| live.name(here.worker)).collect::<Vec<_>>()
    });
    match names.len() {
        0 => None,
        1 => Some(format!("{} is writing", names[0])),
        _ => Some(format!("{} are writing", names.join(" and "))),
    }
}

/// How far a box's words have come; words that `came` with the page are saved.
fn save_state(live: Live, id: SlotId, area: Area, came: bool) -> Option<impl IntoView> {
    let saving = live.saving(Place { slot: id, area });
    // Without scripts, and where a refused text stands in the box, what one sees need not be saved.
    let scripts = live.state.line.get() != Line::Off && live.drafted("write", &area.to_string(), "text").is_none();
    let saving = saving.or((came && scripts).then_some(Saving::Saved))?;
    Some(match saving {
        Saving::Saved => view! { <span class="cr-state" data-state="Saved">"Saved"</span> },
        Saving::Saving => view! { <span class="cr-state" data-state="Saving">"Saving"</span> },
        Saving::Kept => {
            view! { <span class="cr-state" data-state="Kept">"Kept on this device, not yet shared"</span> }
        }
        Saving::NotSaved(why) => {
            view! { <span class="cr-state" data-state="Not saved">"Not saved. "{why}</span> }
        }
    })
}

/// The textarea; without scripts a form that carries the sequence its text was based on.
fn writing(live: Live, id: SlotId, area: Area, text: Memo<String>, label: String) -> impl IntoView {
    let subject = area.to_string();
    let base = live.drafted("write", &subject, "base");
    let base = base.unwrap_or_else(|| live.page.with_untracked(|page| page.cursor.to_string()));
    let start = live.drafted("write", &subject, "text").unwrap_or_else(|| text.get_untracked());
    let element: NodeRef<leptos::html::Textarea> = NodeRef::new();
    #[cfg(feature = "hydrate")]
    let pad = crate::live::pad::attach(live, Place { slot: id, area }, element, text);
    let field = format!("text-{area}");
    view! {
        <Act act="write" at=id key=format!("write-{area}")>
            <input type="hidden" name="form[area]" value=subject/>
            <input type="hidden" name="form[base]" value=base/>
            {matches!(area, Area::Analysis(_)).then(|| tags(element))}
            // Heard where they bubble to: what is spread on a component stays as it was when the view is drawn anew.
            <div
                on:input=move |_| {
                    #[cfg(feature = "hydrate")]
                    pad.typed();
                }
                on:keydown=move |event| {
                    #[cfg(feature = "hydrate")]
                    undo(pad, &event);
                    #[cfg(not(feature = "hydrate"))]
                    let _ = event;
                }
                on:compositionstart=move |_| {
                    #[cfg(feature = "hydrate")]
                    pad.composing(true);
                }
                on:compositionend=move |_| {
                    #[cfg(feature = "hydrate")]
                    pad.composing(false);
                }
            >
                <TextArea class="cr-box__input" id=field name="form[text]" rows=4 value=start called=label element=element/>
            </div>
            <button type="submit" class="cr-small-button cr-without-scripts">"Save"</button>
        </Act>
    }
}

/// Ctrl or Cmd with Z, with Shift and Z, and with Y.
#[cfg(feature = "hydrate")]
fn undo(pad: crate::live::pad::Pad<Live>, event: &leptos::ev::KeyboardEvent) {
    let again = match event.key().to_lowercase().as_str() {
        "z" => event.shift_key(),
        "y" => true,
        _ => return,
    };
    if (event.ctrl_key() || event.meta_key()) && !event.alt_key() {
        event.prevent_default();
        pad.undo(again);
    }
}

/// Beginnings that tell apart what was seen, what was told and what one thinks: pressed, one stands in the box on a line of
/// its own.
fn tags(element: NodeRef<leptos::html::Textarea>) -> impl IntoView {
    view! {
        <div class="cr-tags" role="group" aria-label="Begin a passage with">
            {domain::document::TAGS.map(|tag| view! {
                <button type="button" class="cr-tap" on:mousedown=move |event| event.prevent_default() on:click=move |_| insert(element, tag)>{tag}</button>
            })}
        </div>
    }
}

#[cfg(feature = "hydrate")]
fn insert(element: NodeRef<leptos::html::Textarea>, tag: &str) {
    let Some(field) = element.get_untracked() else { return };
    let _ = field.focus();
    let text = field.value();
    let at = field.selection_start().ok().flatten().unwrap_or_default();
    let units: Vec<u16> = text.encode_utf16().collect();
    let before = at == 0 || units.get(at as usize - 1) == Some(&u16::from(b'\n'));
    let words = format!("{}{tag} ", if before { "" } else { "\n" });
    let end = field.selection_end().ok().flatten().unwrap_or(at);
    let _ = field.set_range_text_with_start_and_end_and_mode(&words, at, end, "end");
    if let Ok(event) = web_sys::Event::new_with_event_init_dict("input", &bubbling()) {
        let _ = field.dispatch_event(&event);
    }
}

#[cfg(feature = "hydrate")]
fn bubbling() -> web_sys::EventInit {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    init
}

#[cfg(not(feature = "hydrate"))]
fn insert(_element: NodeRef<leptos::html::Textarea>, _tag: &str) {}

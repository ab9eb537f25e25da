//! Boxes of prose: my analysis first, the others' beside it, and what it means for each child.

use crate::parts::text_area::TextArea;
use domain::mark::{Mark, Readers};
use domain::meeting::{Area, Passage};
use domain::{PersonId, SlotId, WorkerId};
use leptos::prelude::*;

use super::form::{Act, fold, press};
use super::{Live, Saving, by_name};

/// Every worker's analysis: one's own first.
pub fn analysis(live: Live, id: SlotId) -> impl IntoView {
    let me = live.page.with_untracked(|page| page.me);
    let owners = Memo::new(move |_| {
        let mut owners: Vec<WorkerId> = live.slot(id, |_, slot| {
            let boxes = slot
                .boxes
                .keys()
                .filter_map(|area| if let Area::Analysis(worker) = area { Some(*worker) } else { None });
            slot.members.keys().copied().chain(boxes).collect()
        });
        owners
            .extend(live.family(id, |family| family.allocated.iter().filter_map(|who| who.worker).collect::<Vec<_>>()));
        let first = |worker: WorkerId| if worker == me { String::new() } else { live.name(worker) };
        by_name(owners.into_iter().map(|worker| (first(worker), worker)))
            .into_iter()
            .map(|(_, worker)| worker)
            .collect::<Vec<_>>()
    });
    let hidden = Memo::new(move |_| {
        live.slot(id, |room, slot| {
            let may = room.chair == live.me() && slot.progress.in_discussion();
            if may { slot.boxes.values().filter(|text| text.mark.hidden_until_reveal).count() } else { 0 }
        })
    });
    view! {
        {move || Some(hidden.get()).filter(|count| *count > 0).map(|count| press("reveal", Some(id), format!("Reveal what is hidden ({count})"), "cr-small-button"))}
        <ul class="cr-boxes">
            <For each=move || owners.get() key=|worker| *worker let:worker>
                <li>{untrack(|| text_box(live, id, Area::Analysis(worker), worker == me))}</li>
            </For>
        </ul>
    }
}

/// What it means for each child, or their life now: everybody's box, one per child.
pub fn for_each_child(live: Live, id: SlotId, area: fn(PersonId) -> Area) -> impl IntoView {
    let children = Memo::new(move |_| {
        let children = live.slot(id, |_, slot| slot.children.clone());
        live.family(id, |family| family.in_order(children))
    });
    view! {
        <ul class="cr-boxes">
            <For each=move || children.get() key=|child| *child let:child>
                <li>{untrack(|| text_box(live, id, area(child), true))}</li>
            </For>
        </ul>
        {move || children.get().is_empty().then(|| view! { <p class="govuk-body-s cr-quiet">"A box for each child opens when the family is started."</p> })}
    }
}

#[derive(Clone, PartialEq)]
struct About {
    mark: Mark,
    withheld: bool,
    hidden: bool,
    passages: Vec<Passage>,
    damaged: bool,
    recorded_by: Vec<WorkerId>,
    /// Whether its owner wrote in it too.
    in_part: bool,
}

fn text_box(live: Live, id: SlotId, area: Area, mine: bool) -> impl IntoView {
    let about = Memo::new(move |_| {
        live.slot(id, |_, slot| {
            slot.boxes.get(&area).map(|text| About {
                mark: text.mark.clone(),
                withheld: text.withheld,
                hidden: text.mark.hidden_until_reveal,
                passages: text.passages.clone(),
                damaged: text.damaged,
                recorded_by: text.recorded_by.iter().copied().collect(),
                in_part: !text.writers.is_empty(),
            })
        })
    });
    let text = Memo::new(move |_| {
        live.slot(id, |_, slot| slot.boxes.get(&area).map(|text| text.prose.text()).unwrap_or_default())
    });
    let title = title(live, id, area);
    let withheld = Memo::new(move |_| about.with(|about| about.as_ref().is_some_and(|about| about.withheld)));
    let hidden = Memo::new(move |_| about.with(|about| about.as_ref().is_some_and(|about| about.hidden)));
    let mark =
        Memo::new(move |_| about.with(|about| about.as_ref().map(|about| about.mark.clone()).unwrap_or_default()));
    let passages =
        Memo::new(move |_| about.with(|about| about.as_ref().map(|about| about.passages.clone()).unwrap_or_default()));
    let may_write = Memo::new(move |_| live.writable(id) && !withheld.get());
    let runs = Memo::new(move |_| live.runs());
    let own = matches!(area, Area::Analysis(_));
    let begun = Memo::new(move |_| live.slot(id, |_, slot| !slot.members.is_empty()));
    // A box that closes while one types in it stays until one leaves it: what comes then can be filed late.
    let typing = RwSignal::new(false);
    // The field is not drawn anew while it stays.
    let writes = Memo::new(move |_| mine && (may_write.get() || typing.get()));
    let label = title.clone();
    let fold_label = format!("Record for {title}");
    let name = title.clone();
    view! {
        <div class="cr-box" class:cr-box--mine=mine role="group" aria-label=name on:focusin=move |_| typing.set(true) on:focusout=move |_| typing.set(false)>
            <div class="cr-box__head">
                <h4 class="cr-box__title">{title}</h4>
                {move || note(live, about.get())}
                {move || writers(live, id, area).map(|names| view! { <span class="cr-box__note">{names}</span> })}
                {move || save_state(live, id, area)}
            </div>
            {move || if withheld.get() {
                view! { <p class="govuk-body-s cr-quiet">{move || if hidden.get() { "Given, and hidden until the chair reveals it." } else { "Something stands here that is kept for named people. Ask its writer or the chair." }}</p> }.into_any()
            } else if writes.get() {
                untrack(|| writing(live, id, area, text, label.clone())).into_any()
            } else {
                let label = label.clone();
                view! {
                    <div class="cr-box__text cr-plain">{move || text.get()}{move || text.get().is_empty().then(|| view! { <span class="cr-quiet">"nothing yet"</span> })}</div>
                    {(may_write.get() && runs.get() && begun.get()).then(|| fold(fold_label.clone(), untrack(|| writing(live, id, area, text, label))))}
                }.into_any()
            }}
            {move || (!withheld.get() && !text.with(String::is_empty)).then(|| {
                let meeting = live.page.with_untracked(|page| page.room.id);
                view! { <p class="cr-box__note"><a class="govuk-link" href=format!("/meetings/{meeting}/boxes/{id}/{area}")>"History"</a></p> }
            })}
            {move || (may_write.get() && mine && own && !hidden.get()).then(|| untrack(|| press("hide", Some(id), "Hide until the chair reveals it", "cr-small-button")))}
            {move || (may_write.get() && (mine || runs.get())).then(|| { begun.track(); let (mark, passages) = (mark.get(), passages.get()); untrack(|| marking(live, id, area, mark, passages)) })}
        </div>
    }
}

fn title(live: Live, id: SlotId, area: Area) -> String {
    match area {
        Area::Analysis(worker) => {
            let who = if worker == live.page.with_untracked(|page| page.me) {
                "My analysis".to_owned()
            } else {
                live.name(worker)
            };
            let discipline = live.discipline(worker);
            if discipline.is_empty() { who } else { format!("{who} · {discipline}") }
        }
        Area::Meaning(child) | Area::Life(child) => live.family(id, |family| family.child_name(child).to_owned()),
    }
}

fn note(live: Live, about: Option<About>) -> Option<impl IntoView> {
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
    let passages = (passages > 0).then(|| format!("{passages} of its passages in no copy for somebody of the family"));
    let kept = only.into_iter().chain(never).chain(passages);
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

fn save_state(live: Live, id: SlotId, area: Area) -> Option<impl IntoView> {
    let saving = live.saving.with(|saving| saving.get(&(id, area)).cloned())?;
    Some(match saving {
        Saving::Saved => view! { <span class="cr-state" data-state="Saved">"Saved"</span> }.into_any(),
        Saving::Saving => view! { <span class="cr-state" data-state="Saving">"Saving"</span> }.into_any(),
        Saving::Kept => {
            view! { <span class="cr-state" data-state="Kept">"Kept on this device, not yet shared"</span> }.into_any()
        }
        Saving::NotSaved(why) => {
            view! { <span class="cr-state" data-state="Not saved">"Not saved. "{why}</span> }.into_any()
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
    let pad = super::pad::attach(live, id, area, element, text);
    let field = format!("text-{area}");
    view! {
        <Act act="write" at=id key=format!("write-{area}")>
            <input type="hidden" name="form[area]" value=subject/>
            <input type="hidden" name="form[base]" value=base/>
            <label class="govuk-visually-hidden" for=field.clone()>{label}</label>
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
                <TextArea class="cr-box__input" id=field name="form[text]" rows=4 value=start element=element/>
            </div>
            <button type="submit" class="cr-small-button cr-without-scripts">"Save"</button>
        </Act>
    }
}

/// Ctrl or Cmd with Z, with Shift and Z, and with Y.
#[cfg(feature = "hydrate")]
fn undo(pad: super::pad::Pad, event: &leptos::ev::KeyboardEvent) {
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

/// Whom the box is kept from. Who reads it and whom copies leave out are independent: each form sends the other as it is.
fn marking(live: Live, id: SlotId, area: Area, mark: Mark, passages: Vec<Passage>) -> impl IntoView {
    let workers: Vec<(String, WorkerId)> = {
        let owner = if let Area::Analysis(owner) = area { Some(owner) } else { None };
        let workers = live.slot(id, |room, slot| slot.members.keys().copied().chain([room.chair]).collect::<Vec<_>>());
        by_name(workers.into_iter().filter(|worker| Some(*worker) != owner).map(|worker| (live.name(worker), worker)))
    };
    let people: Vec<(PersonId, String)> = live.family(id, |family| {
        let adults = family.adults.iter().map(|adult| (adult.id, adult.name.clone()));
        adults.chain(family.children.iter().map(|child| (child.id, child.name.clone()))).collect()
    });
    let own = matches!(area, Area::Analysis(_));
    let chair = live.page.with_untracked(|page| page.room.chair);
    let readers = mark.readers.clone();
    let ticked = move |worker| match &readers {
        Readers::Team => worker == chair,
        Readers::Only { workers } => workers.contains(&worker),
    };
    let (of_only, of_team, of_never) = (mark.clone(), mark.clone(), mark.clone());
    let (in_never, in_passage) = (people.clone(), people);
    let restricted = mark.readers != Readers::Team;
    let lines = passages.into_iter().map(|passage| passage_line(live, id, area, passage)).collect_view();
    fold(
        "Restrict who can read this",
        view! {
            {own.then(|| view! {
                <Act act="mark" at=id key=format!("only-{area}")>
                    {of_box(area)}
                    {in_copies_as_now(&of_only)}
                    <input type="hidden" name="form[readers]" value="only"/>
                    <fieldset class="cr-ticks"><legend>"Only for named people"</legend>
                        {workers.into_iter().enumerate().map(|(at, (name, worker))| view! {
                            <label><input type="checkbox" name=format!("form[who][{at}]") value=worker.to_string() checked=ticked(worker)/>" "{name}</label>
                        }).collect_view()}
                    </fieldset>
                    <button type="submit" class="cr-small-button">"Keep for these only"</button>
                </Act>
            })}
            {restricted.then(|| view! {
                <Act act="mark" at=id key=format!("team-{area}")>
                    {of_box(area)}
                    {in_copies_as_now(&of_team)}
                    <input type="hidden" name="form[readers]" value="team"/>
                    <button type="submit" class="cr-small-button">"Let the whole team read it"</button>
                </Act>
            })}
            <Act act="mark" at=id key=format!("never-{area}")>
                {of_box(area)}
                {readers_as_now(&of_never)}
                {ticks("Never in a copy for", in_never, &of_never.not_in_copies_for)}
                <button type="submit" class="cr-small-button">"Keep out of their copies"</button>
            </Act>
            <Act act="mark_passage" at=id key=format!("passage-{area}") reset=true>
                <input type="hidden" name="form[area]" value=area.to_string()/>
                <label for=format!("passage-{area}")>"Only these words of it, as they stand there"</label>
                <input class="govuk-input" id=format!("passage-{area}") name="form[words]" autocomplete="off"/>
                {ticks("Never in a copy for", in_passage, &Default::default())}
                <button type="submit" class="cr-small-button">"Keep these words out of their copies"</button>
            </Act>
            {lines}
        },
    )
}

/// A marked passage with its words, and the way to release it.
fn passage_line(live: Live, id: SlotId, area: Area, passage: Passage) -> impl IntoView + use<> {
    let of = passage.id;
    let words = live.slot(id, |_, slot| {
        let text = slot.boxes.get(&area)?;
        let whole = text.prose.text();
        let places = passage.ranges.iter().filter_map(|range| text.prose.place_of(range));
        Some(places.map(|place| whole[place].to_owned()).collect::<Vec<_>>().join(" … "))
    });
    let words =
        words.filter(|words| !words.is_empty()).unwrap_or_else(|| "words that are not there any more".to_owned());
    view! {
        <Act act="release_passage" at=id key=format!("release-{of}")>
            <input type="hidden" name="form[area]" value=area.to_string()/>
            <input type="hidden" name="form[passage]" value=of.to_string()/>
            <span>"“"{words.clone()}"” is kept out of copies. "</span>
            <button type="submit" class="cr-link-button">"Release it"<span class="govuk-visually-hidden">": "{words}</span></button>
        </Act>
    }
}

fn of_box(area: Area) -> impl IntoView {
    view! {
        <input type="hidden" name="form[part]" value="box"/>
        <input type="hidden" name="form[area]" value=area.to_string()/>
    }
}

fn readers_as_now(mark: &Mark) -> impl IntoView + use<> {
    let workers = mark.named();
    view! {
        <input type="hidden" name="form[readers]" value=if mark.readers == Readers::Team { "team" } else { "only" }/>
        {workers.into_iter().enumerate().map(|(at, worker)| view! { <input type="hidden" name=format!("form[who][{at}]") value=worker.to_string()/> }).collect_view()}
    }
}

fn in_copies_as_now(mark: &Mark) -> impl IntoView + use<> {
    let people = mark.not_in_copies_for.clone();
    people
        .into_iter()
        .enumerate()
        .map(
            |(at, person)| view! { <input type="hidden" name=format!("form[people][{at}]") value=person.to_string()/> },
        )
        .collect_view()
}

fn ticks(
    legend: &'static str, people: Vec<(PersonId, String)>, ticked: &std::collections::BTreeSet<PersonId>,
) -> impl IntoView + use<> {
    let ticked = ticked.clone();
    view! {
        <fieldset class="cr-ticks"><legend>{legend}</legend>
            {people.into_iter().enumerate().map(|(at, (person, name))| view! {
                <label><input type="checkbox" name=format!("form[people][{at}]") value=person.to_string() checked=ticked.contains(&person)/>" "{name}</label>
            }).collect_view()}
        </fieldset>
    }
}

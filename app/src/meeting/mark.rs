//! Who reads a text box, and whom copies of it leave out.

use domain::mark::{Mark, Own, Readers};
use domain::meeting::{Area, MeetingPart, Passage};
use domain::{PersonId, SlotId, WorkerId};
use leptos::prelude::*;

use super::Live;
use super::act::Act;
use crate::parts::erased::view;

/// The forms that restrict a box, made anew when its marks change.
pub fn marking(live: Live, id: SlotId, area: Area) -> impl IntoView {
    let marks = live.memo(id, move |_, slot| {
        slot.boxes.get(&area).map(|text| (text.mark.clone(), text.passages.clone())).unwrap_or_default()
    });
    let may = live.memo(id, move |_, slot| !slot.boxes.get(&area).is_some_and(|text| text.withheld));
    move || {
        may.get().then(|| {
            let (mark, passages) = marks.get();
            untrack(|| forms(live, id, area, mark, passages))
        })
    }
}

/// Who reads it and whom copies leave out are independent: each form sends the other as it is.
fn forms(live: Live, id: SlotId, area: Area, mark: Mark, passages: Vec<Passage>) -> impl IntoView {
    let workers: Vec<(String, WorkerId)> = {
        let owner = if let Area::Analysis(owner) = area { Some(owner) } else { None };
        let workers = live.slot(id, |room, slot| slot.members.keys().copied().chain([room.chair]).collect::<Vec<_>>());
        live.to_choose(workers.into_iter().filter(|worker| Some(*worker) != owner))
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
    let question = live.page.with_untracked(|page| page.room.template.meeting.sharing.clone());
    let line = |form: &str, reason: &str| reason_line(&format!("{form}-{area}-why"), question.clone(), reason);
    // Whoever else marks it adds their reason to the one that stands there.
    let theirs = live.slot(id, |_, slot| slot.own(MeetingPart::Box(area), live.me())) != Some(Own::No);
    let reason = if theirs { mark.reason.as_str() } else { "" };
    let (why_only, why_team, why_never) = (line("only", reason), line("team", ""), line("never", reason));
    let why_passage = line("passage", "");
    let lines = passages.into_iter().map(|passage| passage_line(live, id, area, passage)).collect_view();
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
                {why_only}
                <button type="submit" class="cr-small-button">"Keep for these only"</button>
            </Act>
        })}
        {restricted.then(|| view! {
            <Act act="mark" at=id key=format!("team-{area}")>
                {of_box(area)}
                {in_copies_as_now(&of_team)}
                <input type="hidden" name="form[readers]" value="team"/>
                {why_team}
                <button type="submit" class="cr-small-button">"Let the whole team read it"</button>
            </Act>
        })}
        <Act act="mark" at=id key=format!("never-{area}")>
            {of_box(area)}
            {readers_as_now(&of_never)}
            {ticks("Never in a copy for", in_never, &of_never.not_in_copies_for)}
            {why_never}
            <button type="submit" class="cr-small-button">"Keep out of their copies"</button>
        </Act>
        <Act act="mark_passage" at=id key=format!("passage-{area}") reset=true>
            <input type="hidden" name="form[area]" value=area.to_string()/>
            <label for=format!("passage-{area}")>"Only these words of it, as they stand there"</label>
            <input class="govuk-input" id=format!("passage-{area}") name="form[words]" autocomplete="off"/>
            {ticks("Never in a copy for", in_passage, &Default::default())}
            {why_passage}
            <button type="submit" class="cr-small-button">"Keep these words out of their copies"</button>
        </Act>
        {lines}
    }
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
    let why = if passage.reason.is_empty() { String::new() } else { format!("Why: {}. ", passage.reason) };
    view! {
        <Act act="release_passage" at=id key=format!("release-{of}")>
            <input type="hidden" name="form[area]" value=area.to_string()/>
            <input type="hidden" name="form[passage]" value=of.to_string()/>
            <span>"“"{words.clone()}"” is kept out of copies. "{why}</span>
            <button type="submit" class="cr-link-button">"Release it"<span class="govuk-visually-hidden">": "{words}</span></button>
        </Act>
    }
}

/// One line that may stay empty: why something is kept from somebody, or shared again.
fn reason_line(id: &str, question: String, reason: &str) -> impl IntoView + use<> {
    let (id, reason) = (id.to_owned(), reason.to_owned());
    view! {
        <label for=id.clone()>{question}</label>
        <input class="govuk-input" id=id name="form[reason]" value=reason autocomplete="off"/>
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

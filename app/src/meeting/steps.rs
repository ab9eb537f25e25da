//! Next steps: a table one types into; Enter makes the next.

use domain::meeting::{Owner, Step};
use domain::{SlotId, StepId, WorkerId, dates};
use leptos::prelude::*;

use super::Live;
use super::act::{self, Act, fold, key_of};
use super::{choices, controls, open_row, stale, taken_away};
use crate::parts::erased::view;
use crate::parts::keyed::keyed;

/// The steps on the table, and a line for the next.
pub fn steps(live: Live, id: SlotId) -> impl IntoView {
    let ids = Memo::new(move |_| live.slot(id, |_, slot| slot.steps.iter().map(|step| step.id).collect::<Vec<_>>()));
    let people = Memo::new(move |_| live.to_choose(live.slot(id, |room, slot| room.step_owners(slot))));
    let editable = Memo::new(move |_| {
        live.takes_part(id) && live.slot(id, |room, slot| room.is_open() && slot.progress.in_discussion())
    });
    view! {
        <section class="cr-next-steps" aria-labelledby="next-steps">
            <h3 class="govuk-heading-s" id="next-steps">"Next steps"</h3>
            // The line one types into stands first: what others add comes below it.
            {move || editable.get().then(|| untrack(|| add(live, id, people)))}
            <ol class="cr-next-steps__list">
                {keyed(move || ids.get(), move |step| one(live, id, step, editable, people))}
            </ol>
        </section>
    }
}

type People = Memo<Vec<(String, WorkerId)>>;

fn one(live: Live, id: SlotId, step_id: StepId, editable: Memo<bool>, people: People) -> impl IntoView {
    let step = Memo::new(move |_| live.slot(id, |_, slot| slot.steps.iter().find(|step| step.id == step_id).cloned()));
    let open = Memo::new(move |_| open_row::is_open(live, &format!("step-{step_id}")));
    move || {
        let _ = editable.get();
        step.get().map(|step| untrack(|| {
        let mine = step.draft.owner.worker() == Some(live.me());
        let owner = step.draft.owner.worker().map_or_else(|| "nobody yet".to_owned(), |worker| live.name(worker));
        let owner = if mine { format!("{owner} (you)") } else { owner };
        let row = format!("step-{step_id}");
        let children = live.family(id, |family| step.draft.children.iter().map(|child| family.child_name(*child).to_owned()).collect::<Vec<_>>());
        view! {
            <li class="cr-next-steps__step" class:cr-next-steps__step--mine=mine>
                <p class="govuk-body"><strong>{step.draft.what.clone()}</strong>" · "{owner}{(!step.draft.with.is_empty()).then(|| format!(", with {}", step.draft.with))}
                    " · "{step.draft.due.map_or_else(|| "no date yet".to_owned(), |due| format!("by {}", dates::plain_date(due)))}
                    {(!children.is_empty()).then(|| format!(" · for {}", children.join(", ")))}
                    {(!step.draft.measure.is_empty()).then(|| view! { <span class="cr-quiet">{format!(" · we will know by: {}", step.draft.measure)}</span> })}
                    {editable.get_untracked().then(|| view! { " "{open_row::way(live, id, row.clone(), "Change", step.draft.what.clone())} })}</p>
                {move || (open.get() && editable.get_untracked()).then(|| untrack(|| change(live, id, row.clone(), step.clone(), people)))}
            </li>
        }
    }))
    }
}

fn revision(live: Live, id: SlotId, step_id: StepId) -> u32 {
    live.slot(id, |_, slot| slot.steps.iter().find(|step| step.id == step_id).map_or(0, |step| step.revision))
}

/// The forms of a step that is being changed.
fn change(live: Live, id: SlotId, row: String, step: Step, people: People) -> impl IntoView {
    let step_id = step.id;
    let undo = act::brings_back("remove_step", id, ("step", step_id));
    let key = format!("change-{step_id}");
    let base = stale::base(live, key_of(&key, Some(id)), step.revision, move || revision(live, id, step_id));
    let is_gone = move || live.slot(id, |_, slot| slot.steps.iter().all(|step| step.id != step_id));
    taken_away::tell(live, key_of(&key, Some(id)), is_gone, (step.draft.what.clone(), undo.clone()));
    view! {
        <div class="cr-row-forms" data-row=row>
            <Act act="change_step" at=id key=key base=base>
                <input type="hidden" name="form[step]" value=step_id.to_string()/>
                <input type="hidden" name="form[base]" value=move || base.get().to_string()/>
                {fields(live, id, &step_id.to_string(), Some(&step), people)}
                <button type="submit" class="cr-small-button">"Save the change"</button>
            </Act>
            <Act act="remove_step" at=id key=format!("remove-{step_id}") undo=undo>
                <input type="hidden" name="form[step]" value=step_id.to_string()/>
                <button type="submit" class="cr-small-button">"Remove this step"</button>
            </Act>
        </div>
    }
}

fn add(live: Live, id: SlotId, people: People) -> impl IntoView {
    // The first step is the next thing the meeting needs; after it, going on is.
    let first = Memo::new(move |_| controls::asks_for_step(live, id));
    let class = move || if first.get() { "govuk-button" } else { "govuk-button govuk-button--secondary" };
    view! {
        <Act act="add_step" at=id key="add" reset=true class="cr-add-step">
            {fields(live, id, "new", None, people)}
            <button type="submit" class=class>"Add step"</button>
        </Act>
    }
}

fn fields(live: Live, id: SlotId, key: &str, step: Option<&Step>, people: People) -> impl IntoView + use<> {
    let (act, subject) = if step.is_some() { ("change_step", key.to_owned()) } else { ("add_step", id.to_string()) };
    let drafted = |field: &str, value: String| live.drafted(act, &subject, field).unwrap_or(value);
    let draft = step.map(|step| step.draft.content.clone());
    let text = |read: fn(&domain::meeting::StepDraft) -> String| draft.as_ref().map(read).unwrap_or_default();
    let (what, with, measure) = (
        drafted("what", text(|d| d.what.clone())),
        drafted("with", text(|d| d.with.clone())),
        drafted("measure", text(|d| d.measure.clone())),
    );
    let due = drafted("due", text(|d| d.due.map(dates::typed).unwrap_or_default()));
    let owner = drafted(
        "owner",
        draft
            .as_ref()
            .and_then(|draft| if let Owner::Worker { worker } = draft.owner { Some(worker.to_string()) } else { None })
            .unwrap_or_default(),
    );
    let children = live.slot(id, |_, slot| slot.children.clone());
    let children: Vec<(String, String, bool)> = live
        .family(id, |family| family.in_order(children))
        .into_iter()
        .map(|child| {
            (
                child.to_string(),
                live.family(id, |family| family.child_name(child).to_owned()),
                draft.as_ref().is_some_and(|draft| draft.children.contains(&child)),
            )
        })
        .collect();
    let name = |field: &str| format!("{field}-{key}");
    view! {
        <div class="cr-step-fields">
            <div class="cr-step-fields__what"><label for=name("what")>"What"</label><input class="govuk-input" id=name("what") name="form[what]" value=what aria-describedby=name("how") autocomplete="off"/></div>
            <div><label for=name("owner")>"Who"</label><select class="govuk-select" id=name("owner") name="form[owner]">
                <option value="">"nobody yet"</option>
                {choices::people(move || people.get(), owner.parse().ok())}
            </select></div>
            <div><label for=name("due")>"By when"</label><input class="govuk-input" id=name("due") name="form[due]" value=due aria-describedby=name("how") autocomplete="off"/></div>
            <p class="cr-quiet cr-step-fields__how" id=name("how")>"In What, @ and a name chooses who: @nadia ring the school. By when: 11 Dec, fri, or 2w for two weeks."</p>
        </div>
        {fold("With whom, for which child, how we will know", view! {
            <label for=name("with")>"With (school, GP, family member)"</label><input class="govuk-input" id=name("with") name="form[with]" value=with autocomplete="off"/>
            <fieldset class="cr-ticks"><legend>"For which children (none ticked: all)"</legend>
                {children.into_iter().enumerate().map(|(at, (child, name, on))| view! { <label><input type="checkbox" name=format!("form[children][{at}]") value=child checked=on/>" "{name}</label> }).collect_view()}
            </fieldset>
            <label for=name("measure")>"How we will know; if not, then what"</label><input class="govuk-input" id=name("measure") name="form[measure]" value=measure autocomplete="off"/>
        })}
    }
}

//! Decide: the wording, who stands where, the chair's confirmation.

use domain::meeting::{Decision, Route};
use domain::{DecisionId, PersonId, SlotId, dates};
use leptos::html;
use leptos::prelude::*;

use super::Live;
use super::act::{Act, fold, key_of};
use super::confirm::ToConfirm;
use super::stance::{asking, owed_reason, question, reason_follows, stances, tally};
use super::{decision_row, open_row, stale};
use crate::parts::erased::view;
use crate::parts::keyed::keyed;
use crate::parts::text_area::TextArea;

/// The decisions on the table; together they cover every child.
pub fn decisions(live: Live, id: SlotId) -> impl IntoView {
    let ids = Memo::new(move |_| {
        live.slot(id, |_, slot| slot.decisions.iter().map(|decision| decision.id).collect::<Vec<_>>())
    });
    view! {
        {keyed(move || ids.get(), move |decision| one(live, id, decision))}
        {move || ids.get().is_empty().then(|| view! { <p class="govuk-body-s cr-quiet">"The decision opens when the family is started."</p> })}
    }
}

fn one(live: Live, id: SlotId, decision_id: DecisionId) -> impl IntoView {
    let decision = Memo::new(move |_| live.slot(id, |_, slot| slot.decision(decision_id).cloned()));
    let editable =
        Memo::new(move |_| live.runs() && live.slot(id, |room, slot| room.is_open() && slot.progress.in_discussion()));
    let children = Memo::new(move |_| {
        decision.with(|decision| decision.as_ref().map(|decision| decision.children.clone()).unwrap_or_default())
    });
    let names = move || {
        live.family(id, |family| {
            family.in_order(children.get()).iter().map(|child| family.child_name(*child).to_owned()).collect::<Vec<_>>()
        })
    };
    let question = Memo::new(move |_| question(live, id, decision.get().as_ref()));
    let follows = Memo::new(move |_| decision.with(|decision| owed_reason(live, id, decision.as_ref())));
    let row = format!("decision-{decision_id}");
    let open = decision_row::opened(live, id, decision_id);
    let way =
        Memo::new(move |_| if open.get() { None } else { decision_row::way_in(live, id, decision_id, editable.get()) });
    let section: NodeRef<html::Section> = NodeRef::new();
    decision_row::close_once_confirmed(live, id, decision, row.clone(), section);
    let of_way = row.clone();
    // While another family is discussed there is no bar for this one.
    let apart = Memo::new(move |_| {
        let bar = live.room(|room| room.current == Some(id));
        let mine = ToConfirm::of(live, id).filter(|confirm| confirm.decision == decision_id);
        if live.chairs() && live.discussed(id) && !bar { mine } else { None }
    });
    let state = move || match decision.get() {
        Some(Decision { confirmed: Some(_), .. }) => "· decided",
        Some(Decision { wording: Some(_), .. }) => "· proposed, not yet confirmed",
        _ if editable.get() => "",
        _ => "· nothing is proposed yet",
    };
    // Whoever only reads here sees one line for a decision that is not worded yet.
    let empty = Memo::new(move |_| {
        !editable.get()
            && decision.with(|decision| decision.as_ref().is_some_and(|decision| decision.wording.is_none()))
    });
    let (titled, title) = (format!("decision-{decision_id}"), format!("decision-{decision_id}"));
    view! {
        <section node_ref=section class="cr-decision" class:cr-decision--closed=move || !open.get() class:cr-decision--empty=move || empty.get() aria-labelledby=titled>
            <h3 class="govuk-heading-s" id=title>"Decision for "{move || names().join(", ")}" "<span class="cr-decision__state">{state}</span></h3>
            {move || decision.get().map(|decision| on_the_table(live, &decision))}
            {tally(live, id, decision_id)}
            {move || apart.get().map(|confirm| untrack(|| confirm.button(live, id)))}
            {move || way.get().map(|label| untrack(|| open_row::way(live, id, of_way.clone(), label, called(live, id, decision_id))))}
            {move || open.get().then(|| untrack(|| view! {
                // Not every browser gives the focus to a button that is pressed.
                <div data-row=row.clone() tabindex="-1" on:focusin=move |_| decision_row::keep_open(live, decision_id) on:pointerdown=move |_| decision_row::keep_open(live, decision_id)>
                    {move || decision.get().map(|decision| stances(live, id, &decision))}
                    {move || question.get().map(|question| asking(live, id, decision_id, question))}
                    {move || follows.get().map(|(revision, word)| reason_follows(live, id, decision_id, revision, word))}
                    {wording(live, id, decision_id, editable)}
                    {split(live, id, decision_id, editable)}
                </div>
            }))}
        </section>
    }
}

/// Who decides, where that says something: what is only proposed is not yet decided here.
pub fn route_in_words(route: &Route, decided: bool) -> Option<String> {
    (decided || *route != Route::DecidedHere).then(|| route.title())
}

fn on_the_table(live: Live, decision: &Decision) -> impl IntoView + use<> {
    decision.wording.clone().map(|wording| {
        let title = live.page.with(|page| wording.title(&page.room.template));
        let decided = decision.confirmed.is_some();
        let confirmed = decision.confirmed.as_ref().map(|confirmed| format!("Confirmed by {} at {}", live.name(confirmed.by), dates::clock(confirmed.at)));
        view! {
            <div class="cr-wording" class:cr-wording--decided=decided>
                <p class="cr-wording__what"><strong>{title}</strong>{route_in_words(&wording.route, decided).map(|route| format!(" · {route}"))}</p>
                {(!wording.what.is_empty()).then(|| view! { <p class="govuk-body">{wording.what.clone()}</p> })}
                <p class="govuk-body">"Why: "{if wording.why.is_empty() { "to follow".to_owned() } else { wording.why.clone() }}</p>
                {confirmed.map(|confirmed| view! { <p class="govuk-body"><strong>"✓ "{confirmed}</strong></p> })}
            </div>
        }
    })
}

/// The wording's form. It keeps what is typed when somebody else rewords; what is then sent on the old
/// wording is answered with both, and sent again it replaces the other.
fn wording(live: Live, id: SlotId, decision: DecisionId, editable: Memo<bool>) -> impl IntoView {
    let revision =
        Memo::new(move |_| live.slot(id, |_, slot| slot.decision(decision).map_or(0, |decision| decision.revision)));
    let shown = RwSignal::new(revision.get_untracked());
    let key = key_of(&format!("word-{decision}"), Some(id));
    let base = stale::base(live, key.clone(), revision.get_untracked(), move || revision.get_untracked());
    let (typed, sent) = (RwSignal::new(false), RwSignal::new(false));
    let part: NodeRef<html::Div> = NodeRef::new();
    Effect::new(move |_| {
        let now = revision.get();
        if now != shown.get_untracked() && (!typed.get_untracked() || sent.get_untracked()) {
            typed.set(false);
            sent.set(false);
            base.set(now);
            hold_place(part);
            shown.set(now);
        }
    });
    Effect::new(move |_| {
        if stale::refused_in(live, &key).is_some() {
            sent.set(false);
        }
    });
    view! {
        <div node_ref=part on:input=move |_| { typed.set(true); sent.set(false); } on:submit=move |_| sent.set(true)>
            // Another wording is another form: what was unfolded to write the last one is folded again.
            {keyed(move || editable.get().then(|| shown.get()), move |_| wording_form(live, id, decision, base))}
        </div>
    }
}

/// The children a decision is for.
fn called(live: Live, id: SlotId, decision: DecisionId) -> String {
    let children =
        live.slot(id, |_, slot| slot.decision(decision).map(|decision| decision.children.clone()).unwrap_or_default());
    live.children(id, children)
}

/// Keyboard and screen reader go on from around a form that is replaced.
#[cfg(feature = "hydrate")]
pub fn hold_place(part: NodeRef<html::Div>) {
    part.get_untracked().inspect(|part| super::focus::go_on_if_in(part));
}

#[cfg(not(feature = "hydrate"))]
pub fn hold_place(_part: NodeRef<html::Div>) {}

fn wording_form(live: Live, id: SlotId, decision: DecisionId, base: RwSignal<u32>) -> impl IntoView {
    let wording = live.page.with_untracked(|page| page.room.slot(id)?.decision(decision)?.wording.clone());
    let wording = wording.unwrap_or_default();
    let kinds = live.page.with_untracked(|page| page.room.template.kinds.clone());
    let subject = decision.to_string();
    let drafted = |field: &str, value: &str| live.drafted("word", &subject, field).unwrap_or_else(|| value.to_owned());
    let kind = drafted("kind", &wording.kind);
    // A route that is its kind's usual one stays "as usual" when another kind is chosen.
    let usual = kinds.iter().find(|one| one.key == wording.kind).map(|one| one.recommended_to.as_str());
    let (route, to) = match &wording.route {
        Route::DecidedHere if usual.is_none_or(str::is_empty) => ("", String::new()),
        Route::DecidedHere => ("here", String::new()),
        Route::RecommendedTo { whom } if usual == Some(whom) => ("", String::new()),
        Route::RecommendedTo { whom } => ("recommended", whom.clone()),
    };
    let route = drafted("route", route);
    let (to, what, why) = (drafted("to", &to), drafted("what", &wording.what), drafted("why", &wording.why));
    let field = move |name: &str| format!("{name}-{decision}");
    let worded = !wording.kind.is_empty();
    // One thing is next: the decision that is open, where nothing is proposed for it yet.
    let next = Memo::new(move |_| {
        let asks = |one: &Decision| one.wording.is_none() && one.confirmed.is_none();
        decision_row::here(live, id) == Some(decision)
            && live.slot(id, |_, slot| slot.decision(decision).is_some_and(asks))
    });
    let class = move || if next.get() { "govuk-button" } else { "govuk-button govuk-button--secondary" };
    let form = view! {
        <Act act="word" at=id key=format!("word-{decision}") base=base>
            <input type="hidden" name="form[decision]" value=decision.to_string()/>
            <input type="hidden" name="form[base]" value=move || base.get().to_string()/>
            <div class="cr-decision__fields">
                <div>
                    <label class="govuk-label" for=field("kind")>"What is decided"</label>
                    <select class="govuk-select" id=field("kind") name="form[kind]">
                        <option value="">"Choose"</option>
                        {kinds.into_iter().map(|one| { let chosen = one.key == kind; view! { <option value=one.key selected=chosen>{one.title}</option> } }).collect_view()}
                    </select>
                </div>
                <div>
                    <label class="govuk-label" for=field("what")>"In your own words (optional)"</label>
                    <input class="govuk-input" id=field("what") name="form[what]" value=what autocomplete="off"/>
                </div>
            </div>
            <label class="govuk-label" for=field("why")>"Why"</label>
            <TextArea id=field("why") name="form[why]" rows=3 value=why/>
            {fold("Somebody else decides", view! {
                <label class="govuk-label" for=field("route")>"Who decides"</label>
                <select class="govuk-select" id=field("route") name="form[route]">
                    <option value="" selected=route.is_empty()>"As usual for this decision"</option>
                    <option value="here" selected=route == "here">"Decided here"</option>
                    <option value="recommended" selected=route == "recommended">"Recommended to"</option>
                </select>
                <input class="govuk-input" name="form[to]" value=to aria-label="Recommended to whom" placeholder="to whom" autocomplete="off"/>
            })}
            <button type="submit" class=class>"Propose this decision"</button>
        </Act>
    };
    if worded { fold("Change the wording (asks everyone again)", form).into_any() } else { form.into_any() }
}

/// Decides apart for one child, or together again. What unfolds stays open while one child after another is taken out.
fn split(live: Live, id: SlotId, decision: DecisionId, editable: Memo<bool>) -> impl IntoView {
    let children = live
        .memo(id, move |_, slot| slot.decision(decision).map(|decision| decision.children.clone()).unwrap_or_default());
    let in_order = move || live.family(id, |family| family.in_order(children.get()));
    let several = Memo::new(move |_| editable.get() && children.with(|children| children.len() >= 2));
    let joins = Memo::new(move |_| {
        let first = live.slot(id, |_, slot| slot.decisions.first().is_some_and(|first| first.id == decision));
        editable.get() && !several.get() && !first
    });
    view! {
        {move || several.get().then(|| untrack(|| fold("Decide separately for one child", view! {
            <div role="group" aria-label="Decide separately for one child">
                {keyed(in_order, move |child| apart(live, id, child))}
            </div>
        })))}
        {move || joins.get().then(|| view! {
            <Act act="join" at=id key=format!("join-{decision}")>
                <input type="hidden" name="form[decision]" value=decision.to_string()/>
                <button type="submit" class="cr-small-button">"Same as the others after all"</button>
            </Act>
        })}
    }
}

fn apart(live: Live, id: SlotId, child: PersonId) -> impl IntoView {
    view! {
        <Act act="split" at=id key=format!("split-{child}")>
            <input type="hidden" name="form[child]" value=child.to_string()/>
            <button type="submit" class="cr-small-button">{format!("A decision of their own for {}", live.child(id, child))}</button>
        </Act>
    }
}

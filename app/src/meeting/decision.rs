//! Decide: the wording, who stands where, the chair's confirmation.

use crate::parts::text_area::TextArea;
use domain::meeting::{Decision, Position, Route};
use domain::{DecisionId, SlotId, WorkerId, dates};
use leptos::prelude::*;

use super::Live;
use super::form::{Act, fold};

/// The decisions on the table; together they cover every child.
pub fn decisions(live: Live, id: SlotId) -> impl IntoView {
    let ids = Memo::new(move |_| {
        live.slot(id, |_, slot| slot.decisions.iter().map(|decision| decision.id).collect::<Vec<_>>())
    });
    view! {
        <For each=move || ids.get() key=|decision| *decision let:decision>
            {untrack(|| one(live, id, decision))}
        </For>
        {move || ids.get().is_empty().then(|| view! { <p class="govuk-body-s cr-quiet">"The decision opens when the family is started."</p> })}
    }
}

fn one(live: Live, id: SlotId, decision: DecisionId) -> impl IntoView {
    let known = Memo::new(move |_| live.slot(id, |_, slot| slot.decision(decision).cloned()));
    let editable =
        Memo::new(move |_| live.runs() && live.slot(id, |room, slot| room.is_open() && slot.progress.in_discussion()));
    let children =
        Memo::new(move |_| known.with(|known| known.as_ref().map(|known| known.children.clone()).unwrap_or_default()));
    let names = move || {
        live.family(id, |family| {
            family.in_order(children.get()).iter().map(|child| family.child_name(*child).to_owned()).collect::<Vec<_>>()
        })
    };
    let question = Memo::new(move |_| question(live, id, known.get().as_ref()));
    let follows = Memo::new(move |_| known.with(|known| owed_reason(live, id, known.as_ref())));
    let wording = wording(live, id, decision, editable);
    view! {
        <section class="cr-decision" aria-label="Decision">
            <h4 class="govuk-heading-s">"Decision for "{move || names().join(", ")}</h4>
            {move || known.get().map(|known| on_the_table(live, &known))}
            {move || (!editable.get() && known.with(|known| known.as_ref().is_some_and(|known| known.wording.is_none()))).then(|| view! { <p class="govuk-body-s cr-quiet">"Nothing is proposed yet."</p> })}
            {wording}
            {move || editable.get().then(|| { let children = children.get(); untrack(|| split(live, id, decision, children.into_iter().collect())) })}
            {move || known.get().map(|known| stances(live, id, &known))}
            {move || question.get().map(|question| asking(live, id, decision, question))}
            {move || follows.get().map(|(revision, word)| reason_follows(live, id, decision, revision, word))}
        </section>
    }
}

/// What a form that asks for stances is made of: it is made anew only when one of these changes, so
/// that a half-typed reason outlives other people's answers.
#[derive(Clone, PartialEq)]
struct Question {
    revision: u32,
    asked: bool,
    runs: bool,
    chairs: bool,
    present: Vec<WorkerId>,
    /// Of those present, who objected to this wording or an earlier one.
    objecting: Vec<WorkerId>,
    /// Of those, who has not said where they stand on this wording.
    to_ask: Vec<WorkerId>,
}

fn question(live: Live, id: SlotId, decision: Option<&Decision>) -> Option<Question> {
    let decision = decision.filter(|decision| decision.wording.is_some() && decision.confirmed.is_none())?;
    let me = live.me();
    live.slot(id, |room, slot| {
        (room.is_open() && slot.progress.in_discussion()).then(|| {
            let asked = |worker: &WorkerId| slot.present(*worker) && room.asked_for_stance(slot, *worker);
            let present: Vec<WorkerId> = slot.members.keys().copied().filter(asked).collect();
            Question {
                revision: decision.revision,
                asked: room.asked_for_stance(slot, me),
                runs: room.runs(me),
                chairs: room.chair == me,
                to_ask: present
                    .iter()
                    .copied()
                    .filter(|worker| decision.objected(*worker) && !decision.answered(*worker))
                    .collect(),
                objecting: present.iter().copied().filter(|worker| decision.objected(*worker)).collect(),
                present,
            }
        })
    })
}

/// The viewer's own objection to a confirmed decision that still waits for its reason: the revision and
/// the position's word.
fn owed_reason(live: Live, id: SlotId, decision: Option<&Decision>) -> Option<(u32, &'static str)> {
    let decision = decision.filter(|decision| decision.confirmed.is_some())?;
    let stance = decision.stances.get(&live.me()).filter(|stance| stance.reason_to_follow())?;
    let word = Position::CHOICES.into_iter().find(|(position, ..)| *position == stance.position)?.1;
    live.slot(id, |room, slot| room.is_open() && slot.progress.in_discussion()).then_some((decision.revision, word))
}

fn reason_follows(live: Live, id: SlotId, number: DecisionId, revision: u32, position: &'static str) -> impl IntoView {
    view! {
        <Act act="stand" at=id key=format!("reason-{number}") class="cr-stand">
            <input type="hidden" name="form[decision]" value=number.to_string()/>
            <input type="hidden" name="form[base]" value=revision.to_string()/>
            <input type="hidden" name="form[worker]" value=live.me().to_string()/>
            <input type="hidden" name="form[position]" value=position/>
            <label for=format!("follows-{number}")>"Your reason, which was to follow"</label>
            <input class="govuk-input" id=format!("follows-{number}") name="form[why]" autocomplete="off"/>
            <button type="submit" class="cr-small-button">"Add my reason"</button>
        </Act>
    }
}

fn on_the_table(live: Live, decision: &Decision) -> impl IntoView + use<> {
    decision.wording.clone().map(|wording| {
        let title = live.page.with(|page| page.room.template.kind(&wording.kind).map_or_else(|| wording.kind.clone(), |kind| kind.title.clone()));
        let confirmed = decision.confirmed.as_ref().map(|confirmed| format!("Confirmed by {} at {}", live.name(confirmed.by), dates::clock(confirmed.at)));
        view! {
            <div class="cr-wording">
                <p class="cr-wording__what"><strong>{title}</strong>" · "{wording.route.title()}</p>
                {(!wording.what.is_empty()).then(|| view! { <p class="govuk-body">{wording.what.clone()}</p> })}
                <p class="govuk-body">"Why: "{if wording.why.is_empty() { "to follow".to_owned() } else { wording.why.clone() }}</p>
                {confirmed.map(|confirmed| view! { <p class="govuk-body"><strong class="govuk-tag govuk-tag--green">{confirmed}</strong></p> })}
            </div>
        }
    })
}

/// The wording's form. It keeps what is typed when somebody else rewords; what is then sent on the old
/// wording is answered with both, and sent again it replaces the other.
fn wording(live: Live, id: SlotId, decision: DecisionId, editable: Memo<bool>) -> impl IntoView {
    let revision =
        Memo::new(move |_| live.slot(id, |_, slot| slot.decision(decision).map_or(0, |known| known.revision)));
    let shown = RwSignal::new(revision.get_untracked());
    let base = RwSignal::new(revision.get_untracked());
    let (typed, sent) = (RwSignal::new(false), RwSignal::new(false));
    Effect::new(move |_| {
        let now = revision.get();
        if now != shown.get_untracked() && (!typed.get_untracked() || sent.get_untracked()) {
            typed.set(false);
            sent.set(false);
            base.set(now);
            shown.set(now);
        }
    });
    let key = format!("word-{decision}");
    Effect::new(move |_| {
        if live.refused.with(|refused| refused.as_ref().is_some_and(|(of, _)| *of == key)) {
            base.set(revision.get_untracked());
            sent.set(false);
        }
    });
    view! {
        <div on:input=move |_| { typed.set(true); sent.set(false); } on:submit=move |_| sent.set(true)>
            {move || { shown.track(); editable.get().then(|| untrack(|| wording_form(live, id, decision, base))) }}
        </div>
    }
}

fn wording_form(live: Live, id: SlotId, decision: DecisionId, base: RwSignal<u32>) -> impl IntoView {
    let known = live.page.with_untracked(|page| page.room.slot(id).and_then(|slot| slot.decision(decision)).cloned());
    let wording = known.as_ref().and_then(|known| known.wording.clone()).unwrap_or_default();
    let kinds = live.page.with_untracked(|page| page.room.template.kinds.clone());
    let subject = decision.to_string();
    let drafted = |field: &str, known: &str| live.drafted("word", &subject, field).unwrap_or_else(|| known.to_owned());
    let kind = drafted("kind", &wording.kind);
    let (route, to) = match &wording.route {
        Route::DecidedHere if wording.kind.is_empty() => ("", String::new()),
        Route::DecidedHere => ("here", String::new()),
        Route::RecommendedTo { whom } => ("recommended", whom.clone()),
    };
    let route = drafted("route", route);
    let (to, what, why) = (drafted("to", &to), drafted("what", &wording.what), drafted("why", &wording.why));
    let field = move |name: &str| format!("{name}-{decision}");
    let worded = !wording.kind.is_empty();
    let form = view! {
        <Act act="word" at=id key=format!("word-{decision}")>
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
                    <label class="govuk-label" for=field("route")>"Who decides"</label>
                    <select class="govuk-select" id=field("route") name="form[route]">
                        <option value="" selected=route.is_empty()>"As usual for this decision"</option>
                        <option value="here" selected=route == "here">"Decided here"</option>
                        <option value="recommended" selected=route == "recommended">"Recommended to"</option>
                    </select>
                    <input class="govuk-input" name="form[to]" value=to aria-label="Recommended to whom" placeholder="to whom" autocomplete="off"/>
                </div>
            </div>
            <label class="govuk-label" for=field("what")>"In words, where the list does not say it all"</label>
            <input class="govuk-input" id=field("what") name="form[what]" value=what autocomplete="off"/>
            <label class="govuk-label" for=field("why")>"Why"</label>
            <TextArea id=field("why") name="form[why]" rows=3 value=why/>
            <button type="submit" class="govuk-button govuk-button--secondary">"Propose this decision"</button>
        </Act>
    };
    if worded { fold("Change the wording (all are asked again)", form).into_any() } else { form.into_any() }
}

fn split(live: Live, id: SlotId, decision: DecisionId, children: Vec<domain::PersonId>) -> Option<impl IntoView> {
    let first = live.slot(id, |_, slot| slot.decisions.first().is_some_and(|first| first.id == decision));
    if children.len() < 2 && first {
        return None;
    }
    Some(if children.len() >= 2 {
        let names = live.family(id, |family| {
            children.iter().map(|child| (*child, family.child_name(*child).to_owned())).collect::<Vec<_>>()
        });
        fold("Decide separately for one child", names.into_iter().map(|(child, name)| view! {
            <Act act="split" at=id key=format!("split-{child}")>
                <input type="hidden" name="form[child]" value=child.to_string()/>
                <button type="submit" class="cr-small-button">{format!("A decision of their own for {name}")}</button>
            </Act>
        }).collect_view()).into_any()
    } else {
        view! {
            <Act act="join" at=id key=format!("join-{decision}")>
                <input type="hidden" name="form[decision]" value=decision.to_string()/>
                <button type="submit" class="cr-small-button">"Same as the others after all"</button>
            </Act>
        }
        .into_any()
    })
}

const fn shape(position: Position) -> &'static str {
    match position {
        Position::Agree => "●",
        Position::Reservations => "◐",
        Position::Disagree => "○",
    }
}

/// One line per worker: shape, word, reason.
fn stances(live: Live, id: SlotId, decision: &Decision) -> impl IntoView + use<> {
    let revision = decision.revision;
    let lines: Vec<_> = decision.stances.iter().map(|(worker, stance)| (*worker, stance.clone())).collect();
    let silent: Vec<WorkerId> = match &decision.confirmed {
        Some(confirmed) => {
            confirmed.unanswered.iter().copied().filter(|worker| !decision.stances.contains_key(worker)).collect()
        }
        None => live.slot(id, |room, slot| {
            slot.members
                .keys()
                .copied()
                .filter(|worker| {
                    decision.revision > 0
                        && slot.present(*worker)
                        && room.asked_for_stance(slot, *worker)
                        && !decision.stances.contains_key(worker)
                })
                .collect()
        }),
    };
    view! {
        <ul class="cr-stances">
            {lines.into_iter().map(|(worker, stance)| {
                let follow = stance.reason_to_follow();
                view! {
                    <li><span aria-hidden="true">{shape(stance.position)}</span>" "<strong>{live.name(worker)}</strong>": "{stance.position.title()}
                        {(!stance.reason.is_empty()).then(|| format!(". {}", stance.reason.content))}
                        {follow.then(|| view! { <span class="cr-quiet">" (reason to follow)"</span> })}
                        {(stance.revision != revision).then(|| view! { <span class="cr-quiet">" (on an earlier wording)"</span> })}
                        {stance.asked_round.then(|| view! { <span class="cr-quiet">" (when all were asked)"</span> })}
                        {stance.recorded_by.filter(|_| !stance.asked_round).map(|by| view! { <span class="cr-quiet">{format!(" (recorded by {})", live.name(by))}</span> })}
                    </li>
                }
            }).collect_view()}
            {silent.into_iter().map(|worker| view! { <li class="cr-quiet"><span aria-hidden="true">"–"</span>" "{live.name(worker)}": not answered"</li> }).collect_view()}
        </ul>
    }
}

fn asking(live: Live, id: SlotId, number: DecisionId, question: Question) -> impl IntoView {
    let me = live.me();
    let base = question.revision;
    let hidden = move || {
        view! {
            <input type="hidden" name="form[decision]" value=number.to_string()/>
            <input type="hidden" name="form[base]" value=base.to_string()/>
        }
    };
    view! {
        {question.asked.then(|| view! {
            <Act act="stand" at=id key=format!("stand-{number}") class="cr-stand">
                // Enter in the reason presses none of the three.
                <button type="submit" disabled hidden></button>
                {hidden()}
                <input type="hidden" name="form[worker]" value=me.to_string()/>
                <fieldset class="cr-taps"><legend>"Where do you stand?"</legend>
                    {Position::CHOICES.into_iter().map(|(position, word, title)| view! {
                        <button type="submit" class="cr-tap" name="form[position]" value=word><span aria-hidden="true">{shape(position)}</span>" "{title}</button>
                    }).collect_view()}
                </fieldset>
                <label for=format!("reason-{number}")>"Your reason (may follow)"</label>
                <input class="govuk-input" id=format!("reason-{number}") name="form[why]" autocomplete="off"/>
            </Act>
        })}
        {question.runs.then(|| view! {
            <div class="cr-ask">
                <Act act="all_agree" at=id key=format!("agree-{number}")>
                    {hidden()}
                    <button type="submit" class="cr-small-button">"All agree"</button>
                </Act>
                {(!question.to_ask.is_empty()).then(|| view! {
                    <p class="govuk-body-s">{format!("“All agree” leaves out {}, who had concerns. Ask them.", question.to_ask.iter().map(|worker| live.name(*worker)).collect::<Vec<_>>().join(", "))}</p>
                })}
                {(!question.present.is_empty()).then(|| fold("Record who disagrees", view! {
                    <Act act="all_agree" at=id key=format!("except-{number}")>
                        {hidden()}
                        {question.present.iter().enumerate().map(|(at, worker)| view! {
                            <label class="cr-except">{live.name(*worker)}" "
                                <select class="govuk-select" name=format!("form[except][{at}]")>
                                    {if question.objecting.contains(worker) {
                                        view! { <option value="">"as they said"</option><option value=format!("{worker}:agree")>"agrees now"</option> }.into_any()
                                    } else {
                                        view! { <option value="">"agrees"</option> }.into_any()
                                    }}
                                    <option value=format!("{worker}:reservations")>"agrees with reservations"</option>
                                    <option value=format!("{worker}:disagree")>"disagrees"</option>
                                </select>
                            </label>
                        }).collect_view()}
                        <button type="submit" class="cr-small-button">"Record this"</button>
                    </Act>
                }))}
                {question.chairs.then(|| view! {
                    <Act act="confirm" at=id key=format!("confirm-{number}")>
                        {hidden()}
                        <button type="submit" class="govuk-button">"Confirm decision"</button>
                    </Act>
                })}
            </div>
        })}
    }
}

//! Where each worker stands on a decision: their own word, or recorded for all at once; and the chair's confirmation.

use domain::meeting::{Decision, Position, Stance, Tally};
use domain::{DecisionId, SlotId, WorkerId};
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;

use super::Live;
use super::act::{Act, fold, send_when_left, send_when_quiet};
use crate::parts::erased::view;
use crate::parts::keyed::keyed;
use crate::parts::text_area::TextArea;

/// What the forms that ask for stances are made of: they are made anew only when one of these changes, so that a half-typed
/// reason and its caret outlive other people's answers.
#[derive(Clone, PartialEq)]
pub struct StanceQuestion {
    revision: u32,
    asked: bool,
    runs: bool,
    confirmed: bool,
    /// Confirmed, with what another recorded for the viewer.
    recorded: bool,
}

impl StanceQuestion {
    /// Whether the viewer is one of those who are asked.
    pub const fn asked(&self) -> bool {
        self.asked
    }
}

/// What is asked of a decision that is proposed; once it is confirmed, of those who have not answered.
pub fn question(live: Live, id: SlotId, decision: Option<&Decision>) -> Option<StanceQuestion> {
    let decision = decision.filter(|decision| decision.wording.is_some())?;
    let me = live.me();
    let confirmed = decision.confirmed.is_some();
    live.slot(id, |room, slot| {
        let asked = room.asked_for_stance(slot, me) && !(confirmed && decision.said_themselves(me));
        let runs = room.runs(me) && !confirmed;
        let open = room.is_open() && slot.progress.in_discussion() && (asked || runs || !confirmed);
        let recorded = confirmed && decision.answered(me);
        open.then_some(StanceQuestion { revision: decision.revision, asked, runs, confirmed, recorded })
    })
}

/// Those who are there and asked for a stance.
#[derive(Debug, Clone, Default, PartialEq)]
struct AskedPeople {
    present: Vec<WorkerId>,
    /// Of those, who objected to this wording or an earlier one.
    objecting: Vec<WorkerId>,
    /// Of those, who has said where they stand on this wording.
    answered: Vec<WorkerId>,
    /// Of those, who has not said where they stand on this wording.
    to_ask: Vec<WorkerId>,
    /// How many "Record that all agree" would record: it leaves out who has answered and who objected.
    left: usize,
}

impl AskedPeople {
    fn of(live: Live, id: SlotId, number: DecisionId) -> Self {
        live.slot(id, |room, slot| {
            let Some(decision) = slot.decision(number) else { return Self::default() };
            let asked = |worker: &WorkerId| slot.present(*worker) && room.asked_for_stance(slot, *worker);
            let present: Vec<WorkerId> = slot.members.keys().copied().filter(asked).collect();
            let objecting: Vec<WorkerId> =
                present.iter().copied().filter(|worker| decision.objected(*worker)).collect();
            Self {
                answered: present.iter().copied().filter(|worker| decision.answered(*worker)).collect(),
                to_ask: objecting.iter().copied().filter(|worker| !decision.answered(*worker)).collect(),
                left: present
                    .iter()
                    .filter(|worker| !decision.answered(**worker) && !decision.objected(**worker))
                    .count(),
                objecting,
                present,
            }
        })
    }
}

/// The viewer's objection to a confirmed decision whose reason is still to come, or is theirs to complete while the family is
/// discussed: the revision and the position's word.
pub fn owed_reason(live: Live, id: SlotId, decision: Option<&Decision>) -> Option<(u32, &'static str)> {
    let decision = decision.filter(|decision| decision.confirmed.is_some())?;
    let stance = decision.stances.get(&live.me()).filter(|stance| stance.completes_reason())?;
    let word = Position::CHOICES.into_iter().find(|(position, ..)| *position == stance.position)?.1;
    live.slot(id, |room, slot| room.is_open() && slot.progress.in_discussion()).then_some((decision.revision, word))
}

pub fn reason_follows(
    live: Live, id: SlotId, number: DecisionId, revision: u32, position: &'static str,
) -> impl IntoView {
    let me = live.me();
    let reason = live.memo(id, move |_, slot| Some(slot.decision(number)?.stances.get(&me)?.reason.content.clone()));
    let reason = Memo::new(move |_| reason.get().unwrap_or_default());
    // Said once: whether it was still to follow when its field came.
    let label =
        if reason.with_untracked(String::is_empty) { "Your reason, which was to follow" } else { "Your reason" };
    view! {
        // The key of the question before: it takes over what was being written there.
        <Act act="stand" at=id key=format!("stand-{number}") class="cr-stand">
            <input type="hidden" name="form[decision]" value=number.to_string()/>
            <input type="hidden" name="form[base]" value=revision.to_string()/>
            <input type="hidden" name="form[worker]" value=me.to_string()/>
            <input type="hidden" name="form[position]" value=position/>
            <label for=format!("follows-{number}")>{label}</label>
            <div on:change=move |event| send_when_left(&event) on:input=move |event| send_when_quiet(event.as_ref()) on:compositionend=move |event| send_when_quiet(event.as_ref())>
                <TextArea id=format!("follows-{number}") name="form[why]" rows=2 class="cr-grows" value=reason/>
            </div>
            <button type="submit" class="cr-small-button">"Add my reason"</button>
        </Act>
    }
}

const fn shape(position: Position) -> &'static str {
    match position {
        Position::Agree => "✓",
        Position::Reservations => "◐",
        Position::Disagree => "✕",
    }
}

/// How many stand where, on a wording that is proposed.
pub fn tally(live: Live, id: SlotId, number: DecisionId) -> impl IntoView {
    let tally = live.memo(id, move |room, slot| {
        let decision =
            slot.decision(number).filter(|decision| decision.wording.is_some() && decision.confirmed.is_none())?;
        Some(decision.tally(room, slot))
    });
    move || tally.get().as_ref().map(counted)
}

/// The tally, a sign and words for each place in which somebody stands.
pub fn counted(tally: &Tally) -> impl IntoView + use<> {
    view! {
        <ul class="cr-tally" aria-label="Where people stand">
            {counts(tally).into_iter().map(|(count, shape, words)| view! {
                <li><strong>{count}</strong>{(!shape.is_empty()).then(|| view! { " "<span aria-hidden="true">{shape}</span> })}" "{words}</li>
            }).collect_view()}
        </ul>
    }
}

/// The places of the tally in which somebody stands: how many, the sign, the words.
fn counts(tally: &Tally) -> Vec<(usize, &'static str, &'static str)> {
    let places = [
        (&tally.agree, shape(Position::Agree), ("agrees", "agree")),
        (&tally.reservations, shape(Position::Reservations), ("has reservations", "have reservations")),
        (&tally.disagree, shape(Position::Disagree), ("disagrees", "disagree")),
        (&tally.silent, "", ("has not answered", "have not answered")),
        (&tally.absent, "", ("is not here", "are not here")),
    ];
    let some = places.into_iter().filter(|(who, ..)| !who.is_empty());
    some.map(|(who, sign, (one, many))| (who.len(), sign, if who.len() == 1 { one } else { many })).collect()
}

/// Who thinks otherwise and why, a line each; then all who agree and all who have not answered, in one line each.
pub fn stances(live: Live, id: SlotId, decision: &Decision) -> impl IntoView + use<> {
    let revision = decision.revision;
    let (agreeing, others): (Vec<_>, Vec<_>) = decision
        .stances
        .iter()
        .map(|(worker, stance)| (*worker, stance.clone()))
        .partition(|(_, stance)| stance.position == Position::Agree && stance.reason.is_empty());
    // Said by oneself, when everybody was asked, recorded by one and the same person, on an earlier wording: a line each.
    let mut agree: Vec<(String, Vec<WorkerId>)> = Vec::new();
    for (worker, stance) in agreeing {
        let how = how(live, &stance, revision);
        match agree.iter_mut().find(|(other, _)| *other == how) {
            Some((_, workers)) => workers.push(worker),
            None => agree.push((how, vec![worker])),
        }
    }
    let silent: Vec<WorkerId> = match &decision.confirmed {
        Some(confirmed) => {
            confirmed.unanswered.iter().copied().filter(|worker| !decision.stances.contains_key(worker)).collect()
        }
        None if decision.revision == 0 => Vec::new(),
        None => {
            let silent = live.slot(id, |room, slot| decision.tally(room, slot).silent);
            silent.into_iter().filter(|worker| !decision.stances.contains_key(worker)).collect()
        }
    };
    view! {
        <ul class="cr-stances">
            {others.into_iter().map(|(worker, stance)| view! {
                <li><span aria-hidden="true">{shape(stance.position)}</span>" "<strong>{live.name(worker)}</strong>": "{stance.position.title()}
                    {(!stance.reason.is_empty()).then(|| format!(". {}", stance.reason.content))}
                    {stance.reason_to_follow().then(|| view! { <span class="cr-quiet">" (reason to follow)"</span> })}
                    <span class="cr-quiet">{how(live, &stance, revision)}</span>
                </li>
            }).collect_view()}
            {agree.into_iter().map(|(how, workers)| view! {
                <li><span aria-hidden="true">{shape(Position::Agree)}</span>" Agree: "{live.names(workers)}<span class="cr-quiet">{how}</span></li>
            }).collect_view()}
            {(!silent.is_empty()).then(|| view! { <li class="cr-quiet"><span aria-hidden="true">"–"</span>" Not answered: "{live.names(silent)}</li> })}
        </ul>
    }
}

/// " (said when everybody was asked)", " (recorded by Zara Northlight)", " (on an earlier wording)", or nothing.
fn how(live: Live, stance: &Stance, revision: u32) -> String {
    let earlier = (stance.revision != revision).then(|| " (on an earlier wording)".to_owned());
    let given = match stance.recorded_by {
        _ if stance.asked_round => Some(" (said when everybody was asked)".to_owned()),
        Some(by) => Some(format!(" (recorded by {})", live.name(by))),
        None => None,
    };
    [earlier, given].into_iter().flatten().collect()
}

pub fn asking(live: Live, id: SlotId, number: DecisionId, question: StanceQuestion) -> impl IntoView {
    let me = live.me();
    let base = question.revision;
    // Where the viewer stands on this wording, and the word of what they stand for where its reason is still to come.
    let stance = live.memo(id, move |_, slot| {
        let stance = slot.decision(number)?.stances.get(&me)?;
        (stance.revision == base).then(|| (stance.position, stance.recorded_by, stance.reason.content.clone()))
    });
    let mine = Memo::new(move |_| stance.get().map(|(position, ..)| position));
    // Whoever comes back to the field finds their reason in it; what one is typing there stays.
    let reason = Memo::new(move |_| stance.get().map(|(.., reason)| reason).unwrap_or_default());
    let field: NodeRef<html::Textarea> = NodeRef::new();
    let typed = RwSignal::new(String::new());
    // The reason of an objection is none for agreeing; other words than those are. It comes back to whoever objects again.
    let put_away = StoredValue::new(String::new());
    let press = move |position| {
        let Some(field) = field.get_untracked() else { return };
        let objected = stance.get_untracked().is_some_and(|(given, ..)| given != Position::Agree);
        if position != Position::Agree {
            if field.value().is_empty() {
                field.set_value(&put_away.get_value());
            }
        } else if objected && reason.with_untracked(|reason| field.value() == *reason) {
            put_away.set_value(field.value());
            field.set_value("");
        }
    };
    // Drawn anew in its place for another wording, the field still holds the reason given on the last one: that goes with no
    // answer to this one.
    Effect::new(move |_| {
        let Some(field) = field.get() else { return };
        let earlier = untrack(|| {
            live.slot(id, |_, slot| {
                let stance = slot.decision(number)?.stances.get(&me).filter(|stance| stance.revision != base)?;
                Some(stance.reason.content.clone())
            })
        });
        if earlier.is_some_and(|earlier| !earlier.is_empty() && field.value() == earlier) {
            field.set_value("");
        }
    });
    let answered_to = live.memo(id, move |room, slot| {
        let decision = slot.decision(number)?;
        let stance = decision.stances.get(&me).filter(|stance| stance.revision != base)?;
        Some(decision.earlier.get(&stance.revision).map(|wording| wording.in_words(&room.template)).unwrap_or_default())
    });
    // For the reason of an objection, or other words than those that are kept: given to the same stance by a press, or when
    // their writer leaves them or pauses.
    let to_give = Memo::new(move |_| {
        // What another recorded is not theirs: their words never go with it.
        let (position, _, reason) = stance.get().filter(|(_, recorded_by, _)| recorded_by.is_none())?;
        let typed = typed.get();
        let changed = !typed.trim().is_empty() && typed.trim() != reason.trim();
        let label = if reason.is_empty() { "Add my reason" } else { "Change my reason" };
        let (_, word, _) = Position::CHOICES.into_iter().find(|(choice, ..)| *choice == position)?;
        (position != Position::Agree || changed).then_some((word, label))
    });
    let hidden = move || {
        view! {
            <input type="hidden" name="form[decision]" value=number.to_string()/>
            <input type="hidden" name="form[base]" value=base.to_string()/>
        }
    };
    let whom = live.slot(id, |_, slot| {
        let decision = slot.decision(number).filter(|_| slot.decisions.len() > 1)?;
        Some(decision.children.clone())
    });
    let whom = whom.map(|children| format!(" For {}", live.children(id, children)));
    let asks = format!("Where do you stand?{}", whom.unwrap_or_default());
    let form = question.asked.then(|| {
        view! {
            <Act act="stand" at=id key=format!("stand-{number}") class="cr-stand">
                {hidden()}
                <input type="hidden" name="form[worker]" value=me.to_string()/>
                {move || answered_to.get().map(|before| view! {
                    <p class="govuk-body cr-hint">"It was reworded since you answered. You are asked again."{(!before.is_empty()).then(|| format!(" You answered to: “{before}”"))}</p>
                })}
                {question.confirmed.then(|| view! { <p class="govuk-body cr-hint">"The chair has confirmed this decision. You can still say where you stand: it goes into the record with its time."</p> })}
                <fieldset class="cr-taps"><legend>{asks}</legend>
                    {Position::CHOICES.into_iter().map(|(position, word, title)| view! {
                        <button type="submit" class="cr-tap" name="form[position]" value=word on:click=move |_| press(position) aria-pressed=move || if mine.get() == Some(position) { "true" } else { "false" }>{title}</button>
                    }).collect_view()}
                </fieldset>
                <label for=format!("reason-{number}")>"Your reason (you can add it later)"</label>
                <div on:change=move |event| send_when_left(&event) on:compositionend=move |event| send_when_quiet(event.as_ref())
                    on:input=move |event| {
                        typed.set(field.get_untracked().map(|field| field.value()).unwrap_or_default());
                        send_when_quiet(event.as_ref());
                    }>
                    <TextArea id=format!("reason-{number}") name="form[why]" rows=2 class="cr-grows" value=reason element=field/>
                </div>
                {move || (stance.with(Option::is_none) && !typed.with(|typed| typed.trim().is_empty())).then(|| view! {
                    <p class="cr-quiet">"Choose where you stand: your reason goes with it."</p>
                })}
                {move || to_give.get().map(|(word, label)| view! { <button type="submit" class="cr-small-button" name="form[position]" value=word data-words="">{label}</button> })}
                {move || stance.get().map(|(position, by, reason)| match by {
                    Some(by) => view! { <p class="govuk-body cr-hint">{recorded_for_me(live, position, by)}</p> },
                    None => view! { <p class="cr-quiet">{said(position, &reason)}</p> },
                })}
            </Act>
        }
    });
    view! {
        {form.map(|form| if question.recorded { fold("Say yourself where you stand", form).into_any() } else { form.into_any() })}
        {question.runs.then(|| for_all(live, id, number, base))}
    }
}

/// Said to whom another recorded something for.
fn recorded_for_me(live: Live, position: Position, by: WorkerId) -> String {
    let (by, position) = (live.name(by), position.title().to_lowercase());
    format!("{by} recorded for you: {position}. If that is not so, say yourself where you stand.")
}

/// "You said: disagree, and why. You can change it until the decision is confirmed."
fn said(position: Position, reason: &str) -> String {
    let why = if reason.is_empty() { "" } else { ", and why" };
    format!("You said: {}{why}. You can change it until the decision is confirmed.", position.title().to_lowercase())
}

/// What "Record that all agree" records, and of how many.
fn said_aloud(people: usize) -> String {
    match people {
        1 => "Ask aloud first: it is recorded for 1 person.".to_owned(),
        _ => format!("Ask each aloud first: it is recorded for {people} people."),
    }
}

/// For whoever runs the meeting: what all said when they were asked, and who disagrees. The chair confirms in the bar.
fn for_all(live: Live, id: SlotId, number: DecisionId, base: u32) -> impl IntoView {
    let asked = Memo::new(move |_| AskedPeople::of(live, id, number));
    let left = Memo::new(move |_| asked.with(|asked| asked.left));
    let some_left = Memo::new(move |_| left.get() > 0);
    let some = Memo::new(move |_| !asked.with(|asked| asked.present.is_empty()));
    let present = Memo::new(move |_| asked.with(|asked| asked.present.clone()));
    let idle = Memo::new(move |_| some.get() && !some_left.get());
    // Who objected keeps their words: the others are meant.
    let label = move || {
        if idle.get() {
            "Nothing left to record"
        } else if asked.with(|asked| asked.objecting.is_empty()) {
            "Record that all agree"
        } else {
            "Record that the others agree"
        }
    };
    let do_nothing_if_idle = move |event: &MouseEvent| {
        if idle.get_untracked() {
            event.prevent_default();
        }
    };
    let hidden = move || {
        view! {
            <input type="hidden" name="form[decision]" value=number.to_string()/>
            <input type="hidden" name="form[base]" value=base.to_string()/>
        }
    };
    view! {
        <div class="cr-ask">
            <Act act="all_agree" at=id key=format!("agree-{number}")>
                {hidden()}
                <input type="hidden" name="form[others]" value="yes"/>
                // Where it would record nobody, it is not `disabled`: that loses the focus.
                <button type="submit" aria-disabled=move || idle.get().then_some("true") on:click=move |event| do_nothing_if_idle(&event) class=move || if some_left.get() { "govuk-button" } else { "govuk-button govuk-button--secondary" }>{label}</button>
            </Act>
            {move || Some(left.get()).filter(|left| *left > 0).map(|left| view! { <p class="govuk-body cr-quiet">{said_aloud(left)}</p> })}
            {move || Some(asked.get().to_ask).filter(|people| !people.is_empty()).map(|people| view! {
                <p class="govuk-body">{format!("Not recorded for {}, who had reservations or disagreed. Ask them.", live.names(people))}</p>
            })}
            {move || some.get().then(|| untrack(|| fold("Record who disagrees", view! {
                <Act act="all_agree" at=id key=format!("except-{number}")>
                    {hidden()}
                    {keyed(move || present.get(), move |worker| {
                        let at = Memo::new(move |_| present.with(|present| present.iter().position(|one| *one == worker)).unwrap_or_default());
                        view! {
                            <div class="cr-except"><label for=format!("except-{number}-{worker}")>{live.name(worker)}</label>" "
                                <select id=format!("except-{number}-{worker}") class="govuk-select" name=move || format!("form[except][{}]", at.get())>
                                    {move || {
                                        let (objects, answered) = asked.with(|asked| (asked.objecting.contains(&worker), asked.answered.contains(&worker)));
                                        let nothing = if objects || answered { "as they said" } else { "no answer yet" };
                                        let agrees = if objects { "agrees now" } else { "agrees" };
                                        view! { <option value="">{nothing}</option><option value=format!("{worker}:agree")>{agrees}</option> }
                                    }}
                                    <option value=format!("{worker}:reservations")>"agrees with reservations"</option>
                                    <option value=format!("{worker}:disagree")>"disagrees"</option>
                                </select>
                                <input class="govuk-input" name=move || format!("form[why][{}]", at.get()) aria-label=format!("Why, in the words of {}", live.name(worker)) placeholder="why, in their words" autocomplete="off"/>
                            </div>
                        }
                    })}
                    <p class="cr-ticks"><label><input type="checkbox" name="form[others]" value="yes"/>" All others who are here said that they agree"</label></p>
                    <button type="submit" class="cr-small-button">"Record this"</button>
                </Act>
            })))}
        </div>
    }
}

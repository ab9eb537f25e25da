//! Attendance for one family: one tap each.

use domain::meeting::Attendance;
use domain::{SlotId, WorkerId};
use leptos::prelude::*;

use super::Live;
use super::form::{Act, fold, press};
use super::part::parts;

/// Everybody who belongs to the family's discussion.
pub fn attendance(live: Live, id: SlotId) -> impl IntoView {
    let begun = Memo::new(move |_| live.slot(id, |_, slot| slot.progress.in_discussion()));
    let members = Memo::new(move |_| {
        live.slot(id, |_, slot| {
            slot.members.iter().map(|(worker, member)| (*worker, member.brought_in.clone())).collect::<Vec<_>>()
        })
    });
    let apart = Memo::new(move |_| live.writable(id) && !live.runs());
    let runs = Memo::new(move |_| live.runs());
    view! {
        <section class="cr-attendance" aria-labelledby="attendance">
            <h3 class="govuk-heading-s" id="attendance">"Attendance"</h3>
            {move || (begun.get() && runs.get()).then(|| press("everybody_here", Some(id), "Everybody is in the room", "cr-small-button"))}
            <ul class="cr-attendance__list">
                <For each=move || members.get() key=|(worker, _)| *worker let((worker, why))>
                    {untrack(|| row(live, id, worker, why, begun, runs))}
                </For>
            </ul>
            {move || apart.get().then(|| fold("Conflict of interest", view! {
                <p class="govuk-body-s">"Stepping out closes this family to you until you come back. The record says that you stepped out, not why."</p>
                <Act act="stand_out" at=id key=format!("out-{id}")>
                    <button type="submit" class="cr-small-button" name="form[how]" value="out">"Step out of this family"</button>
                </Act>
            }))}
            {move || members.get().is_empty().then(|| view! { <p class="govuk-body-s cr-quiet">"Shown once the family is started."</p> })}
            {parts(live, id, "bring-in")}
        </section>
    }
}

fn row(
    live: Live, id: SlotId, worker: WorkerId, why: Option<String>, begun: Memo<bool>, runs: Memo<bool>,
) -> impl IntoView {
    let how = Memo::new(move |_| live.slot(id, |_, slot| slot.attendance.get(&worker).copied()));
    let out = Memo::new(move |_| live.slot(id, |_, slot| slot.stands_out(worker)));
    let mine = worker == live.page.with_untracked(|page| page.me);
    view! {
        <li class="cr-attendance__row">
            <span class="cr-attendance__who"><strong>{if mine { "You".to_owned() } else { live.name(worker) }}</strong>" "<span class="cr-quiet">{live.discipline(worker)}{why.map(|why| format!(" · brought in: {why}"))}{move || out.get().then_some(" · stepped out")}</span></span>
            {move || if begun.get() && (mine || runs.get()) {
                view! {
                    <Act act="attend" at=id key=format!("attend-{worker}") class="cr-taps">
                        <input type="hidden" name="form[worker]" value=worker.to_string()/>
                        {Attendance::CHOICES.into_iter().map(|(word, title)| {
                            // The button stays while what it shows changes, so that focus stays on it.
                            let pressed = Memo::new(move |_| how.get().filter(|now| now.word() == word));
                            let shown = move || match pressed.get() {
                                Some(left @ Attendance::Left { .. }) => left.title(),
                                Some(_) | None => title.to_owned(),
                            };
                            view! {
                                <button type="submit" class="cr-tap" name="form[how]" value=word aria-label=move || format!("{}: {}", shown(), live.name(worker))
                                    aria-pressed=move || if pressed.get().is_some() { "true" } else { "false" }>{shown}</button>
                            }
                        }).collect_view()}
                    </Act>
                }.into_any()
            } else {
                view! { <span>{how.get().map_or_else(|| "not marked".to_owned(), Attendance::title)}</span> }.into_any()
            }}
        </li>
    }
}

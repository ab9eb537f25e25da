//! What stands on the wall beside the boxes: what the room is at, and nothing that is not for everybody present.

use domain::meeting::Progress;
use domain::template::Part;
use leptos::prelude::*;
use service::meeting::DiscussionPage;

use super::read_back::content;
use super::scales::shown;

/// Today's question; the numbers once they are shown; decisions and steps from when they are put on the table.
pub fn wall(page: &DiscussionPage) -> impl IntoView + use<> {
    let Progress::InDiscussion { stage, .. } = page.slot.progress else { return ().into_any() };
    let Some(part) = page.room.template.stages.get(stage).map(|stage| stage.part) else { return ().into_any() };
    let question = page.slot.question.clone();
    let scales = &page.room.template.practice.scales;
    let spreads: Vec<AnyView> = scales
        .iter()
        .filter(|_| part == Part::Scales)
        .flat_map(|scale| {
            let children: Vec<_> = if scale.per_child {
                page.family.card.children.iter().map(|child| Some(child.id)).collect()
            } else {
                vec![None]
            };
            children.into_iter().filter_map(move |child| {
                let spread = page.slot.scales.spread(&scale.key, child)?;
                Some(shown(page, scale, child, &spread).into_any())
            })
        })
        .collect();
    let worded = page.slot.decisions.iter().any(|decision| decision.wording.is_some()) || !page.slot.steps.is_empty();
    view! {
        {(!question.is_empty() && part != Part::ReadBack).then(|| view! { <p class="cr-wall__question"><strong>"Today’s question: "</strong>{question}</p> })}
        <div class="cr-wall__spreads">{spreads}</div>
        {(worded && part != Part::Scales).then(|| view! { <div class="cr-wall__decided">{content(page)}</div> })}
    }
    .into_any()
}

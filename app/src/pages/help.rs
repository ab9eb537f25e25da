//! One page of help, reachable from every other.

use leptos::prelude::*;

use crate::pages::page;
use crate::visit;

/// A question and its answer, in short paragraphs.
type HelpAnswer = (&'static str, &'static [&'static str]);

/// What people ask, in the order of a meeting.
const ANSWERS: [HelpAnswer; 12] = [
    (
        "Before the meeting",
        &[
            "Write your monthly summary on the family’s page. Everyone who works with the family can read it. If you cannot come, whoever runs the meeting marks “Sent words”, and it stands in your box.",
            "If you cannot come, say when you are away in My details. The chair can use the words you wrote beforehand.",
        ],
    ),
    (
        "In the meeting",
        &[
            "The chair moves the meeting from heading to heading, and from family to family. You can look at another heading or family at any time; nothing moves for the others.",
            "Write in your own box under “Everyone’s view”. Others see it as you type, unless you hide it until the chair shows everyone’s.",
            "When a decision is proposed, say whether you agree. If you disagree, your reason stands in the record beside the decision, in your words.",
        ],
    ),
    (
        "Who can read what I write",
        &[
            "Everyone who works with the family, and the managers and record-takers of its team. Under every box stands who reads it.",
            "You can keep your words for some people, or keep them out of copies for somebody in the family. The child may ask to read the record later.",
        ],
    ),
    (
        "If somebody is at risk now",
        &[
            "“Urgent risk” shows your words to the chair and the record-taker at once, on every device. It tells nobody outside the meeting. Ring the police on 999, or your duty team.",
        ],
    ),
    (
        "If I must not hear about a family",
        &[
            "Step out from your own menu in the meeting. The family is then closed to you everywhere, and nobody is asked why.",
        ],
    ),
    (
        "If the connection goes",
        &[
            "Keep typing. Your words are kept on this device, encrypted, and sent as soon as the connection is back. On a shared device, sign out when you leave.",
        ],
    ),
    (
        "After the meeting",
        &[
            "Each child has a draft record. Anyone who took part can ask for a correction until the day shown on it. Then the manager signs, and it cannot be changed; more can be added below it.",
            "Steps in your name stand under Steps until you say what became of them.",
        ],
    ),
    (
        "If I chair",
        &[
            "Plan the meeting under Meetings, with the families that are due. Open it on the day, start the first family, and press Next.",
            "When a family is finished, its draft records are made. What is missing before you can sign is listed there.",
            "You can hand over the chair or the record at any time.",
            "A colleague who does not work with the family is brought in under People. Somebody of another organisation is invited under Meeting, “Guests from outside”, for one family.",
        ],
    ),
    (
        "If I am a guest",
        &[
            "You are invited for one family. Its discussion opens on your page when the meeting comes to it, and you take part in it like everybody there. When it is over, your own words and steps stay with you until the record is signed.",
        ],
    ),
    (
        "If I take the record",
        &[
            "You can write in everyone’s box for them; the record says that you did. A running note of your own is beside the meeting, and can be filed into the boxes.",
        ],
    ),
    (
        "Keyboard and screen reader",
        &[
            "Everything works with the keyboard. Headings and landmarks lead through a page. Ctrl and Enter together press the button of the form you are in, never one that finishes, confirms, closes or signs.",
        ],
    ),
    (
        "If something does not work",
        &[
            "A page that failed shows a number: read it to whoever runs Caseround for your council. What was saved is safe.",
        ],
    ),
];

/// `/help`.
pub fn help() -> impl IntoView {
    page(|| async {
        visit::visit()?;
        let content = view! {
            <h1 class="govuk-heading-l">"Help"</h1>
            <div class="cr-help">
                {ANSWERS.into_iter().map(|(question, answer)| view! {
                    <section>
                        <h2 class="govuk-heading-m">{question}</h2>
                        {answer.iter().map(|text| view! { <p class="govuk-body">{*text}</p> }).collect_view()}
                    </section>
                }).collect_view()}
                <p class="govuk-body"><a class="govuk-link" href="/words">"What the words mean"</a></p>
            </div>
        };
        Ok(("Help".to_owned(), content))
    })
}

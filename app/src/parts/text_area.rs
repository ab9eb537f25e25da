//! The box to write in. The only place that makes a `textarea`.

use leptos::html::Textarea;
use leptos::prelude::*;
use std::borrow::Cow;

use crate::parts::erased::view;

/// Text as HTML, where leptos would write it as it is: leptos does not escape the children of `textarea` and `title`,
/// so that typed words could end the element and begin a form.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

/// A box to write in that holds `value`, on the server and in the browser.
#[component]
pub fn TextArea(
    /// What it holds. Where that changes, what somebody has typed in it stays.
    #[prop(into)]
    value: Signal<String>,
    /// Its id; none where no label points to it.
    #[prop(optional, into)]
    id: Option<String>,
    /// Its name in a form; none where no form sends it.
    #[prop(optional, into)]
    name: Option<String>,
    /// How many lines are in sight.
    rows: u32,
    /// Classes beside govuk's.
    #[prop(optional, into)]
    class: String,
    /// What it is called, where no label beside it says so.
    #[prop(optional, into)]
    called: Option<String>,
    /// Where a script finds it; none where the server draws it alone.
    #[prop(optional)]
    element: Option<NodeRef<Textarea>>,
) -> impl IntoView {
    let inner = move || {
        let value = value.get();
        let text = escaped(&value);
        // Browsers drop a line feed that follows the opening tag, but none that a script sets.
        if cfg!(feature = "ssr") { format!("\n{text}") } else { text.into_owned() }
    };
    let class = format!("govuk-textarea {class}").trim_end().to_owned();
    match element {
        Some(element) => view! {
            <textarea class=class id=id name=name rows=rows autocomplete="off" aria-label=called node_ref=element inner_html=inner></textarea>
        },
        None => {
            view! { <textarea class=class id=id name=name rows=rows autocomplete="off" aria-label=called inner_html=inner></textarea> }
        }
    }
}

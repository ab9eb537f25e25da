//! The textarea of a pad: what it shows, and where its caret is.

use domain::prose::{OwnLetters, Prose, ProseError};
use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

/// Takes others' words into a text and the field that shows it; the selection stays behind the letters it stood behind.
/// Gives the updates by which own letters were moved, so that nobody's words are torn apart.
pub fn take_in(
    own: &mut OwnLetters, prose: &Prose, element: &HtmlTextAreaElement, state: &[u8],
) -> Result<Vec<Vec<u8>>, ProseError> {
    let taken = own.take_in(prose, state, selection(element))?;
    show(element, &prose.text(), taken.selection);
    Ok(taken.moved)
}

/// Where the selection begins and ends, in UTF-16 units.
pub fn selection(element: &HtmlTextAreaElement) -> (u32, u32) {
    let start = element.selection_start().ok().flatten().unwrap_or_default();
    (start, element.selection_end().ok().flatten().unwrap_or(start))
}

pub fn show(element: &HtmlTextAreaElement, text: &str, (start, end): (u32, u32)) {
    if element.value() == text {
        return;
    }
    let scroll = element.scroll_top();
    element.set_value(text);
    // Setting the value puts the caret at the end, also in a field that nobody is in: whoever came to it next would write
    // right behind a letter that a colleague is going on from, and tear their word apart.
    let focused = || document().active_element().is_some_and(|active| active.is_same_node(Some(element)));
    let before = focused();
    let _ = element.set_selection_range(start, end);
    // Some browsers give focus to a field whose selection is set.
    if !before && focused() {
        let _ = element.blur();
    }
    element.set_scroll_top(scroll);
}

//! Keyed lists: a row keeps its fields, caret and scroll for as long as its item is in the list.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use leptos::prelude::*;

use crate::parts::erased::view;

/// Draws each item once and keeps it while an equal item is in the list. `draw` is not watched: what changes within a row
/// reads its own signals.
pub fn keyed<T, I, V>(
    items: impl Fn() -> I + Send + Sync + 'static, draw: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView
where
    T: Hash + Send + 'static,
    I: IntoIterator<Item = T>,
    V: IntoView + 'static,
{
    let draw = Arc::new(draw);
    rows(Box::new(move || {
        let row = |item: T| {
            let mut hasher = DefaultHasher::new();
            item.hash(&mut hasher);
            let draw = draw.clone();
            KeyedRow { key: hasher.finish(), draw: Box::new(move || untrack(|| draw(item).into_any())) }
        };
        items().into_iter().map(row).collect()
    }))
}

struct KeyedRow {
    key: u64,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

/// One list for all types of items: another instance of leptos' list costs the browser 12 KB.
fn rows(rows: Box<dyn Fn() -> Vec<KeyedRow> + Send + Sync>) -> AnyView {
    view! { <For each=rows key=|row| row.key let:row>{(row.draw)()}</For> }
}

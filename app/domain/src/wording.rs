//! Words put together for a page or a document.

/// Words that begin with a capital letter, as a sentence does.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

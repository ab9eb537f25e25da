//! Two texts compared: what is new; and lengths as browsers count them.

use dissimilar::Chunk;

/// What `after` has that `before` has not, for its writer's eyes: the pieces in their order.
#[must_use]
pub fn added(before: &str, after: &str) -> String {
    let pieces = dissimilar::diff(before, after).into_iter().filter_map(|chunk| match chunk {
        Chunk::Insert(new) => Some(new),
        Chunk::Equal(_) | Chunk::Delete(_) => None,
    });
    let pieces: Vec<&str> = pieces.filter(|piece| !piece.trim().is_empty()).collect();
    let words = pieces.iter().map(|piece| piece.trim()).collect::<Vec<_>>().join(" … ");
    // Whoever goes on typing behind the words has typed the space before the next one.
    if pieces.last().is_some_and(|last| last.ends_with(' ')) { format!("{words} ") } else { words }
}

/// Length in UTF-16 units, which is how browsers count.
pub(super) fn utf16(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).expect("a box is far below 4 GB")
}

#[cfg(test)]
mod tests {
    use super::added;

    #[test]
    fn what_is_new_comes_in_pieces_and_keeps_the_space_before_the_next_word() {
        assert_eq!(added("He sings.", "Today he sings. He sleeps."), "Today h … He sleeps.");
        assert_eq!(added("I was saying", "I was saying that "), "that ", "the next word is typed behind it");
        assert_eq!(added("I was saying", "I was saying "), "");
    }
}

//! Two texts compared: what is new, what an undo takes back, where a caret belongs.

use dissimilar::Chunk;

/// What `after` has that `before` has not, for its writer's eyes: the pieces in their order.
#[must_use]
pub fn added(before: &str, after: &str) -> String {
    let pieces = dissimilar::diff(before, after).into_iter().filter_map(|chunk| match chunk {
        Chunk::Insert(new) => Some(new.trim()),
        Chunk::Equal(_) | Chunk::Delete(_) => None,
    });
    pieces.filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" … ")
}

/// Letters in a row that are taken for the same ones in two texts.
const SURELY_THE_SAME: usize = 4;

/// `current` without the edit that made `after` of `before`: what it inserted goes where it is still there,
/// what it took out comes back, and what others wrote meanwhile stays.
#[must_use]
pub fn undone(before: &str, after: &str, current: &str) -> String {
    let current_chars: Vec<char> = current.chars().collect();
    // Where each character of `after` stands in `current`, if it still does. A few letters in common are no
    // proof that they are the same ones: rather one's own word stays than another's goes.
    let (mut places, mut sure) = (Vec::new(), Vec::new());
    let mut at = 0;
    for chunk in dissimilar::diff(after, current) {
        match chunk {
            Chunk::Equal(same) => {
                let count = same.chars().count();
                places.extend((at..at + count).map(Some));
                sure.extend(std::iter::repeat_n(count >= SURELY_THE_SAME || same == after, count));
                at += count;
            }
            Chunk::Delete(gone) => {
                places.extend(gone.chars().map(|_| None));
                sure.extend(gone.chars().map(|_| false));
            }
            Chunk::Insert(new) => at += new.chars().count(),
        }
    }
    let mut stays = vec![true; current_chars.len()];
    let mut back: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for chunk in dissimilar::diff(before, after) {
        match chunk {
            Chunk::Equal(same) => at += same.chars().count(),
            Chunk::Insert(new) => {
                let end = at + new.chars().count();
                for at in (at..end).filter(|at| sure[*at]) {
                    if let Some(place) = places[at] {
                        stays[place] = false;
                    }
                }
                at = end;
            }
            Chunk::Delete(gone) => {
                // Behind the neighbour it stood behind, else before the one it stood before.
                let behind = places[..at].iter().rev().flatten().next().map(|place| place + 1);
                let before = places[at..].iter().flatten().next().copied();
                back.push((behind.or(before).unwrap_or(current_chars.len()), gone));
            }
        }
    }
    let mut text = String::new();
    let mut back = back.into_iter().peekable();
    for place in 0..=current_chars.len() {
        while let Some((_, gone)) = back.next_if(|(at, _)| *at <= place) {
            text.push_str(gone);
        }
        if place < current_chars.len() && stays[place] {
            text.push(current_chars[place]);
        }
    }
    text
}

/// Length in UTF-16 units, which is how browsers count.
pub(super) fn utf16(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).expect("a box is far below 4 GB")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn undo_takes_back_ones_own_words_and_leaves_others() {
        assert_eq!(undone("Ivy laughs", "Ivy laughs a lot", "Ivy laughs a lot"), "Ivy laughs");
        assert_eq!(undone("Ivy laughs", "Ivy laughs a lot", "Noah: Ivy laughs a lot 🌱"), "Noah: Ivy laughs 🌱");
        assert_eq!(undone("Ivy laughs", "Ivy", "Ivy, says mum"), "Ivy laughs, says mum");
        assert_eq!(undone("", "gone", "all new"), "all new");
    }

    proptest! {
        #[test]
        fn undo_and_redo_come_back_to_where_they_were(before in "[a-cŵ🌱 ]{0,12}", after in "[a-cŵ🌱 ]{0,12}", other in "[x-z]{0,5}", at in 0..12_usize) {
            prop_assert_eq!(undone(&before, &after, &after), before.clone());
            // Another's words, which nobody's undo may take.
            let cut = after.char_indices().map(|(at, _)| at).nth(at).unwrap_or(after.len());
            let current = format!("{}{other}{}", &after[..cut], &after[cut..]);
            prop_assert!(undone(&before, &after, &current).contains(&other));
        }
    }
}

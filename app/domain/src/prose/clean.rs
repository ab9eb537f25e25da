//! Text as it comes from keyboards, clipboards and files, made fit to be kept, printed and sent as XML.

use std::borrow::Cow;

/// `text` with LF line ends and without what cannot stand in a document: control characters and Unicode's
/// non-characters. Bullets from Word's private fonts become "•".
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|letter| letter != '\r' && replaced(letter) == Some(letter)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n").chars().filter_map(replaced).collect())
}

/// What stands for a character; `None` where nothing does.
fn replaced(letter: char) -> Option<char> {
    match letter {
        '\n' | '\t' => Some(letter),
        // Symbol and Wingdings, which Word uses for lists.
        '\u{f020}'..='\u{f0ff}' => Some('•'),
        _ if usable(letter) => Some(letter),
        _ => None,
    }
}

/// Whether a character may stand in a text: XML 1.0 and Unicode's list of non-characters.
pub(super) fn usable(letter: char) -> bool {
    let non_character = matches!(letter, '\u{fdd0}'..='\u{fdef}') || u32::from(letter) & 0xfffe == 0xfffe;
    matches!(letter, '\n' | '\t') || !letter.is_control() && !non_character
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_stand_in_a_document_is_left_out_and_the_rest_stays() {
        assert_eq!(clean("one\r\ntwo\rthree\tfour"), "one\ntwo\nthree\tfour");
        assert_eq!(clean("a\u{0}b\u{b}c\u{fffe}d\u{ffff}e\u{1ffff}f\u{fdd0}g\u{85}"), "abcdefg");
        assert_eq!(clean("\u{f0b7} first\n\u{f0a7} second"), "• first\n• second");
        let kept = "&quot; &amp;amp; ]]> <w:t> ŵ 🌱 א \u{fffd}";
        assert_eq!(clean(kept), kept);
    }
}

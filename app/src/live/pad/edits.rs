//! One's own edits of a box, as one undoes and redoes them.

use domain::prose::undone;

use crate::live::browser::monotonic;

/// Keystrokes closer together than this are undone together, in milliseconds.
const ONE_GO: f64 = 700.0;
/// How many edits can be undone.
const EDITS: usize = 100;
/// One's own edit, as one undoes it: what the box said before and after.
struct Edit {
    before: String,
    after: String,
    /// When it was last added to, in milliseconds of the page's life.
    at: f64,
}

/// One's own edits, and those taken back, oldest first.
#[derive(Default)]
pub(super) struct Edits {
    done: Vec<Edit>,
    taken_back: Vec<Edit>,
}

impl Edits {
    /// Notes an edit; what is typed in one go is one edit.
    pub fn remember(&mut self, before: String, after: String) {
        let now = monotonic();
        self.taken_back.clear();
        match self.done.last_mut().filter(|edit| now - edit.at < ONE_GO && edit.after == before) {
            Some(edit) => {
                edit.after = after;
                edit.at = now;
            }
            None => self.done.push(Edit { before, after, at: now }),
        }
        if self.done.len() > EDITS {
            self.done.remove(0);
        }
    }

    /// What the box should read with the last edit taken back, or brought `again`; `None` where there is none.
    pub fn take_back(&mut self, current: &str, again: bool) -> Option<String> {
        let edit = if again { self.taken_back.pop() } else { self.done.pop() }?;
        let text = undone(&edit.before, &edit.after, current);
        // Taking back is an edit too: undoing that one brings the words again, where they stood.
        let edit = Edit { before: current.to_owned(), after: text.clone(), at: 0.0 };
        if again {
            self.done.push(edit)
        } else {
            self.taken_back.push(edit)
        }
        Some(text)
    }
}

//! Of each form one press at a time is on its way. What is pressed meanwhile waits for its answer: the last press counts.

use std::collections::BTreeMap;

/// What becomes of a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// It is sent now, under this command id.
    Sent(String),
    /// It is sent once the one before it is answered.
    AfterThis,
    /// The same is on its way already.
    OnItsWay,
}

struct Sent<F> {
    /// Which press it was on this page.
    number: u64,
    content: String,
    command: String,
    next: Option<(String, F)>,
}

/// The forms whose press is not answered yet, by their keys. `F` sends what waits.
pub struct Presses<F> {
    on_their_way: BTreeMap<String, Sent<F>>,
    /// How many were sent.
    sent: u64,
}

impl<F> Default for Presses<F> {
    fn default() -> Self {
        Self { on_their_way: BTreeMap::new(), sent: 0 }
    }
}

impl<F> Presses<F> {
    /// Takes a press of the form `key`; `command` is its id if it is sent now, `later` sends it if it has to wait. What is
    /// urgent never waits; the same risk pressed again goes out again under its first id, so that it is raised once.
    pub fn press(&mut self, key: &str, content: String, command: String, urgent: bool, later: F) -> Press {
        if let Some(sent) = self.on_their_way.get_mut(key) {
            if sent.content == content {
                sent.next = None;
                return if urgent { Press::Sent(sent.command.clone()) } else { Press::OnItsWay };
            }
            if !urgent {
                sent.next = Some((content, later));
                return Press::AfterThis;
            }
        }
        self.sent += 1;
        let sent = Sent { number: self.sent, content, command: command.clone(), next: None };
        self.on_their_way.insert(key.to_owned(), sent);
        Press::Sent(command)
    }

    /// What was sent for `key` is answered, or will not be; what waits for that, with its content.
    pub fn answered(&mut self, key: &str) -> Option<(String, F)> {
        self.on_their_way.remove(key)?.next
    }

    /// Whether another press of the form `key` waits for the one on its way.
    pub fn waits_behind(&self, key: &str) -> bool {
        self.on_their_way.get(key).is_some_and(|sent| sent.next.is_some())
    }

    /// Whether a press of any form waits for its answer.
    pub fn any(&self) -> bool {
        !self.on_their_way.is_empty()
    }

    /// Whether a press before that of the form `key` waits for its answer.
    pub fn any_before(&self, key: &str) -> bool {
        let number = self.on_their_way.get(key).map_or(u64::MAX, |sent| sent.number);
        self.on_their_way.values().any(|sent| sent.number < number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(presses: &mut Presses<()>, content: &str, command: &str, urgent: bool) -> Press {
        presses.press("form", content.to_owned(), command.to_owned(), urgent, ())
    }

    #[test]
    fn of_what_is_pressed_while_a_form_waits_the_last_counts() {
        let sent = |command: &str| Press::Sent(command.to_owned());
        let mut presses = Presses::default();
        assert_eq!(press(&mut presses, "here", "1", false), sent("1"));
        // A double click.
        assert_eq!(press(&mut presses, "here", "2", false), Press::OnItsWay);
        assert!(!presses.waits_behind("form"));
        assert_eq!(press(&mut presses, "away", "3", false), Press::AfterThis);
        assert!(presses.waits_behind("form"));
        assert_eq!(press(&mut presses, "online", "4", false), Press::AfterThis);
        assert_eq!(presses.answered("form"), Some(("online".to_owned(), ())));
        assert_eq!(press(&mut presses, "online", "5", false), sent("5"));
        assert_eq!(press(&mut presses, "away", "6", false), Press::AfterThis);
        // Back to what is on its way: nothing is left to send.
        assert_eq!(press(&mut presses, "online", "7", false), Press::OnItsWay);
        assert_eq!(presses.answered("form"), None);
        assert!(!presses.any());
    }

    #[test]
    fn what_is_urgent_goes_out_at_each_press_and_the_same_under_one_id() {
        let sent = |command: &str| Press::Sent(command.to_owned());
        let mut presses = Presses::default();
        assert_eq!(press(&mut presses, "fire", "1", true), sent("1"));
        assert_eq!(press(&mut presses, "fire", "2", true), sent("1"));
        assert_eq!(press(&mut presses, "flood", "3", true), sent("3"));
        assert_eq!(presses.answered("form"), None);
        assert_eq!(press(&mut presses, "fire", "4", true), sent("4"), "after an answer it is another one");
    }

    #[test]
    fn a_form_is_sent_at_once_or_after_those_that_were_pressed_before_it() {
        let mut presses: Presses<()> = Presses::default();
        let sent = presses.press("one", "a".to_owned(), "1".to_owned(), false, ());
        assert_eq!(sent, Press::Sent("1".to_owned()));
        assert!(!presses.any_before("one") && presses.any_before("two"));
        assert_eq!(presses.press("two", "a".to_owned(), "2".to_owned(), false, ()), Press::Sent("2".to_owned()));
        assert!(!presses.any_before("one") && presses.any_before("two"), "nobody waits for who waits for them");
        presses.answered("one");
        assert!(presses.any_before("one") && !presses.any_before("two"));
    }
}

//! Pages that type at once into one box, and a server between them.

use super::*;
use proptest::prelude::*;

/// What the server has taken, in its order.
struct Server {
    prose: Prose,
    journal: Vec<(u64, Vec<u8>)>,
}

/// A page with a field, as the browser has it.
struct Page {
    pen: u64,
    /// What the page has of the server.
    server: Prose,
    received_to: usize,
    prose: Prose,
    own: OwnLetters,
    shown: String,
    caret: u32,
    pending: Vec<Vec<u8>>,
    /// What was typed in rows, the last one still going on.
    rows: Vec<String>,
}

impl Page {
    fn new(base: &Prose, pen: u64) -> Self {
        let (server, prose) = (base.written_by(0), base.written_by(pen));
        let shown = prose.text();
        let caret = utf16(&shown);
        let own = OwnLetters::of(&prose);
        Self { pen, server, received_to: 0, prose, own, shown, caret, pending: Vec::new(), rows: vec![String::new()] }
    }

    fn press(&mut self, letter: char) {
        self.shown.insert(byte_at(&self.shown, self.caret), letter);
        self.caret += utf16(letter.encode_utf8(&mut [0; 4]));
        self.rows.last_mut().unwrap().push(letter);
        self.pending.extend(self.prose.typed(&self.shown, self.caret));
    }

    fn goes_to_the_end(&mut self) {
        self.caret = utf16(&self.shown);
        self.rows.push(String::new());
    }

    fn send(&mut self, server: &mut Server) {
        for update in std::mem::take(&mut self.pending) {
            server.prose.accept(&update, self.pen).unwrap();
            server.journal.push((self.pen, update));
        }
    }

    fn receive(&mut self, server: &Server, most: usize) {
        let to = self.received_to.saturating_add(most).min(server.journal.len());
        for (_, update) in &server.journal[self.received_to..to] {
            self.server.merge(update).unwrap();
        }
        self.received_to = to;
        let taken = self.own.take_in(&self.prose, &self.server.state(), (self.caret, self.caret)).unwrap();
        self.pending.extend(taken.moved);
        self.caret = taken.selection.0;
        self.shown = self.prose.text();
    }
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Press,
    End,
    Send,
    Receive(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        5 => Just(Act::Press),
        1 => Just(Act::End),
        2 => Just(Act::Send),
        2 => (1..4_usize).prop_map(Act::Receive),
    ]
}

/// Each letter is another one, so that a row is found again: of the writer `who`, the `n`th.
fn letter(who: usize, n: usize) -> char {
    let base = ['Ā', 'À', 'Ѐ', '🌀'][who] as u32;
    char::from_u32(base + u32::try_from(n).unwrap()).unwrap()
}

/// Plays the turns to their end, and gives the text and each writer's rows.
fn played(start: &str, writers: usize, turns: &[(usize, Act)]) -> (String, Vec<Vec<String>>) {
    let base = Prose::with_pen(99);
    let _ = base.rewrite(start);
    let mut server = Server { prose: base.written_by(0), journal: Vec::new() };
    let mut pages: Vec<Page> = (0..writers).map(|who| Page::new(&base, who as u64 + 1)).collect();
    let mut pressed = vec![0; writers];
    for (who, act) in turns {
        let page = &mut pages[who % writers];
        match act {
            Act::Press => {
                page.press(letter(who % writers, pressed[who % writers]));
                pressed[who % writers] += 1;
            }
            Act::End => page.goes_to_the_end(),
            Act::Send => page.send(&mut server),
            Act::Receive(most) => page.receive(&server, *most),
        }
    }
    for _ in 0..50 {
        for page in &mut pages {
            page.send(&mut server);
            page.receive(&server, usize::MAX);
        }
    }
    for page in &pages {
        assert!(page.pending.is_empty(), "they come to rest");
        assert_eq!(page.prose.text(), server.prose.text());
    }
    let rows = pages.into_iter().map(|page| page.rows).collect();
    (server.prose.text(), rows)
}

#[test]
fn two_who_meet_behind_one_letter_keep_their_words() {
    use Act::{End, Press, Receive, Send};
    // Each order of pens: the first letter is seen, the rest is typed at once.
    for (first, second) in [(0, 1), (1, 0)] {
        for sends_first in [first, second] {
            let turns = [
                (first, Press),
                (first, Send),
                (second, Receive(9)),
                (second, End),
                (first, Press),
                (second, Press),
                (second, Press),
                (first, Press),
                (sends_first, Send),
            ];
            let (text, rows) = played("x", 2, &turns);
            assert!(rows.iter().flatten().all(|row| text.contains(row.as_str())), "{text}: {rows:?}");
        }
    }
}

/// Words that were moved leave deleted letters behind. What is typed beside one belongs to the letter that was seen there,
/// a deleted letter is no part of a row, whatever stands where it stood, and what goes on from a moved one goes along.
#[test]
fn moved_letters_join_and_part_nothing() {
    use Act::{End, Press, Receive, Send};
    let own = [(1, Press), (1, Send), (0, Receive(1)), (0, End), (0, Press), (0, Send), (1, Press), (1, Receive(2))];
    let own = [&own[..], &[(1, Send), (0, Receive(3)), (1, End), (1, Press), (0, Press)]].concat();
    let others = [(1, Press), (1, Press), (1, Press), (1, Send), (0, Receive(1)), (0, End), (2, Press), (2, Press)];
    let others = [&others[..], &[(2, Send), (1, Receive(1)), (1, Receive(2)), (1, Receive(1)), (1, End)]].concat();
    let others = [&others[..], &[(1, Press), (1, Receive(1)), (1, Send), (0, Press)]].concat();
    let followed = [(2, Press), (2, Send), (0, Press), (1, Receive(1)), (1, End), (1, Press), (1, Send), (0, Press)];
    let followed =
        [&followed[..], &[(0, Receive(2)), (0, End), (1, Press), (2, Press), (0, Press), (2, Send)]].concat();
    for (writers, turns) in [(2, own), (3, others), (3, followed)] {
        let (text, rows) = played("", writers, &turns);
        assert!(rows.iter().flatten().all(|row| text.contains(row.as_str())), "{text}: {rows:?}");
    }
}

/// A few hundred; many where volume is asked for.
fn cases() -> u32 {
    if std::env::var_os("LONG").is_some() { 30_000 } else { 300 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn rows_that_two_type_at_once_at_one_place_stay_whole(
        turns in prop::collection::vec((0..2_usize, act()), 1..60),
        start in prop::sample::select(vec!["", "x"]),
    ) {
        let (text, rows) = played(start, 2, &turns);
        for row in rows.iter().flatten() {
            prop_assert!(text.contains(row.as_str()), "{row:?} is torn in {text:?}");
        }
    }

    /// Where three or four move their words at the same moment, one of them can end between the letters of another: about
    /// once in seventy thousand of these meetings. No letter is ever lost or doubled.
    #[test]
    fn each_letter_that_several_type_at_once_stands_once(
        writers in 2..5_usize,
        turns in prop::collection::vec((0..5_usize, act()), 1..60),
        start in prop::sample::select(vec!["", "x"]),
    ) {
        let (text, rows) = played(start, writers, &turns);
        let typed: usize = rows.iter().flatten().map(|row| row.chars().count()).sum();
        prop_assert_eq!(text.chars().count(), typed + start.len(), "each letter once: {}", text);
    }
}

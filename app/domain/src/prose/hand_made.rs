//! Updates that no editor writes, made byte by byte: each is refused, or taken within bounds.

pub(super) mod write;

use super::{BOX_LIMIT, COMMAND_BLOCKS, COMMAND_LIMIT, Profile, Prose, ProseError, Update};
use proptest::prelude::*;
use write::{Bytes, nested, section, siblings, typed};

fn command(bytes: &[u8]) -> Result<Update, ProseError> {
    Update::read(bytes, Profile::Command { author: 7 })
}

#[test]
fn a_plain_word_is_read() {
    let read = command(&typed(7, "ŵy 🌱")).unwrap();
    assert_eq!((read.blocks[0].len, read.bytes, read.spans()), (5, 8, vec![(7, 0, 5)]));
    Prose::new().accept(&typed(7, "ŵy 🌱"), 7).unwrap();
}

#[test]
fn nested_values_are_refused_however_deep() {
    for depth in [1, 700, 1000, 6000, 30_000] {
        assert_eq!(Prose::new().accept(&nested(depth), 7), Err(ProseError::Malformed));
        assert_eq!(Prose::new().merge(&nested(depth)), Err(ProseError::Malformed), "stored ones too");
    }
}

#[test]
fn claimed_counts_allocate_nothing() {
    let claims: Vec<Vec<u8>> = vec![
        Bytes::default().number(1 << 28).raw(&[0; 10]).0,
        Bytes::default().number(1 << 32).number(1 << 32).number(7).raw(&[0; 8]).0,
        section(7, 0, 1 << 52).first_block(4).text("a").number(0).0,
        section(7, 0, (1 << 53) - 1).0,
        section(7, 0, 1).first_block(4).number(1 << 40).raw(b"a").0,
        section(7, 0, 1).first_block(1).number(0).number(0).0,
        section(7, 0, 1).first_block(1).number(1 << 31).number(0).0,
        section(7, (1 << 31) - 2, 1).first_block(4).text("abc").number(0).0,
        Bytes::default().numbers(&[0, 1, 7, 1 << 40]).0,
        Bytes::default().numbers(&[0, 1 << 40]).0,
    ];
    for claim in claims {
        assert!(matches!(command(&claim), Err(ProseError::Malformed | ProseError::NotYours)), "{claim:?}");
        assert_eq!(Update::read(&claim, Profile::State), Err(ProseError::Malformed), "{claim:?}");
    }
    assert_eq!(command(&vec![0; 8 << 20]), Err(ProseError::TooLong));
}

#[test]
fn only_text_is_taken() {
    // Embeds, formats, sub-documents, map items, types, values, binaries, JSON, moves, gaps and blocks without content.
    for content in (0..=31_u8).filter(|content| ![1, 4].contains(content)) {
        for extra in [&[][..], &[0], &[1, 0], &[1, 126], &[4, b'"', b'a', b'"', b'0']] {
            let update = section(7, 0, 1).first_block(content).raw(extra).number(0).0;
            assert!(command(&update).is_err(), "{update:?}");
        }
    }
    let keyed = section(7, 0, 1).raw(&[0x24]).number(1).text("text").text("key").text("a").number(0).0;
    assert_eq!(command(&keyed), Err(ProseError::Malformed), "an item of a map");
    let elsewhere = section(7, 0, 1).raw(&[4]).number(1).text("other").text("a").number(0).0;
    assert_eq!(command(&elsewhere), Err(ProseError::Malformed), "another text than the box's");
    let inside = section(7, 0, 1).raw(&[4]).numbers(&[0, 7, 0]).text("a").number(0).0;
    assert_eq!(command(&inside), Err(ProseError::Malformed), "inside another item");
    assert_eq!(command(&typed(7, "a\rb")), Err(ProseError::Malformed), "line ends are LF");
    assert_eq!(command(&typed(7, "a\u{0}b")), Err(ProseError::Malformed));
    assert_eq!(command(&typed(7, "\u{fffe}")), Err(ProseError::Malformed));
    assert_eq!(command(&typed(7, "")), Err(ProseError::Malformed), "a block of no length");
    let broken = section(7, 0, 1).first_block(4).number(1).raw(&[0xff]).number(0).0;
    assert_eq!(command(&broken), Err(ProseError::Malformed), "no UTF-8");
    let mut behind = typed(7, "a");
    behind.push(0);
    assert_eq!(command(&behind), Err(ProseError::Malformed), "bytes behind the end");
    let long_number = Bytes::default().raw(&[0x81, 0x00]).numbers(&[1, 7, 0]).first_block(4).text("a").number(0).0;
    assert_eq!(command(&long_number), Err(ProseError::Malformed), "a number in more bytes than it needs");
    let twice = Bytes::default().number(2).numbers(&[0, 7, 0, 0, 7, 0]).number(0).0;
    assert_eq!(command(&twice), Err(ProseError::Malformed), "an author twice");
}

#[test]
fn neighbours_and_deletions_that_are_not_there_are_fetched_first() {
    let server = Prose::new();
    server.accept(&typed(7, "abc"), 7).unwrap();
    let behind = |origin: u64| section(7, 3, 1).raw(&[0x84]).numbers(&[7, origin]).text("d").number(0).0;
    assert_eq!(server.accept(&behind(3), 7), Err(ProseError::Resync), "behind itself");
    assert_eq!(server.accept(&behind(900), 7), Err(ProseError::Resync), "behind the end");
    let deletion = |from: u64, length: u64| Bytes::default().numbers(&[0, 1, 7, 1, from, length]).0;
    assert_eq!(server.accept(&deletion(1, 9), 7), Err(ProseError::Resync));
    assert_eq!(server.merge(&deletion(1, 9)), Err(ProseError::Resync));
    let overlapping = Bytes::default().numbers(&[0, 1, 7, 2, 0, 2, 1, 2]).0;
    assert_eq!(server.accept(&overlapping, 7), Err(ProseError::Malformed));
    assert_eq!(server.text(), "abc");
    server.accept(&behind(2), 7).unwrap();
    server.accept(&deletion(1, 2), 8).unwrap();
    assert_eq!(server.text(), "ad");
}

#[test]
fn half_a_letter_as_a_neighbour_breaks_nothing() {
    let server = Prose::new();
    server.accept(&typed(7, "a🌱b"), 7).unwrap();
    let middle = section(8, 0, 1).raw(&[0x84]).numbers(&[7, 1]).text("x").number(0).0;
    server.accept(&middle, 8).unwrap();
    assert_eq!(server.text(), "a\u{fffd}\u{fffd}bx", "as Yjs does it");
    let state = server.state();
    let copy = Prose::new();
    copy.merge(&state).unwrap();
    assert_eq!(copy.text(), server.text());
}

#[test]
fn neighbours_the_wrong_way_round_are_refused() {
    let server = Prose::new();
    server.accept(&typed(1, "one 🌱 two"), 1).unwrap();
    let between = |left: (u64, u64), right: (u64, u64)| {
        section(7, 0, 1).raw(&[0xc4]).numbers(&[left.0, left.1, right.0, right.1]).text("x").number(0).0
    };
    // Found by fuzzing: the copy that reads the state had the letter elsewhere.
    assert_eq!(server.accept(&between((1, 9), (1, 5)), 7), Err(ProseError::Malformed));
    assert_eq!(
        server.accept(&between((1, 4), (1, 4)), 7),
        Err(ProseError::Malformed),
        "behind and before the same letter"
    );
    assert_eq!(server.merge(&between((1, 9), (1, 5))), Err(ProseError::Malformed), "a stored one too");
    assert_eq!(server.text(), "one 🌱 two");
    // In its own words, and in words that were typed in two goes.
    let own = section(7, 0, 2).first_block(4).text("abc").raw(&[0xc4]).numbers(&[7, 2, 7, 1]).text("x").number(0).0;
    assert_eq!(server.accept(&own, 7), Err(ProseError::Malformed));
    server.accept(&section(1, 10, 1).raw(&[0x84]).numbers(&[1, 9]).text(" three").number(0).0, 1).unwrap();
    assert_eq!(server.accept(&between((1, 12), (1, 8)), 7), Err(ProseError::Malformed));
    // A later letter of the same author may well stand in front.
    server.accept(&section(1, 16, 1).raw(&[0x44]).numbers(&[1, 0]).text("zero ").number(0).0, 1).unwrap();
    server.accept(&between((1, 20), (1, 0)), 7).unwrap();
    assert_eq!(server.text(), "zero xone 🌱 two three");
    // A copy that was typed into knows its own letters too.
    let copy = server.written_by(9);
    let _ = copy.rewrite("zero xone 🌱 two three, four");
    let in_its_words = section(7, 1, 1).raw(&[0xc4]).numbers(&[9, 3, 9, 1]).text("x").number(0).0;
    assert_eq!(copy.merge(&in_its_words), Err(ProseError::Malformed));
}

#[test]
fn many_blocks_with_one_neighbour_are_taken_or_come_in_parts() {
    let server = Prose::new();
    server.accept(&typed(1, "a"), 1).unwrap();
    let most = COMMAND_BLOCKS as u64;
    assert_eq!(server.accept(&siblings(7, 0, most + 1, Some((1, 0))), 7), Err(ProseError::TooMuchAtOnce));
    let (mut taken, mut refused) = (0, 0);
    for author in 7..40 {
        for clock in (0..most).step_by(100) {
            match server.accept(&siblings(author, clock, 100, Some((1, 0))), author) {
                Ok(()) => taken += 100,
                Err(error) => {
                    assert_eq!(error, ProseError::TooMuchAtOnce);
                    refused += 1;
                    break;
                }
            }
        }
    }
    assert!(taken >= 1000 && refused > 0, "{taken} letters in small parts, then {refused} were too much work");
    assert_eq!(server.text().len(), taken + 1);
    server.accept(&siblings(50, 0, 1, Some((1, 0))), 50).expect("one at a time always goes");
}

#[test]
fn a_box_that_is_nearly_full_takes_what_still_fits() {
    let server = Prose::new();
    server.accept(&typed(7, &"x".repeat(BOX_LIMIT - 10)), 7).unwrap();
    assert_eq!(server.accept(&typed(8, &"y".repeat(11)), 8), Err(ProseError::TooLong));
    server.accept(&typed(8, &"y".repeat(10)), 8).unwrap();
    assert_eq!(server.accept(&typed(9, "z"), 9), Err(ProseError::TooLong));
    server.accept(&Bytes::default().numbers(&[0, 1, 7, 1, 0, 5]).0, 9).unwrap();
    server.accept(&typed(9, "z"), 9).unwrap();
}

/// Updates that are nearly right: blocks of the two kinds with neighbours near what is there, and ranges.
fn nearly_right() -> impl Strategy<Value = Vec<u8>> {
    let near = (prop_oneof![4 => Just(6_u64), 1 => 7..9_u64], 0..12_u64);
    let letter = move || prop::option::weighted(0.8, prop_oneof![4 => near.clone(), 1 => (6..9_u64, 0..40_u64)]);
    let block = (any::<bool>(), letter(), letter(), "[a-c🌱 ]{0,4}", 0..5_u64);
    let range = (6..9_u64, prop::collection::vec((0..40_u64, 0..6_u64), 0..3));
    let clock = prop_oneof![3 => Just(0), 1 => 0..30_u64];
    let blocks = prop_oneof![3 => prop::collection::vec(block.clone(), 1..3), 1 => prop::collection::vec(block, 0..40)];
    (clock, blocks, prop::collection::vec(range, 0..3)).prop_map(|(clock, blocks, ranges)| {
        let mut bytes = section(7, clock, blocks.len() as u64);
        for (deleted, origin, right, text, length) in blocks {
            let content = if deleted { 1 } else { 4 };
            bytes = match (origin, right) {
                (None, None) => bytes.first_block(content),
                (Some((client, at)), None) => bytes.raw(&[0x80 | content]).numbers(&[client, at]),
                (None, Some((client, at))) => bytes.raw(&[0x40 | content]).numbers(&[client, at]),
                (Some((client, at)), Some((other, before))) => {
                    bytes.raw(&[0xc0 | content]).numbers(&[client, at, other, before])
                }
            };
            bytes = if deleted { bytes.number(length) } else { bytes.text(&text) };
        }
        bytes = bytes.number(ranges.len() as u64);
        for (client, parts) in ranges {
            bytes = bytes.number(client).number(parts.len() as u64);
            for (from, length) in parts {
                bytes = bytes.number(from).number(length);
            }
        }
        bytes.0
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// What is accepted leaves nothing pending, and a joiner reads what is there.
    #[test]
    fn what_is_accepted_is_applied_whole(updates in prop::collection::vec(nearly_right(), 1..8)) {
        let server = Prose::new();
        server.accept(&typed(6, "one 🌱 two"), 6).unwrap();
        for update in updates {
            let before = server.text();
            match server.check(&update, 7) {
                Ok(_) => server.accept(&update, 7).expect("it was just checked"),
                Err(error) => {
                    prop_assert_eq!(server.accept(&update, 7), Err(error));
                    prop_assert_eq!(server.text(), before);
                }
            }
            let joiner = Prose::new();
            joiner.merge(&server.state()).unwrap();
            prop_assert_eq!(joiner.text(), server.text());
        }
    }

    #[test]
    fn noise_is_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let server = Prose::new();
        let _ = server.accept(&bytes, 7);
        let _ = server.merge(&bytes);
    }

    /// One byte of a good update changed: refused, or taken whole.
    #[test]
    fn a_changed_byte_breaks_nothing(at in any::<prop::sample::Index>(), mask in 1..=255_u8) {
        let server = Prose::new();
        server.accept(&typed(7, "one 🌱 two"), 7).unwrap();
        let mut state = server.state();
        let place = at.index(state.len());
        state[place] ^= mask;
        let copy = Prose::new();
        let _ = copy.merge(&state);
        let _ = Prose::new().accept(&state, 7);
        let _ = copy.text();
    }
}

#[test]
fn the_longest_command_is_within_the_limits() {
    let text = "x".repeat(COMMAND_LIMIT - 100);
    Prose::new().accept(&typed(7, &text), 7).unwrap();
}

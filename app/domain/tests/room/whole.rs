//! A page holds the family looked at whole, and of the others what the agenda shows.

use crate::world::{CHAIR, run, slot, start, steps, viewer};
use domain::SlotId;
use domain::meeting::{Entry, Event, News, Room, news, view};
use domain::page::{Beside, Discussion, FamilyCard, FamilyPage, MeetingPage, Whole};
use domain::viewer::Viewer;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn beside() -> Beside {
    let card = FamilyCard {
        id: crate::world::family(0),
        reference: String::new(),
        children: Vec::new(),
        adults: Vec::new(),
        safe_contact: String::new(),
        allocated: Vec::new(),
        discussed: None,
        discussed_words: String::new(),
        warnings: Vec::new(),
    };
    let (factors, steps, summaries) = (Vec::new(), Vec::new(), Vec::new());
    let family = FamilyPage {
        card,
        factors,
        steps,
        own_words: Vec::new(),
        safety_plan: None,
        genogram: None,
        summaries,
        earlier: Vec::new(),
        late: Vec::new(),
        reduced: false,
    };
    Beside { family, last_numbers: Vec::new(), absences: domain::absence::Absences::default() }
}

/// What the server answers: nothing where the viewer may not see that family.
fn discussion(room: &Room, viewer: &Viewer, id: SlotId, cursor: i64) -> Option<Discussion> {
    let slot = view(room, viewer).slot(id).filter(|slot| slot.family.is_some()).cloned()?;
    Some(Discussion { slot, whole: Whole { cursor, beside: beside() }, names: BTreeMap::new() })
}

fn page(room: &Room, viewer: &Viewer, cursor: i64) -> MeetingPage {
    let shown = view(room, viewer);
    let page = MeetingPage {
        cursor,
        now: start(),
        me: viewer.worker,
        manages: false,
        projector: viewer.projector,
        team: String::new(),
        names: BTreeMap::new(),
        offered: Vec::new(),
        agenda: BTreeMap::new(),
        whole: BTreeMap::new(),
        noted: BTreeMap::new(),
        meanwhile: BTreeMap::new(),
        made_at: 0,
        room: shown.clone(),
    };
    page.with_only(shown.shown(None).and_then(|id| discussion(room, viewer, id, cursor)))
}

/// What the page is to hold: the view, whole where it is whole.
fn expected(page: &MeetingPage, room: &Room, viewer: &Viewer) -> Room {
    let mut expected = view(room, viewer);
    expected.slots.iter_mut().filter(|slot| !page.is_whole(slot.id)).for_each(domain::meeting::Slot::reduce_to_agenda);
    expected
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::world::cases(150)))]

    /// Somebody looks at the other family: the discussion is asked for, answered a few frames later and comes a few later
    /// still, or before the frames that the answer knows already.
    #[test]
    fn a_discussion_fetched_at_any_time_gives_the_view(
        steps in steps(), together in 1usize..4, asked in 0usize..12, answered in 0usize..3, came in 0usize..3,
        early in any::<bool>(),
    ) {
        for n in [CHAIR, 2, 4, 5] {
            let viewer = viewer(n);
            let other = slot(1);
            let mut here: Option<MeetingPage> = None;
            let (mut waiting, mut frames): (Vec<Entry<Event>>, usize) = (Vec::new(), 0);
            let mut answer: Option<Option<Discussion>> = None;
            run(&steps, |entry, room| {
                waiting.push(entry.clone());
                if waiting.len() < together {
                    return;
                }
                let entries = std::mem::take(&mut waiting);
                let Some(page) = here.as_mut() else {
                    here = Some(self::page(room, &viewer, entry.seq));
                    return;
                };
                let deliver = |page: &mut MeetingPage, answer: &mut Option<Option<Discussion>>, frames: usize| {
                    if frames == asked + answered {
                        *answer = Some(discussion(room, &viewer, other, entry.seq));
                    }
                    if frames == asked + answered + came {
                        match answer.take().flatten() {
                            Some(discussion) => drop(page.take(discussion)),
                            None => page.give_up(other),
                        }
                    }
                };
                if frames == asked {
                    page.ask_for(other);
                }
                if early {
                    deliver(page, &mut answer, frames);
                }
                match news(&entries, room, &viewer) {
                    News::AsTheyAre => page.apply(&entries, entry.seq),
                    News::Entries(seen) => page.apply(&seen, entry.seq),
                    News::View => {
                        let fresh = self::page(room, &viewer, entry.seq);
                        if page.renew(fresh, Some(other)) {
                            page.ask_for(other);
                            page.take(discussion(room, &viewer, other, entry.seq).unwrap());
                        }
                    }
                }
                if !early {
                    deliver(page, &mut answer, frames);
                }
                frames += 1;
                let expected = expected(page, room, &viewer);
                for (here, expected) in page.room.slots.iter().zip(&expected.slots) {
                    assert_eq!(here, expected, "{n} after {entries:?}");
                }
                assert_eq!(Room { slots: Vec::new(), ..page.room.clone() }, Room { slots: Vec::new(), ..expected });
            });
        }
    }
}

/// A family that the page holds in a line costs a line, however much was written in it.
#[test]
fn a_family_that_is_not_looked_at_travels_as_a_line() {
    use crate::world::{Step, What};
    let said = |by, what| Step { by, what };
    let mut steps = vec![said(CHAIR, What::Open), said(CHAIR, What::Start(1))];
    steps.extend((0..20).map(|_| said(CHAIR, What::Type(1, 3, "what was seen at home this month. ".repeat(100)))));
    steps.push(said(CHAIR, What::Start(0)));
    let (journal, room) = run(&steps, |_, _| {});
    let whole = domain::wire::write(&view(&room, &viewer(CHAIR))).len();
    let here = domain::wire::write(&page(&room, &viewer(CHAIR), journal.len() as i64)).len();
    assert!(whole > 5 * here, "{whole} bytes of the room, {here} of the page");
}

use super::drawing::{COLUMN, HALF, HALF_UNKNOWN, LETTERS, ROW};
use super::*;
use crate::WorkerId;
use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

fn person(at: usize) -> PersonId {
    PersonId::new(Uuid::from_u128(at as u128 + 1))
}

fn relative(at: usize) -> RelativeId {
    RelativeId::new(Uuid::from_u128(at as u128 + 1001))
}

fn kin(at: usize, name: &str, sex: Sex, child: bool) -> Kin {
    let born = child.then(|| NaiveDate::from_ymd_opt(2010 + i32::try_from(at).unwrap(), 1, 1).unwrap());
    let age = if child { format!("{} years", 16 - at.min(16)) } else { String::new() };
    Kin { id: KinId::Member(person(at)), name: name.to_owned(), age, sex, life: LifeState::Living, child, born }
}

fn tie(at: usize, from: KinId, kind: TieKind, to: KinId) -> Tie {
    let by = Named { worker: WorkerId::new(Uuid::nil()), name: "Julian".to_owned(), discipline: String::new() };
    Tie {
        id: TieId::new(Uuid::from_u128(at as u128 + 5001)),
        from,
        to,
        kind,
        removed: false,
        by,
        at: DateTime::UNIX_EPOCH,
    }
}

fn member(at: usize) -> KinId {
    KinId::Member(person(at))
}

/// Ottilie, Juno and Ishaan, their mother Abigail, Juno's father Gareth and his mother.
fn family() -> (Vec<Kin>, Genogram) {
    let members = vec![
        kin(0, "Ottilie", Sex::Female, true),
        kin(1, "Juno", Sex::Female, true),
        kin(2, "Ishaan", Sex::Male, true),
        kin(20, "Abigail", Sex::Female, false),
        kin(21, "Gareth", Sex::Male, false),
    ];
    let mut genogram = Genogram::default();
    let content = RelativeContent { name: "Nan".to_owned(), sex: Sex::Female, life: LifeState::Living };
    genogram.apply(&GenogramChange::Relative(Relative { id: relative(0), content, removed: false, revision: 0 }));
    for (at, (from, kind, to)) in [
        (member(21), TieKind::Parent, member(1)),
        (member(20), TieKind::FormerPartner, member(21)),
        (KinId::Relative(relative(0)), TieKind::Parent, member(21)),
    ]
    .into_iter()
    .enumerate()
    {
        genogram.apply(&GenogramChange::Tie(tie(at, from, kind, to)));
    }
    (members, genogram)
}

const MOTHERS: [(usize, usize); 3] = [(20, 0), (20, 1), (20, 2)];

fn graph() -> (KinGraph, Genogram) {
    let (members, genogram) = family();
    let mothers = MOTHERS.map(|(mother, child)| (person(mother), person(child)));
    (KinGraph::of(members, &mothers, &genogram), genogram)
}

fn lines(graph: &KinGraph, name: &str) -> Vec<String> {
    graph.in_words().into_iter().find(|kin| kin.title.starts_with(name)).unwrap().lines
}

#[test]
fn everybody_is_told_in_words_and_what_is_not_recorded_is_said() {
    let (graph, _) = graph();
    assert_eq!(
        lines(&graph, "Ottilie"),
        [
            "Child of Abigail; father not recorded",
            "Brother or sister through Abigail: Juno and Ishaan; whether the father is the same is not recorded",
        ]
    );
    assert_eq!(lines(&graph, "Juno")[0], "Child of Abigail and Gareth");
    assert_eq!(lines(&graph, "Abigail"), ["Mother of Ottilie, Juno and Ishaan", "Former partner of Gareth"]);
    assert_eq!(
        lines(&graph, "Gareth"),
        ["Child of Nan; father not recorded", "Father of Juno", "Former partner of Abigail"]
    );
    assert_eq!(lines(&graph, "Nan"), ["Mother of Gareth"]);
}

#[test]
fn brothers_and_sisters_share_their_parents_and_halves_one() {
    let (members, mut genogram) = family();
    genogram.apply(&GenogramChange::Tie(tie(7, member(0), TieKind::HalfSibling, member(1))));
    genogram.apply(&GenogramChange::Tie(tie(8, member(0), TieKind::Sibling, member(2))));
    let mothers = MOTHERS.map(|(mother, child)| (person(mother), person(child)));
    let graph = KinGraph::of(members, &mothers, &genogram);
    assert_eq!(
        lines(&graph, "Ottilie"),
        [
            "Child of Abigail; father not recorded",
            "Brother or sister with the same parents: Ishaan",
            "Half-sister of Juno, through Abigail",
        ]
    );
    // Whoever has the same parents hangs on the same line, with one mark for the father nobody recorded.
    assert_eq!(graph.drawing().unknown.len(), 2, "of Ottilie and Ishaan together, and of Gareth");
}

#[test]
fn the_same_parents_are_recorded_once() {
    let mut genogram = Genogram::default();
    genogram.apply(&GenogramChange::Tie(tie(0, member(0), TieKind::Sibling, member(1))));
    genogram.apply(&GenogramChange::Tie(tie(1, member(21), TieKind::Parent, member(1))));
    let members = vec![
        kin(0, "Ottilie", Sex::Female, true),
        kin(1, "Juno", Sex::Female, true),
        kin(20, "Abigail", Sex::Female, false),
        kin(21, "Gareth", Sex::Male, false),
    ];
    let graph = KinGraph::of(members, &[(person(20), person(0))], &genogram);
    assert_eq!(lines(&graph, "Ottilie")[0], "Child of Abigail and Gareth");
    assert_eq!(lines(&graph, "Juno")[0], "Child of Abigail and Gareth");
}

#[test]
fn a_tie_that_cannot_be_is_refused_and_one_that_stands_is_not_written_twice() {
    let (graph, genogram) = graph();
    let add = |from, kind, to| genogram.add_tie(&graph, tie(99, from, kind, to));
    let refused = |from, kind, to| add(from, kind, to).unwrap_err().to_string();
    assert_eq!(refused(member(1), TieKind::Partner, member(1)), "Choose two different people.");
    assert_eq!(
        refused(KinId::Relative(relative(0)), TieKind::Parent, member(1)),
        "Juno has two parents here already: Abigail and Gareth. Remove one of them first."
    );
    assert_eq!(refused(member(1), TieKind::Parent, KinId::Relative(relative(0))), "Nan would be their own ancestor.");
    assert_eq!(add(member(20), TieKind::Parent, member(0)), Ok(None), "the council's system says so already");
    assert_eq!(add(member(21), TieKind::FormerPartner, member(20)), Ok(None), "whoever is named first");
    let Ok(Some(GenogramChange::Tie(changed))) = add(member(20), TieKind::Partner, member(21)) else { panic!() };
    assert_eq!(changed.id, genogram.ties[1].id, "they are partners again: one tie says so");
    assert!(matches!(add(member(0), TieKind::HalfSibling, member(1)), Ok(Some(_))));
}

#[test]
fn what_is_about_one_child_alone_goes_with_that_child() {
    let (_, genogram) = graph();
    let of = |children: &[usize]| children.iter().map(|at| person(*at)).collect::<BTreeSet<_>>();
    assert!(genogram.relatives_of_only(&of(&[1])).is_empty(), "Gareth is a member, and his mother's child");
    let mut with_uncle = genogram.clone();
    let uncle = KinId::Relative(relative(1));
    let content = RelativeContent::default();
    with_uncle.apply(&GenogramChange::Relative(Relative { id: relative(1), content, removed: false, revision: 0 }));
    with_uncle.apply(&GenogramChange::Tie(tie(9, uncle, TieKind::Parent, member(0))));
    let alone = with_uncle.relatives_of_only(&of(&[0]));
    assert_eq!(alone, BTreeSet::from([relative(1)]));
    let home = HouseholdId::new(Uuid::from_u128(1));
    let lives = |at: usize| GenogramChange::Lives { household: home, who: member(at), there: true };
    let homes = |changes: &[GenogramChange]| Genogram::homes_of_only(changes.iter(), &of(&[0]), &alone);
    assert!(homes(&[lives(0)]).contains(&home) && homes(&[lives(0), lives(1)]).is_empty());
    let known = (alone.clone(), homes(&[lives(0)]));
    let named = GenogramChange::Household { id: home, name: "Carters".to_owned(), removed: false };
    assert!(Genogram::change_is_only_about(&named, &of(&[0]), &known), "nobody else ever lived there");
    let about = |change: &GenogramChange| Genogram::change_is_only_about(change, &of(&[0]), &known);
    assert!(about(&GenogramChange::Tie(with_uncle.ties[3].clone())));
    assert!(!about(&GenogramChange::Tie(with_uncle.ties[0].clone())), "that is Juno's father");
    assert!(with_uncle.relatives_of_only(&of(&[1])).is_empty());
}

#[test]
fn households_are_named_by_letter_and_whoever_lives_in_two_stands_in_both() {
    let (members, mut genogram) = family();
    for (at, (name, people)) in [("Mum’s", vec![0, 1, 2, 20]), ("Gareth’s", vec![1, 21])].into_iter().enumerate() {
        let id = HouseholdId::new(Uuid::from_u128(at as u128));
        genogram.apply(&GenogramChange::Household { id, name: name.to_owned(), removed: false });
        for who in people {
            genogram.apply(&GenogramChange::Lives { household: id, who: member(who), there: true });
        }
    }
    let graph = KinGraph::of(members, &[], &genogram);
    let juno = lines(&graph, "Juno");
    assert!(juno.contains(&"Home A, Mum’s, with Ottilie, Ishaan and Abigail".to_owned()), "{juno:?}");
    assert!(juno.contains(&"Home B, Gareth’s, with Gareth".to_owned()), "{juno:?}");
    let drawing = graph.drawing();
    let words = |name: &str| drawing.symbols.iter().find(|symbol| symbol.kin.name == name).unwrap().words.join("|");
    assert_eq!(words("Juno"), "Juno|15 years|homes A B");
}

#[test]
fn mother_and_father_stand_side_by_side_above_their_children_in_order_of_birth() {
    let (graph, _) = graph();
    let drawing = graph.drawing();
    let at = |name: &str| drawing.symbols.iter().find(|symbol| symbol.kin.name == name).unwrap().at;
    assert!(at("Nan").1 < at("Gareth").1 && at("Gareth").1 == at("Abigail").1 && at("Abigail").1 < at("Juno").1);
    assert_eq!((at("Gareth").0 - at("Abigail").0).abs(), COLUMN);
    assert!(at("Ottilie").1 == at("Juno").1 && at("Juno").1 == at("Ishaan").1);
    assert_eq!(drawing.unknown.len(), 3, "the fathers of Ottilie, of Ishaan and of Gareth");
    assert!(drawing.lines.iter().any(|line| line.kind == LineKind::Parted));
}

/// An extract may tell a mother beside two parents whom somebody had written down.
#[test]
fn whatever_is_told_no_child_hangs_on_a_line_from_nobody() {
    let members = [20, 21, 22].map(|at| kin(at, "Abigail", Sex::NotRecorded, false));
    let members = [kin(0, "Ottilie", Sex::Female, true)].into_iter().chain(members).collect();
    let mothers = [20, 21, 22].map(|at| (person(at), person(0)));
    let drawing = KinGraph::of(members, &mothers, &Genogram::default()).drawing();
    for symbol in drawing.symbols.iter().filter(|symbol| !symbol.kin.child) {
        let (x, y) = symbol.at;
        let begins =
            |line: &GenogramLine| line.points.iter().any(|(at, end)| (at - x).abs() < HALF && *end == y + HALF);
        assert!(drawing.lines.iter().any(begins), "{symbol:?}");
    }
}

#[test]
fn long_names_are_broken_and_names_of_any_script_are_there() {
    let mut members = vec![
        kin(0, "Bartholomew-Alexander Featherstonehaugh", Sex::Male, true),
        kin(1, "عبد الرحمن", Sex::Male, true),
        kin(2, "歐陽修文歐陽修文", Sex::NotRecorded, true),
        kin(3, "unborn", Sex::NotRecorded, true),
    ];
    members[3].age = "due 14 February 2027".to_owned();
    let drawing = KinGraph::of(members, &[], &Genogram::default()).drawing();
    let words: Vec<String> = drawing.symbols.iter().map(|symbol| symbol.words.join("|")).collect();
    assert_eq!(
        words,
        [
            "Bartholomew-A|lexander…|16 years",
            "عبد الرحمن|15 years",
            "歐陽修文歐陽|修文|14 years",
            "unborn|due 14|February 2027"
        ]
    );
}

/// Whether two boxes, each from its left and top to its right and bottom, have something in common.
fn overlap(one: (i32, i32, i32, i32), other: (i32, i32, i32, i32)) -> bool {
    one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3
}

fn whole(graph: &KinGraph) {
    let drawing = graph.drawing();
    assert_eq!(drawing.symbols.len(), graph.people.len());
    let of_symbol = |symbol: &Symbol| {
        let (x, y) = symbol.at;
        (x - HALF, y - ROW / 2, x - HALF + COLUMN, y + ROW / 2)
    };
    let of_mark = |(x, y): &(i32, i32)| (x - HALF_UNKNOWN, y - HALF_UNKNOWN, x + HALF_UNKNOWN, y + HALF_UNKNOWN);
    let boxes: Vec<_> = drawing.symbols.iter().map(of_symbol).chain(drawing.unknown.iter().map(of_mark)).collect();
    for (at, one) in boxes.iter().enumerate() {
        assert!(
            one.0 >= 0 && one.1 >= 0 && one.2 <= drawing.width && one.3 <= drawing.height,
            "{one:?} in {drawing:?}"
        );
        for other in &boxes[at + 1..] {
            assert!(!overlap(*one, *other), "{one:?} and {other:?}");
        }
    }
    for symbol in &drawing.symbols {
        assert!((1..=5).contains(&symbol.words.len()), "{symbol:?}");
        assert!(symbol.words.iter().all(|line| line.chars().count() <= LETTERS + 1), "{symbol:?}");
    }
    for (parent, child) in &graph.parents {
        let y = |id: &KinId| drawing.symbols.iter().find(|symbol| symbol.kin.id == *id).unwrap().at.1;
        assert!(y(parent) < y(child), "a child stands below each parent");
    }
    let words = graph.in_words();
    assert_eq!(words.len(), graph.people.len());
    let children = words.iter().zip(&graph.people).filter(|(_, kin)| kin.child);
    children.for_each(|(words, _)| assert!(!words.lines.is_empty(), "{words:?}"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// 200 families: whatever people say of each other, in whatever order, everybody is drawn once, beside their words, and
    /// nobody over anybody else.
    #[test]
    fn no_symbol_lies_on_another(
        children in 1usize..11, adults in 0usize..7, others in 0usize..8,
        said in proptest::collection::vec((0usize..25, 0usize..5, 0usize..25), 0..60),
    ) {
        let sexes = [Sex::Female, Sex::Male, Sex::NotRecorded];
        let mut members: Vec<Kin> = (0..children).map(|at| kin(at, "Ottilie", sexes[at % 3], true)).collect();
        members.extend((0..adults).map(|at| kin(20 + at, "Abigail Margaret", sexes[at % 3], false)));
        let mut genogram = Genogram::default();
        for at in 0..others {
            let content = RelativeContent { name: "Nan".to_owned(), ..RelativeContent::default() };
            genogram.apply(&GenogramChange::Relative(Relative { id: relative(at), content, removed: false, revision: 0 }));
        }
        let ids: Vec<KinId> = members
            .iter()
            .map(|kin| kin.id)
            .chain((0..others).map(|at| KinId::Relative(relative(at))))
            .collect();
        let kinds = TieKind::ALL;
        for (at, (from, kind, to)) in said.into_iter().enumerate() {
            let graph = KinGraph::of(members.clone(), &[], &genogram);
            let tie = tie(at, ids[from % ids.len()], kinds[kind], ids[to % ids.len()]);
            if let Ok(Some(change)) = genogram.add_tie(&graph, tie) {
                genogram.apply(&change);
            }
        }
        whole(&KinGraph::of(members, &[], &genogram));
    }
}

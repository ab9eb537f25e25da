//! One rich invented record in all five formats: Markdown, HTML and JSON letter by letter, PDF and Word by what
//! other programs find in them.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on says so by panicking")]

use chrono::{DateTime, NaiveDate, Utc};
use domain::document::Document;
use domain::document::copy::{Recipient, make};
use domain::mark::{Mark, Marked, Readers};
use domain::meeting::{Attendance, Became, MeetingRole, Position, Presence, Process};
use domain::record::{
    Addendum, Agreed, CompletedPart, Corrected, Heard, Life, Named, PresenceTime, Present, Record, RecordConfirmation,
    RecordContingency, RecordConversation, RecordDecision, RecordHandover, RecordLastStep, RecordObjection,
    RecordOption, RecordPart, RecordPassage, RecordReopening, RecordRisk, RecordStance, Sealed, SignedAs, WishAnswer,
    Words,
};
use domain::{
    AddendumId, ContingencyId, ConversationId, CorrectionId, FamilyId, MeetingId, OptionId, PersonId, RecordId, RiskId,
    SlotId, StepId, TeamId, WorkerId,
};
use record::Printers;
use service::Printer;
use std::path::Path;
use std::process::Command;
use uuid::Uuid;

const ADDRESS: &str = "Flat 9, 14 Hidden Lane, ZZ99 3VZ";

fn id<T: From<Uuid>>(n: u128) -> T {
    T::from(Uuid::from_u128(n))
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn who(n: u128, name: &str, discipline: &str) -> Named {
    Named { worker: id::<WorkerId>(n), name: name.into(), discipline: discipline.into() }
}

fn present(who: &Named, how: Option<Attendance>) -> Present {
    Present {
        who: who.clone(),
        how,
        roles: Vec::new(),
        times: Vec::new(),
        brought_in: None,
        no_view: false,
        still_out: false,
    }
}

fn time(at_: &str, what: Presence) -> PresenceTime {
    PresenceTime { at: at(at_), what }
}

fn heard(who: &Named, text: &str, mark: Mark) -> Heard {
    Heard {
        who: who.clone(),
        text: Marked { content: Words::plain(text), mark },
        recorded_by: Vec::new(),
        recorded_in_part: false,
    }
}

/// Siôn's record: a twin, with a Polish half-sister elsewhere and a brother or sister not yet born.
fn sealed() -> Sealed {
    let chair = who(1, "Ada Okafor", "team manager");
    let victim = who(2, "Łucja Wiśniewska", "domestic abuse practitioner (victim-survivor)");
    let perpetrator = who(3, "Rhŷs ap Gwilym", "domestic abuse practitioner (perpetrator)");
    let nurse = who(4, "نور الهدى", "mental health practitioner");
    let worker = who(5, "Nóra Ó Faoláin", "social worker");
    let father = id::<PersonId>(21);
    let stood = |who: &Named, position, reason: &str| RecordStance {
        who: who.clone(),
        position,
        reason: Marked::open(reason.into()),
        at: at("2026-11-24T11:03:00Z"),
        earlier_wording: None,
        recorded_by: None,
        asked_round: position == Position::Agree,
        reason_not_given: false,
        before: Vec::new(),
    };
    let agreed = |n: u128, what: &str, owner: &Named, with: &str, measure: &str| {
        Marked::open(Agreed {
            step: id::<StepId>(n),
            what: what.into(),
            owner: Some(owner.clone()),
            with: with.into(),
            due: Some(day(2026, 12, 8)),
            measure: measure.into(),
            children: Default::default(),
        })
    };
    let record = Record {
        id: id::<RecordId>(30),
        child: id::<PersonId>(11),
        family: id::<FamilyId>(40),
        meeting: id::<MeetingId>(50),
        slot: id::<SlotId>(51),
        held_on: day(2026, 11, 24),
        place: "Room 2".into(),
        began_at: Some(at("2026-11-24T10:05:00Z")),
        drafted_at: at("2026-11-24T11:10:00Z"),
        chair: chair.clone(),
        record_taker: None,
        handovers: vec![RecordHandover {
            at: at("2026-11-24T10:20:00Z"),
            what: MeetingRole::Chairing,
            from: Some(who(6, "Zara Northlight", "team manager")),
            to: Some(chair.clone()),
            taken: false,
        }],
        reopened: vec![RecordReopening {
            at: at("2026-11-24T11:04:00Z"),
            finished_at: at("2026-11-24T11:02:00Z"),
            who: chair.clone(),
        }],
        attendance: vec![
            Present { roles: vec![MeetingRole::Chairing], ..present(&chair, None) },
            Present {
                times: vec![
                    time("2026-11-24T10:10:00Z", Presence::Attends(Attendance::Room)),
                    time(
                        "2026-11-24T10:40:00Z",
                        Presence::Attends(Attendance::Left { at: at("2026-11-24T10:40:00Z") }),
                    ),
                    time("2026-11-24T10:55:00Z", Presence::Attends(Attendance::Room)),
                ],
                ..present(&worker, Some(Attendance::Room))
            },
            present(&victim, Some(Attendance::Room)),
            Present { no_view: true, ..present(&who(9, "Gareth Nock", "probation"), Some(Attendance::Call)) },
            Present {
                times: vec![time("2026-11-24T10:30:00Z", Presence::SteppedOut)],
                still_out: true,
                ..present(&perpetrator, Some(Attendance::Call))
            },
            present(&nurse, Some(Attendance::SentWords)),
        ],
        question: "What would make a school morning calm?".into(),
        last_steps: vec![
            RecordLastStep {
                step: id::<StepId>(63),
                what: "Ring the nursery".into(),
                owner: Some(worker.clone()),
                became: Became::Done,
                due: None,
                word: String::new(),
                noted_by: chair.clone(),
            },
            RecordLastStep {
                step: id::<StepId>(64),
                what: "Ask for a pass".into(),
                owner: None,
                became: Became::Carried,
                due: NaiveDate::from_ymd_opt(2026, 12, 22),
                word: "The office was closed".into(),
                noted_by: chair.clone(),
            },
        ],
        life_now: Marked::open(Words::plain("Told: by *Siôn*, that he likes the bus.\n\nSeen: he brings Mam her tea.")),
        scales: "We see **mornings** differently from evenings.".into(),
        options: ["Wait a month: the calm is two weeks old", "A place at Nain's for the week"]
            .into_iter()
            .zip(81..)
            .map(|(what, n)| {
                Marked::open(RecordOption { option: id::<OptionId>(n), what: what.into(), by: worker.clone() })
            })
            .collect(),
        contingencies: vec![Marked::open(RecordContingency {
            contingency: id::<ContingencyId>(83),
            happens: "he comes to the house".into(),
            then: "Nain rings 999 & takes the twins".into(),
            by: worker.clone(),
        })],
        conversations: vec![Marked::open(RecordConversation {
            conversation: id::<ConversationId>(84),
            who: worker.clone(),
            with: "Mam".into(),
            process: Some(Process::Evoke),
            explore: "what a good morning needs".into(),
            own_words: "Dw i eisiau bore tawel".into(),
            own_number: "8 of 10 on 20 November: “it matters most”".into(),
            by: worker.clone(),
        })],
        next_date: Some(day(2026, 12, 22)),
        risks: vec![RecordRisk {
            risk: id::<RiskId>(85),
            who: nurse.clone(),
            at: at("2026-11-24T10:40:00Z"),
            what: "He is at the nursery gate".into(),
            acknowledged: Some((chair.clone(), at("2026-11-24T10:41:00Z"))),
        }],
        unused: vec!["Scores".into()],
        empty: vec!["Last steps".into()],
        completed: vec![CompletedPart {
            step: None,
            what: "What it means for this child".to_owned(),
            by: chair.clone(),
            at: at("2026-11-25T09:00:00Z"),
        }],
        corrected: vec![Corrected {
            correction: id::<CorrectionId>(86),
            part: RecordPart::Step { step: id::<StepId>(61) },
            from: "Ask for the conference".into(),
            to: "Ask for the conference | by e-mail".into(),
            asked_by: nurse.clone(),
            taken_by: chair.clone(),
            at: at("2026-11-26T09:00:00Z"),
        }],
        heard: vec![
            heard(
                &worker,
                "## Strengths\nSiôn and Gwenllian **sleep through** 😀. Mam says: *“dwi’n falch”*.\n\n- seen twice, alone once\n- nursery: happy\n  1. first week\n  2. second week\n\n> Łucja asked for her brother.\n\nSee <script>alert(1)</script> [plan](https://plan.example/1) [bad](javascript:alert(1))",
                Mark::default(),
            ),
            heard(
                &victim,
                &format!("She has moved. {ADDRESS}"),
                Mark { readers: Readers::Only { workers: [worker.worker].into() }, ..Mark::default() },
            ),
            heard(
                &perpetrator,
                "He speaks of the twins kindly.",
                Mark { not_in_copies_for: [father].into(), ..Mark::default() },
            ),
            heard(&nurse, "الأم تنام بشكل أفضل. שלום", Mark::default()),
        ],
        meaning: Marked::open(Words {
            text: "Mornings are calm now. Is it the nursery, or that grandmother comes? **We do not know yet.**".into(),
            passages: vec![RecordPassage {
                from: 38,
                to: 66,
                not_in_copies_for: [father].into(),
                reason: "She fears his reaction.".to_owned(),
            }],
            by: vec![chair.clone(), nurse.clone()],
        }),
        decision: Some(RecordDecision {
            kind: "icpc".into(),
            title: "Step up: initial child protection conference".into(),
            route: "Recommended to an initial child protection conference".into(),
            what: "For the twins and the unborn child; not for Łucja.".into(),
            why: Marked::open("The calm is two weeks old & hangs on one person <grandmother>.\nNot on us.".into()),
            confirmed_at: Some(at("2026-11-24T11:05:00Z")),
            confirmed_by: Some(chair.clone()),
            stances: vec![
                stood(&worker, Position::Agree, ""),
                RecordStance {
                    earlier_wording: Some("Continue. Decided here. Evenings are calm".into()),
                    ..stood(&nurse, Position::Disagree, "A conference now may undo what she dares to say.")
                },
            ],
            unanswered: vec![perpetrator.clone()],
            children: [id::<PersonId>(11), id::<PersonId>(12)].into(),
            decided_after: None,
            confirmed_before: vec![RecordConfirmation {
                at: at("2026-11-24T11:01:00Z"),
                by: chair.clone(),
                wording: "Continue. Decided here. Evenings are calm".into(),
                objections: vec![RecordObjection {
                    who: nurse.clone(),
                    position: Position::Reservations,
                    reason: "Two weeks say little".into(),
                }],
            }],
        }),
        steps: vec![
            agreed(61, "Ask for the conference | by e-mail", &worker, "", "Date is set"),
            agreed(62, "Explore with Mam what a good morning needs", &nurse, "the health visitor", ""),
        ],
        life: Life::default(),
    };
    Sealed {
        schema: Sealed::SCHEMA.into(),
        version: 2,
        replaces: Some("ab".repeat(32)),
        number: 7,
        before: Some("ab".repeat(32)),
        child: record.child,
        child_name: "Siôn".into(),
        child_age: "3 years".into(),
        child_number: "9000102".into(),
        family: record.family,
        reference: "FS-3012".into(),
        team: Some(id::<TeamId>(70)),
        team_name: "North team".into(),
        signed_at: at("2026-11-27T09:00:00Z"),
        signed_by: who(6, "Zara Northlight", "team manager"),
        signed_as: SignedAs::Manager { chaired_by: chair },
        addenda: vec![Addendum {
            id: id::<AddendumId>(80),
            at: at("2026-11-26T15:00:00Z"),
            by: worker,
            reason: "The school rang".into(),
            text: Marked::open("They saw Siôn on Monday: *well*.".into()),
            answer: Some(WishAnswer {
                at: at("2026-11-27T09:00:00Z"),
                by: who(6, "Zara Northlight", "team manager"),
                taken: true,
                word: String::new(),
            }),
        }],
        record,
    }
}

fn copy(recipient: Recipient) -> Document {
    let named = |_| "Tomos (father)".to_owned();
    let mut document = make(&sealed(), recipient, "the child’s own file", "Ashmere Council", &named).document;
    document.colophon = vec!["Number 7 of this child’s signed records. SHA-256 0123".into()];
    document
}

fn golden(name: &str, printed: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        std::fs::write(&file, printed).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == printed, "{name} is printed otherwise than it was; look at it and run make golden");
}

fn run(program: &str, args: &[&str]) -> String {
    let out = Command::new(program).args(args).output().expect("installed by \"make test\"");
    assert!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// What is signed, byte for byte in its fields: roles, times, corrections, stances on earlier wordings, marks.
#[test]
fn the_signed_form_of_a_rich_record_is_as_it_was() {
    let signed = sealed();
    let written = serde_json::to_string_pretty(&signed).unwrap() + "\n";
    golden("sealed.json", &written);
    assert_eq!(serde_json::from_str::<Sealed>(&written).unwrap(), signed, "and it reads as what was signed");
    for field in [
        "roles",
        "times",
        "earlier_wording",
        "confirmed_by",
        "not_in_copies_for",
        "passages",
        "handovers",
        "reopened",
        "confirmed_before",
        "completed",
    ] {
        assert!(written.contains(&format!("\"{field}\"")), "{field}");
    }
}

/// Who disagreed when an earlier wording was confirmed is in the child's file; another agency's copy has its own alone.
#[test]
fn an_earlier_objection_is_in_no_other_agencys_copy() {
    let decision = sealed().record.decision.unwrap();
    let objector = decision.confirmed_before[0].objections[0].who.worker;
    let other = decision.stances.iter().map(|stance| stance.who.worker).find(|worker| *worker != objector).unwrap();
    let says = |recipient| Printers::default().markdown(&copy(recipient)).contains("Two weeks say little");
    assert!(says(Recipient::ChildFile) && says(Recipient::Partner(objector)));
    assert!(!says(Recipient::Partner(other)));
}

#[test]
fn a_rich_record_is_printed_as_it_was() {
    let document = copy(Recipient::ChildFile);
    golden("record.md", &Printers::default().markdown(&document));
    golden("record.html", &Printers::default().html(&document));
    golden("record.json", &Printers::default().json(&document));
}

#[test]
fn a_pdf_can_be_read_aloud_in_its_order_and_kept_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("record.pdf");
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 20\"><rect width=\"40\" height=\"20\" fill=\"#1d5c63\"/></svg>";
    let bytes = Printers::default().pdf(&copy(Recipient::ChildFile), Some(logo)).unwrap();
    assert_eq!(
        bytes,
        Printers::default().pdf(&copy(Recipient::ChildFile), Some(logo)).unwrap(),
        "one content, one file"
    );
    if let Some(kept) = std::env::var_os("KEEP_PDF") {
        std::fs::write(kept, &bytes).unwrap();
    }
    std::fs::write(&file, bytes).unwrap();
    let path = file.to_str().unwrap();
    run("qpdf", &["--check", path]);
    let output = run("qpdf", &["--json=1", path]);
    for wanted in [
        "/StructTreeRoot",
        "\"/Marked\": true",
        "\"/Lang\": \"en-GB\"",
        "\"/DisplayDocTitle\": true",
        "/Outlines",
        "\"/S\": \"/H1\"",
        "\"/S\": \"/H2\"",
        "\"/S\": \"/TH\"",
        "\"/S\": \"/LBody\"",
        "\"/S\": \"/Figure\"",
    ] {
        assert!(output.contains(wanted), "{wanted}");
    }
    let meta = run("pdfinfo", &["-meta", path]);
    assert!(meta.contains("<pdfuaid:part>1</pdfuaid:part>") && meta.contains("<pdfaid:part>2</pdfaid:part>"), "{meta}");
    let fonts = run("pdffonts", &[path]);
    assert!(fonts.lines().skip(2).all(|font| font.contains(" yes yes ")), "embedded and subset: {fonts}");
    let text = run("pdftotext", &[path, "-"]);
    let mut rest = text.as_str();
    for part in [
        "Group case supervision",
        "Decision and why",
        "Next steps",
        "Explore with Mam",
        "What we think it means",
        "Attendance",
        "left at 10:40, back in the room at 10:55",
        "What we heard",
        "Nóra Ó Faoláin",
        "sleep through",
        "Corrected before signing",
        "Added since it was signed",
        "Signature",
        "Number 7",
    ] {
        let place = rest.find(part).unwrap_or_else(|| panic!("{part} is missing or out of order: {text}"));
        rest = &rest[place..];
    }
    assert!(text.contains("Page 1 of ") && text.contains('😀'), "{text}");
    assert!(!text.contains("Hidden Lane") && !text.contains("javascript"));
}

#[test]
fn a_word_file_has_real_headings_lists_and_table_headers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("record.docx");
    let bytes = Printers::default().docx(&copy(Recipient::ChildFile)).unwrap();
    if let Some(kept) = std::env::var_os("KEEP_DOCX") {
        std::fs::write(kept, &bytes).unwrap();
    }
    std::fs::write(&file, bytes).unwrap();
    let path = file.to_str().unwrap();
    run("unzip", &["-tq", path]);
    let body = run("unzip", &["-p", path, "word/document.xml"]);
    let count = |what: &str| body.matches(what).count();
    assert_eq!(count("w:val=\"Heading1\""), 1);
    assert_eq!(
        count("w:val=\"Heading2\""),
        20,
        "decision, steps, what led there, who was there, what was corrected, what was added, the signature"
    );
    assert_eq!(count("w:val=\"Heading3\""), 4, "three workers' words and one addition");
    assert_eq!((count("<w:tbl>"), count("<w:tblHeader/>"), count("<w:tr>")), (1, 1, 3));
    assert!(count("<w:numPr>") > 8);
    assert!(body.contains("الأم") && body.contains("ap Gwilym") && !body.contains("Hidden Lane"));
    let about = run("unzip", &["-p", path, "docProps/core.xml"]);
    assert!(about.contains("<dc:title>Group case supervision") && about.contains("<dc:language>en-GB"));
    assert!(!about.contains("Siôn"), "no name of a person in what lists show");
}

#[test]
fn an_agency_gets_its_own_workers_words_only() {
    let text = Printers::default().markdown(&copy(Recipient::Partner(id(4))));
    assert!(text.contains("الأم") && text.contains("may undo what she dares to say"));
    for other in [
        "sleep through",
        "speaks of the twins",
        "Hidden Lane",
        "Mornings are calm",
        "Ask for the conference",
        "They saw",
    ] {
        assert!(!text.contains(other), "{other}");
    }
}

#[test]
fn every_page_says_what_it_is_and_whose_copy() {
    let signed = copy(Recipient::ChildFile);
    let mut draft = signed.clone();
    draft.status = domain::document::DRAFT.to_owned();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("record.pdf");
    let day = domain::dates::plain_date(signed.dated.unwrap());
    for (document, status) in [(&signed, "Signed, version 2"), (&draft, "DRAFT")] {
        std::fs::write(&file, Printers::default().pdf(document, None).unwrap()).unwrap();
        let text = run("pdftotext", &["-layout", file.to_str().unwrap(), "-"]);
        let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
        assert!(pages.len() > 1);
        for (count, page) in pages.iter().enumerate() {
            let number = format!("Page {} of {}", count + 1, pages.len());
            let of_header = [&document.reference, &day, status, "For the child’s own file", &number];
            // Its first lines: a page lies by itself.
            let header: String = page.lines().filter(|line| !line.trim().is_empty()).take(2).collect();
            assert!(of_header.iter().all(|part| header.contains(*part)), "{of_header:?} in {header}");
        }
    }
}

/// Text of scripts that the program has no fonts for, of emoji, and without a space to break a line at.
#[test]
fn every_script_prints_and_what_no_font_has_is_replaced_visibly() {
    let words = [
        ("Bengali", "শিশু ভালো আছে"),
        ("Gurmukhi", "ਬੱਚਾ ਠੀਕ ਹੈ"),
        ("Gujarati", "બાળક સારું છે"),
        ("Devanagari", "बच्चा ठीक है"),
        ("Tamil", "குழந்தை நலமாக உள்ளது"),
        ("Chinese", "孩子很好"),
        ("Ethiopic", "ልጁ ደህና ነው"),
        ("Urdu", "بچہ ٹھیک ہے"),
        ("", "🥺 👷 👨\u{200d}👩\u{200d}👧"),
        ("", "\u{f0b7}"),
        ("Latin", &"x".repeat(32 * 1024)),
    ];
    let nowhere = tempfile::tempdir().unwrap();
    // With the machine's fonts, whichever those are, and with none.
    for printers in [Printers::default(), Printers::with_fonts(nowhere.path())] {
        let missing = printers.missing_scripts();
        for (script, word) in words {
            let mut document = copy(Recipient::ChildFile);
            document.made_for = word.chars().take(40).collect();
            document.sections[0].blocks.push(domain::document::Block::Prose(format!("{word} and **{word}** end")));
            document.sections[1].blocks.push(domain::document::Block::List(vec![word.to_owned()]));
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("script.pdf");
            std::fs::write(&file, printers.pdf(&document, None).unwrap()).unwrap();
            let path = file.to_str().unwrap();
            run("qpdf", &["--check", path]);
            let meta = run("pdfinfo", &["-meta", path]);
            assert!(meta.contains("<pdfuaid:part>1</pdfuaid:part>"), "{word}");
            let text: String = run("pdftotext", &[path, "-"]).split_whitespace().collect();
            let first = word.chars().next().unwrap();
            let replaced = text.contains('□');
            if script.is_empty() {
                assert!(text.contains(first) || replaced, "{word} is silently gone");
            } else {
                let lacks = missing.iter().any(|(missing, _)| *missing == script);
                assert_eq!(replaced, lacks, "{script} prints where a font has it: {text}");
                // Marks may stand in another order than they are read in; letters are all there.
                let letters =
                    word.chars().filter(|letter| letter.is_alphabetic()).collect::<std::collections::BTreeSet<_>>();
                let gone: Vec<_> = letters.into_iter().filter(|letter| !lacks && !text.contains(*letter)).collect();
                assert!(gone.is_empty(), "letters {gone:?} of {script} that nobody can copy out: {text}");
            }
        }
    }
    assert_eq!(Printers::with_fonts(nowhere.path()).missing_scripts().len(), 9, "doctor names them");
    let bengali = Printers::default().missing_scripts().iter().all(|(script, _)| *script != "Bengali");
    assert!(bengali, "\"make test\" installs fonts-noto-core");
}

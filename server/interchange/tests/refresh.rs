//! The CIN census and Annex A: what is read of them, and what of their dirt tells nothing.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on says so by panicking")]

use chrono::NaiveDate;
use domain::status::{CaseEventKind, PlanKind};
use interchange::table::TableError;
use interchange::{Extract, Level, Told, refresh};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn read(name: &str, bytes: &[u8]) -> Extract {
    tried(name, bytes).unwrap_or_else(|error| panic!("{error}"))
}

fn tried(name: &str, bytes: &[u8]) -> Result<Extract, TableError> {
    let known = ["70", "0070", "0071", "72"].map(str::to_owned).into();
    refresh::read(name, bytes, &known, day(2026, 11, 24))
}

fn census(children: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Message><Header><CollectionDetails><Collection>CIN</Collection>\
         </CollectionDetails></Header><Children>{children}</Children></Message>"
    )
    .into_bytes()
}

const CHILD: &str = "
<Child>
  <ChildIdentifiers><LAchildID> 0070 </LAchildID><PersonBirthDate>2020-01-01</PersonBirthDate></ChildIdentifiers>
  <ChildCharacteristics><Disabilities><Disability>HEAR</Disability><Disability>NONE</Disability></Disabilities></ChildCharacteristics>
  <CINdetails>
    <CINreferralDate>2026-01-05</CINreferralDate><ReferralSource>6</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>
    <Assessments>
      <AssessmentActualStartDate>2026-01-06</AssessmentActualStartDate>
      <AssessmentAuthorisationDate>2026-02-06</AssessmentAuthorisationDate>
      <FactorsIdentifiedAtAssessment><AssessmentFactors>3b</AssessmentFactors><AssessmentFactors>99Z</AssessmentFactors></FactorsIdentifiedAtAssessment>
    </Assessments>
    <CINPlanDates><CINPlanStartDate>2026-02-10</CINPlanStartDate><CINPlanEndDate>2026-03-01</CINPlanEndDate></CINPlanDates>
    <Section47><S47ActualStartDate>2026-02-20</S47ActualStartDate><DateOfInitialCPC>2026-03-02</DateOfInitialCPC></Section47>
    <ChildProtectionPlans>
      <CPPstartDate>2026-03-02</CPPstartDate><InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse>
      <Reviews><CPPreviewDate>2026-06-01</CPPreviewDate><CPPreviewDate>2026-09-01</CPPreviewDate></Reviews>
    </ChildProtectionPlans>
  </CINdetails>
</Child>";

#[test]
fn a_census_tells_how_children_stand() {
    let extract = read("cin.xml", &census(CHILD));
    assert!(extract.people.is_empty(), "it names nobody");
    let plans: Vec<_> = extract.plans.iter().map(|plan| (plan.kind, plan.starts.value(), plan.ends)).collect();
    assert_eq!(
        plans,
        [
            (PlanKind::InNeed, Some(day(2026, 2, 10)), Told::That(Some(day(2026, 3, 1)))),
            (PlanKind::Protection, Some(day(2026, 3, 2)), Told::Nothing),
        ],
        "an end that is not there tells nothing: it may have come since"
    );
    assert_eq!(extract.plans[1].person, "0070");
    assert_eq!(extract.plans[1].categories, Told::That(vec!["Emotional abuse".to_owned()]));
    let kinds: Vec<_> = extract.events.iter().map(|event| event.kind).collect();
    use CaseEventKind::{Assessment, Conference, Enquiry, Referral, Review};
    assert_eq!(kinds, [Referral, Assessment, Enquiry, Conference, Review, Review]);
    assert_eq!(extract.factors[0].codes, ["3B"]);
    assert_eq!(extract.needs.len(), 1);
    assert_eq!(extract.episodes[0].opened, Told::That(Some(day(2026, 1, 5))));
    let count = &extract.counts["cin.xml"];
    assert_eq!((count.rows, count.kept, count.left_out), (1, 1, 0));
}

#[test]
fn what_cannot_be_read_in_a_census_is_listed_and_tells_nothing() {
    let spoilt =
        CHILD.replace("2026-02-10", "10/02/26").replace("<CPPstartDate>2026-03-02", "<CPPstartDate>2031-03-02");
    let extract =
        read("cin.xml", &census(&format!("{spoilt}<Child><ChildIdentifiers/></Child>{}", CHILD.replace("0070", "X1"))));
    assert!(extract.plans.is_empty(), "{:?}", extract.plans);
    let says: Vec<_> = extract.problems.iter().map(|problem| (problem.level, problem.column.as_str())).collect();
    let [plan, protection, id] = ["CINPlanStartDate", "CPPstartDate", "LAchildID"];
    assert_eq!(says, [(Level::Warn, plan), (Level::Warn, protection), (Level::Reject, id), (Level::Review, "")]);
    assert!(extract.problems[..3].iter().all(|problem| problem.line > 0));
    assert_eq!(extract.problems[3].value, "X1", "who is not known is listed");
    let count = &extract.counts["cin.xml"];
    assert_eq!((count.rows, count.kept, count.left_out), (3, 1, 2));
    let whole = census(CHILD);
    let error = tried("cin.xml", &whole[..whole.len() - 40]).unwrap_err();
    assert!(error.to_string().contains("cut off"), "{error}");
    let entity = b"<!DOCTYPE a [<!ENTITY b \"x\">]><Message><Collection>CIN</Collection>&b;</Message>";
    assert!(tried("cin.xml", entity).is_err(), "no entities of its own");
    let error = tried("notes.txt", b"hello").unwrap_err();
    assert!(error.to_string().contains("Point to a CIN census"), "{error}");
}

/// A workbook of one sheet; a cell that begins with "=" is a number.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let script = "import sys,zipfile,json\nrows=json.loads(sys.argv[2])\nfrom xml.sax.saxutils import escape\n\
        def cell(v):\n return f'<c><v>{v[1:]}</v></c>' if v.startswith('=') else f'<c t=\"inlineStr\"><is><t>{escape(v)}</t></is></c>'\n\
        sheet=''.join('<row>'+''.join(map(cell,r))+'</row>' for r in rows)\n\
        m='http://schemas.openxmlformats.org/spreadsheetml/2006/main'\nr='http://schemas.openxmlformats.org/officeDocument/2006/relationships'\n\
        z=zipfile.ZipFile(sys.argv[1],'w')\n\
        z.writestr('[Content_Types].xml','<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>')\n\
        z.writestr('_rels/.rels',f'<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{r}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>')\n\
        z.writestr('xl/workbook.xml',f'<workbook xmlns=\"{m}\" xmlns:r=\"{r}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>')\n\
        z.writestr('xl/_rels/workbook.xml.rels',f'<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{r}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>')\n\
        z.writestr('xl/worksheets/sheet1.xml',f'<worksheet xmlns=\"{m}\"><sheetData>{sheet}</sheetData></worksheet>')\nz.close()";
    let rows = serde_json::to_string(rows).unwrap();
    let made = std::process::Command::new("python3").args(["-c", script]).arg(file.path()).arg(rows).status().unwrap();
    assert!(made.success());
    std::fs::read(file.path()).unwrap()
}

#[test]
fn list_6_and_list_7_tell_who_was_seen_when_whatever_the_sheets_are_called() {
    let bytes = workbook(&[
        &["Annex A, list 6"],
        &[
            "Child Unique ID",
            "Date of Birth",
            "CIN Start Date",
            "Date Child Was Last Seen",
            "CIN Closure Date",
            "Case Status",
        ],
        &["=70", "=43831", "=46027", "=46340", "", "c) CIN plan"],
        &["0071", "", "5/1/2026", "2026-11-10", "#N/A", ""],
        &["", "", "=46027", "", "", ""],
        &["72", "", "soon", "", "", ""],
    ]);
    let extract = read("lists.xlsx", &bytes);
    let episodes: Vec<_> =
        extract.episodes.iter().map(|row| (row.person.as_str(), row.opened.value(), row.closed)).collect();
    assert_eq!(
        episodes,
        [("70", Some(day(2026, 1, 5)), Told::Nothing), ("0071", Some(day(2026, 1, 5)), Told::Nothing)],
        "zeros are kept, numbers have no point"
    );
    let visits: Vec<_> = extract.visits.iter().map(|visit| (visit.person.as_str(), visit.on, visit.alone)).collect();
    assert_eq!(visits, [("70", day(2026, 11, 14), Told::Nothing), ("0071", day(2026, 11, 10), Told::Nothing)]);
    let count = &extract.counts["lists.xlsx"];
    assert_eq!((count.rows, count.kept, count.left_out), (4, 3, 1));
    let is_said = extract.problems.iter().any(|problem| problem.says == "is read as list 6, children in need");
    assert!(is_said, "{:?}", extract.problems);

    let bytes = workbook(&[
        &[
            "Child unique ID",
            "CP plan start date",
            "Latest Category of Abuse",
            "Date of the last statutory visit",
            "Was the child seen alone?",
            "Child Protection Plan End Date",
        ],
        &["70", "=46083", "Neglect", "=46340", "a) Yes", "=46300"],
    ]);
    let extract = read("7.xlsx", &bytes);
    assert_eq!(extract.plans[0].ends, Told::That(Some(day(2026, 10, 5))));
    assert_eq!(extract.visits[0].alone, Told::That(true));
    let error = tried("x.xlsx", &workbook(&[&["a", "b"]])).unwrap_err();
    assert!(error.to_string().contains("neither list 6"), "{error}");
    let error = tried("x.xlsx", b"PK\x03\x04rest").unwrap_err();
    assert!(error.to_string().contains("no workbook"), "{error}");
}

/// Whatever is cut off, doubled or changed, a file is read or refused.
#[test]
fn spoilt_files_are_read_or_refused() {
    let lists = workbook(&[
        &["Child Unique ID", "CIN Start Date", "Date Child Was Last Seen"],
        &["=70", "=46027", "=1e300"],
        &["=-1", "=46027", "=nan"],
    ]);
    for (name, bytes) in [("cin.xml", census(CHILD)), ("lists.xlsx", lists)] {
        for at in (0..bytes.len()).step_by(5) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x15;
            let doubled = [&bytes[..at], &bytes[at / 2..]].concat();
            for spoilt in [bytes[..at].to_vec(), changed, doubled] {
                let _ = tried(name, &spoilt);
            }
        }
    }
}

#[test]
fn answers_headings_and_days_are_read_as_councils_write_them() {
    let row = |id: &'static str, alone: &'static str| [id, "2026-03-02 00:00:00", "b) Physical abuse", "=46340", alone];
    let headings = [
        "LA Child ID",
        "CP Plan Start Date (dd/mm/yyyy)",
        "Latest Category",
        "Date of Latest Statutory Visit",
        "Seen alone Y/N",
    ];
    let answers = [
        ("a) Yes", Some(true)),
        ("1 - Yes", Some(true)),
        ("True", Some(true)),
        ("N", Some(false)),
        ("c) Unknown", None),
        ("Seen", None),
    ];
    for (written, told) in answers {
        let extract = read("7.xlsx", &workbook(&[&headings, &row("70.0", written)]));
        let visit = &extract.visits[0];
        assert_eq!((visit.person.as_str(), visit.alone), ("70", Told::from(told)), "{written}");
        assert_eq!(extract.plans[0].starts.value(), Some(day(2026, 3, 2)));
        assert_eq!(extract.plans[0].categories, Told::That(vec!["Physical abuse".to_owned()]));
        let missing: Vec<_> = extract.problems.iter().filter(|problem| problem.says.contains("is no column")).collect();
        assert_eq!(missing.len(), 2, "no end, no review: {missing:?}");
    }
    let unseen = read("7.xlsx", &workbook(&[&headings, &row("70", "Child not seen")]));
    assert!(unseen.visits.is_empty(), "a visit at which nobody was seen is none");
    let closed = read(
        "6.xlsx",
        &workbook(&[
            &["Child ID", "CIN Start Date", "Date Child Last Seen", "Case Status"],
            &["70", "=46027", "=46340", "e) Closed episode"],
            &["72", "", "=46340", "c) CIN plan"],
        ]),
    );
    assert!(closed.episodes.is_empty(), "closed without a day, or without a beginning: {:?}", closed.episodes);
    assert_eq!(closed.visits.len(), 2, "when they were seen is told all the same");
}

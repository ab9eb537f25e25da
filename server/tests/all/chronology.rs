//! What the case system tells of children: on the chronology's page, in the archive, after a later load.

use crate::http::{get, send};
use crate::import::{real, sample};
use crate::place::{Place, family, on_both_engines};
use domain::FamilyId;
use domain::status::CaseEventKind;
use service::Service;
use service::import::Load;
use std::collections::BTreeMap;

type Files = BTreeMap<String, Vec<u8>>;

fn changed(files: &mut Files, file: &str, from: &str, to: &str) {
    let text = String::from_utf8(files[file].clone()).unwrap();
    assert!(text.contains(from), "{from}");
    files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
}

async fn details(service: &Service, of: FamilyId, kind: CaseEventKind) -> Vec<Vec<String>> {
    let events = service.store().case_events(of.uuid()).await.unwrap();
    events.iter().filter(|event| event.kind == kind).map(domain::case_event::CaseEvent::details).collect()
}

on_both_engines!(a_later_load_changes_what_it_tells_and_nothing_else);
async fn a_later_load_changes_what_it_tells_and_nothing_else(place: Place) {
    let service = real(&place).await;
    let mut files = sample();
    changed(&mut files, "ssd_person.csv", "Imogen,Otterfold", "Imogen,Otterfield");
    service.import_ssd(&files, Load::Checked).await.unwrap();
    let of = family(&service, "FS-3003").await;
    let before = details(&service, of, CaseEventKind::Enquiry).await;
    assert_eq!(before[0], ["came of it: child protection conference"]);
    // The end of an enquiry cannot be read, and its outcomes are gone: nothing good is lost.
    let first = String::from_utf8(files["ssd_s47_enquiry.csv"].clone()).unwrap();
    let id = first.lines().find(|line| line.contains(",9000109,")).unwrap().split(',').next().unwrap().to_owned();
    let end = first.lines().find(|line| line.starts_with(&id)).unwrap().split(',').nth(4).unwrap().to_owned();
    changed(&mut files, "ssd_s47_enquiry.csv", &format!(",{end},N,"), ",some day,N,");
    changed(&mut files, "ssd_s47_enquiry.csv", "s47e_s47_outcome_json", "another_column");
    changed(&mut files, "ssd_s47_enquiry.csv", "s47e_s47_nfa", "yet_another");
    let report = service.import_ssd(&files, Load::Checked).await.unwrap();
    assert!(report.changes_nothing(), "{:?}", report.changes);
    // A review says now that the plan ends.
    let reviews = String::from_utf8(files["ssd_cp_reviews.csv"].clone()).unwrap();
    let line = reviews.lines().find(|line| line.contains(",9000109,")).unwrap();
    let at = line.rfind(",Y,Y,").unwrap();
    changed(&mut files, "ssd_cp_reviews.csv", line, &format!("{},N,Y,{}", &line[..at], &line[at + 5..]));
    let report = service.import_ssd(&files, Load::Checked).await.unwrap();
    assert_eq!((report.changes["event"].changed, report.changes["event"].new), (1, 0));
    // Another need is told.
    changed(&mut files, "ssd_disability.csv", "HEAR", "VIS");
    let report = service.import_ssd(&files, Load::Checked).await.unwrap();
    assert_eq!(report.changes["need"].changed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_tells_siblings_together_and_leaves_contacts_out_until_they_are_asked_for() {
    let place = Place::sqlite();
    let world = crate::record::finished(place.service().await).await;
    crate::record::complete(&world).await;
    let router = crate::place::router(&world.service);
    let token = crate::place::token(&world.service, world.worker).await;
    let page = async |query: &str| {
        let address = format!("/families/{}/chronology{query}", world.family);
        let (status, _, body, _) = send(&router, get(&address, Some(&token))).await;
        assert_eq!(status, 200, "{query}");
        body
    };
    let page_of = page("").await;
    assert_eq!(page_of.matches("<strong>Referral<").count(), 1, "three children, one line");
    assert!(page_of.contains("From the police; abuse, neglect or exploitation"));
    assert!(!page_of.contains("<strong>Contact<") && page_of.contains("not shown."));
    assert!(page_of.contains("Group case supervision"), "what was decided here stands beside it");
    assert!(page("?kind=all").await.contains("<strong>Contact<"));
    let contacts = page("?kind=contact").await;
    assert!(contacts.contains("<strong>Contact<") && !contacts.contains("<strong>Referral<"));
    let children = world.service.store().members(world.family.uuid()).await.unwrap();
    let child = children.iter().find(|member| !member.person.adult).unwrap().person.id;
    assert!(page(&format!("?child={child}")).await.contains("<strong>Referral<"));
    let nobody = page("?child=00000000-0000-0000-0000-000000000000").await;
    assert!(!nobody.contains("<strong>Referral<"));
}

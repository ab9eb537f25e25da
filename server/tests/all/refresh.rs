//! A CIN census and an Annex A over an extract: what they tell of children who are known, and nothing else.

use crate::import::{real, sample};
use crate::place::{Place, on_both_engines};
use domain::status::PlanKind;
use service::import::Load;

fn census(children: &str) -> Vec<u8> {
    format!(
        "<Message><Header><CollectionDetails><Collection>CIN</Collection></CollectionDetails></Header>\
         <Children>{children}</Children></Message>"
    )
    .into_bytes()
}

fn child(id: &str, plans: &str) -> String {
    format!(
        "<Child><ChildIdentifiers><LAchildID>{id}</LAchildID></ChildIdentifiers><CINdetails>{plans}</CINdetails></Child>"
    )
}

on_both_engines!(a_census_ends_and_begins_plans_of_children_who_are_known);
async fn a_census_ends_and_begins_plans_of_children_who_are_known(place: Place) {
    let service = real(&place).await;
    service.import_ssd(&sample(), Load::Checked).await.unwrap();
    let store = service.store();
    let (people, families) = (store.people().await.unwrap(), store.families().await.unwrap());
    let known = |source: &str| people.iter().find(|person| person.source_id.as_deref() == Some(source)).unwrap().id;
    let plans = async |source: &str| {
        let mut plans = Vec::new();
        for team in store.teams().await.unwrap() {
            plans.extend(
                store.plans(team.id.uuid()).await.unwrap().into_iter().filter(|plan| plan.person_id == known(source)),
            );
        }
        plans.sort_by_key(|plan| plan.starts);
        plans.into_iter().map(|plan| (plan.kind, plan.starts, plan.ends, plan.categories)).collect::<Vec<_>>()
    };
    let before = plans("9000110").await;
    let day = |day: &str| Some(day.parse().unwrap());
    let bytes = census(&format!(
        "{}{}{}",
        child(
            "9000109",
            "<CINPlanDates><CINPlanStartDate>2026-10-01</CINPlanStartDate></CINPlanDates>\
             <ChildProtectionPlans><CPPstartDate>2026-05-08</CPPstartDate><CPPendDate>2026-10-01</CPPendDate></ChildProtectionPlans>",
        ),
        child("9000110", "<ChildProtectionPlans><CPPstartDate>2026-05-02</CPPstartDate></ChildProtectionPlans>"),
        child("X1", "<CINPlanDates><CINPlanStartDate>2026-10-01</CINPlanStartDate></CINPlanDates>"),
    ));
    let tried = service.refresh("cin.xml", &bytes, Load::DryRun).await.unwrap();
    assert!(tried.dry_run && !tried.changes_nothing());
    let report = service.refresh("cin.xml", &bytes, Load::Checked).await.unwrap();
    assert_eq!(report.changes, tried.changes);
    let change = &report.changes["plan"];
    assert_eq!((change.new, change.changed, change.unchanged, change.gone), (1, 1, 1, 0), "{change:?}");
    let after = plans("9000109").await;
    assert!(
        after.contains(&(PlanKind::Protection, day("2026-05-08"), day("2026-10-01"), "Neglect".to_owned())),
        "it ends, and what the census does not tell stays: {after:?}"
    );
    assert!(after.contains(&(PlanKind::InNeed, day("2026-10-01"), None, String::new())), "{after:?}");
    assert_eq!(plans("9000110").await, before);
    assert_eq!(store.people().await.unwrap(), people, "nobody is added");
    assert_eq!(store.families().await.unwrap(), families);
    let unknown = report.problems.iter().find(|problem| problem.value == "X1").expect("it is listed");
    assert!(unknown.says.contains("not known here by"), "{}", unknown.says);

    let again = service.refresh("cin.xml", &bytes, Load::Checked).await.unwrap();
    assert!(again.changes_nothing(), "{:?}", again.changes);
    // What the case system's extract does not know yet is not gone from it; once it tells the plan, it is the same one.
    let extract = service.import_ssd(&sample(), Load::DryRun).await.unwrap();
    assert!(extract.problems.iter().all(|problem| !problem.says.contains("in the extract no more")));
    let mut files = sample();
    let text = String::from_utf8(files["ssd_cin_plans.csv"].clone()).unwrap();
    let columns: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let cell = |column: &str| match column {
        "cinp_cin_plan_id" | "cin_plan_id" => "999001",
        "cinp_person_id" => "9000109",
        "cinp_cin_plan_start_date" => "01/10/2026",
        _ => "",
    };
    let line = columns.iter().map(|column| cell(column.trim())).collect::<Vec<_>>().join(",");
    files.insert("ssd_cin_plans.csv".to_owned(), format!("{}\n{line}\n", text.trim_end()).into_bytes());
    let told = service.import_ssd(&files, Load::Checked).await.unwrap();
    assert_eq!((told.changes["plan"].new, told.changes["plan"].renumbered), (0, 1), "{:?}", told.changes["plan"]);
    assert_eq!(plans("9000109").await.len(), after.len());
    // A census whose day differs opens no second plan, and an older one ends nothing otherwise than the case system did.
    let other_day = census(&child(
        "9000110",
        "<ChildProtectionPlans><CPPstartDate>2026-05-01</CPPstartDate></ChildProtectionPlans>",
    ));
    let report = service.refresh("cin.xml", &other_day, Load::Checked).await.unwrap();
    assert!(report.changes_nothing(), "{:?}", report.changes);
    assert!(report.problems.iter().any(|problem| problem.says.contains("another one of this child is open")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_and_other_files_are_refused_with_what_to_do() {
    let place = Place::sqlite();
    let service = real(&place).await;
    let error = service.refresh("notes.txt", b"hello", Load::Checked).await.unwrap_err();
    assert!(error.to_string().contains("Point to a CIN census"), "{error}");
    let demo = Place::sqlite();
    let error = demo.service().await.refresh("cin.xml", &census(""), Load::Checked).await.unwrap_err();
    assert!(error.to_string().contains("This is a demo"), "{error}");
    // Who points "import ssd" to a folder with a census is told how to load it.
    let files = std::collections::BTreeMap::from([("cin.xml".to_owned(), census(""))]);
    let error = service.import_ssd(&files, Load::Checked).await.unwrap_err();
    assert!(error.to_string().contains("import refresh FILE"), "{error}");
}

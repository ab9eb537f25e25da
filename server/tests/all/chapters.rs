//! Chapters: who writes which texts, what a month begins with, and what others read.

use crate::place::{Place, World, allowed, on_both_engines, outside, summary};
use crate::retention::later;
use domain::chapter::ChapterPlace;
use domain::page::chapter::Chapters;
use domain::{PersonId, WorkerId};
use record::Printers;
use service::clock::Clock;
use service::rebuild::differences;
use service::workbook::chapter::{ChapterForm, TypedText};
use service::{Service, ServiceError};
use std::sync::Arc;

/// A text of a section, about one person where each has one, as its form sends it.
pub fn text(section: &str, person: Option<PersonId>, text: &str, base: i64) -> TypedText {
    TypedText { place: ChapterPlace { section: section.to_owned(), person }, text: text.to_owned(), base }
}

/// Saves texts of somebody's chapter.
pub async fn write(world: &World, who: WorkerId, texts: &[TypedText]) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await?;
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, write_chapter(texts))
}

async fn form(world: &World, who: WorkerId) -> Option<ChapterForm> {
    let viewer = world.service.viewer(who).await.unwrap();
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, chapter_form()).unwrap()
}

async fn written(world: &World, who: WorkerId) -> Option<bool> {
    let viewer = world.service.viewer(who).await.unwrap();
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, has_written_summary()).unwrap()
}

async fn read(world: &World, who: WorkerId, month: Option<&str>) -> Result<Chapters, ServiceError> {
    let viewer = world.service.viewer(who).await?;
    let (_, chapters) =
        allowed!(world.service, world.service.family_reader(&viewer, world.family).await, chapters(month))?;
    Ok(chapters)
}

fn lines(chapters: &Chapters) -> Vec<(&str, &str, &str)> {
    chapters.texts.iter().map(|text| (text.title.as_str(), text.month.as_str(), text.html.as_str())).collect()
}

async fn children(world: &World) -> Vec<PersonId> {
    let members = world.service.store().members(world.family.uuid()).await.unwrap();
    members.iter().filter(|member| !member.person.adult).map(|member| member.person.id).collect()
}

on_both_engines!(a_month_begins_with_what_still_holds_and_keeps_what_was_written_when);
async fn a_month_begins_with_what_still_holds_and_keeps_what_was_written_when(place: Place) {
    let world = World::started(place.service().await).await;
    let of = children(&world).await;
    let begun = form(&world, world.worker).await.unwrap();
    assert_eq!(begun.month, "2026-11");
    let each = |section: &str| begun.texts.iter().filter(|text| text.place.section == section).count();
    assert_eq!((each("analysis"), each("work")), (of.len(), 1), "the analysis has a text for each child");
    assert_eq!((each("strengths"), each("capacity")), (1, 1), "and parenting one for each adult: there is one");
    assert!(begun.texts[0].place.is_summary() && begun.texts[0].title == "Monthly summary");

    let texts = [
        summary("A good month.", 0),
        text("work", None, "Two visits.", 0),
        text("analysis", Some(of[0]), "She is safer.", 0),
        text("analysis", Some(of[1]), "", 0),
    ];
    write(&world, world.worker, &texts).await.unwrap();
    let november = read(&world, world.chair, None).await.unwrap();
    let expected = [
        ("Monthly summary", "2026-11", "<p>A good month.</p>\n"),
        ("Work done this month", "2026-11", "<p>Two visits.</p>\n"),
        ("Analysis", "2026-11", "<p>She is safer.</p>\n"),
    ];
    assert_eq!(lines(&november), expected, "what is empty is not written");
    assert_eq!(november.about(of[0]).len(), 3);
    assert_eq!(november.about(of[1]).len(), 2, "what is of another child is left out");
    assert_eq!(differences(world.service.store()).await.unwrap(), 0);

    let world = later(world, &place, &Arc::default(), 20).await;
    let december = form(&world, world.worker).await.unwrap();
    let before = |section: &str| {
        december.texts.iter().find(|text| text.place.section == section).map(|text| text.before.clone()).unwrap()
    };
    assert_eq!(before("summary").as_deref(), Some("A good month."), "carried on");
    assert_eq!(before("work"), None, "what was done in a month is that month's");
    // The form as it is sent where only the work is new: the summary still holds, the analysis is as it was.
    let texts = [
        summary("A good month.", 0),
        text("work", None, "One visit.", 0),
        text("analysis", Some(of[0]), "She is safer.", 0),
    ];
    write(&world, world.worker, &texts).await.unwrap();
    let now = read(&world, world.chair, None).await.unwrap();
    assert_eq!(now.months, ["2026-12", "2026-11"]);
    let months: Vec<&str> = now.texts.iter().map(|text| text.month.as_str()).collect();
    assert_eq!(months, ["2026-12", "2026-12", "2026-11"], "an analysis that nobody changed is as old as it is");
    let then = read(&world, world.chair, Some("2026-11")).await.unwrap();
    assert_eq!(lines(&then), expected, "the month reads as it did");
    // What does not hold any more is taken out, and stays out.
    write(&world, world.worker, &[text("analysis", Some(of[0]), " ", 0)]).await.unwrap();
    assert_eq!(read(&world, world.chair, None).await.unwrap().texts.len(), 2);
    assert_eq!(read(&world, world.chair, Some("2026-11")).await.unwrap().texts.len(), 3);
    let unknown = read(&world, world.chair, Some("2026-10")).await;
    assert!(matches!(unknown, Err(ServiceError::NotFound)), "{unknown:?}");
}

on_both_engines!(two_tabs_merge_and_a_form_is_saved_whole_or_not_at_all);
async fn two_tabs_merge_and_a_form_is_saved_whole_or_not_at_all(place: Place) {
    let world = World::started(place.service().await).await;
    let of = children(&world).await;
    write(&world, world.worker, &[text("work", None, "One visit.", 0)]).await.unwrap();
    assert_eq!(written(&world, world.worker).await, Some(false), "other texts are no summary");
    write(&world, world.worker, &[summary("one two", 0), text("plan", None, "call", 0)]).await.unwrap();
    write(&world, world.worker, &[summary("one two three", 1), text("plan", None, "call", 1)]).await.unwrap();
    write(&world, world.worker, &[summary("zero one two", 1), text("plan", None, "call Nan", 1)]).await.unwrap();
    let now = form(&world, world.worker).await.unwrap();
    let of_place = |section: &str| now.texts.iter().find(|text| text.place.section == section).unwrap().clone();
    assert_eq!((of_place("summary").text.as_str(), of_place("summary").revision), ("zero one two three", 3));
    assert_eq!((of_place("plan").text.as_str(), of_place("plan").revision), ("call Nan", 2), "unchanged is unwritten");

    let nothing =
        write(&world, world.worker, &[text("attendance", None, "", 0), text("analysis", Some(of[0]), "", 0)]).await;
    let Err(ServiceError::Form(wrong)) = nothing else { panic!("{nothing:?}") };
    assert_eq!(wrong[0].0, "text-attendance", "the first of the form");

    let long = "x".repeat(101 * 1024);
    let answer = write(&world, world.worker, &[summary("four", 3), text("plan", None, &long, 2)]).await;
    let Err(ServiceError::Form(wrong)) = answer else { panic!("{answer:?}") };
    assert_eq!(wrong[0].0, "text-plan");
    assert_eq!(form(&world, world.worker).await.unwrap().texts[0].revision, 3, "nothing of it is saved");
    for not_theirs in [
        text("unheard_of", None, "x", 0),
        text("summary", Some(of[0]), "x", 0),
        text("analysis", None, "x", 0),
        text("strengths", Some(of[0]), "x", 0),
        text("analysis", Some(PersonId::new(world.service.new_uuid())), "x", 0),
    ] {
        let answer = write(&world, world.worker, &[summary("four", 3), not_theirs]).await;
        let Err(ServiceError::Form(wrong)) = answer else { panic!("{answer:?}") };
        assert!(wrong[0].0 == "text-summary" && wrong[0].1.ends_with("any more: x"), "{wrong:?}");
    }
    let twice = write(&world, world.worker, &[summary("four", 3), summary("five", 3)]).await;
    assert!(matches!(twice, Err(ServiceError::NotFound)), "{twice:?}");
    let not_allocated = write(&world, world.record_taker, &[summary("x", 0)]).await;
    assert!(matches!(not_allocated, Err(ServiceError::Form(_))), "{not_allocated:?}");
    assert!(form(&world, world.record_taker).await.is_none());
    assert_eq!((written(&world, world.worker).await, written(&world, world.record_taker).await), (Some(true), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discipline_has_the_sections_that_the_council_gives_it() {
    const SECTION: &str = "[[workbook.sections]]\nkey = \"summary\"\ntitle = \"Our month\"\nprompt = \"What matters?\"\n\
                           [[workbook.sections]]\nkey = \"sessions\"\ntitle = \"Sessions\"\nprompt = \"Which?\"\ndisciplines = [\"WHOSE\"]\n";
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let directory = world.service.directory().await.unwrap();
    let discipline = directory.workers[&world.worker].discipline.clone();
    let light = include_str!("../../../templates/light.toml");
    for (whose, sections) in [(discipline.as_str(), 2), ("business_support", 1)] {
        let file = service::template::read(&format!("{light}\n{}", SECTION.replace("WHOSE", whose))).unwrap();
        let outside = service::outside::Outside { templates: vec![file], ..outside() };
        let clock = Clock::starting_at(crate::place::now());
        let started = Service::start(place.store().await, clock, true, Arc::new(Printers::default()), outside);
        let world = World { service: started.await.unwrap(), ..world };
        let begun = form(&world, world.worker).await.unwrap();
        assert_eq!((begun.texts.len(), begun.texts[0].title.as_str()), (sections, "Our month"), "{whose}");
    }
    let without = service::template::read(&format!("{light}\n{}", SECTION.replace("summary", "month")));
    assert!(without.unwrap_err().iter().any(|mistake| mistake.message.contains("\"summary\"")));
    let unknown = service::template::read(&format!("{light}\n{}", SECTION.replace("WHOSE", "wizard")));
    assert!(unknown.unwrap_err()[0].message.contains("wizard"));
}

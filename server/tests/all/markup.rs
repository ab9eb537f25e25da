//! Markup typed anywhere is text everywhere: on every page, in every part, in every document.

use crate::copies::readable;
use crate::http::{filled, get, send};
use crate::place::{ADDRESS, Place, World, allowed, outside, router, summary, token};
use crate::record::{decision, records, sign};
use app::routes::ROUTES;
use domain::meeting::{
    Area, Command, ContingencyDraft, ConversationDraft, OptionDraft, Owner, Position, Route, ScaleValue, StepDraft,
    Wording,
};
use domain::prose::Prose;
use domain::{ContingencyId, ConversationId, OptionId, RiskId, StepId, WorkerId};
use record::Printers;
use scraper::{Html, Selector};
use service::Service;
use service::clock::Clock;
use service::outside::Outside;
use service::workbook::direct_work::DirectWorkForm;
use service::workbook::own_words::OwnWordsForm;
use std::sync::Arc;

/// A word that marks each place, and right behind it what would end each kind of element.
const MARK: &str = "Quillmark</textarea></title></option></form><form id=forged action=/forged><i id=forged>";
const REST: &str = "\"'><img src=x id=forged> &quot; &amp;amp; {{x}} #let x = [y] $z$ <!-- ]]> <w:t>";

fn markup() -> String {
    format!("{MARK}{REST}")
}

/// A meeting in which every text that somebody types is markup, of a family and people who are called so too.
async fn scene(place: &Place) -> World {
    let mut world = crate::features::full(place).await;
    let text = markup();
    world.act(world.chair, Command::EverybodyHere { slot: world.slot }).await;
    say_everything(&world, &text).await;
    let child = child(&world).await;
    for (who, area) in [
        (world.worker, Area::Analysis(world.worker)),
        (world.chair, Area::Meaning(child)),
        (world.chair, Area::Life(child)),
    ] {
        type_in(&world, who, area, &text).await;
    }
    let drawn = crate::own_words::form(&world, child, &text);
    crate::own_words::write(&world, world.worker, &OwnWordsForm { to: short(&text), ..drawn }).await.unwrap();
    let work = crate::direct_work::form(&world, child, &text);
    let work = DirectWorkForm { module: short(&text), ..work };
    crate::direct_work::write(&world, world.worker, &work).await.unwrap();
    crate::case_notes::write(&world, world.worker, &crate::case_notes::form(&world, child, &text)).await.unwrap();
    crate::genogram::add_parent(&world, world.worker, child, &short(&text)).await.unwrap();
    crate::genogram::home(&world, world.worker, child, &short(&text)).await.unwrap();
    crate::safety_plan::write(&world, world.worker, crate::safety_plan::filled_with(&world, &short(&text)).await, 0)
        .await
        .unwrap();
    let decision = decision(&world).await;
    let wording = Wording { kind: "continue".into(), route: Route::DecidedHere, what: short(&text), why: text.clone() };
    world.act(world.chair, Command::Word { slot: world.slot, decision, revision: 0, wording }).await;
    let stance = Command::Stand {
        slot: world.slot,
        decision,
        revision: 1,
        worker: world.worker,
        position: Position::Disagree,
        reason: short(&text),
    };
    world.act(world.worker, stance).await;
    let step = StepDraft {
        what: short(&text),
        owner: Owner::Worker { worker: world.worker },
        with: short(&text),
        due: chrono::NaiveDate::from_ymd_opt(2026, 12, 8),
        children: Default::default(),
        measure: short(&text),
    };
    world
        .act(
            world.chair,
            Command::AddStep { slot: world.slot, step: StepId::new(world.service.new_uuid()), draft: step },
        )
        .await;
    let worker = world.service.viewer(world.worker).await.unwrap();
    allowed!(
        world.service,
        world.service.family_reader(&worker, world.family).await,
        write_chapter(&[summary(&text, 0), crate::chapters::text("analysis", Some(child), &text, 0)])
    )
    .unwrap();
    let name = text.replace('\'', "''");
    for statement in [
        format!("UPDATE workers SET name = '{name}' || id WHERE id = '{}'", world.worker),
        format!("UPDATE workers SET name = '{name}' || id WHERE id = '{}'", world.record_taker),
        format!("UPDATE people SET forename = '{name}', surname = '{name}' WHERE id = '{child}'"),
        format!("UPDATE families SET reference = '{name}' WHERE id = '{}'", world.family),
        format!("UPDATE teams SET name = '{name}' || id"),
        format!("UPDATE meetings SET place = '{name}'"),
        format!(
            "UPDATE allocations SET role = '{name}', unknown_worker = CASE unknown_worker WHEN '' THEN '' ELSE '{name}' END"
        ),
    ] {
        place.past_caseround(&statement);
    }
    world.service = again(place).await;
    world
}

/// Says the same in every feature that takes words: scales, options, contingencies, conversations, risks, the question.
async fn say_everything(world: &World, text: &str) {
    let (slot, service) = (world.slot, &world.service);
    let child = child(world).await;
    let said = short(text);
    let scale = |worker| Command::AnswerScale {
        slot,
        scale: "safety".into(),
        child: Some(child),
        worker,
        answer: ScaleValue::Number(4),
        why: said.clone(),
    };
    world.act(world.worker, scale(world.worker)).await;
    let what = said.clone();
    let option = OptionDraft { child: None, what };
    let contingency = ContingencyDraft { child: None, happens: said.clone(), then: said.clone() };
    let viewer = service.viewer(world.chair).await.unwrap();
    let family = allowed!(service, service.family_reader(&viewer, world.family).await, family()).unwrap();
    let conversation = ConversationDraft {
        worker: world.worker,
        with: family.adults[0].name.clone(),
        process: None,
        explore: said.clone(),
        own_words: said.clone(),
        own_number: said.clone(),
    };
    for command in [
        scale(world.chair),
        Command::RevealScales { slot },
        Command::WordScales { slot, words: said.clone() },
        Command::ConsiderOption { slot, option: OptionId::new(service.new_uuid()), draft: option },
        Command::AgreeContingency { slot, contingency: ContingencyId::new(service.new_uuid()), draft: contingency },
        Command::AgreeConversation { slot, conversation: ConversationId::new(service.new_uuid()), draft: conversation },
        Command::RaiseRisk { slot, risk: RiskId::new(service.new_uuid()), what: said.clone() },
        Command::AskQuestion { slot, question: said.clone(), seen: String::new() },
        Command::BringIn { slot, worker: world.stranger, why: said.clone() },
    ] {
        world.act(world.chair, command).await;
    }
}

fn short(text: &str) -> String {
    text.chars().take(250).collect()
}

/// The same database, as a server that has just been started reads it, of a council that is called so too.
async fn again(place: &Place) -> Service {
    let clock = Clock::starting_at(crate::place::now());
    let outside = Outside { council: markup(), ..outside() };
    Service::start(place.store().await, clock, true, Arc::new(Printers::default()), outside).await.unwrap()
}

/// The first child of the family.
pub async fn child(world: &World) -> domain::PersonId {
    let viewer = world.service.viewer(world.chair).await.unwrap();
    let page = allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, meeting_page(None))
        .unwrap();
    *page.room.slot(world.slot).unwrap().children.first().unwrap()
}

/// Types into a box, as somebody's page does.
pub async fn type_in(world: &World, who: WorkerId, area: Area, text: &str) {
    let viewer = world.service.viewer(who).await.unwrap();
    let pen =
        allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, pens()).unwrap()[0].pen;
    let update = Prose::with_pen(pen).rewrite(text);
    world.act(who, Command::Type { slot: world.slot, area, update, pen }).await;
}

/// What a person sees of a page: its texts, the values of its fields and what is read out. Fails where typed
/// words became elements, or where something was swallowed.
fn seen(html: &str, path: &str) -> usize {
    let page = Html::parse_document(html);
    let all = |selector: &str| Selector::parse(selector).unwrap();
    assert_eq!(page.select(&all("#forged, [src=x], w\\:t")).count(), 0, "{path}: typed words became an element");
    for form in page.select(&all("form")) {
        let own = form
            .attr("action")
            .is_none_or(|action| action.starts_with("/api/") || action.starts_with('/') && action != "/forged");
        assert!(own, "{path}: {:?}", form.attr("action"));
    }
    // A picture shows how a name begins, line by line; that it became no element was checked above.
    let pictures: std::collections::BTreeSet<_> =
        page.select(&all(".cr-genogram__picture text")).flat_map(|text| text.text()).collect();
    let texts = page.root_element().text().filter(|text| !pictures.contains(text)).map(str::to_owned);
    let attributes = all("[value], [aria-label], [title], [placeholder], [content], [alt]");
    let values = page
        .select(&attributes)
        .flat_map(|element| {
            ["value", "aria-label", "title", "placeholder", "content", "alt"].map(|name| element.attr(name))
        })
        .flatten()
        .map(str::to_owned);
    let mut found = 0;
    for text in texts.chain(values).filter(|text| text.contains("Quillmark")) {
        // A line that shows how a text begins says so.
        if let Some(begins) = text.strip_suffix(" …") {
            let begins = &begins[begins.find("Quillmark").unwrap()..];
            assert!(markup().starts_with(begins), "{path}: {text}");
            found += 1;
            continue;
        }
        // A script's data are not seen.
        let (words, whole) = (text.matches("Quillmark").count(), text.matches(&markup()).count());
        assert_eq!(words, whole, "{path}: {text}");
        found += words;
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn on_every_page_markup_is_what_somebody_typed() {
    let place = Place::postgres();
    let world = scene(&place).await;
    let service = &world.service;
    let before = service_pages(&world, "x").await;
    assert!(before >= 40, "{before} places hold what was typed");
    let decided = decision(&world).await;
    world.act(world.chair, Command::Confirm { slot: world.slot, decision: decided, revision: 1, then: None }).await;
    world.act(world.chair, Command::Finish { slot: world.slot }).await;
    let record = records(&world).await.remove(0);
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    allowed!(
        service,
        service.record_reader(&worker, record.id).await,
        ask_correction(domain::record::RecordPart::Why, &format!("{}!", markup()))
    )
    .unwrap();
    assert!(service_pages(&world, &record.id.to_string()).await >= 40);
    allowed!(
        service,
        service.record_keeper(&chair, record.id).await,
        answer_correction(first_correction(&world).await, true, "")
    )
    .unwrap();
    sign(&world, world.chair).await.unwrap();
    allowed!(service, service.record_reader(&worker, record.id).await, ask_addendum(&short(&markup()), &markup()))
        .unwrap();
    write_messages(&world).await;
    assert!(service_pages(&world, &record.id.to_string()).await >= 40);
    documents(&world, record.id).await;
}

/// A message to each adult of the family, one of them on paper.
async fn write_messages(world: &World) {
    let service = &world.service;
    let worker = service.viewer(world.worker).await.unwrap();
    let reader = async || service.family_reader(&worker, world.family).await;
    let adults = allowed!(service, reader().await, messages(world.meeting)).unwrap().adults;
    for (adult, ..) in &adults {
        allowed!(service, reader().await, write_message(world.meeting, *adult, &markup(), 0)).unwrap();
    }
    let written = allowed!(service, reader().await, messages(world.meeting)).unwrap();
    let first = written.adults.into_iter().find_map(|(.., message)| message).unwrap();
    if !written.careful {
        let printed = allowed!(service, reader().await, print_message(ADDRESS, world.meeting, first.id)).unwrap().0;
        assert!(readable("pdf", &printed).contains("Quillmark</textarea>"));
    }
}

async fn first_correction(world: &World) -> domain::CorrectionId {
    records(world).await.into_iter().flat_map(|record| record.life.corrections).next().unwrap().id
}

/// Every page as the chair and as the worker get it; how many places hold what was typed.
async fn service_pages(world: &World, record: &str) -> usize {
    let router = router(&world.service);
    let person = child(world).await.to_string();
    let mut found = 0;
    for who in [world.chair, world.worker] {
        let signed = token(&world.service, who).await;
        let headings = (0..world.service.template_of(world.meeting).await.unwrap().stages.len())
            .map(|at| format!("/meetings/{}?slot={}&heading={at}", world.meeting, world.slot));
        let paths = ROUTES.iter().map(|path| filled(path, world, &person, record));
        for path in paths.chain(headings).chain([format!("/meetings/{}?view=room", world.meeting)]) {
            let (.., body, _) = send(&router, get(&path, Some(&signed))).await;
            found += seen(&body, &path);
        }
    }
    found
}

/// Minutes and the record's copy in every format.
async fn documents(world: &World, record: domain::RecordId) {
    use domain::document::copy::Recipient;
    let chair = world.service.viewer(world.chair).await.unwrap();
    for (format, _) in service::record::copy::FORMATS {
        let (copy, ..) = allowed!(
            world.service,
            world.service.record_reader(&chair, record).await,
            print_copy(ADDRESS, Recipient::ChildFile, format, true)
        )
        .unwrap();
        let minutes = allowed!(
            world.service,
            world.service.meeting_reader(&chair, world.meeting).await,
            minutes(ADDRESS, None, format)
        )
        .unwrap();
        let minutes = world.service.print(domain::document::of_minutes(&minutes), format).await.unwrap();
        for bytes in [copy, minutes] {
            let text = readable(format, &bytes);
            let text = match format {
                "html" => {
                    assert!(seen(&text, "document") > 0);
                    continue;
                }
                "docx" => words_of_docx(&text),
                "json" => strings(&serde_json::from_str(&text).unwrap()),
                _ => text,
            };
            let plain: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '\\').collect();
            let wanted: String = markup().chars().filter(|letter| !letter.is_whitespace()).collect();
            let (words, whole) = (plain.matches("Quillmark").count(), plain.matches(&wanted).count());
            // In a PDF's text, a line of a table’s cell ends where the cell does, and the next column’s words follow.
            let all = if format == "pdf" { whole > 10 } else { words == whole };
            assert!(words > 0 && all, "{format}: {words} {whole}: {text}");
        }
    }
}

/// The words of a Word file's parts; fails where one of them is not well-formed.
fn words_of_docx(parts: &str) -> String {
    let mut words = String::new();
    for part in parts.split("<?xml").filter(|part| !part.trim().is_empty()) {
        let part = part.split_once("?>").unwrap().1;
        let document = roxmltree::Document::parse(part).expect("every part is well-formed");
        words.extend(document.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()));
    }
    words
}

fn strings(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(values) => values.iter().map(strings).collect::<Vec<_>>().join(" "),
        serde_json::Value::Object(fields) => fields.values().map(strings).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}

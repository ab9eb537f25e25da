//! How children stand: plans, factors, visits.

use super::events::{ASSESSMENT, MILESTONES, milestones};
use super::{BTreeMap, Factors, Level, NaiveDate, RowReader, SsdPlan, SsdVisit, TimeDelta, Told, flag, key, text, yes};
use domain::status::PlanKind;

impl<'a> RowReader<'a> {
    pub(super) fn plans(&mut self) {
        self.plan_file(
            "ssd_cp_plans.csv",
            PlanKind::Protection,
            "cppl_cp_plan_id",
            ["cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"],
        );
        let cin_key = if self.tables.get("ssd_cin_plans.csv").is_some_and(|table| table.has("cinp_cin_plan_id")) {
            "cinp_cin_plan_id"
        } else {
            "cin_plan_id"
        };
        self.plan_file(
            "ssd_cin_plans.csv",
            PlanKind::InNeed,
            cin_key,
            ["cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"],
        );
        self.pre_proceedings();
        self.plan_file(
            "ssd_cla_episodes.csv",
            PlanKind::LookedAfter,
            "clae_cla_episode_id",
            ["clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"],
        );
    }

    fn plan_file(&mut self, file: &str, kind: PlanKind, id: &str, [person, starts, ends]: [&'static str; 3]) {
        const CATEGORY: &str = "cppl_cp_plan_latest_category";
        let whose = self.whose(person);
        self.walk(file, id, &[starts, ends], |extract, reading, row| {
            let Some(person) = whose.of(reading, row) else { return false };
            let categories = row.tells(CATEGORY).then(|| categories(row.cell(CATEGORY)));
            if let Some(read) = categories.as_ref().filter(|read| !read.is_empty())
                && read.join(", ") != text(row.cell(CATEGORY))
            {
                reading.note(Level::Fix, row, CATEGORY, format!("read as {}", read.join(" and ")));
            }
            extract.plans.push(SsdPlan {
                id: format!("{}:{}", kind.word(), key(row.cell(id))),
                person,
                kind,
                starts: reading.date(row, starts),
                ends: reading.date(row, ends),
                categories: categories.into(),
            });
            true
        });
    }

    fn pre_proceedings(&mut self) {
        let whose = self.whose("prep_person_id");
        let dates = MILESTONES.map(|(_, column)| column);
        self.walk("ssd_pre_proceedings.csv", "prep_table_id", &dates, |extract, reading, row| {
            let Some(person) = whose.of(reading, row) else { return false };
            let days = dates.map(|column| reading.date(row, column));
            extract.events.extend(milestones(row, &person, days));
            extract.plans.push(SsdPlan {
                id: format!("{}:{}", PlanKind::PreProceedings.word(), key(row.cell("prep_table_id"))),
                person,
                kind: PlanKind::PreProceedings,
                starts: days[0],
                ends: days[dates.len() - 1],
                categories: Told::Nothing,
            });
            true
        });
    }

    pub(super) fn factors(&mut self) {
        let mut assessments: BTreeMap<String, (String, NaiveDate)> = BTreeMap::new();
        let whose = self.whose("cina_person_id");
        let file = ASSESSMENT;
        self.walk(file.file, file.id, &file.date_columns(), |extract, reading, row| {
            let Some(person) = whose.of(reading, row) else { return false };
            let event = file.event(reading, row, person.clone());
            if let Some(authorised) = event.ends.value() {
                assessments.insert(key(row.cell(file.id)), (person, authorised));
            }
            if event.starts.value().is_some() {
                extract.events.push(event);
            }
            true
        });
        let mut latest: BTreeMap<String, Factors> = BTreeMap::new();
        self.walk("ssd_assessment_factors.csv", "cinf_assessment_id", &[], |_, reading, row| {
            let column = "cinf_assessment_factors_json";
            let Some((person, on)) = assessments.get(&key(row.cell("cinf_assessment_id"))) else {
                reading.reject(row, "cinf_assessment_id", "belongs to no authorised assessment; row left out");
                return false;
            };
            let Some(written) = factor_codes(row.cell(column)) else {
                reading.reject(row, column, "is not a list of factors; row left out");
                return false;
            };
            let codes: Vec<String> = written.iter().map(|code| code.trim().to_uppercase()).collect();
            if codes != written {
                reading.note(Level::Fix, row, column, format!("read as {}", codes.join(", ")));
            }
            for code in &codes {
                if matches!(code.as_str(), "18A" | "19A") {
                    reading.note(
                        Level::Info,
                        row,
                        column,
                        format!("{code} is an old code (before the split in B and C); kept"),
                    );
                } else if domain_factor(code).is_none() {
                    reading.note(
                        Level::Warn,
                        row,
                        column,
                        format!("{code} is not a factor of the census; kept as it stands"),
                    );
                }
            }
            let found = Factors { person: person.clone(), codes, assessed_on: Some(*on) };
            if latest.get(person).is_none_or(|previous| previous.assessed_on < found.assessed_on) {
                latest.insert(person.clone(), found);
            }
            true
        });
        self.extract.factors = latest.into_values().collect();
    }

    pub(super) fn visits(&mut self) {
        for (file, kind, columns) in [
            (
                "ssd_cin_visits.csv",
                "cin",
                [
                    "cinv_cin_visit_id",
                    "cinv_person_id",
                    "cinv_cin_visit_date",
                    "cinv_cin_visit_seen",
                    "cinv_cin_visit_seen_alone",
                ],
            ),
            (
                "ssd_cp_visits.csv",
                "cp",
                [
                    "cppv_cp_visit_id",
                    "cppv_person_id",
                    "cppv_cp_visit_date",
                    "cppv_cp_visit_seen",
                    "cppv_cp_visit_seen_alone",
                ],
            ),
        ] {
            let [id, person, on, seen, alone] = columns;
            let plans = self.people_of_cp_plans();
            let plan = (kind == "cp").then_some("cppv_cp_plan_id");
            let Some(whose) = self.whose_through(file, person, plan, plans) else { continue };
            let today = self.today;
            self.walk(file, id, &[on], |extract, reading, row| {
                let Some(person) = whose.of(reading, row) else { return false };
                let Some(visited) = reading.date(row, on).value() else {
                    reading.reject(row, on, "has no date; row left out");
                    return false;
                };
                if visited > today + TimeDelta::days(1) {
                    reading.note(Level::Warn, row, on, "is in the future");
                }
                extract.visits.push(SsdVisit {
                    id: format!("{kind}:{}", key(row.cell(id))),
                    person,
                    on: visited,
                    seen: flag(row, seen),
                    alone: flag(row, alone),
                });
                true
            });
        }
    }
}

/// Categories in words: "NEG" and "Multiple: [Neglect, Emotional abuse]" become what they mean.
pub(crate) fn categories(cell: &str) -> Vec<String> {
    let cell = text(cell);
    let inner = cell.strip_prefix("Multiple:").map_or(cell.as_str(), str::trim);
    inner
        .trim_matches(['[', ']'])
        .split(',')
        .map(str::trim)
        .filter(|category| !category.is_empty())
        .map(|category| {
            match category {
                "NEG" => "Neglect",
                "PHY" => "Physical abuse",
                "SAB" => "Sexual abuse",
                "EMO" => "Emotional abuse",
                "MUL" => "Multiple",
                other => other,
            }
            .to_owned()
        })
        .collect()
}

/// Today's list `["1A","2B"]` and the planned object `{"1A":"Yes","2B":"No"}`.
fn factor_codes(cell: &str) -> Option<Vec<String>> {
    if text(cell).is_empty() {
        return Some(Vec::new());
    }
    match serde_json::from_str(cell).ok()? {
        serde_json::Value::Array(codes) => codes.into_iter().map(|code| code.as_str().map(str::to_owned)).collect(),
        serde_json::Value::Object(codes) => Some(
            codes.into_iter().filter(|(_, answer)| answer.as_str().is_some_and(yes)).map(|(code, _)| code).collect(),
        ),
        _ => None,
    }
}

fn domain_factor(code: &str) -> Option<&'static str> {
    domain::factor::title(code)
}

//! What happened to children: contacts, referrals, assessments, enquiries, conferences, reviews, orders; and what they need.

use super::{Level, RowReader, SsdEvent, SsdNeed, Told, key, text, words};
use crate::ssd::Reading;
use crate::table::TableRow;
use crate::value::{is_null, trim, yes};
use chrono::NaiveDate;
use domain::status::{CaseEventKind, PlanKind};

/// A file whose rows are events, with the columns that tell them. A column named "" is one that the file does not have.
pub(super) struct EventFile {
    pub file: &'static str,
    pub kind: CaseEventKind,
    pub id: &'static str,
    pub person: &'static str,
    /// First day, last day, day it was due.
    pub dates: [&'static str; 3],
    pub about: &'static str,
    /// Who it came from; the second one where the first is empty.
    pub from: [&'static str; 2],
    pub ended: &'static str,
    /// A column with flags as JSON: `{"NFA_FLAG": "N", "CP_CONFERENCE_FLAG": "Y"}`.
    pub flags: &'static str,
    /// Columns with a yes or a no, and what comes of each.
    pub answers: &'static [(&'static str, &'static str, &'static str)],
}

const NO_FILE: EventFile = EventFile {
    file: "",
    kind: CaseEventKind::Contact,
    id: "",
    person: "",
    dates: ["", "", ""],
    about: "",
    from: ["", ""],
    ended: "",
    flags: "",
    answers: &[],
};

pub(super) const REFERRAL: EventFile = EventFile {
    file: "ssd_cin_episodes.csv",
    kind: CaseEventKind::Referral,
    id: "cine_referral_id",
    person: "cine_person_id",
    dates: ["cine_referral_date", "cine_close_date", ""],
    about: "cine_cin_primary_need_code",
    from: ["cine_referral_source_code", "cine_referral_source_desc"],
    ended: "cine_close_reason",
    flags: "cine_referral_outcome_json",
    answers: &[("cine_referral_nfa", "NFA", "")],
};

pub(super) const ASSESSMENT: EventFile = EventFile {
    file: "ssd_cin_assessments.csv",
    kind: CaseEventKind::Assessment,
    id: "cina_assessment_id",
    person: "cina_person_id",
    dates: ["cina_assessment_start_date", "cina_assessment_auth_date", ""],
    flags: "cina_assessment_outcome_json",
    answers: &[
        ("cina_assessment_outcome_nfa", "NFA", ""),
        ("cina_assessment_child_seen", "CHILD_SEEN", "CHILD_NOT_SEEN"),
    ],
    ..NO_FILE
};

/// Files that hold nothing but events.
const EVENT_FILES: [EventFile; 7] = [
    EventFile {
        file: "ssd_contacts.csv",
        kind: CaseEventKind::Contact,
        id: "cont_contact_id",
        person: "cont_person_id",
        dates: ["cont_contact_date", "", ""],
        from: ["cont_contact_source_code", "cont_contact_source_desc"],
        flags: "cont_contact_outcome_json",
        ..NO_FILE
    },
    EventFile {
        file: "ssd_early_help_episodes.csv",
        kind: CaseEventKind::EarlyHelp,
        id: "earl_episode_id",
        person: "earl_person_id",
        dates: ["earl_episode_start_date", "earl_episode_end_date", ""],
        about: "earl_episode_reason",
        from: ["earl_episode_organisation", ""],
        ended: "earl_episode_end_reason",
        ..NO_FILE
    },
    EventFile {
        file: "ssd_s47_enquiry.csv",
        kind: CaseEventKind::Enquiry,
        id: "s47e_s47_enquiry_id",
        person: "s47e_person_id",
        dates: ["s47e_s47_start_date", "s47e_s47_end_date", ""],
        flags: "s47e_s47_outcome_json",
        answers: &[("s47e_s47_nfa", "NFA", "")],
        ..NO_FILE
    },
    EventFile {
        file: "ssd_initial_cp_conference.csv",
        kind: CaseEventKind::Conference,
        id: "icpc_icpc_id",
        person: "icpc_person_id",
        dates: ["icpc_icpc_date", "", "icpc_icpc_target_date"],
        flags: "icpc_icpc_outcome_json",
        answers: &[("icpc_icpc_outcome_cp_flag", "CP", "NO_CP"), ("icpc_icpc_transfer_in", "TRANSFER_IN", "")],
        ..NO_FILE
    },
    EventFile {
        file: "ssd_cp_reviews.csv",
        kind: CaseEventKind::Review,
        id: "cppr_cp_review_id",
        person: "cppr_person_id",
        dates: ["cppr_cp_review_date", "", "cppr_cp_review_due"],
        about: "cppr_cp_review_participation",
        answers: &[
            ("cppr_cp_review_outcome_continue_cp", "CONTINUES", "ENDS"),
            ("cppr_cp_review_quorate", "", "NOT_QUORATE"),
        ],
        ..NO_FILE
    },
    EventFile {
        file: "ssd_legal_status.csv",
        kind: CaseEventKind::LegalStatus,
        id: "lega_legal_status_id",
        person: "lega_person_id",
        dates: ["lega_legal_status_start_date", "lega_legal_status_end_date", ""],
        about: "lega_legal_status",
        ..NO_FILE
    },
    EventFile {
        file: "ssd_missing.csv",
        kind: CaseEventKind::Missing,
        id: "miss_table_id",
        person: "miss_person_id",
        dates: ["miss_missing_episode_start_date", "miss_missing_episode_end_date", ""],
        about: "miss_missing_episode_type",
        answers: &[
            ("miss_missing_rhi_offered", "INTERVIEW_OFFERED", "INTERVIEW_NOT_OFFERED"),
            ("miss_missing_rhi_accepted", "INTERVIEW_ACCEPTED", "INTERVIEW_NOT_ACCEPTED"),
        ],
        ..NO_FILE
    },
];

/// Days of pre-proceedings that a chronology has, as the domain names them.
pub(super) const MILESTONES: [(&str, &str); 5] = [
    ("decision", "prep_pre_pro_decision_date"),
    ("letter", "prep_pre_pro_letter_date"),
    ("meeting", "prep_initial_pre_pro_meeting_date"),
    ("care_letter", "prep_care_pro_letter_date"),
    ("step_down", "prep_agree_stepdown_issue_date"),
];

impl EventFile {
    /// The columns that hold dates.
    pub fn date_columns(&self) -> Vec<&'static str> {
        self.dates.into_iter().filter(|column| !column.is_empty()).collect()
    }

    /// The event of a row.
    pub fn event(&self, reading: &mut Reading<'_>, row: &TableRow<'_>, person: String) -> SsdEvent {
        let [starts, ends, due] =
            self.dates.map(|column| if column.is_empty() { Told::Nothing } else { reading.date(row, column) });
        let told = |column: &str| if column.is_empty() { Told::Nothing } else { words(row, column) };
        let from = match told(self.from[0]) {
            Told::That(from) if !from.is_empty() => Told::That(from),
            other => told(self.from[1]).told().map_or(other, Told::That),
        };
        SsdEvent {
            id: format!("{}:{}", self.kind.word(), key(row.cell(self.id))),
            person,
            kind: self.kind,
            starts,
            ends,
            due,
            about: told(self.about),
            from,
            outcomes: self.outcomes(reading, row),
            ended: told(self.ended),
        }
    }

    /// What came of it: the flags that say yes, then the answers. Nothing is told where none of the columns tells anything.
    fn outcomes(&self, reading: &mut Reading<'_>, row: &TableRow<'_>) -> Told<Vec<String>> {
        let mut told = false;
        let mut outcomes: Vec<String> = Vec::new();
        if !self.flags.is_empty() && row.tells(self.flags) {
            match flags(row.cell(self.flags)) {
                Some(flags) => {
                    told = true;
                    outcomes.extend(flags);
                }
                None => {
                    reading.note(Level::Warn, row, self.flags, "is no list of outcomes; what was known before stays")
                }
            }
        }
        for (column, if_yes, if_no) in self.answers.iter().filter(|(column, ..)| row.tells(column)) {
            told = true;
            let code = match answer(row.cell(column)) {
                Some(true) => if_yes,
                Some(false) => if_no,
                None => "",
            };
            if !code.is_empty() && !outcomes.iter().any(|other| other == code) {
                outcomes.push(code.to_owned());
            }
        }
        // Who was offered no interview accepted none.
        if outcomes.iter().any(|code| code == "INTERVIEW_NOT_OFFERED") {
            outcomes.retain(|code| code != "INTERVIEW_NOT_ACCEPTED");
        }
        told.then_some(outcomes).into()
    }
}

impl RowReader<'_> {
    pub(super) fn events(&mut self) {
        for file in EVENT_FILES {
            // Mosaic's reviews name the plan and not the child.
            let through = (file.kind == CaseEventKind::Review).then_some("cppr_cp_plan_id");
            let Some(whose) = self.whose_through(file.file, file.person, through, self.people_of_cp_plans()) else {
                continue;
            };
            self.walk(file.file, file.id, &file.date_columns(), |extract, reading, row| {
                let Some(person) = whose.of(reading, row) else { return false };
                let event = file.event(reading, row, person);
                if event.starts.value().or(event.due.value()).is_none() {
                    reading.reject(row, file.dates[0], "has no date; row left out");
                    return false;
                }
                extract.events.push(event);
                true
            });
        }
    }

    /// Whose each child protection plan is, by its key in the extract.
    pub(super) fn people_of_cp_plans(&self) -> std::collections::HashMap<String, String> {
        let prefix = format!("{}:", PlanKind::Protection.word());
        let plans = self.extract.plans.iter();
        plans.filter_map(|plan| Some((plan.id.strip_prefix(&prefix)?.to_owned(), plan.person.clone()))).collect()
    }

    pub(super) fn needs(&mut self) {
        let Some(whose) = self.whose_through("ssd_disability.csv", "disa_person_id", None, Default::default()) else {
            return;
        };
        self.walk("ssd_disability.csv", "disa_table_id", &[], |extract, reading, row| {
            const COLUMN: &str = "disa_disability_code";
            let Some(person) = whose.of(reading, row) else { return false };
            let code = words(row, COLUMN).map(|code| code.to_uppercase());
            if let Told::That(code) = &code
                && !code.is_empty()
                && domain::need::title(code).is_none()
            {
                reading.note(
                    Level::Warn,
                    row,
                    COLUMN,
                    format!("{code} is not a code of the census; kept as it stands"),
                );
            }
            extract.needs.push(SsdNeed { id: format!("disability:{}", key(row.cell("disa_table_id"))), person, code });
            true
        });
    }
}

/// Whether a person's row says that they have special educational needs; `None` where it does not tell.
pub(super) fn send_of(row: &TableRow<'_>) -> Option<SsdNeed> {
    let has = answer(row.cell("pers_send_flag"))?;
    let person = key(row.cell("pers_person_id"));
    let code = if has { domain::need::SEND } else { "" };
    Some(SsdNeed { id: format!("send:{person}"), person, code: Told::That(code.to_owned()) })
}

/// The events of a row of pre-proceedings, whose `days` are those of [`MILESTONES`].
pub(super) fn milestones(
    row: &TableRow<'_>, person: &str, days: [Told<Option<NaiveDate>>; MILESTONES.len()],
) -> impl Iterator<Item = SsdEvent> {
    let of_days = MILESTONES.into_iter().zip(days).filter(|(_, day)| day.value().is_some());
    of_days.map(|((milestone, _), day)| SsdEvent {
        id: format!("{milestone}:{}", key(row.cell("prep_table_id"))),
        person: person.to_owned(),
        kind: CaseEventKind::PreProceedings,
        starts: day,
        ends: Told::Nothing,
        due: Told::Nothing,
        about: Told::That(milestone.to_owned()),
        from: Told::Nothing,
        outcomes: Told::Nothing,
        ended: Told::Nothing,
    })
}

/// A yes or a no; `None` for anything else.
fn answer(cell: &str) -> Option<bool> {
    let cell = trim(cell).to_lowercase();
    if yes(&cell) { Some(true) } else { matches!(cell.as_str(), "n" | "no" | "false" | "0").then_some(false) }
}

/// The flags of a cell that say yes, without "_FLAG"; counts and comments are none. `None` where the cell is no such list.
fn flags(cell: &str) -> Option<Vec<String>> {
    if is_null(trim(cell)) {
        return Some(Vec::new());
    }
    let serde_json::Value::Object(flags) = serde_json::from_str(trim(cell)).ok()? else { return None };
    let yes = flags.into_iter().filter(|(name, value)| name.ends_with("_FLAG") && value.as_str().is_some_and(yes));
    Some(yes.map(|(name, _)| text(name.trim_end_matches("_FLAG"))).collect())
}

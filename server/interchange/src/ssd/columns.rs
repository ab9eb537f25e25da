//! What is done with every column of the dataset: shown where, used for what, or not taken and why.

use Answer::{NotTaken, Shown, Used};
use std::fmt::Write;

/// What is done with a column, with the words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Somebody sees it: where.
    Shown(&'static str),
    /// It is read and not shown: what for.
    Used(&'static str),
    /// It is not read: why.
    NotTaken(&'static str),
}

/// A table of the dataset of which columns are taken.
#[derive(Debug, Clone, Copy)]
pub struct TableColumns {
    /// "ssd_person".
    pub name: &'static str,
    /// Its columns, in the dataset’s order.
    pub columns: &'static [(&'static str, Answer)],
}

const ROW: &str = "tells the row from others when the extract is loaded again";
const CHILD: &str = "tells whose the row is";
const ALLOCATIONS: &str = "who works with the child now is told by the allocations";
const DATES: &str = "the child and the dates tell it";
const CHRONOLOGY: &str = "chronology";

/// Tables of which columns are taken.
pub const TABLES: &[TableColumns] = &[
    TableColumns {
        name: "ssd_person",
        columns: &[
            ("pers_person_id", Used("tells people apart; goes with each child’s record to the case system")),
            ("pers_forename", Shown("first name on every page, record and copy of the child")),
            (
                "pers_surname",
                Shown(
                    "where details are edited, and where two adults of a family share a first name; never in a record",
                ),
            ),
            ("pers_sex", Shown("a circle or a square in the genogram; “half-sister of Noah”")),
            ("pers_gender", NotTaken("the sex is taken; how somebody sees themselves is told in the workbook")),
            (
                "pers_ethnicity",
                NotTaken("sensitive, and no part of the meeting shows it; what matters of it is told in the workbook"),
            ),
            (
                "pers_dob",
                Shown("age beside the name; tells children from adults; when a record is due to be destroyed"),
            ),
            ("pers_common_child_id", NotTaken("the person’s key tells people apart")),
            ("pers_legacy_id", NotTaken("a key of an older system")),
            ("pers_upn_unknown", NotTaken("why there is no pupil number; the number is not taken")),
            ("pers_send_flag", Shown("what the child needs, on the family’s page and beside the meeting")),
            ("pers_expected_dob", Shown("“Unborn, due 12 October”, and the word that the date has passed")),
            ("pers_death_date", Shown("said wherever the person is named")),
            ("pers_is_mother", Used("tells children from adults")),
            ("pers_nationality", NotTaken("sensitive, and no part of the meeting shows it")),
            ("pers_upn", NotTaken("the pupil number; the person’s key tells people apart")),
            ("pers_single_unique_id", NotTaken("the NHS number; the person’s key tells people apart")),
        ],
    },
    TableColumns {
        name: "ssd_family",
        columns: &[
            ("fami_table_id", Used(ROW)),
            ("fami_family_id", Used("tells families apart; becomes the reference “FS-3046”")),
            ("fami_person_id", Used("tells who is in the family")),
        ],
    },
    TableColumns {
        name: "ssd_mother",
        columns: &[
            ("moth_table_id", Used(ROW)),
            ("moth_person_id", Shown("“mother of Ivy and Noah”; the genogram")),
            ("moth_childs_person_id", Shown("“mother of Ivy and Noah”; the genogram")),
            ("moth_childs_dob", NotTaken("the child’s own row tells it")),
        ],
    },
    TableColumns {
        name: "ssd_department",
        columns: &[
            ("dept_team_id", Used("tells teams apart")),
            ("dept_team_name", Shown("the team’s name: who manages, who is listed for a meeting")),
            ("dept_team_parent_id", Used("whose service manager oversees the team")),
            ("dept_team_parent_name", NotTaken("the parent’s own row tells it")),
        ],
    },
    TableColumns {
        name: "ssd_professionals",
        columns: &[
            ("prof_professional_id", Used("tells workers apart")),
            ("prof_staff_id", Used("finds a worker who is recorded twice")),
            ("prof_professional_name", Shown("the worker’s name")),
            ("prof_social_worker_registration_no", NotTaken("no part of the meeting shows it")),
            ("prof_professional_job_title", Shown("the discipline, and the title on the worker’s page")),
            ("prof_professional_caseload", NotTaken("counted once a year, so old; a list of allocations shows more")),
            ("prof_professional_department", Used("the worker’s team")),
            ("prof_full_time_equivalency", NotTaken("no part of the meeting shows it")),
            ("prof_agency_worker_flag", NotTaken("nobody in the room is told apart by their contract")),
        ],
    },
    TableColumns {
        name: "ssd_involvements",
        columns: &[
            ("invo_involvements_id", Used(ROW)),
            ("invo_professional_id", Shown("who is allocated, and so who may read the family")),
            ("invo_professional_role_id", Shown("“CW” is the child’s social worker; other roles as written")),
            ("invo_professional_team", Shown("the team, where no worker is named; the family’s team")),
            ("invo_involvement_start_date", Shown("since when; a transfer counts from its day")),
            ("invo_involvement_end_date", Shown("until when; steps are handed over")),
            ("invo_worker_change_reason", NotTaken("why a worker left is not for the meeting")),
            ("invo_person_id", Used("tells whom the worker works with, and so who may read the family")),
            ("invo_referral_id", Used("tells whose the row is where the child is not named, as in Mosaic")),
        ],
    },
    TableColumns {
        name: "ssd_cin_episodes",
        columns: &[
            ("cine_referral_id", Used(ROW)),
            ("cine_person_id", Used(CHILD)),
            ("cine_referral_date", Shown("chronology; whether the case is open")),
            ("cine_cin_primary_need_code", Shown("chronology: the need")),
            ("cine_referral_source_code", Shown("chronology: who referred; private people are “an individual”")),
            ("cine_referral_source_desc", Shown("the same, where there is no code")),
            ("cine_referral_outcome_json", Shown("chronology: what came of it")),
            ("cine_referral_nfa", Shown("chronology: no further action")),
            ("cine_close_reason", Shown("chronology: why it ended")),
            ("cine_close_date", Shown("chronology; whether the case is open")),
            ("cine_referral_team", NotTaken(ALLOCATIONS)),
            ("cine_referral_worker_id", NotTaken(ALLOCATIONS)),
        ],
    },
    TableColumns {
        name: "ssd_cin_assessments",
        columns: &[
            ("cina_assessment_id", Used("joins an assessment with its factors")),
            ("cina_person_id", Used(CHILD)),
            ("cina_referral_id", NotTaken("the dates tell which referral it belongs to")),
            ("cina_assessment_start_date", Shown(CHRONOLOGY)),
            ("cina_assessment_child_seen", Shown("chronology: whether the child was seen")),
            ("cina_assessment_auth_date", Shown("chronology; which assessment’s factors are the latest")),
            ("cina_assessment_outcome_json", Shown("chronology: what came of it")),
            ("cina_assessment_outcome_nfa", Shown("chronology: no further action")),
            ("cina_assessment_team", NotTaken(ALLOCATIONS)),
            ("cina_assessment_worker_id", NotTaken(ALLOCATIONS)),
        ],
    },
    TableColumns {
        name: "ssd_assessment_factors",
        columns: &[
            ("cinf_table_id", NotTaken("the assessment’s key tells the row")),
            ("cinf_assessment_id", Used("joins factors with their assessment")),
            ("cinf_assessment_factors_json", Shown("factors, and which disciplines a meeting may want")),
        ],
    },
    TableColumns {
        name: "ssd_cin_plans",
        columns: &[
            ("cinp_cin_plan_id", Used(ROW)),
            ("cinp_referral_id", NotTaken(DATES)),
            ("cinp_person_id", Used(CHILD)),
            ("cinp_cin_plan_start_date", Shown("“child in need plan, since 3 March”")),
            ("cinp_cin_plan_end_date", Shown("when the plan ended")),
            ("cinp_cin_plan_team", NotTaken(ALLOCATIONS)),
            ("cinp_cin_plan_worker_id", NotTaken(ALLOCATIONS)),
        ],
    },
    TableColumns {
        name: "ssd_cp_plans",
        columns: &[
            (
                "cppl_cp_plan_id",
                Used(
                    "tells the row from others when the extract is loaded again, and whose a visit or review is where the child is not named",
                ),
            ),
            ("cppl_referral_id", NotTaken(DATES)),
            ("cppl_icpc_id", NotTaken(DATES)),
            ("cppl_person_id", Used(CHILD)),
            ("cppl_cp_plan_start_date", Shown("“child protection plan, neglect, since 3 March”")),
            ("cppl_cp_plan_end_date", Shown("when the plan ended")),
            ("cppl_cp_plan_initial_category", NotTaken("the latest one is shown")),
            ("cppl_cp_plan_ola", NotTaken("another council’s plan is shown as a plan")),
            ("cppl_cp_plan_latest_category", Shown("the plan’s categories")),
        ],
    },
    TableColumns {
        name: "ssd_cin_visits",
        columns: &[
            ("cinv_cin_visit_id", Used(ROW)),
            ("cinv_person_id", Used(CHILD)),
            ("cinv_cin_visit_date", Shown("when the child was last seen")),
            ("cinv_cin_visit_seen", Shown("whether the child was seen")),
            ("cinv_cin_visit_seen_alone", Shown("when the child was last seen alone")),
            ("cinv_cin_visit_bedroom", NotTaken("what was seen there is told in the workbook")),
        ],
    },
    TableColumns {
        name: "ssd_cp_visits",
        columns: &[
            ("cppv_cp_visit_id", Used(ROW)),
            ("cppv_person_id", Used(CHILD)),
            ("cppv_cp_plan_id", Used("tells whose the row is where the child is not named, as in Mosaic")),
            ("cppv_cp_visit_date", Shown("when the child was last seen")),
            ("cppv_cp_visit_seen", Shown("whether the child was seen")),
            ("cppv_cp_visit_seen_alone", Shown("when the child was last seen alone")),
            ("cppv_cp_visit_bedroom", NotTaken("what was seen there is told in the workbook")),
        ],
    },
    TableColumns {
        name: "ssd_pre_proceedings",
        columns: &[
            ("prep_table_id", Used(ROW)),
            ("prep_person_id", Used(CHILD)),
            ("prep_plo_family_id", NotTaken("a figure or note for the court’s statistics; the dates are taken")),
            ("prep_pre_pro_decision_date", Shown("since when; chronology")),
            ("prep_initial_pre_pro_meeting_date", Shown(CHRONOLOGY)),
            ("prep_pre_pro_outcome", NotTaken("a figure or note for the court’s statistics; the dates are taken")),
            ("prep_agree_stepdown_issue_date", Shown("until when; chronology")),
            (
                "prep_cp_plans_referral_period",
                NotTaken("a figure or note for the court’s statistics; the dates are taken"),
            ),
            (
                "prep_legal_gateway_outcome",
                NotTaken("a figure or note for the court’s statistics; the dates are taken"),
            ),
            ("prep_prev_pre_proc_child", NotTaken("a figure or note for the court’s statistics; the dates are taken")),
            ("prep_prev_care_proc_child", NotTaken("a figure or note for the court’s statistics; the dates are taken")),
            ("prep_pre_pro_letter_date", Shown(CHRONOLOGY)),
            ("prep_care_pro_letter_date", Shown(CHRONOLOGY)),
            ("prep_pre_pro_meetings_num", NotTaken("a figure or note for the court’s statistics; the dates are taken")),
            (
                "prep_pre_pro_parents_legal_rep",
                NotTaken("a figure or note for the court’s statistics; the dates are taken"),
            ),
            (
                "prep_parents_legal_rep_point_of_issue",
                NotTaken("a figure or note for the court’s statistics; the dates are taken"),
            ),
            ("prep_court_reference", NotTaken("a figure or note for the court’s statistics; the dates are taken")),
            (
                "prep_care_proc_court_hearings",
                NotTaken("a figure or note for the court’s statistics; the dates are taken"),
            ),
            (
                "prep_care_proc_short_notice",
                NotTaken("a figure or note for the court’s statistics; the dates are taken"),
            ),
            (
                "prep_proc_short_notice_reason",
                NotTaken("a figure or note for the court’s statistics; the dates are taken"),
            ),
            (
                "prep_la_inital_plan_approved",
                NotTaken("a figure or note for the court’s statistics; the dates are taken"),
            ),
            ("prep_la_initial_care_plan", NotTaken("a figure or note for the court’s statistics; the dates are taken")),
            (
                "prep_la_final_plan_approved",
                NotTaken("a figure or note for the court’s statistics; the dates are taken"),
            ),
            ("prep_la_final_care_plan", NotTaken("a figure or note for the court’s statistics; the dates are taken")),
        ],
    },
    TableColumns {
        name: "ssd_cla_episodes",
        columns: &[
            ("clae_cla_episode_id", Used(ROW)),
            ("clae_person_id", Used(CHILD)),
            ("clae_cla_episode_start_date", Shown("“looked after, since 3 March”")),
            (
                "clae_cla_episode_start_reason",
                NotTaken("supervision shows that the child is looked after; the reviewing officer keeps the rest"),
            ),
            (
                "clae_cla_primary_need_code",
                NotTaken("supervision shows that the child is looked after; the reviewing officer keeps the rest"),
            ),
            ("clae_cla_episode_ceased_date", Shown("until when")),
            (
                "clae_cla_episode_ceased_reason",
                NotTaken("supervision shows that the child is looked after; the reviewing officer keeps the rest"),
            ),
            (
                "clae_cla_id",
                NotTaken("supervision shows that the child is looked after; the reviewing officer keeps the rest"),
            ),
            (
                "clae_referral_id",
                NotTaken("supervision shows that the child is looked after; the reviewing officer keeps the rest"),
            ),
            (
                "clae_cla_placement_id",
                NotTaken("supervision shows that the child is looked after; the reviewing officer keeps the rest"),
            ),
            (
                "clae_entered_care_date",
                NotTaken("supervision shows that the child is looked after; the reviewing officer keeps the rest"),
            ),
            (
                "clae_cla_last_iro_contact_date",
                NotTaken("supervision shows that the child is looked after; the reviewing officer keeps the rest"),
            ),
        ],
    },
    TableColumns {
        name: "ssd_contacts",
        columns: &[
            ("cont_contact_id", Used(ROW)),
            ("cont_person_id", Used(CHILD)),
            ("cont_contact_date", Shown(CHRONOLOGY)),
            (
                "cont_contact_source_code",
                Shown("chronology: who turned to the council; private people are “an individual”"),
            ),
            ("cont_contact_source_desc", Shown("the same, where there is no code")),
            ("cont_contact_outcome_json", Shown("chronology: what came of it")),
        ],
    },
    TableColumns {
        name: "ssd_early_help_episodes",
        columns: &[
            ("earl_episode_id", Used(ROW)),
            ("earl_person_id", Used(CHILD)),
            ("earl_episode_start_date", Shown(CHRONOLOGY)),
            ("earl_episode_end_date", Shown(CHRONOLOGY)),
            ("earl_episode_reason", Shown("chronology: what for")),
            ("earl_episode_end_reason", Shown("chronology: why it ended")),
            ("earl_episode_organisation", Shown("chronology: who helped")),
            ("earl_episode_worker_id", NotTaken("the organisation is named")),
        ],
    },
    TableColumns {
        name: "ssd_s47_enquiry",
        columns: &[
            ("s47e_s47_enquiry_id", Used(ROW)),
            ("s47e_referral_id", NotTaken(DATES)),
            ("s47e_person_id", Used(CHILD)),
            ("s47e_s47_start_date", Shown(CHRONOLOGY)),
            ("s47e_s47_end_date", Shown(CHRONOLOGY)),
            ("s47e_s47_nfa", Shown("chronology: no further action")),
            ("s47e_s47_outcome_json", Shown("chronology: what came of it")),
            ("s47e_s47_completed_by_worker_id", NotTaken(ALLOCATIONS)),
            ("s47e_s47_completed_by_team", NotTaken(ALLOCATIONS)),
        ],
    },
    TableColumns {
        name: "ssd_initial_cp_conference",
        columns: &[
            ("icpc_icpc_id", Used(ROW)),
            ("icpc_icpc_meeting_id", NotTaken("the row’s own key is taken")),
            ("icpc_s47_enquiry_id", NotTaken(DATES)),
            ("icpc_person_id", Used(CHILD)),
            ("icpc_cp_plan_id", NotTaken(DATES)),
            ("icpc_referral_id", NotTaken(DATES)),
            ("icpc_icpc_transfer_in", Shown("chronology: taken over from another council")),
            ("icpc_icpc_target_date", Shown("chronology: by when it was to be held")),
            ("icpc_icpc_date", Shown(CHRONOLOGY)),
            ("icpc_icpc_outcome_cp_flag", Shown("chronology: plan or no plan")),
            ("icpc_icpc_outcome_json", Shown("chronology: what came of it")),
            ("icpc_icpc_team", NotTaken(ALLOCATIONS)),
            ("icpc_icpc_worker_id", NotTaken(ALLOCATIONS)),
        ],
    },
    TableColumns {
        name: "ssd_cp_reviews",
        columns: &[
            ("cppr_cp_review_id", Used(ROW)),
            ("cppr_person_id", Used(CHILD)),
            ("cppr_cp_plan_id", Used("tells whose the row is where the child is not named, as in Mosaic")),
            ("cppr_cp_review_due", Shown("chronology: by when it was to be held")),
            ("cppr_cp_review_date", Shown(CHRONOLOGY)),
            ("cppr_cp_review_meeting_id", NotTaken("the row’s own key is taken")),
            ("cppr_cp_review_outcome_continue_cp", Shown("chronology: whether the plan goes on")),
            ("cppr_cp_review_quorate", Shown("chronology: where too few came")),
            ("cppr_cp_review_participation", Shown("chronology: how the child’s views were heard")),
        ],
    },
    TableColumns {
        name: "ssd_legal_status",
        columns: &[
            ("lega_legal_status_id", Used(ROW)),
            ("lega_person_id", Used(CHILD)),
            ("lega_legal_status", Shown("chronology: the order")),
            ("lega_legal_status_start_date", Shown(CHRONOLOGY)),
            ("lega_legal_status_end_date", Shown(CHRONOLOGY)),
        ],
    },
    TableColumns {
        name: "ssd_missing",
        columns: &[
            ("miss_table_id", Used(ROW)),
            ("miss_person_id", Used(CHILD)),
            ("miss_missing_episode_start_date", Shown(CHRONOLOGY)),
            ("miss_missing_episode_type", Shown("chronology: missing or away")),
            ("miss_missing_episode_end_date", Shown(CHRONOLOGY)),
            ("miss_missing_rhi_offered", Shown("chronology: whether somebody offered to talk with the child")),
            ("miss_missing_rhi_accepted", Shown("chronology: whether the child took it")),
        ],
    },
    TableColumns {
        name: "ssd_disability",
        columns: &[
            ("disa_person_id", Used(CHILD)),
            ("disa_table_id", Used(ROW)),
            ("disa_disability_code", Shown("what the child needs, on the family’s page and beside the meeting")),
        ],
    },
];

/// Tables of which nothing is taken, and why.
pub const NOT_TAKEN: &[(&str, &str)] = &[
    ("ssd_address", "addresses are not needed to think about a family, and have reached the wrong parent"),
    ("ssd_api_data_staging", "the transfer of data to the DfE"),
    ("ssd_care_leavers", "young people who have left care are not discussed here"),
    ("ssd_cla_care_plan", "the plan for a looked after child is kept in the case system"),
    ("ssd_cla_convictions", "sensitive; what matters of it is told in the workbook"),
    ("ssd_cla_health", "health of looked after children is reviewed elsewhere"),
    ("ssd_cla_immunisations", "health of looked after children is reviewed elsewhere"),
    ("ssd_cla_placement", "tells where a child lives: an address that must not go astray"),
    ("ssd_cla_previous_permanence", "statistics of adoption and guardianship"),
    ("ssd_cla_reviews", "the reviewing officer keeps them"),
    ("ssd_cla_substance_misuse", "sensitive; what matters of it is told in the workbook"),
    ("ssd_cla_visits", "visits of children in need and under protection are taken"),
    ("ssd_ehcp_active_plans", "the flag of special educational needs is taken; plans are kept in the education system"),
    ("ssd_ehcp_assessment", "kept in the education system"),
    ("ssd_ehcp_named_plan", "kept in the education system"),
    ("ssd_ehcp_requests", "kept in the education system"),
    (
        "ssd_immigration_status",
        "sensitive, and no part of the meeting shows it; what matters of it is told in the workbook",
    ),
    ("ssd_linked_identifiers", "the person’s key tells people apart"),
    ("ssd_permanence", "statistics of adoption"),
    ("ssd_s251_finance", "money"),
    ("ssd_sdq_scores", "scores of looked after children’s questionnaires are read by who works with them"),
    ("ssd_sen_need", "the flag of special educational needs is taken"),
    ("ssd_send", "the flag of special educational needs is taken"),
    ("ssd_version_log", "tells of the dataset, not of families"),
    ("ssd_voice_of_child", "a draft of the dataset; the child’s own words are kept in the workbook"),
];

/// The answers as a page of Markdown has them.
#[must_use]
pub fn as_markdown() -> String {
    let mut page = String::new();
    for table in TABLES {
        let _ = write!(page, "\n### {}\n\n| column | answer | |\n|---|---|---|\n", table.name);
        for (column, answer) in table.columns {
            let (answer, words) = match answer {
                Shown(words) => ("shown", words),
                Used(words) => ("used", words),
                NotTaken(words) => ("not taken", words),
            };
            let _ = writeln!(page, "| {column} | {answer} | {words} |");
        }
    }
    page.push_str("\n### Tables of which nothing is taken\n\n| table | why |\n|---|---|\n");
    for (table, why) in NOT_TAKEN {
        let _ = writeln!(page, "| {table} | {why} |");
    }
    page
}

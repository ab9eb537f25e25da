//! A council to test with: teams of twelve, each with families all twelve work with, as an SSD extract that
//! Caseround imports like any other.

use crate::http::{Asker, Http};
use crate::process::{Server, free_port};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// People of a team, its manager first.
pub const PEOPLE: usize = 15;
/// Teams.
pub const TEAMS: usize = 30;
/// Families of each team.
pub const FAMILIES: usize = 20;
/// "Today", which the sample's plans fit.
const CLOCK: &str = "2026-11-24T09:25:00Z";
const PASSWORD: &str = "a load of letters";

/// A prepared database that runs are copied from.
#[derive(Debug)]
pub struct Council {
    binary: PathBuf,
    folder: tempfile::TempDir,
}

/// Writes an extract of so many teams and families; all of a team's people work with all its families.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_extract(folder: &Path, teams: usize, families: usize) -> Result<()> {
    let mut department = String::from("dept_team_id,dept_team_name,dept_team_parent_id,dept_team_parent_name\n");
    let mut professionals = String::from(
        "prof_professional_id,prof_staff_id,prof_professional_name,prof_professional_job_title,prof_professional_department\n",
    );
    let mut person = String::from("pers_person_id,pers_forename,pers_surname,pers_sex,pers_dob\n");
    let mut family = String::from("fami_table_id,fami_family_id,fami_person_id\n");
    let mut involvements = String::from(
        "invo_involvements_id,invo_professional_id,invo_professional_role_id,invo_professional_team,invo_person_id,\
         invo_involvement_start_date,invo_involvement_end_date\n",
    );
    let mut episodes = String::from("cine_referral_id,cine_person_id,cine_referral_date,cine_close_date\n");
    let titles = ["Social Worker", "Domestic Abuse Officer", "Recovery Worker", "Mental Health Practitioner"];
    for team in 0..teams {
        department += &format!("{team},Team {team},,\n");
        for seat in 0..PEOPLE {
            let title = if seat == 0 { "Team Manager" } else { titles[seat % titles.len()] };
            let id = worker_id(team, seat);
            // Not "Worker": that is a stand-in's name, and stand-ins are given no team.
            professionals += &format!("{id},S{id},Person {team} {seat},{title},Team {team}\n");
        }
        for number in 0..families {
            let id = team * families + number;
            for child in 0..3 {
                let child_id = 1_000_000 + id * 3 + child;
                person += &format!("{child_id},Child{child},Load{id},F,201{child}-05-01\n");
                family += &format!("{child_id},{id},{child_id}\n");
                episodes += &format!("{child_id},{child_id},2026-01-12,\n");
            }
            for seat in 0..PEOPLE {
                let (row, child) = (id * PEOPLE + seat, 1_000_000 + id * 3);
                let role = if seat == 1 { "CW" } else { "OTH" };
                let worker = worker_id(team, seat);
                involvements += &format!("{row},{worker},{role},{team},{child},2026-01-12,\n");
            }
        }
    }
    let files = [
        ("ssd_department.csv", department),
        ("ssd_professionals.csv", professionals),
        ("ssd_person.csv", person),
        ("ssd_family.csv", family),
        ("ssd_involvements.csv", involvements),
        ("ssd_cin_episodes.csv", episodes),
    ];
    for (name, text) in files {
        std::fs::write(folder.join(name), text).context(name)?;
    }
    Ok(())
}

fn worker_id(team: usize, seat: usize) -> usize {
    10_000 + team * 100 + seat
}

fn address(team: usize, seat: usize) -> String {
    format!("worker.{team}.{seat}@example.invalid")
}

impl Council {
    /// Imports the extract and gives everybody an account.
    ///
    /// # Errors
    /// Where the binary is missing or refuses.
    pub fn prepare(binary: &Path) -> Result<Self> {
        let council = Self { binary: binary.to_owned(), folder: tempfile::tempdir()? };
        let extract = council.folder.path().join("extract");
        std::fs::create_dir(&extract)?;
        write_extract(&extract, TEAMS, FAMILIES)?;
        let database = council.database();
        run(council.command(&database).args(["import", "ssd"]).arg(&extract))?;
        for team in 0..TEAMS {
            for seat in 0..PEOPLE {
                let staff = format!("S{}", worker_id(team, seat));
                let mut command = council.command(&database);
                command.env("CASEROUND_PASSWORD", PASSWORD);
                run(command.args(["worker", "link", &staff, &address(team, seat)]))?;
            }
        }
        // A plain copy would leave out what is not yet in the file itself.
        run(council.command(&database).arg("backup").arg(council.ready()))?;
        Ok(council)
    }

    fn ready(&self) -> PathBuf {
        self.folder.path().join("ready.sqlite")
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("council.sqlite")
    }

    /// A command on a copy of the prepared database: its key stays beside the first one.
    fn sealed(&self, database: &Path) -> Command {
        let mut command = self.command(database);
        command.env("CASEROUND_SEAL_KEY", self.folder.path().join("council.sqlite.seal-key"));
        command
    }

    fn command(&self, database: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command.env("CASEROUND_DATABASE", database).env("CASEROUND_CLOCK", CLOCK);
        command
    }

    /// Serves a copy of the prepared database.
    ///
    /// # Errors
    /// Where the server does not start.
    pub async fn serve(&self, core: Option<usize>) -> Result<Serving> {
        let folder = tempfile::tempdir()?;
        let database = folder.path().join("run.sqlite");
        std::fs::copy(self.ready(), &database)?;
        let port = free_port()?;
        let host = format!("127.0.0.1:{port}");
        let mut command = self.sealed(&database);
        command.args(["serve", "--listen", &host]);
        let server = Server::start(command, port, core).await?;
        Ok(Serving { host, server, database, askers: Vec::new(), _folder: folder })
    }

    /// A command that imports an extract into the database that is being served.
    #[must_use]
    pub fn import(&self, serving: &Serving, extract: &Path) -> Command {
        let mut command = self.sealed(&serving.database);
        command.args(["import", "ssd"]).arg(extract).stdout(Stdio::null());
        command
    }
}

fn run(command: &mut Command) -> Result<()> {
    let done = command.stdin(Stdio::null()).output().with_context(|| format!("{command:?}"))?;
    if !done.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    Ok(())
}

/// A server with its people signed in.
#[derive(Debug)]
pub struct Serving {
    /// "127.0.0.1:port".
    pub host: String,
    /// The process.
    pub server: Server,
    database: PathBuf,
    askers: Vec<Vec<Asker>>,
    _folder: tempfile::TempDir,
}

impl Serving {
    /// Signs in the first so many people of the first so many teams.
    ///
    /// # Errors
    /// Where a sign-in is refused.
    pub async fn sign_in(&mut self, teams: usize, people: usize) -> Result<()> {
        let mut http = Http::connect(&self.host, &Asker::default()).await?;
        for team in 0..teams.min(TEAMS) {
            let mut askers = Vec::new();
            for seat in 0..people {
                let form = format!("email={}&password={}", address(team, seat), PASSWORD.replace(' ', "+"));
                let answer = http.form("/api/sign-in", &form, true).await?;
                let cookie = answer.cookies.into_iter().find(|cookie| cookie.starts_with("caseround"));
                let cookie = cookie.with_context(|| format!("nobody is signed in: {}", answer.body))?;
                askers.push(Asker { cookie, worker: String::new() });
            }
            self.askers.push(askers);
        }
        Ok(())
    }

    /// Somebody who is signed in. Rooms beyond the number of teams use the same teams' other families.
    #[must_use]
    pub fn asker(&self, room: usize, seat: usize) -> &Asker {
        &self.askers[room % TEAMS][seat]
    }

    /// Plans a room's meeting: one family of its team, or several. Gives the meeting's address.
    ///
    /// # Errors
    /// Where planning is refused.
    pub async fn plan(&self, room: usize, families: usize) -> Result<String> {
        let mut chair = Http::connect(&self.host, self.asker(room, 0)).await?;
        let page = chair.page("/meetings/new").await?.body;
        let value = |name: &str| after(&page, &format!("name=\"form[{name}]\""), "value=\"").map(str::to_owned);
        let team = value("team").context("no plan to fill in")?;
        let offered: Vec<&str> =
            page.split("[family]\"").skip(1).filter_map(|rest| after(rest, "", "value=\"")).collect();
        let own: Vec<&str> = offered.iter().skip(room / TEAMS).take(families).copied().collect();
        let chair_id = selected(&page, "form[chair]").context("no chair is chosen")?;
        let mut form = format!(
            "form[meeting]=&form[team]={team}&form[held_on]=24/11/2026&form[starts]=9:30&form[booked]=480\
             &form[place]=&form[chair]={chair_id}&form[record_taker]=&form[button]=save"
        );
        for (at, family) in own.iter().enumerate() {
            form += &format!(
                "&form[lines][{at}][family]={family}&form[lines][{at}][on]=yes&form[lines][{at}][minutes]=30\
                 &form[lines][{at}][order]={}",
                at + 1
            );
        }
        let answer = chair.form("/api/meeting/plan", &form, true).await?;
        let id = answer.location.split('/').nth(2).and_then(|rest| rest.split('?').next()).unwrap_or_default();
        if id.len() != 36 {
            let why = chair.page(&answer.location).await?.body;
            bail!(
                "the plan was not taken: {}",
                after(&why, "govuk-error-summary__list", "<a href=").unwrap_or_default()
            );
        }
        Ok(format!("/meetings/{id}"))
    }
}

/// What stands in quotes after a mark and a word.
fn after<'a>(page: &'a str, mark: &str, word: &str) -> Option<&'a str> {
    let rest = &page[page.find(mark)? + mark.len()..];
    let rest = &rest[rest.find(word)? + word.len()..];
    rest.split('"').next()
}

/// The chosen option of a select.
fn selected<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let select = &page[page.find(&format!("name=\"{name}\""))?..];
    let select = &select[..select.find("</select>")?];
    select.split("<option").find(|option| option.contains(" selected")).and_then(|option| after(option, "", "value=\""))
}

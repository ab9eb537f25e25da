//! Templates: the shipped ones, a council's own, and what is wrong in one, with its line.

use crate::{Service, ServiceError};
use domain::MeetingId;
use domain::template::{Template, TemplateFile};

/// The shipped templates, the default first.
const SHIPPED: [&str; 3] = [
    include_str!("../../../templates/light.toml"),
    include_str!("../../../templates/full.toml"),
    include_str!("../../../templates/signs_of_safety.toml"),
];

/// A mistake in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateMistake {
    /// The line, from 1; 0 where it is about the whole file.
    pub line: usize,
    /// What is wrong, and the remedy.
    pub message: String,
}

/// The templates that come with the program.
///
/// # Panics
/// Never: a test reads them.
#[must_use]
pub fn shipped() -> Vec<TemplateFile> {
    SHIPPED.iter().map(|text| read(text).expect("the shipped templates are read by a test")).collect()
}

/// A council's templates with the shipped ones behind them; one with a shipped one's key takes its place.
#[must_use]
pub fn with_shipped(own: &[TemplateFile]) -> Vec<TemplateFile> {
    let mut all = own.to_vec();
    all.extend(shipped().into_iter().filter(|file| own.iter().all(|own| own.template.key != file.template.key)));
    all
}

impl Service {
    /// The template a meeting is held under; the house's own where the meeting is not here.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn template_of(&self, meeting: MeetingId) -> Result<Template, ServiceError> {
        Ok(match self.live(meeting).await? {
            Some(live) => live.look().await.room.template.clone(),
            None => self.template().clone(),
        })
    }
}

/// Reads a template.
///
/// # Errors
/// Every mistake that was found, each with its line.
pub fn read(text: &str) -> Result<TemplateFile, Vec<TemplateMistake>> {
    let file: TemplateFile = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(0, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        vec![TemplateMistake { line, message: error.message().to_owned() }]
    })?;
    let mistakes: Vec<TemplateMistake> = file
        .mistakes()
        .into_iter()
        .map(|mistake| TemplateMistake { line: line_of(text, &mistake.named), message: mistake.message })
        .collect();
    if mistakes.is_empty() { Ok(file) } else { Err(mistakes) }
}

/// The last line that names something: a key named twice is wrong where it comes again.
fn line_of(text: &str, named: &str) -> usize {
    let quoted = format!("\"{named}\"");
    let lines = || text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#'));
    let found = lines().filter(|(_, line)| line.contains(&quoted)).last();
    found.or_else(|| lines().find(|(_, line)| line.trim_start().starts_with(named))).map_or(0, |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::template::Part;

    #[test]
    fn the_shipped_templates_can_be_read_and_are_in_order() {
        let all: Vec<Template> = shipped().into_iter().map(|file| file.template).collect();
        assert_eq!(
            all.iter().map(|template| template.key.as_str()).collect::<Vec<_>>(),
            ["light", "full", "signs_of_safety"]
        );
        assert_eq!(all[0].stages.len(), 4, "the default is the light one");
        assert!(all[0].meeting.scales.is_empty(), "numbers are off by default");
        assert_eq!(all[1].stages.len(), 9);
        for template in &all[1..] {
            for (at, minutes) in template.minutes.iter().enumerate() {
                let sum: u32 = template.stages.iter().map(|stage| stage.minutes[at]).sum();
                assert_eq!(sum, *minutes, "{}: the stages of {minutes} minutes", template.key);
            }
        }
    }

    #[test]
    fn each_mistake_has_its_line() {
        let light = SHIPPED[0];
        let mistakes_in = |text: &str| read(text).unwrap_err();
        let at = |needle: &str, text: &str| text.lines().position(|line| line.contains(needle)).unwrap() + 1;
        let wrong = light.replace("part = \"meaning\"", "part = \"meening\"");
        let mistakes = mistakes_in(&wrong);
        assert_eq!(mistakes[0].line, at("meening", &wrong), "{mistakes:?}");
        assert!(mistakes[0].message.contains("meening"), "{mistakes:?}");
        let wrong = light.replace("days_to_send", "days_too_send");
        assert_eq!(mistakes_in(&wrong)[0].line, at("days_too_send", &wrong));
        let wrong = light
            .replace("kind = \"icpc\"", "kind = \"icpd\"")
            .replace("discipline = \"psychologist\"", "discipline = \"wizard\"");
        let mistakes = mistakes_in(&wrong);
        assert_eq!(
            mistakes.iter().map(|mistake| mistake.line).collect::<Vec<_>>(),
            [at("\"icpd\"", &wrong), at("wizard", &wrong)]
        );
        let twice = light.replace("key = \"change_plan\"", "key = \"continue\"");
        assert_eq!(
            mistakes_in(&twice)[0].line,
            twice.lines().enumerate().filter(|(_, line)| line.contains("key = \"continue\"")).last().unwrap().0 + 1
        );
        let no_decision = light.replace("part = \"decision\"", "part = \"round\"");
        assert!(mistakes_in(&no_decision)[0].message.contains("decision"));
    }

    #[test]
    fn a_councils_own_template_comes_first_and_takes_the_place_of_a_shipped_one() {
        let mut own = shipped().remove(1);
        own.template.title = "Our full".into();
        let all = with_shipped(&[own]);
        assert_eq!(
            all.iter().map(|file| file.template.title.as_str()).collect::<Vec<_>>(),
            ["Our full", "Light", "Signs of Safety headings"]
        );
        assert!(all[0].template.stages.iter().any(|stage| stage.part == Part::Scales));
    }
}

//! "@" and a name in a line that somebody types: the person whom it means, and the line without the name.

use crate::meeting::act::read_slot;
use crate::meeting::room::LiveMeeting;
use crate::names::{name_in_family, whole_name};
use crate::{Service, ServiceError};
use domain::meeting::{Command, ConversationDraft, Owner, StepDraft};
use domain::viewer::Viewer;
use domain::{SlotId, WorkerId};

impl Service {
    /// The command with the person in it whom its line names: who does a step, with whom a conversation is held.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the family is not theirs to read; a field's message where the name means nobody, or
    /// several people.
    pub(super) async fn with_named(
        &self, viewer: &Viewer, live: &LiveMeeting, command: Command,
    ) -> Result<Command, ServiceError> {
        Ok(match command {
            Command::AddStep { slot, step, draft } => {
                Command::AddStep { slot, step, draft: self.step_with_named(viewer, live, slot, draft).await? }
            }
            Command::AgreeConversation { slot, conversation, draft } => {
                let draft = self.conversation_with_named(viewer, live, slot, draft).await?;
                Command::AgreeConversation { slot, conversation, draft }
            }
            other => other,
        })
    }

    /// "@nadia ring the school" gives the step to Nadia, where one of those is meant who may be given it. Where somebody was
    /// chosen from the list, the step is theirs: their own name is taken out of its words, another's stays.
    async fn step_with_named(
        &self, viewer: &Viewer, live: &LiveMeeting, slot: SlotId, draft: StepDraft,
    ) -> Result<StepDraft, ServiceError> {
        let Some(line) = Mention::of(&draft.what) else { return Ok(draft) };
        let directory = self.directory().await?;
        let state = live.look().await;
        // Only those who may read a family's part learn who works with it.
        let discussed = read_slot(&state.room, viewer, slot).ok_or(ServiceError::NotFound)?;
        let meant_of = |people: Vec<WorkerId>| {
            line.means(people.into_iter().map(|worker| (worker, directory.name(worker).to_lowercase())).collect())
        };
        if let Some(chosen) = draft.owner.worker() {
            return Ok(StepDraft { what: line.without(&meant_of(vec![chosen])), ..draft });
        }
        // All who stand in the list: of two with one first name nobody is guessed.
        let meant = meant_of(state.room.step_owners(discussed).into_iter().collect());
        let names = meant.people.iter().map(|worker| directory.name(*worker));
        let worker = line.one(&meant, names, "Nobody who works with this family", "choose who does it");
        let owner = Owner::Worker { worker: worker.map_err(|message| ServiceError::field("owner", &message))? };
        Ok(StepDraft { what: line.without(&meant), owner, ..draft })
    }

    /// "@abigail what a calm morning would be like" is a conversation with Abigail of the family.
    async fn conversation_with_named(
        &self, viewer: &Viewer, live: &LiveMeeting, slot: SlotId, draft: ConversationDraft,
    ) -> Result<ConversationDraft, ServiceError> {
        let Some(line) = Mention::of(&draft.explore) else { return Ok(draft) };
        let family = self.read_family(viewer, live, slot).await.ok_or(ServiceError::NotFound)?;
        let members = self.inner.store.members(family.uuid()).await?;
        let living = members.iter().filter(|member| member.person.died.is_none());
        let people = living.map(|member| (name_in_family(member, &members), whole_name(member).to_lowercase()));
        if !draft.with.is_empty() {
            let chosen = people.filter(|(name, _)| *name == draft.with).collect();
            return Ok(ConversationDraft { explore: line.without(&line.means(chosen)), ..draft });
        }
        let meant = line.means(people.collect());
        let names = meant.people.iter().map(String::as_str);
        let with = line.one(&meant, names, "Nobody of this family", "choose with whom");
        let with = with.map_err(|message| ServiceError::field("with", &message))?;
        Ok(ConversationDraft { explore: line.without(&meant), with, ..draft })
    }
}

/// A line with "@" at the beginning of a word.
struct Mention<'a> {
    line: &'a str,
    before: &'a str,
    /// The words after "@".
    words: Vec<&'a str>,
}

/// Whom a mention means, and how many of its words name them.
#[derive(Debug, PartialEq)]
struct Meant<P> {
    people: Vec<P>,
    words: usize,
}

impl<'a> Mention<'a> {
    /// `None` where nobody is mentioned: an e-mail address mentions nobody.
    fn of(line: &'a str) -> Option<Self> {
        let (before, after) = line.split_once('@')?;
        let begins_a_word = before.is_empty() || before.ends_with(char::is_whitespace);
        begins_a_word.then(|| Self { line, before, words: after.split_whitespace().collect() })
    }

    /// Who of `people`, with their names in small letters, the first words mean: "julian yard ring" names Julian Yardarm
    /// with two. Further words name somebody where they stand in a name, or tell those apart who are meant by the words
    /// before.
    fn means<P: Clone>(&self, people: Vec<(P, String)>) -> Meant<P> {
        let mut meant = people;
        let mut named = 0;
        for word in &self.words {
            let word = word.to_lowercase();
            let fits = |name: &str, whole: bool| {
                name.split(' ').any(|part| {
                    let letters = word.chars().count();
                    // "@julian y": an initial tells people of one name apart, and is no word of what is to be done.
                    let initial = named > 0 && letters == 1 && !["a", "i"].contains(&word.as_str());
                    let begins = part.starts_with(&word) && (letters > 1 || initial);
                    if whole { part == word || (initial && begins) } else { begins }
                })
            };
            let whole = named > 0 && meant.len() == 1;
            let those: Vec<_> = meant.iter().filter(|(_, name)| fits(name, whole)).cloned().collect();
            if those.is_empty() {
                break;
            }
            meant = those;
            named += 1;
        }
        let people = if named == 0 { Vec::new() } else { meant.into_iter().map(|(person, _)| person).collect() };
        Meant { people, words: named }
    }

    /// The line without "@" and the name; the whole line where nobody is meant.
    fn without<P>(&self, meant: &Meant<P>) -> String {
        if meant.people.is_empty() {
            return self.line.to_owned();
        }
        let after = self.words.get(meant.words..).unwrap_or_default();
        [self.before.trim()].into_iter().chain(after.iter().copied()).collect::<Vec<_>>().join(" ").trim().to_owned()
    }

    /// The one person who is meant. The error is the message for the line's field.
    fn one<'n, P: Clone>(
        &self, meant: &Meant<P>, names: impl Iterator<Item = &'n str>, nobody: &str, choose: &str,
    ) -> Result<P, String> {
        if let [person] = meant.people.as_slice() {
            return Ok(person.clone());
        }
        let written = self.words.get(..meant.words.max(1)).unwrap_or_default().join(" ");
        let names = names.collect::<Vec<_>>().join(" or ");
        let (first, rest) = choose.split_at(1);
        Err(if names.is_empty() {
            format!("{nobody} is called \"{written}\". {}{rest}.", first.to_uppercase())
        } else {
            format!("\"@{written}\" may be {names}. Write more of the name, or {choose}.")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> Vec<(u8, String)> {
        ["julian yardarm", "julian eskdale-demo", "nadia quoin"]
            .map(str::to_owned)
            .into_iter()
            .zip(1..)
            .map(|(name, n)| (n, name))
            .collect()
    }

    #[test]
    fn a_name_is_as_many_words_as_it_takes() {
        let of = |line: &str| {
            Mention::of(line).map(|mention| mention.means(people())).map(|meant| (meant.people, meant.words))
        };
        assert_eq!(of("@nadia ring the school"), Some((vec![3], 1)));
        assert_eq!(of("@Nadia Quoin ring the school"), Some((vec![3], 2)));
        assert_eq!(of("@julian yard ring the school"), Some((vec![1], 2)));
        assert_eq!(of("@julian ring the school"), Some((vec![1, 2], 1)));
        assert_eq!(of("@julian y ring the school"), Some((vec![1], 2)));
        assert_eq!(of("@nadia q ring the school"), Some((vec![3], 2)));
        assert_eq!(of("@nadia a visit"), Some((vec![3], 1)));
        assert_eq!(of("@n ring the school"), Some((vec![], 0)));
        assert_eq!(of("@maud"), Some((vec![], 0)));
        assert_eq!(of("@"), Some((vec![], 0)));
        // What is to be done is no name, also where it begins like one.
        assert_eq!(of("@nadia quo vadis"), Some((vec![3], 1)));
        assert_eq!(of("write to nadia@example.invalid"), None);
    }

    #[test]
    fn the_name_leaves_the_line_where_somebody_is_meant() {
        let rest = |line: &str| Mention::of(line).map(|mention| mention.without(&mention.means(people())));
        assert_eq!(rest("Ring @nadia quoin the school").as_deref(), Some("Ring the school"));
        assert_eq!(rest("@nadia").as_deref(), Some(""));
        assert_eq!(rest("Ring @maud  the school").as_deref(), Some("Ring @maud  the school"));
    }
}

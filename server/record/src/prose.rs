//! People's Markdown as plain paragraphs and lists, for printers that have no HTML.

use domain::prose::end_lists;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// One paragraph or item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paragraph {
    pub kind: ParagraphKind,
    /// How deep a list is inside others, from 0.
    pub depth: usize,
    pub spans: Vec<TextSpan>,
}

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParagraphKind {
    Plain,
    Quote,
    Bullet,
    Number(u64),
}

/// Words in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextSpan {
    pub text: String,
    pub strong: bool,
    pub emphasis: bool,
}

/// Reads Markdown. Raw HTML stays visible as text, images leave their words, links their words and address;
/// headings become strong paragraphs, since the document has headings of its own.
pub(crate) fn read(text: &str) -> Vec<Paragraph> {
    let text = end_lists(text);
    let mut reader = ParagraphReader::default();
    for (event, at) in Parser::new_ext(&text, Options::ENABLE_STRIKETHROUGH).into_offset_iter() {
        match event {
            // "&quot;" stands as it was typed, and not for the sign that it names in HTML.
            Event::Text(_) if text[at.clone()].starts_with('&') => reader.add(&text[at]),
            other => reader.take(other),
        }
    }
    reader.end();
    reader.done
}

#[derive(Default)]
struct ParagraphReader {
    done: Vec<Paragraph>,
    spans: Vec<TextSpan>,
    lists: Vec<Option<u64>>,
    item: bool,
    strong: usize,
    emphasis: usize,
    quotes: usize,
    link: Vec<String>,
}

impl ParagraphReader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => self.add(&words),
            // Lines that somebody typed stay lines.
            Event::SoftBreak | Event::HardBreak => self.end(),
            Event::Start(Tag::Strong | Tag::Heading { .. }) => self.strong += 1,
            Event::End(TagEnd::Strong) => self.strong -= 1,
            Event::End(TagEnd::Heading(_)) => {
                self.end();
                self.strong -= 1;
            }
            Event::Start(Tag::Emphasis) => self.emphasis += 1,
            Event::End(TagEnd::Emphasis) => self.emphasis -= 1,
            Event::Start(Tag::BlockQuote(_)) => self.quotes += 1,
            Event::End(TagEnd::BlockQuote(_)) => {
                self.end();
                self.quotes -= 1;
            }
            Event::Start(Tag::Link { dest_url, .. }) => self.link.push(dest_url.into_string()),
            Event::End(TagEnd::Link) => {
                let address = self.link.pop().unwrap_or_default();
                let safe = ["http://", "https://", "mailto:"].iter().any(|scheme| address.starts_with(scheme));
                if safe && self.spans.last().is_none_or(|span| span.text != address) {
                    self.add(&format!(" ({address})"));
                }
            }
            Event::Start(Tag::List(first)) => {
                self.end();
                self.lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                self.lists.pop();
            }
            Event::Start(Tag::Item) => self.item = true,
            Event::End(TagEnd::Item) => {
                self.end();
                if let Some(Some(number)) = self.lists.last_mut() {
                    *number += 1;
                }
            }
            Event::End(TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock) | Event::Rule => self.end(),
            _ => {}
        }
    }

    /// Adds words; what stands on lines of its own, as in a block of code, stays on them.
    fn add(&mut self, words: &str) {
        for (at, line) in words.split('\n').enumerate() {
            if at > 0 {
                self.end();
            }
            if !line.is_empty() {
                let text = line.to_owned();
                self.spans.push(TextSpan { text, strong: self.strong > 0, emphasis: self.emphasis > 0 });
            }
        }
    }

    fn end(&mut self) {
        if self.spans.iter().all(|span| span.text.trim().is_empty()) {
            self.spans.clear();
            return;
        }
        let kind = match (self.item, self.lists.last()) {
            (true, Some(Some(number))) => ParagraphKind::Number(*number),
            (true, Some(None)) => ParagraphKind::Bullet,
            _ if self.quotes > 0 => ParagraphKind::Quote,
            _ => ParagraphKind::Plain,
        };
        self.item = false;
        let depth = self.lists.len().saturating_sub(1);
        self.done.push(Paragraph { kind, depth, spans: std::mem::take(&mut self.spans) });
    }
}

#[cfg(test)]
mod tests {
    use super::{ParagraphKind, read};

    #[test]
    fn lines_that_somebody_typed_stay_lines() {
        let lines = |text: &str| -> Vec<String> {
            let words = |paragraph: &super::Paragraph| paragraph.spans.iter().map(|span| span.text.as_str()).collect();
            read(text).iter().map(words).collect()
        };
        assert_eq!(lines("one\ntwo\nthree"), ["one", "two", "three"]);
        assert_eq!(lines("a &quot; &amp;amp; & b"), ["a &quot; &amp;amp; & b"]);
        // What is pasted with a tab or four blanks before it is a block of code to Markdown.
        assert_eq!(lines("Seen:\n\n\tone\n\ttwo"), ["Seen:", "one", "two"]);
        assert_eq!(lines("```\none\n\ntwo\n```"), ["one", "two"]);
    }

    #[test]
    fn peoples_markdown_becomes_paragraphs_and_items() {
        let paragraphs = read(
            "# Strengths\nIvy **settled** <b>x</b>.\n\n- one\n  1. in\n- two\n\n> said\n\n[web](https://x.example) [bad](javascript:1)",
        );
        let kinds: Vec<(ParagraphKind, usize)> =
            paragraphs.iter().map(|paragraph| (paragraph.kind, paragraph.depth)).collect();
        assert_eq!(
            kinds,
            [
                (ParagraphKind::Plain, 0),
                (ParagraphKind::Plain, 0),
                (ParagraphKind::Bullet, 0),
                (ParagraphKind::Number(1), 1),
                (ParagraphKind::Bullet, 0),
                (ParagraphKind::Quote, 0),
                (ParagraphKind::Plain, 0)
            ]
        );
        let words = |at: usize| paragraphs[at].spans.iter().map(|span| span.text.as_str()).collect::<String>();
        assert!(paragraphs[0].spans[0].strong);
        assert_eq!(words(1), "Ivy settled <b>x</b>.");
        assert_eq!(words(6), "web (https://x.example) bad");
    }
}

//! Markdown as people may write it: no raw HTML, no images, links only where they are safe.

use domain::prose::end_lists;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// Renders Markdown to HTML that can stand in a page.
#[must_use]
pub fn to_html(text: &str) -> String {
    let text = end_lists(text);
    let text = text.as_str();
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let mut link_open = Vec::new();
    let events = Parser::new_ext(text, options).into_offset_iter().filter_map(move |(event, at)| match event {
        // "&quot;" stands as it was typed, and not for the sign that it names in HTML.
        Event::Text(_) if text[at.clone()].starts_with('&') => Some(Event::Text(text[at].into())),
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => None,
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { dest_url, .. }) => {
            let safe =
                ["http://", "https://", "mailto:"].iter().any(|scheme| dest_url.to_lowercase().starts_with(scheme));
            link_open.push(safe);
            safe.then(|| Event::InlineHtml(format!("<a href=\"{}\" rel=\"noreferrer\">", escape(&dest_url)).into()))
        }
        Event::End(TagEnd::Link) => link_open.pop().unwrap_or(false).then(|| Event::InlineHtml("</a>".into())),
        // The page has its own headings; a worker's start below them.
        Event::Start(Tag::Heading { .. }) => Some(Event::InlineHtml("<p><strong>".into())),
        Event::End(TagEnd::Heading(_)) => Some(Event::InlineHtml("</strong></p>".into())),
        // Lines that somebody typed stay lines.
        Event::SoftBreak => Some(Event::HardBreak),
        other => Some(other),
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn nothing_runs_and_nothing_is_fetched() {
        for (text, forbidden) in [
            ("<script>alert(1)</script>", "<script"),
            ("a <img src=x onerror=alert(1)> b", "<img"),
            ("![x](https://evil.example/a.png)", "<img"),
            ("[x](javascript:alert(1))", "javascript"),
            ("[x](https://a.example/\"onmouseover=alert(1))", "\"onmouseover"),
            ("<div>\n\n# h", "<div"),
        ] {
            let html = to_html(text);
            assert!(!html.contains(forbidden), "{text} became {html}");
        }
        assert_eq!(to_html("&quot; &amp;amp; & x"), "<p>&amp;quot; &amp;amp;amp; &amp; x</p>\n");
        assert_eq!(to_html("*Ivy* said"), "<p><em>Ivy</em> said</p>\n");
        assert_eq!(to_html("- a\nb"), "<ul>\n<li>a</li>\n</ul>\n<p>b</p>\n");
        assert_eq!(to_html("one\ntwo"), "<p>one<br />\ntwo</p>\n", "lines that somebody typed stay lines");
        assert!(to_html("[NHS](https://nhs.uk)").contains("<a href=\"https://nhs.uk\" rel=\"noreferrer\">NHS</a>"));
    }
}

//! A document as Word: real headings, lists and table headers, with title and language. The libraries at hand write
//! no table headers, titles or languages, so the few parts of the format that a record needs are written here, as
//! ECMA-376 describes them.

use crate::archive;
use crate::prose::{Paragraph, ParagraphKind, read};
use domain::document::{Block, Document};

/// Prints.
///
/// # Errors
/// Where the archive cannot be written.
pub(crate) fn print(document: &Document) -> Result<Vec<u8>, String> {
    let files = [
        ("[Content_Types].xml", TYPES.to_owned()),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("docProps/core.xml", core(document)),
        ("word/document.xml", body(document)),
        ("word/styles.xml", styles()),
        ("word/numbering.xml", NUMBERING.to_owned()),
        ("word/header1.xml", header(document)),
        ("word/settings.xml", SETTINGS.to_owned()),
        ("word/_rels/document.xml.rels", PARTS.to_owned()),
    ];
    archive::pack(files.iter().map(|(name, content)| (*name, content.as_bytes())))
}

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const START: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/><Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#;
const PARTS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/><Relationship Id="r5" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/></Relationships>"#;
const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:themeFontLang w:val="en-GB"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>"#;
/// List 1: bullets; list 2: numbers.
const NUMBERING: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="500" w:hanging="300"/></w:pPr></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="–"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="1000" w:hanging="300"/></w:pPr></w:lvl></w:abstractNum><w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="500" w:hanging="300"/></w:pPr></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="1000" w:hanging="300"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>"#;

fn core(document: &Document) -> String {
    format!(
        "{START}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>\
         <dc:language>en-GB</dc:language></cp:coreProperties>",
        text(&document.title),
        text(if document.council.is_empty() { "Caseround" } else { &document.council }),
    )
}

fn header(document: &Document) -> String {
    let words = format!("{} · Page ", document.header());
    let page = |what: &str| format!("<w:fldSimple w:instr=\" {what} \"><w:r><w:t>1</w:t></w:r></w:fldSimple>");
    let strong = document.is_draft();
    let runs = [run(&words, strong, false), page("PAGE"), run(" of ", false, false), page("NUMPAGES")].concat();
    format!("{START}<w:hdr {W}>{}</w:hdr>", paragraph("Quiet", &runs))
}

fn styles() -> String {
    let heading = |level: usize, size: usize| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"Heading{level}\"><w:name w:val=\"heading {level}\"/><w:basedOn w:val=\"Normal\"/>\
             <w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before=\"280\" w:after=\"100\"/>\
             <w:outlineLvl w:val=\"{}\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"{size}\"/></w:rPr></w:style>",
            level - 1
        )
    };
    let headings: String =
        [36, 28, 25, 23, 22].into_iter().enumerate().map(|(at, size)| heading(at + 1, size)).collect();
    let based = |id: &str, name: &str, rest: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:customStyle=\"1\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/>{rest}</w:style>"
        )
    };
    let notice = based(
        "Notice",
        "Notice",
        "<w:pPr><w:pBdr><w:left w:val=\"single\" w:sz=\"18\" w:space=\"8\" w:color=\"888888\"/></w:pBdr></w:pPr>",
    );
    let quiet = based("Quiet", "Small print", "<w:rPr><w:color w:val=\"595959\"/><w:sz w:val=\"17\"/></w:rPr>");
    let quote = based("Said", "Quoted words", "<w:pPr><w:ind w:left=\"500\"/></w:pPr><w:rPr><w:i/></w:rPr>");
    format!(
        "{START}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:cs=\"Arial\"/>\
         <w:sz w:val=\"22\"/><w:lang w:val=\"en-GB\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"120\" w:line=\"276\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>{headings}{notice}{quiet}{quote}\
         <w:style w:type=\"table\" w:default=\"1\" w:styleId=\"Plain\"><w:name w:val=\"Normal Table\"/></w:style></w:styles>"
    )
}

fn body(document: &Document) -> String {
    let mut out = paragraph("Heading1", &run(&document.title, false, false));
    if !document.made_for.is_empty() {
        let who = format!("  Copy for {}", document.made_for);
        out += &paragraph("Normal", &(run(&document.status, true, false) + &run(&who, false, false)));
    }
    if !document.notice.is_empty() {
        out += &paragraph("Notice", &run(&document.notice, true, false));
        out += &paragraph("Notice", &run(&format!("Left out: {}", document.left_out.join(" ")), false, false));
    }
    document.facts.iter().for_each(|fact| out += &item(1, 0, &run(fact, false, false)));
    for section in &document.sections {
        out += &paragraph(&format!("Heading{}", section.level.min(5)), &run(&section.heading, false, false));
        section.blocks.iter().for_each(|block| out += &print_block(block));
    }
    document.colophon.iter().for_each(|words| out += &paragraph("Quiet", &run(words, false, false)));
    format!(
        "{START}<w:document {W}><w:body>{out}<w:sectPr><w:headerReference w:type=\"default\" r:id=\"r3\"/>\
         <w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
         <w:pgMar w:top=\"1300\" w:right=\"1200\" w:bottom=\"1200\" w:left=\"1200\" w:header=\"600\" w:footer=\"500\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    )
}

fn print_block(block: &Block) -> String {
    match block {
        Block::Text(words) => paragraph("Normal", &run(words, false, false)),
        Block::Strong(words) => paragraph("Normal", &run(words, true, false)),
        Block::List(items) => items.iter().map(|words| item(1, 0, &run(words, false, false))).collect(),
        Block::Prose(words) => read(words).iter().map(prose).collect(),
        Block::Table { caption, headings, rows } => table(caption, headings, rows),
    }
}

fn prose(words: &Paragraph) -> String {
    let runs: String = words.spans.iter().map(|span| run(&span.text, span.strong, span.emphasis)).collect();
    match words.kind {
        ParagraphKind::Plain => paragraph("Normal", &runs),
        ParagraphKind::Quote => paragraph("Said", &runs),
        ParagraphKind::Bullet => item(1, words.depth, &runs),
        ParagraphKind::Number(_) => item(2, words.depth, &runs),
    }
}

fn table(caption: &str, headings: &[String], rows: &[Vec<String>]) -> String {
    const WIDTHS: [usize; 4] = [3500, 2300, 1700, 2000];
    let cell = |at: usize, words: &str, strong: bool| {
        let width = WIDTHS.get(at).copied().unwrap_or(2000);
        let words = paragraph("Normal", &run(words, strong, false));
        format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{words}</w:tc>")
    };
    let cells = |row: &[String], strong: bool| -> String {
        row.iter().enumerate().map(|(at, words)| cell(at, words, strong)).collect()
    };
    let lines =
        ["top", "bottom", "insideH"].map(|side| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:color=\"999999\"/>"));
    let grid: String =
        WIDTHS.iter().take(headings.len()).map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    let rows: String =
        rows.iter().map(|row| format!("<w:tr><w:trPr><w:cantSplit/></w:trPr>{}</w:tr>", cells(row, false))).collect();
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"9500\" w:type=\"dxa\"/><w:tblBorders>{}</w:tblBorders><w:tblLook w:val=\"0020\" w:firstRow=\"1\"/>\
         <w:tblCaption w:val=\"{}\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{}</w:tr>{rows}</w:tbl>{}",
        lines.concat(),
        text(caption),
        cells(headings, true),
        paragraph("Normal", ""),
    )
}

fn item(list: usize, depth: usize, runs: &str) -> String {
    let depth = depth.min(1);
    format!("<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{depth}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>{runs}</w:p>")
}

fn paragraph(style: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>")
}

fn run(words: &str, strong: bool, emphasis: bool) -> String {
    let strong = if strong { "<w:b/>" } else { "" };
    let emphasis = if emphasis { "<w:i/>" } else { "" };
    let lines: Vec<String> =
        words.split('\n').map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", text(line))).collect();
    format!("<w:r><w:rPr>{strong}{emphasis}</w:rPr>{}</w:r>", lines.join("<w:br/>"))
}

/// XML allows no control characters, whatever somebody pasted.
fn text(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control() || *c == '\t').collect();
    clean.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

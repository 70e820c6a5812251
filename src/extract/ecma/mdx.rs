//! MDX gives its imports: everything but its `import` and `export` blocks is blanked, so that offsets stay, and the rest is a module.

use crate::facts::{FileFacts, FileKind};
use crate::source::LineIndex;

pub(super) fn extract(text: &str) -> FileFacts {
    let mut facts = super::extract(FileKind::Tsx, &modules_only(text));
    facts.kind = FileKind::Mdx;
    facts.lines = LineIndex::new(text);
    facts.errors.clear();
    for import in &mut facts.imports {
        import.used = true;
    }
    facts
}

/// The text with every byte blanked that is not in a block starting with `import` or `export`. A block ends at an empty line.
fn modules_only(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut fenced, mut module) = (false, false);
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        if content.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        module = !fenced && !content.is_empty() && (module || starts_module(content));
        if module {
            kept.push_str(line);
        } else {
            kept.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        }
    }
    kept
}

fn starts_module(line: &str) -> bool {
    ["import ", "import{", "export ", "export{"].iter().any(|start| line.starts_with(start))
}
